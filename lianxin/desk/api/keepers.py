"""Keepers' tables for programs: dated lists, the lines and windows of a hall, loans of files, feedback of villages."""

# No postponed annotations here: the framework reads them through a guard that stands in another module.
from datetime import date, time
from typing import Any

from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status

from lianxin.desk.api.asking import Asker, Body, Key, filled, needs
from lianxin.desk.api.formed import DeedOut, Written, bare, by_officer, offer, timed, told
from lianxin.desk.forms import archives, dated, loans
from lianxin.desk.forms import hall as shapes
from lianxin.people.rules import Power
from lianxin.resolve import actions as resolve
from lianxin.resolve.models import Feedback
from lianxin.serve import actions as serve
from lianxin.serve.actions import hall as keeping
from lianxin.serve.actions import loan as lending
from lianxin.serve.models import DatedList, DatedRow, Hall, Line, Window

router = Router()
KEEPS, HALL = (Power.CATALOGUE,), (Power.HALL,)


class WindowOut(Schema):
    """A window with its hours and the letters of its lines."""

    id: int
    hall: int
    number: int
    name: str
    opens: time
    closes: time
    lines: list[str]


class FeedbackOut(Schema):
    """A feedback sheet of a village."""

    number: str
    area: int
    starts: date
    ends: date
    closed: bool


class LineIn(Body):
    """A line of a list with its days, and what it says in each column."""

    name: str = ""
    valid_from: str | None = None
    valid_to: str | None = None
    decision: str = ""
    reason: str = ""
    values: dict[str, str] = {}


@router.get("/windows", response=list[WindowOut], operation_id="windows", summary="The windows of one's halls")
@needs(*HALL)
def windows(request: Asker) -> list[dict[str, Any]]:
    """List the open windows of the halls that the bearer keeps."""
    rows = Window.objects.filter(hall__in=Hall.objects.kept_by(request.user)).open().prefetch_related("lines")
    return [
        {
            "id": one.pk, "hall": one.hall_id, "number": one.number, "name": one.name, "opens": one.opens,
            "closes": one.closes, "lines": [line.letter for line in one.lines.all()],
        }
        for one in rows.order_by("hall", "number")
    ]  # fmt: skip


@router.get("/feedback", response=list[FeedbackOut], operation_id="feedback", summary="Feedback sheets of villages")
@needs(Power.VISIT, Power.HANDLE, Power.PLAN)
def feedback(request: Asker) -> list[dict[str, Any]]:
    """List the newest hundred feedback sheets within reach."""
    rows = Feedback.objects.visible_to(request.user).order_by("-id")[:100]
    return [
        {
            "number": one.number, "area": one.area_id, "starts": one.starts, "ends": one.ends,
            "closed": one.closed_at is not None,
        }
        for one in rows
    ]  # fmt: skip


@router.post(
    "/dated-lists/{key}/lines", response={201: DeedOut}, operation_id="add_line", summary="Add a line to a list"
)
@needs(*KEEPS)
def add_line(request: Asker, key: str, body: LineIn) -> Status[dict[str, Any]]:
    """Add a line that holds from a day on; `values` by the keys of the list's columns."""
    found = _list(request, key)
    said = body.model_dump(exclude={"values"}, exclude_none=True)
    form = filled(dated.LineForm(said | {f"column_{name}": one for name, one in body.values.items()}, dated=found))
    assert isinstance(form, dated.LineForm)
    return Status(201, told("add_line", serve.add_line(found, **form.given(), by=request.user, at=request.at)))


def _list(request: Asker, key: str) -> DatedList:
    return get_object_or_404(DatedList, key=key[:40])


def _row(request: Asker, pk: Key) -> DatedRow:
    return get_object_or_404(DatedRow.objects.select_related("list"), pk=pk)


def _line(request: Asker, pk: Key) -> Line:
    rows = Line.objects.filter(hall__in=Hall.objects.kept_by(request.user)).open().select_related("hall__office")
    return get_object_or_404(rows, pk=pk)


def _window(request: Asker, pk: Key) -> Window:
    rows = Window.objects.filter(hall__in=Hall.objects.kept_by(request.user)).open().select_related("hall__office")
    return get_object_or_404(rows, pk=pk)


def _hall(request: Asker, pk: Key) -> Hall:
    return get_object_or_404(Hall.objects.kept_by(request.user).select_related("office"), pk=pk)


def _sheet(request: Asker, number: str) -> Feedback:
    return get_object_or_404(Feedback.objects.visible_to(request.user).select_related("area"), number=number[:24])


def _of_hall(form: Any, data: dict[str, Any], request: Asker, thing: Hall) -> Any:
    return form(data, hall=thing)


def _of_window(form: Any, data: dict[str, Any], request: Asker, thing: Window) -> Any:
    return form(data, hall=thing.hall)


def _set_window(window: Window, **given: Any) -> Any:
    """Change a window: its sign, its lines, its hours."""
    return keeping.set_window(window.hall, window=window, **given)


offer(
    router,
    Written("add_list", "/dated-lists", KEEPS, dated.NewListForm, bare, serve.make_list, makes=True,
            summary="Begin a dated list"),
    Written("edit_list", "/dated-lists/{key}/edit", KEEPS, dated.EditListForm, bare, serve.edit_list, find=_list,
            summary="Change a dated list"),
    Written("end_line", "/dated-lines/{pk}/end", KEEPS, dated.EndLineForm, bare, serve.end_line, find=_row,
            summary="Let a line hold no more"),
    Written("set_hall", "/halls/{pk}", HALL, shapes.HallForm, bare, keeping.set_hall, find=_hall,
            summary="Change the hours of a hall"),
    Written("open_line", "/halls/{pk}/lines", HALL, shapes.OpenLineForm, bare, keeping.open_line, find=_hall,
            makes=True, summary="Open a line"),
    Written("set_line", "/hall-lines/{pk}", HALL, shapes.LineForm, bare, keeping.set_line, find=_line,
            summary="Change a line"),
    Written("open_window", "/halls/{pk}/windows", HALL, shapes.WindowForm, _of_hall, keeping.set_window, find=_hall,
            makes=True, summary="Open a window"),
    Written("set_window", "/windows/{pk}", HALL, shapes.WindowForm, _of_window, _set_window, find=_window,
            summary="Change a window"),
    Written("certify", "/certificates", HALL, shapes.CertifyForm, timed, keeping.certify, makes=True,
            summary="Certify a clerk"),
    Written("set_loan_rule", "/loan-rules", KEEPS, loans.LoanRuleForm, timed, lending.set_loan_rule, makes=True,
            summary="Say whose signature lends a file"),
    Written("compile_feedback", "/feedback", (Power.ARCHIVE,), archives.CompileForm, by_officer,
            resolve.compile_feedback, makes=True, summary="Compile a feedback sheet"),
    Written("give_back", "/feedback/{number}/given-back", (Power.ARCHIVE,), archives.NothingForm, by_officer,
            resolve.give_back, find=_sheet, summary="A sheet was given back to the villagers"),
)  # fmt: skip

"""Applications for programs: the inbox, and every deed on one, through the same table as the pages."""

# No postponed annotations here: the framework reads them through a guard that stands in another module.
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from django.core.paginator import Paginator
from django.http import Http404
from django.utils import translation
from ninja import Query, Router, Schema
from pydantic import Field

from lianxin.desk.api.asking import PAGE_MOST, Asker, Body, body_of, filled, form_data, needs
from lianxin.desk.deeds.application import DEEDS, POWERS, Act, open_deeds
from lianxin.desk.forms.application import FAULT, ApplicationForm
from lianxin.flow.models import Step
from lianxin.ledger.models.sentence import Sentence
from lianxin.people.rules import Power
from lianxin.serve import actions
from lianxin.serve.models import Application
from lianxin.serve.models.duties import narrowed
from lianxin.serve.rules.application import MOVES, Deed

router = Router()
Page = Annotated[int, Query(ge=1, le=10_000)]


class StepOut(Schema):
    """An open step and how it may come out."""

    id: int
    node: str
    title: str
    office: str
    due_at: datetime | None
    outcomes: list[str]


class ApplicationRow(Schema):
    """An application as a list shows it: no name."""

    number: str
    service: str
    office: str
    state: str
    result: str
    stage: str
    submitted_at: datetime | None
    promised_at: datetime | None
    legal_at: datetime | None


class ApplicationOut(ApplicationRow):
    """One application with what may be done now."""

    corrections: int
    deemed: bool
    decided_at: datetime | None
    steps: list[StepOut]
    deeds: list[str]


class ApplicationPage(Schema):
    """A page of applications."""

    count: int
    applications: list[ApplicationRow]


class CorrectIn(Body):
    """Everything that is missing or wrong, by material."""

    faults: dict[str, str] = Field(description="Key of the material to what exactly is missing or wrong.")
    reason: str = ""


class SupplyPaperIn(Body):
    """What was asked for and shown on paper."""

    paper: list[str] = Field(description="Keys of the materials.")


class Changed(Schema):
    """Where it is after the deed."""

    number: str
    deed: str
    state: str


@router.get("/inbox", response=ApplicationPage, summary="Find applications", operation_id="inbox")
@needs(*POWERS)
def applications(request: Asker, look: str = "", q: str = "", page: Page = 1) -> dict[str, Any]:
    """Return the applications that the bearer may see; `look` is one of receive, steps, decide, deliver, near, late."""
    found = narrowed(request.user, look=look, words=q.strip()[:60], at=request.at)
    pages = Paginator(found, PAGE_MOST)
    rows = pages.get_page(page).object_list
    return {"count": pages.count, "applications": [_row(one) for one in rows]}


@router.get("/applications/{number}/record", response=ApplicationOut, summary="One application")
@needs(*POWERS)
def record(request: Asker, number: str) -> dict[str, Any]:
    """Return one application with its open steps and what the bearer may do now."""
    found = _load(request, number)
    steps = Step.objects.open().filter(run=found.run_id, run__isnull=False).select_related("run__process", "office")
    return {
        **_row(found),
        "corrections": found.corrections_count,
        "deemed": found.deemed,
        "decided_at": found.decided_at,
        "steps": [
            {
                "id": step.pk,
                "node": step.node,
                "title": step.title,
                "office": step.office.name if step.office else "",
                "due_at": step.due_at,
                "outcomes": [outcome.key for outcome in step.outcomes],
            }
            for step in steps.order_by("id")
        ],
        "deeds": [str(deed) for deed in open_deeds(found, request.user, at=request.at)],
    }


def _row(one: Application) -> dict[str, Any]:
    return {
        "number": one.number,
        "service": one.service.name,
        "office": one.office.name,
        "state": one.state,
        "result": one.result,
        "stage": one.stage,
        "submitted_at": one.submitted_at,
        "promised_at": one.promised_at,
        "legal_at": one.legal_at,
    }


def _load(request: Asker, number: str) -> Application:
    standing = request.user.standing
    own, steps = standing.offices(Power.RECEIVE, Power.DECIDE), standing.offices(Power.PROCESS, Power.DECIDE)
    found = _OF_NUMBER.first(own, steps, number=number)
    if found is None:
        raise Http404
    return found


_OF_NUMBER = Sentence(
    lambda own, steps, number: (
        Application.objects.of_offices(own, steps)
        .filter(number=number)
        .select_related("service", "office", "taken_in", "run__process", "decision")
    )
)
_STATE = Sentence(lambda pk: Application.objects.filter(pk=pk).values_list("state"))


def _data(deed: Deed, body: Any) -> dict[str, Any]:
    """Return a body as a browser would have sent it."""
    if deed is Deed.CORRECT:
        return {"reason": body.reason, **{f"{FAULT}{key}": what for key, what in body.faults.items()}}
    if deed is Deed.SUPPLY:
        return {f"paper-{key}": "on" for key in body.paper}
    return form_data(body)


def _operation(deed: Deed, act: Act) -> Callable[..., Any]:
    name = "".join(part.title() for part in deed.split("_"))
    own: dict[Deed, type[Body]] = {Deed.CORRECT: CorrectIn, Deed.SUPPLY: SupplyPaperIn}
    body_type: type[Body] = own.get(deed) or body_of(act.form, f"Application{name}In")

    def operation(request: Asker, number: str, body: body_type) -> dict[str, str]:  # type: ignore[valid-type]
        found = _load(request, number)
        form = filled(act.form(_data(deed, body), application=found, user=request.user, at=request.at))
        assert isinstance(form, ApplicationForm)
        if form.thing() is None:
            raise actions.NoDocument()
        act.do(form, by=request.user, at=request.at)
        return {"number": found.number, "deed": str(deed), "state": _STATE.rows(pk=found.pk)[0][0]}

    operation.__name__ = operation.__qualname__ = f"application_{deed.value}"
    operation.__doc__ = " ".join((act.action.__doc__ or "").split())
    return operation


with translation.override("en"):  # a description for programs is written once, whoever reads it
    for _deed, _act in DEEDS.items():
        _describe = router.post(
            f"/applications/{{number}}/{_deed}",
            response=Changed,
            summary=str(MOVES[_deed].name),
            operation_id=f"application_{_deed}",
        )
        _describe(needs(*POWERS)(_operation(_deed, _act)))

"""Sorting many voices at once: slice by slice, each voice its own deed, each refusal beside its voice."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lianxin.desk.forms.triage import ManyForm
from lianxin.desk.sortings import Told, find_case, settle_one_of_many
from lianxin.desk.views.officer import Request
from lianxin.desk.views.queue import COLUMNS, Asked, asked, queue, queue_rows
from lianxin.desk.views.rows import is_part
from lianxin.kit.refusal import Refusal
from lianxin.listen.models import Voice
from lianxin.people.rules import Power, power
from lianxin.resolve.models import Case
from lianxin.resolve.models.duties import COUNT_MOST

SHOWN = 100  # voices offered for ticking
SLICE = 60  # voices worked on in one request: a second or two, so that the page moves and nobody else waits long
CHOSEN_MAX = 500


@dataclass(frozen=True, slots=True)
class Course:
    """How far the work on all that fit has come; carried from one request to the next by the page."""

    after: int = 0  # the last voice that was worked on
    last: int = 0  # the newest voice when it began: who speaks meanwhile is not swept along
    total: int = 0
    done: int = 0
    failed: int = 0

    @property
    def handled(self) -> int:
        """How many were worked on."""
        return self.done + self.failed

    @property
    def share(self) -> int:
        """The same in thousandths."""
        return min(1000, 1000 * self.handled // self.total) if self.total else 1000


@power(Power.TRIAGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sort_many(request: Request) -> HttpResponse:
    """Show voices that wait, to be ticked; sent, work on those ticked, or slice by slice on all that fit."""
    wanted = asked(request)
    if request.method != "POST":
        return _show(request, wanted, ManyForm(initial={"deed": ManyForm.REGISTER}))
    form = ManyForm(request.POST)
    is_all = request.POST.get("all") == "1"
    chosen = request.POST.getlist("number")[:CHOSEN_MAX]
    if not form.is_valid() or not (is_all or chosen):
        if not form.errors:
            form.add_error(None, gettext("Please tick at least one voice."))
        return _show(request, wanted, form, status=422)
    try:
        case = (
            find_case(form.cleaned_data["case"], by=request.user)
            if form.cleaned_data["deed"] == ManyForm.JOIN
            else None
        )
    except Refusal as refusal:
        form.add_error("case", str(refusal))
        return _show(request, wanted, form, status=refusal.status)
    if is_all:
        return _slice(request, wanted, form, case)
    voices = queue(request, Asked()).filter(number__in=chosen).order_by("id")
    told = work(request, list(voices), form, case)
    course = Course(
        total=len(told), done=sum(each.is_done for each in told), failed=sum(not each.is_done for each in told)
    )
    return _told(request, wanted, form, told, course, is_left=False)


def work(request: Request, voices: list[Voice], form: ManyForm, case: Case | None) -> list[Told]:
    """Do the deed to every voice by itself, and tell what came of each."""
    given = form.cleaned_data
    return [settle_one_of_many(voice, given, case=case, by=request.user, at=request.at) for voice in voices]


def _slice(request: Request, wanted: Asked, form: ManyForm, case: Case | None) -> HttpResponse:
    """Work on the next slice of all that fit, and say how far it is; the page asks for the one after it."""
    course = _course(request, wanted)
    voices = list(queue(request, wanted).filter(pk__gt=course.after, pk__lte=course.last).order_by("id")[:SLICE])
    told = work(request, voices, form, case)
    done = sum(each.is_done for each in told)
    course = Course(
        after=voices[-1].pk if voices else course.last,
        last=course.last,
        total=course.total,
        done=course.done + done,
        failed=course.failed + len(told) - done,
    )
    return _told(request, wanted, form, told, course, is_left=len(voices) == SLICE)


def _course(request: Request, wanted: Asked) -> Course:
    """Read how far it is from the page; at the beginning there is nothing to read yet."""
    names = ("after", "last", "total", "done", "failed")
    read = {name: int(value) for name in names if (value := request.POST.get(name, "")).isdecimal() and len(value) < 15}
    if read.get("last"):
        return Course(**read)
    newest = queue(request, wanted).order_by("-id").values_list("id", flat=True).first()
    return Course(last=newest or 0, total=queue(request, wanted).count())


def _told(
    request: Request, wanted: Asked, form: ManyForm, told: list[Told], course: Course, *, is_left: bool
) -> HttpResponse:
    context = {
        "told": told,
        "is_part": is_part(request),
        "course": course,
        "is_left": is_left,
        "form": form,
        "query": wanted.query,
        "is_all": course.last > 0,
    }
    return render(request, "desk/triage/told.html" if is_part(request) else "desk/triage/many_told.html", context)


def _show(request: Request, wanted: Asked, form: ManyForm, *, status: int = 200) -> HttpResponse:
    voices = queue(request, wanted)
    rows = queue_rows(list(voices.values(*COLUMNS)[:SHOWN]), at=request.at, wanted=wanted)
    count = voices.order_by()[: COUNT_MOST + 1].count()
    context = {
        "rows": rows,
        "count": f"{COUNT_MOST}+" if count > COUNT_MOST else count,
        "wanted": wanted,
        "query": wanted.query,
        "form": form,
        "ticked": set(request.POST.getlist("number")),
    }
    return render(request, "desk/triage/many.html", context, status=status)

"""One row of a list, as short as it can be said: built here, so that the template has nothing left to work out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import dateformat, timezone
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext, pgettext

from lianxin.listen.models import Item
from lianxin.listen.rules import Outcome
from lianxin.people.models import User
from lianxin.resolve import rules
from lianxin.resolve.models import Case, Task
from lianxin.resolve.models.duties import COUNT_MOST
from lianxin.resolve.rules import Result, State, TaskState

CASE_COLUMNS = (
    "id",
    "number",
    "title",
    "state",
    "result",
    "due_at",
    "opened_at",
    "voices",
    "major",
    "reopened",
    "hops",
    "lead__name",
    "area__name",
    "subject__name",
)
NUMBER = CASE_COLUMNS.index("number")
PAGE = 25  # rows of a list
REMEMBERED = 5_000  # rows, some 10 MB: the same ones are asked for again and again
OWN_WORDS = {State.CLOSED, State.ANSWERED, State.SUSPENDED}


class Row(NamedTuple):
    """One line of a list."""

    href: str
    key: str  # what is ticked when several are chosen
    title: str
    light: str
    light_text: str
    facts: str
    hot: str = ""
    may_pick: bool = False  # it can be dispatched, so it can be ticked for that


def linked(items: Iterable[Item], user: User) -> set[int]:
    """Return which of the cases that these points joined this officer may open, asked of the database at most once."""
    joined = [item.join.case_id for item in items if item.outcome == Outcome.JOINED]
    return set(Case.objects.visible_to(user).filter(pk__in=joined).values_list("pk", flat=True)) if joined else set()


def case_rows(found: Iterable[Sequence[Any]], *, at: datetime, query: str = "") -> list[Row]:
    """Return cases, read as CASE_COLUMNS, as rows; `query` keeps the list's filters in the links."""
    base = reverse("desk:cases")
    tail = f"?{query}" if query else ""
    minute, language = at.replace(second=0, microsecond=0), get_language()
    return [_case_row(tuple(case), f"{base}{case[NUMBER]}/{tail}", minute, language) for case in found]


@lru_cache(REMEMBERED)
def _case_row(columns: tuple[Any, ...], href: str, at: datetime, language: str) -> Row:
    """Return the row; it depends on nothing but what is named here, so it is worked out once."""
    case = dict(zip(CASE_COLUMNS, columns, strict=True))
    kind, text = case_light(case["state"], case["result"], case["due_at"], at)
    facts = [case["lead__name"], case["area__name"], case["subject__name"]]
    may_pick = case["state"] in rules.UNDISPATCHED
    words = " · ".join(fact for fact in facts if fact)
    return Row(href, case["number"], case["title"], kind, text, words, _hot(case), may_pick)


def drawn(rows: Iterable[Row], *, current: str = "", ticks: bool = False) -> list[SafeString]:
    """Return rows of a list as they are shown; the current one is marked, those that can be ticked have a box."""
    language = get_language()
    return [_drawn(row, row.key == current, ticks and row.may_pick, language) for row in rows]


@lru_cache(REMEMBERED)
def _drawn(row: Row, current: bool, tick: bool, language: str) -> SafeString:
    return render_to_string("desk/cases/row.html", {"row": row, "current": current, "tick": tick})


def case_light(state: str, result: str, due: datetime | None, at: datetime) -> tuple[str, str]:
    """Return the light of a case and its words."""
    if state == State.CLOSED:
        good = result in (Result.SOLVED, Result.RELIEVED)
        return ("ok" if good else "wait"), str(Result(result).label if result else State.CLOSED.label)
    if state in OWN_WORDS:
        return "wait", str(State(state).label)
    kind = rules.light(due, at)
    return kind, f"{State(state).label} · {due_words(due, at)}" if due else str(State(state).label)


def task_light(task: Task, at: datetime) -> tuple[str, str]:
    """Return the light of a task and its words."""
    if task.state != TaskState.OPEN:
        return ("ok" if task.state == TaskState.DONE else "wait"), str(TaskState(task.state).label)
    kind = rules.light(task.due_at, at)
    return kind, due_words(task.due_at, at) or str(TaskState.OPEN.label)


def due_words(due: datetime | None, at: datetime) -> str:
    """Return how long is left in the fewest words: late by so much, today until, or the last day."""
    if due is None:
        return ""
    if at >= due:
        return _late(due, at)
    if (here := timezone.localtime(due)).date() == timezone.localdate(at):
        return gettext("today until %(time)s") % {"time": dateformat.format(here, "H:i")}
    return gettext("by %(day)s") % {"day": _short(here)}


def _late(due: datetime, at: datetime) -> str:
    days = (timezone.localdate(at) - timezone.localdate(due)).days
    if days:
        return ngettext("late by %(n)s day", "late by %(n)s days", days) % {"n": days}
    hours = max(1, int((at - due).total_seconds() // 3600))
    return ngettext("late by %(n)s hour", "late by %(n)s hours", hours) % {"n": hours}


def _short(moment: datetime) -> str:
    if moment.year == timezone.localdate().year:
        return dateformat.format(moment, pgettext("day of a list", "j M"))
    return dateformat.format(moment, "Y-m-d")


def _hot(case: dict[str, Any]) -> str:
    """Return what makes a case stand out of the list."""
    if case["major"]:
        return gettext("major matter")
    if case["reopened"]:
        return gettext("reopened")
    if case["voices"] > 1:
        return ngettext("%(n)s voice", "%(n)s voices", case["voices"]) % {"n": case["voices"]}
    return ""


class Some(Paginator):  # type: ignore[type-arg] # Django's own takes none at run time
    """Pages of a long list: counted only to COUNT_MOST, so that a page costs the same in the tenth year."""

    @cached_property
    def count(self) -> int:
        """How many there are, as far as they are counted."""
        rows: Any = self.object_list
        return int(rows.order_by().values("pk")[: COUNT_MOST + 1].count())

    @property
    def shown(self) -> str:
        """The count as a list's head shows it."""
        return number_words(self.count)


def page_of(rows: QuerySet[Any], number: str | None, size: int = PAGE) -> Page[Any]:
    """Return one page of the rows; a number that is none gives the first or last page."""
    return Some(rows, size).get_page(number)


def number_words(number: int) -> str:
    """Return a count as it is shown, with a plus where counting stopped."""
    return f"{COUNT_MOST}+" if number >= COUNT_MOST else str(number)


def is_part(request: HttpRequest) -> bool:
    """Tell whether only the inner part of a page is asked for, by a script."""
    return request.headers.get("HX-Request") == "true"

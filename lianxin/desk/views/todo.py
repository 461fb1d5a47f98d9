"""My day: everything that waits for this officer, whatever app it comes from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from lianxin.desk.views.applied import applied
from lianxin.desk.views.officer import Request
from lianxin.desk.views.rows import CASE_COLUMNS, Row, case_rows, due_words, number_words
from lianxin.kit.text import cut
from lianxin.listen.rules import Channel
from lianxin.people.rules import signed_in
from lianxin.resolve import rules
from lianxin.resolve.models.duties import Duty, count, duties

ROWS_SHOWN = 5
TITLE_SHOWN = 40


class Section(NamedTuple):
    """One duty with the first of what waits."""

    title: str | Promise
    what: str | Promise
    href: str
    number: str
    more: bool
    rows: list[Row]


class Shown(NamedTuple):
    """How a duty is shown: its name, why it waits, where all of it is, and what is first."""

    title: str | Promise
    what: str | Promise
    route: str
    order: tuple[str, ...]


BY_DUE = ("due_at", "id")
SHOWN: dict[Duty, Shown] = {
    Duty.MAJOR: Shown(_("Major matters"), _("Raised in the last days; you are on duty."), "", BY_DUE),
    Duty.LETTERS: Shown(_("Letters"), _("Nobody has read them yet."), "letters", ("received_at", "id")),
    Duty.DECIDE_EXTENSION: Shown(_("Later dates to decide"), _("Until you decide, the old date holds."), "", BY_DUE),
    Duty.RULE: Shown(_("Returned: to rule"), _("An office says it is not its own."), "", BY_DUE),
    Duty.NEAR: Shown(_("Late or due within a day"), _("Of what your office owes."), "", BY_DUE),
    Duty.OVERDUE: Shown(_("Overdue with others"), _("The promised date has passed."), "", BY_DUE),
    Duty.UNREAD: Shown(
        _("Unread letters of others"), _("Their addressees have not opened them."), "unread", ("received_at", "id")
    ),
    Duty.TRIAGE: Shown(_("To sort"), _("Voices that wait for their road."), "triage", ("triage_due_at", "id")),
    Duty.DISPATCH: Shown(_("To dispatch"), _("Registered, and nobody owes it yet."), "", ("id",)),
    Duty.DIAGNOSE: Shown(_("To diagnose"), _("Your office tries first."), "", ("id",)),
    Duty.HANDLE: Shown(_("Mine to handle"), _("What your office owes, the next date first."), "", BY_DUE),
    Duty.REEXAMINE: Shown(_("To re-examine"), _("An office says it is done. Is it so?"), "", BY_DUE),
    Duty.REPLY: Shown(_("To reply"), _("Found so; the people have not been told."), "", BY_DUE),
    Duty.CONFIRM: Shown(
        _("To ask back"), _("Answered; the people have not said whether it is solved."), "", ("answered_at", "id")
    ),
    Duty.RESUME: Shown(_("Suspended: look again"), _("The day of review has come."), "", BY_DUE),
    Duty.PUBLISH: Shown(
        _("To publish"), _("Drafts that somebody else must read."), "publications", ("drafted_at", "id")
    ),
    Duty.MESSAGES: Shown(_("Did not arrive"), _("Messages that need a person."), "messages", ("written_at", "id")),
}


@require_GET
@signed_in
def todo(request: Request) -> HttpResponse:
    """Show everything that waits for this officer, the most pressing duties first."""
    found = duties(request.user, request.at)
    counts = count(found, request.user)
    waiting = [duty for duty in SHOWN if counts.get(duty)]
    sections: list[Any] = [_section(duty, found[duty], counts[duty], request.at) for duty in waiting]
    sections += applied(request.user, request.at)
    return render(request, "desk/todo.html", {"sections": sections, "counts": counts})


def _section(duty: Duty, found: QuerySet[Any], number: int, at: datetime) -> Section:
    shown = SHOWN[duty]
    first = found.order_by(*shown.order)[:ROWS_SHOWN]
    rows = (
        BESIDE[duty](first, at)
        if duty in BESIDE
        else case_rows(first.values_list(*CASE_COLUMNS), at=at, query=f"mine={duty}")
    )
    href = reverse(f"desk:{shown.route}") if shown.route else f"{reverse('desk:cases')}?mine={duty}"
    return Section(shown.title, shown.what, href, number_words(number), number > ROWS_SHOWN, rows)


def _voices(found: QuerySet[Any], at: datetime) -> list[Row]:
    return [
        Row(
            reverse("desk:sort", args=[voice["number"]]),
            voice["number"],
            cut(" ".join(voice["text"].split()), TITLE_SHOWN),
            rules.light(voice["triage_due_at"], at),
            due_words(voice["triage_due_at"], at) or voice["number"],
            " · ".join(filter(None, [str(Channel(voice["channel"]).label), voice["area__name"] or ""])),
        )
        for voice in found.values("number", "text", "triage_due_at", "channel", "area__name")
    ]


def _letters(found: QuerySet[Any], at: datetime) -> list[Row]:
    """Return letters without a word of theirs: who stands at the screen may be somebody else."""
    return [
        Row(
            reverse("desk:letter", args=[letter["number"]]),
            letter["number"],
            letter["number"],
            "wait",
            str(_("not read")),
            letter["addressee__title"],
        )
        for letter in found.values("number", "addressee__title")
    ]


def _unread(found: QuerySet[Any], at: datetime) -> list[Row]:
    """Return letters to others as rows of the overview, which holds numbers and ages and not a word of them."""
    href = reverse("desk:unread")
    return [row._replace(href=href) for row in _letters(found, at)]


def _publications(found: QuerySet[Any], at: datetime) -> list[Row]:
    base = reverse("desk:publications")
    return [
        Row(f"{base}?case={number}", number, title, "near", str(_("waits for review")), number)
        for number, title in found.values_list("case__number", "title")
    ]


def _messages(found: QuerySet[Any], at: datetime) -> list[Row]:
    base = reverse("desk:messages")
    return [
        Row(f"{base}#message-{pk}", str(pk), label, "late", str(_("did not arrive")), hint)
        for pk, label, hint in found.values_list("pk", "about_label", "address_hint")
    ]


BESIDE: dict[Duty, Callable[[QuerySet[Any], datetime], list[Row]]] = {
    Duty.TRIAGE: _voices,
    Duty.LETTERS: _letters,
    Duty.UNREAD: _unread,
    Duty.PUBLISH: _publications,
    Duty.MESSAGES: _messages,
}

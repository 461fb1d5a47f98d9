"""The left pane of the desk, the same on every page of it."""

from __future__ import annotations

from functools import cache as remember
from functools import lru_cache
from typing import Any, NamedTuple

from django import template
from django.conf import settings
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.template import Context
from django.template.loader import render_to_string
from django.urls import resolve, reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from lianxin.people.models import User
from lianxin.people.rules import Power
from lianxin.resolve.models.duties import COUNT_MOST, Duty, count, duties

register = template.Library()
COUNTS_KEPT = 5  # seconds
REMEMBERED = 2_000  # panes as they were drawn: some 8 MB


class Entry(NamedTuple):
    """A line of the pane: a page, and the duty it counts."""

    label: str | Promise
    route: str
    query: str = ""
    duty: Duty | None = None
    quiet: bool = False  # shown only while something waits


MINE = (
    Entry(_("My day"), "desk:todo"),
    Entry(_("To sort"), "desk:triage", duty=Duty.TRIAGE),
    Entry(_("Letters"), "desk:letters", duty=Duty.LETTERS),
    Entry(_("To diagnose"), "desk:cases", "mine=diagnose", Duty.DIAGNOSE, quiet=True),
    Entry(_("To dispatch"), "desk:cases", "mine=dispatch", Duty.DISPATCH),
    Entry(_("Mine to handle"), "desk:cases", "mine=handle", Duty.HANDLE),
    Entry(_("Due soon"), "desk:cases", "mine=near", Duty.NEAR),
    Entry(_("Returned: to rule"), "desk:cases", "mine=rule", Duty.RULE, quiet=True),
    Entry(_("Later dates to decide"), "desk:cases", "mine=decide_extension", Duty.DECIDE_EXTENSION, quiet=True),
    Entry(_("Suspended: look again"), "desk:cases", "mine=resume", Duty.RESUME, quiet=True),
    Entry(_("To re-examine"), "desk:cases", "mine=reexamine", Duty.REEXAMINE),
    Entry(_("To reply"), "desk:cases", "mine=reply", Duty.REPLY),
    Entry(_("To ask back"), "desk:cases", "mine=confirm", Duty.CONFIRM),
)
ALL = (
    Entry(_("Write down a voice"), "desk:hear"),
    Entry(_("Voices"), "desk:voices"),
    Entry(_("Cases"), "desk:cases"),
    Entry(_("Bring in a list"), "desk:intake"),
)
APPLIED = (
    Entry(_("Applications"), "desk:applications"),
    Entry(_("Take in an application"), "desk:counter"),
    Entry(_("Bad ratings"), "desk:ratings"),
)
HALL = (
    Entry(_("The hall now"), "desk:hall"),
    Entry(_("One stop"), "desk:receptions"),
    Entry(_("Plan of the day"), "desk:plan"),
    Entry(_("Appointments"), "desk:appointments"),
    Entry(_("In numbers"), "desk:hall_figures"),
    Entry(_("Windows and lines"), "desk:hall_setup"),
    Entry(_("Badges"), "desk:badges"),
    Entry(_("Asked first"), "desk:asked"),
    Entry(_("How we speak"), "desk:phrases"),
    Entry(_("Visits to homes"), "desk:home_visits"),
    Entry(_("Duty in the hall"), "desk:duty"),
    Entry(_("Files lent out"), "desk:loans"),
)
OBLIGED = (
    Entry(_("What is due"), "desk:duties"),
    Entry(_("Links"), "desk:links"),
    Entry(_("Reports of visits"), "desk:reports"),
    Entry(_("Help for households"), "desk:helped"),
    Entry(_("Decisions of the people"), "desk:motions"),
)
VISITS = (
    Entry(pgettext_lazy("field", "Visits"), "desk:visits"),
    Entry(_("No household left out"), "desk:coverage"),
    Entry(_("Campaigns"), "desk:campaigns"),
    Entry(_("Days ahead"), "desk:outings"),
    Entry(_("Diary"), "desk:diary"),
    Entry(_("To look at by sampling"), "desk:review"),
    Entry(_("Lists for visits"), "desk:visit_lists"),
)
FILES = (
    Entry(pgettext_lazy("file", "Households"), "desk:households"),
    Entry(_("Villages"), "desk:villages"),
    Entry(_("Enterprises and projects"), "desk:units"),
    Entry(_("Feedback sheets"), "desk:feedback"),
    Entry(pgettext_lazy("file", "Leads"), "desk:leads"),
)
LOOK = (
    Entry(_("Map"), "desk:map"),
    Entry(_("Figures"), "desk:leader"),
    Entry(_("To publish"), "desk:publications", duty=Duty.PUBLISH),
    Entry(_("Did not arrive"), "desk:messages", duty=Duty.MESSAGES),
    Entry(_("Ledger"), "desk:ledger"),
)
KEEP = (
    Entry(_("Accounts"), "officers"),
    Entry(_("Posts"), "posts"),
    Entry(_("Substitutions"), "substitutions"),
    Entry(_("Duty rota"), "shifts"),
    Entry(_("Calendar"), "calendar"),
    Entry(_("Time limits"), "limits"),
    Entry(_("Offices"), "offices"),
    Entry(_("Places"), "areas"),
    Entry(_("Telephones"), settings.TELEPHONES_URL),
    Entry(_("Subjects"), "desk:subjects"),
    Entry(_("Services"), "desk:services"),
    Entry(_("Lists of the day"), "desk:lists"),
    Entry(_("Words of messages"), "desk:templates"),
    Entry(_("Sheets"), "desk:sheets"),
    Entry(_("Words of documents"), "desk:wordings"),
    Entry(_("Processes"), "desk:processes"),
)
PANE: tuple[tuple[str | Promise, tuple[Entry, ...]], ...] = (
    (_("Mine"), MINE),
    (_("All"), ALL),
    (_("Applied for"), APPLIED),
    (_("The hall"), HALL),
    (_("With the people"), OBLIGED),
    (_("Going to people"), VISITS),
    (pgettext_lazy("file", "Files"), FILES),
    (_("Look"), LOOK),
    (_("Look after"), KEEP),
)


class Line(NamedTuple):
    """An entry as this officer sees it now."""

    label: str | Promise
    href: str
    waiting: str
    current: bool


@register.inclusion_tag("desk/nav.html", takes_context=True)
def desk_nav(context: Context) -> dict[str, Any]:
    """This function will draw what the officer's powers open, with how much waits there; one query."""
    request = context["request"]
    user: User = request.user
    counts = context.get("counts") or _counts(request, user)
    lines = _lines(
        user.standing.powers, tuple(counts.items()), _place(request.path), request.GET.get("mine", ""), get_language()
    )
    behalf = {holding.behalf.pk: holding.behalf.name for holding in user.standing.holdings if holding.behalf}
    return {
        "lines": lines,
        "request": request,
        "user": user,
        "behalf": [*behalf.values()],
    }


def _counts(request: Any, user: User) -> dict[Duty, int]:
    """Return how much waits, a few seconds old at most; after a deed, whose word is still to be shown, as it is now."""
    key = f"desk:counts:{user.pk}"
    known: dict[Duty, int] | None = None if len(get_messages(request)) else cache.get(key)
    if known is None:
        known = count(duties(user, request.at), user)
        cache.set(key, known, COUNTS_KEPT)
    return known


class Place(NamedTuple):
    """Where the page lies, as far as the pane cares: all cases lie in one place."""

    page: str  # its address, if the pane leads to it
    above: str  # if not: the nearest page of the pane that it lies below


def _place(path: str) -> Place:
    pages = _pages()
    if path in pages:
        return Place(path, "")
    return Place("", max((page for page in pages if path.startswith(page)), key=len, default=""))


@remember
def _pages() -> frozenset[str]:
    return frozenset(page_of(entry.route)[0] for _title, entries in PANE for entry in entries)


@lru_cache(REMEMBERED)
def _lines(
    powers: frozenset[Power], counts: tuple[tuple[Duty, int], ...], place: Place, filtered: str, language: str
) -> SafeString:
    """Return the lines as they are drawn; they depend on nothing but what is named here."""
    numbers = dict(counts)
    groups = [
        (title, [line for entry in entries if (line := _line(entry, powers, numbers, place, filtered))])
        for title, entries in PANE
    ]
    return render_to_string("desk/nav_lines.html", {"groups": [group for group in groups if group[1]]})


def _line(entry: Entry, held: frozenset[Power], counts: dict[Duty, int], place: Place, filtered: str) -> Line | None:
    href, powers = page_of(entry.route)
    if powers and held.isdisjoint(powers):
        return None
    number = counts.get(entry.duty, 0) if entry.duty else 0
    if entry.duty and (entry.duty not in counts or (entry.quiet and not number)):
        return None
    mine = entry.query.partition("=")[2]
    shown = f"{COUNT_MOST}+" if number >= COUNT_MOST else str(number or "")
    return Line(entry.label, f"{href}?{entry.query}" if mine else href, shown, _is_here(href, mine, place, filtered))


def _is_here(href: str, mine: str, place: Place, filtered: str) -> bool:
    """Tell whether the page is this one or lies below it; only the first page of the desk lies above all others."""
    below = href == place.above and href != page_of("desk:todo")[0]
    return (place.page, filtered) == (href, mine) or (below and not mine and not filtered)


@remember
def page_of(route: str) -> tuple[str, tuple[Power, ...]]:
    """Return the address of a page and the powers that its view asks for: whatever is shown here opens."""
    href = reverse(route)
    return href, tuple(getattr(resolve(href).func, "powers", ()))

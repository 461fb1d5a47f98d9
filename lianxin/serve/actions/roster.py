"""The plan of a day: kept only when every open window is attended and every clerk can eat."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from lianxin.kit.clock import local
from lianxin.kit.refusal import Refusal
from lianxin.ledger.actions import note
from lianxin.people.actions import behalf
from lianxin.people.models import User, calendar_now
from lianxin.people.rules import Power
from lianxin.serve.models import Hall, Roster, Skill, Turn, Window
from lianxin.serve.rules.hall import FAULTS, Sitting, Trouble, check_roster

SHOWN = 12  # troubles told at once; who mends these sees the rest


class RosterFaults(Refusal):
    """The plan leaves a window empty or a clerk without a meal; the text has each stretch."""

    status = 422

    def __init__(self, troubles: list[Trouble], lines: list[str]) -> None:
        super().__init__("\n".join(lines[:SHOWN]))
        self.troubles, self.lines = troubles, lines


class PastDay(Refusal):
    """Who sat where yesterday stays on record."""


class NotSeated(Refusal):
    """A window of another hall, or an officer without a post at windows."""

    status = 422


@transaction.atomic
def plan(hall: Hall, *, day: date, sittings: Iterable[Sitting], by: User | None, at: datetime) -> Roster:
    """Keep who sits where on a day, in place of what was planned before; needs HALL over the hall.

    Nothing is kept of a plan with a fault. On a day of rest no window must be attended. Raises RosterFaults, PastDay,
    NotSeated, NotAllowed.
    """
    whose = behalf(by, Power.HALL, office_id=hall.office_id, at=at)
    if day < local(at).date():
        raise PastDay(_("That day is over. Who sat where stays on record."))
    hall = Hall.objects.select_for_update().get(pk=hall.pk)
    sat = list(sittings)
    found = check_plan(hall, day=day, sittings=sat)
    if found:
        raise RosterFaults(found, words_of(found))
    roster, _made = Roster.objects.get_or_create(hall=hall, day=day, defaults={"made_at": at, "made_by": by})
    roster.turns.all().delete()
    Turn.objects.bulk_create(
        Turn(roster=roster, window_id=s.window, clerk_id=s.clerk, starts=s.starts, ends=s.ends) for s in sat
    )
    Roster.objects.filter(pk=roster.pk).update(made_at=at, made_by=by)
    turns = [[s.window, s.clerk, f"{s.starts:%H:%M}", f"{s.ends:%H:%M}"] for s in sat]
    note("roster.planned", roster, by=by, at=at, behalf=whose, data={"turns": turns})
    return roster


def check_plan(hall: Hall, *, day: date, sittings: Iterable[Sitting]) -> list[Trouble]:
    """Return what is wrong with a plan, without keeping it. Raises NotSeated."""
    sat = list(sittings)
    windows = {w.pk: w for w in hall.windows.open().prefetch_related("lines")}
    clerks = set(User.objects.holding(Power.WINDOW, day).values_list("pk", flat=True))
    if any(s.window not in windows for s in sat):
        raise NotSeated(_("A window of the plan does not belong to this hall, or is closed for good."))
    if any(s.clerk not in clerks for s in sat):
        raise NotSeated(_("An officer of the plan holds no post at a window on that day."))
    working = calendar_now().is_workday(day)
    openings = [opening for window in windows.values() for opening in window.openings()] if working else []
    return check_roster(openings, sat, skills=Skill.objects.by_clerk(day), meal=hall.meal)


def words_of(troubles: Iterable[Trouble]) -> list[str]:
    """Return each trouble as a sentence with its window or clerk and its exact stretch."""
    troubles = list(troubles)
    windows = Window.objects.in_bulk({t.window for t in troubles if t.window})
    clerks = User.objects.in_bulk({t.clerk for t in troubles if t.clerk})
    lines = []
    for t in troubles:
        where = [str(windows[t.window])] if t.window in windows else []
        where += [clerks[t.clerk].name] if t.clerk in clerks else []
        where += [t.code] if t.code else []
        lines.append(f"{' · '.join(where)} {t.starts:%H:%M}-{t.ends:%H:%M}: {FAULTS[t.fault]}")
    return lines

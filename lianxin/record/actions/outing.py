"""Outings: planned in the rhythm of a campaign, with holidays shifted; who came; closed with the declaration."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lianxin.kit.clock import local
from lianxin.kit.refusal import Refusal
from lianxin.ledger.actions import note
from lianxin.people.actions import behalf, need
from lianxin.people.actions.words import line, why
from lianxin.people.models import User, calendar_now
from lianxin.people.rules import Power
from lianxin.places.models import Area
from lianxin.record.models import Discipline, Going, Outing, Team, TeamMember
from lianxin.record.rules import shifted


class NotPlannable(Refusal):
    """No day, or days that are over."""

    status = 422


class NotGoing(Refusal):
    """The person is not to go on this outing."""

    status = 422


class AlreadyDeclared(Refusal):
    """The outing is closed."""


class NothingToDeclare(Refusal):
    """Nothing says what is to be declared."""


class NoReason(Refusal):
    """Somebody stays away without a word."""

    status = 422


@transaction.atomic
def plan_outings(
    team: Team, *, area: Area, days: Iterable[date], by: User, at: datetime, shift: bool = True
) -> list[Outing]:
    """Plan that a team goes to a place on these days; a day that is a holiday moves to the next working day.

    Without `shift` it stays: weekends may be worked. A day that is planned already is left as it is. Needs PLAN, or
    VISIT for one's own team. Raises NotPlannable, NotAllowed.
    """
    whose = _may_plan(team, by=by, at=at)
    calendar, today = calendar_now(), local(at).date()
    members = [each.user for each in TeamMember.objects.on(today).filter(team=team).select_related("user")]
    made = []
    for day in sorted(set(days)):
        held = shifted(day, calendar) if shift else day
        outing, is_new = Outing.objects.get_or_create(
            team=team, area=area, on=held, defaults={"instead_of": day if held != day else None}
        )
        if is_new:
            Going.objects.bulk_create(Going(outing=outing, user=user) for user in members)
            note("outing.planned", outing, by=by, at=at, behalf=whose, data={"on": held.isoformat()})
            made.append(outing)
    if not made:
        raise NotPlannable(_("These days are planned already, or none was given."))
    return made


@transaction.atomic
def attend(
    outing: Outing, *, user: User, came: bool, by: User, at: datetime, because: str = "",
    substitute: User | None = None,
) -> Going:  # fmt: skip
    """Sign somebody in on an outing, or say why not and who goes instead; by one of the team or who plans.

    Raises NotGoing, NoReason, NotAllowed.
    """
    whose = _may_plan(outing.team, by=by, at=at)
    going = Going.objects.select_for_update().filter(outing=outing, user=user).first()
    if going is None:
        raise NotGoing(_("This person is not on the list of the outing."))
    if not came and not because.strip():
        raise NoReason(_("Please say why the person stays away."))
    going.came, going.because = came, "" if came else line(because)
    going.substitute = None if came else substitute
    going.save(update_fields=["came", "because", "substitute"])
    if going.substitute:
        Going.objects.get_or_create(outing=outing, user=going.substitute, defaults={"came": True})
    data = {"user": user.pk, "came": came, "substitute": substitute.pk if substitute else None}
    note("outing.attended", going, by=by, at=at, behalf=whose, data=data)
    return going


@transaction.atomic
def declare(outing: Outing, *, kept: bool, by: User, at: datetime, breach: str = "") -> Outing:
    """Close an outing with the declaration that its discipline was kept, or with what was not (VIS-28).

    The words of the rules in use stay with it. Raises AlreadyDeclared, NothingToDeclare, TooShort, NotAllowed.
    """
    whose = _may_plan(outing.team, by=by, at=at)
    held = Outing.objects.select_for_update(of=("self",)).select_related("team").get(pk=outing.pk)
    if held.declared_at:
        raise AlreadyDeclared(_("This outing is closed already."))
    rules = list(Discipline.objects.filter(in_use=True).order_by("pk").values_list("words", flat=True))
    if not rules:
        raise NothingToDeclare(_("No rules of conduct are in use. Ask who plans the visits to write them down."))
    held.declared_at, held.declared_by, held.declaration = at, by, "\n".join(rules)
    held.breach = "" if kept else why(breach)
    held.save(update_fields=["declared_at", "declared_by", "declaration", "breach"])
    note("outing.declared", held, by=by, at=at, behalf=whose, data={"kept": kept})
    return held


def _may_plan(team: Team, *, by: User, at: datetime) -> User | None:
    """Return for whom `by` acts: with PLAN for any team, with VISIT for the own one. Raises NotAllowed."""
    if by.stand(at).may(Power.PLAN, anywhere=True):
        return behalf(by, Power.PLAN, at=at)
    holding = need(by, Power.VISIT, at=at, anywhere=True)
    mine = {by.pk} | {h.behalf.pk for h in by.standing.holdings if h.behalf}
    if not TeamMember.objects.on(local(at).date()).filter(team=team, user__in=mine).exists():
        need(by, Power.PLAN, at=at, anywhere=True)
    found: User | None = holding.behalf
    return found

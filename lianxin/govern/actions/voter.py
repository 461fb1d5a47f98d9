"""The list of voters: written from the files, objected to, ruled on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianxin.govern.models import Motion, Objection, Voter
from lianxin.govern.rules import Electorate, State
from lianxin.kit.refusal import Refusal
from lianxin.ledger.actions import note
from lianxin.people.actions import need
from lianxin.people.actions.words import line, why
from lianxin.people.models import User
from lianxin.people.rules import Power
from lianxin.record.models import Household, Resident

OF_AGE = 18  # Civil Code art. 17
BEFORE_VOTE = (State.DRAFT, State.NOTICED)


class ListClosed(Refusal):
    """The vote has begun; the list stands."""


@transaction.atomic
def list_voters(motion: Motion, *, by: User, at: datetime, names: Iterable[str] = ()) -> int:
    """Write who has a vote: the households or people of age of the place, or the names of the workers.

    Written anew while nothing is made known yet. Needs GOVERN over the office. Raises ListClosed, NotAllowed.
    """
    whose = need(by, Power.GOVERN, office_id=motion.office_id, at=at).behalf
    motion = Motion.objects.select_for_update(of=("self",)).get(pk=motion.pk)
    if motion.state != State.DRAFT:
        raise ListClosed(_("The list is known already: who is missing is added by an objection."))
    motion.voters.all().delete()
    made = Voter.objects.bulk_create(_voters(motion, names, timezone.localtime(at).date()))
    note("motion.listed", motion, by=by, at=at, behalf=whose, data={"voters": len(made)})
    return len(made)


def _voters(motion: Motion, names: Iterable[str], day: date) -> list[Voter]:
    if motion.area is None:
        return [Voter(motion=motion, name=name) for given in names if (name := line(given, most=60))]
    homes = Household.objects.open().within(motion.area).order_by("area__path", "door", "id")
    if motion.electorate == Electorate.HOUSEHOLD:
        return [Voter(motion=motion, household=home, name=home.called) for home in homes]
    eldest = date(day.year - OF_AGE, day.month, min(day.day, 28) if day.month == 2 else day.day)
    people = Resident.objects.living().filter(household__in=homes, is_registered=True, born_on__lte=eldest)
    rows = people.order_by("household__area__path", "household__door", "id")
    return [Voter(motion=motion, household_id=one.household_id, resident=one, name=one.name) for one in rows]


@transaction.atomic
def object_to_list(
    motion: Motion, *, wants: str, name: str, words: str, at: datetime, by: User | None = None
) -> Objection:
    """Say that somebody is missing from the list or should not be on it, before the vote begins.

    A resident says it at the counter or on the page (`by` None). Raises ListClosed, TooShort.
    """
    motion = Motion.objects.select_for_update(of=("self",)).get(pk=motion.pk)
    if motion.state not in BEFORE_VOTE:
        raise ListClosed(_("The vote has begun; the list stands."))
    called = line(why(name), most=60)
    voter = motion.voters.filter(name=called, struck_at=None).first() if wants == Objection.Wants.STRIKE else None
    made = Objection.objects.create(motion=motion, wants=wants, voter=voter, name=called, words=why(words), at=at)
    note("motion.objected", made, by=by, at=at, data={"wants": wants})
    return made


@transaction.atomic
def rule_on_objection(objection: Objection, *, upheld: bool, ruling: str, by: User, at: datetime) -> Objection:
    """Rule on an objection, with the reason; what is upheld changes the list. Raises ListClosed, TooShort."""
    whose = need(by, Power.GOVERN, office_id=objection.motion.office_id, at=at).behalf
    motion = Motion.objects.select_for_update(of=("self",)).get(pk=objection.motion_id)
    objection = Objection.objects.select_for_update(of=("self",)).select_related("voter").get(pk=objection.pk)
    if objection.ruled_at or motion.state not in BEFORE_VOTE:
        raise ListClosed(_("Somebody has ruled on it already, or the vote has begun."))
    objection.upheld, objection.ruling, objection.ruled_at, objection.ruled_by = upheld, why(ruling), at, by
    objection.save(update_fields=["upheld", "ruling", "ruled_at", "ruled_by"])
    if upheld and objection.wants == Objection.Wants.ADD:
        Voter.objects.create(motion=motion, name=objection.name)
    elif upheld and objection.voter:
        Voter.objects.filter(pk=objection.voter.pk).update(struck_at=at)
    note("motion.objection_ruled", objection, by=by, at=at, behalf=whose, data={"upheld": upheld})
    return objection

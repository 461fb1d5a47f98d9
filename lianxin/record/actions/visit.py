"""Encounters: drafted at the door or the desk, handed in, and put right afterwards with what stood there before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, TypedDict, Unpack
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lianxin.kit.clock import local
from lianxin.kit.reference import new_reference
from lianxin.ledger.actions import note
from lianxin.people.actions import NotAllowed, need
from lianxin.people.actions.words import line, said, why
from lianxin.people.models import Campaign, County, Office, User
from lianxin.people.rules import Holding, Power
from lianxin.places.models import Area
from lianxin.record.actions.calling import answer_calls, raise_calls
from lianxin.record.actions.household import tell, verify
from lianxin.record.actions.refusals import (
    AlreadyHandedIn,
    ClientIdTaken,
    FileIncomplete,
    NobodyNamed,
    NoChecklist,
    NotHeldYet,
    NothingChanged,
    OutOfReach,
    StillDraft,
)
from lianxin.record.models import (
    Amendment,
    Encounter,
    EncounterKind,
    Enterprise,
    Given,
    Household,
    Offer,
    Outing,
    Team,
    TeamArea,
    TeamMember,
    missing_of,
    reach_of,
)
from lianxin.record.models.known import PARTS
from lianxin.record.rules import Mode, Outcome
from lianxin.sheets.actions import answer as answer_sheet
from lianxin.sheets.models import Answer, Sheet, open_values, seal_values

NOTES_MAX = 5000
TRIES = 5  # a number comes up twice once in billions


class Details(TypedDict, total=False):
    """What can be said of an encounter."""

    kind: EncounterKind
    starts_at: datetime
    ends_at: datetime | None
    mode: str
    outcome: str
    household: Household | None
    enterprise: Enterprise | None
    area: Area | None
    place: str
    office: Office
    team: Team | None
    outing: Outing | None
    planned: bool
    headcount: int | None
    come_back_on: date | None
    notes: str
    members: Iterable[User]
    campaigns: Iterable[Campaign]
    given: Iterable[tuple[Offer, int]]
    checklist: Mapping[str, Any] | None
    noticed: bool
    unchanged: bool


@transaction.atomic
def visit(*, by: User, at: datetime, client_id: UUID | None = None, **details: Unpack[Details]) -> Encounter:
    """Record an encounter and hand it in at once; the same `client_id` gives the first one again.

    Needs VISIT and a door within reach. `checklist` are the values of the sheet of its kind. `noticed` says that the
    household was told why a file is kept. Without `members` it was the recorder alone; without `campaigns` it serves
    that of the team. Raises OutOfReach, NobodyNamed, NotHeldYet, NoChecklist, NotFilledIn, ClientIdTaken, TooLong,
    NotAllowed.
    """
    holding = need(by, Power.VISIT, at=at, anywhere=True)
    if first := _known(client_id, by=by):
        return first
    encounter, is_new = _make(details, client_id, holding=holding, by=by, at=at)
    if not is_new:
        return encounter
    _check(encounter, at=at)
    _hand_in(encounter, details.get("checklist"), details, by=by, at=at)
    note("encounter.submitted", encounter, by=by, at=at, behalf=holding.behalf, data=_facts(encounter))
    return encounter


@transaction.atomic
def draft(*, by: User, at: datetime, client_id: UUID | None = None, **details: Unpack[Details]) -> Encounter:
    """Write an encounter down without handing it in: a visit half done, a session that is planned. It counts nowhere.

    Needs VISIT and a door within reach. Raises OutOfReach, NobodyNamed, ClientIdTaken, TooLong, NotAllowed.
    """
    holding = need(by, Power.VISIT, at=at, anywhere=True)
    if first := _known(client_id, by=by):
        return first
    encounter, is_new = _make(details, client_id, holding=holding, by=by, at=at)
    if is_new:
        note("encounter.drafted", encounter, by=by, at=at, behalf=holding.behalf, data={"kind": encounter.kind.key})
    return encounter


@transaction.atomic
def edit_draft(encounter: Encounter, *, by: User, at: datetime, **details: Unpack[Details]) -> Encounter:
    """Change what a draft says; what is not named stays. Raises AlreadyHandedIn, OutOfReach, TooLong, NotAllowed."""
    holding = need(by, Power.VISIT, at=at, anywhere=True)
    held = _own(encounter, by=by)
    if held.submitted_at:
        raise AlreadyHandedIn(_("This was handed in already. What is wrong can be put right, with the reason."))
    _write(held, details)
    held.save()
    _attach(held, details)
    note("encounter.edited", held, by=by, at=at, behalf=holding.behalf, data={"fields": sorted(details)})
    return held


@transaction.atomic
def submit(encounter: Encounter, *, by: User, at: datetime, **details: Unpack[Details]) -> Encounter:
    """Hand a draft in, with what is still to be said of it. Handing in twice is once.

    Raises OutOfReach, NobodyNamed, NotHeldYet, NoChecklist, NotFilledIn, TooLong, NotAllowed.
    """
    holding = need(by, Power.VISIT, at=at, anywhere=True)
    held = _own(encounter, by=by)
    if held.submitted_at:
        return held
    checklist = details.get("checklist")
    if checklist is None:
        checklist = open_values(held.kept) or None
    _write(held, details)
    held.recorded_at = at
    held.save()
    _attach(held, details)
    _reached(held, by=by, at=at)
    _check(held, at=at)
    _hand_in(held, checklist, details, by=by, at=at)
    note("encounter.submitted", held, by=by, at=at, behalf=holding.behalf, data=_facts(held))
    return held


AMENDABLE = ("starts_at", "ends_at", "mode", "outcome", "place", "notes", "headcount", "come_back_on")


@transaction.atomic
def amend(encounter: Encounter, *, because: str, by: User, at: datetime, **details: Unpack[Details]) -> list[Amendment]:
    """Put an encounter right that was handed in; what stood there before is kept with the reason.

    By who recorded it. Figures that were published stay as they were printed. Raises StillDraft, NothingChanged,
    NotHeldYet, TooShort, NotAllowed.
    """
    holding = need(by, Power.VISIT, at=at, anywhere=True)
    held = _own(encounter, by=by)
    if held.submitted_at is None:
        raise StillDraft(_("This was not handed in yet. It can simply be changed."))
    before = {name: getattr(held, name) for name in AMENDABLE}
    _write(held, {name: value for name, value in details.items() if name in AMENDABLE})
    _check(held, at=at)
    changed = [name for name in AMENDABLE if getattr(held, name) != before[name]]
    if not changed:
        raise NothingChanged(_("Nothing was changed."))
    held.save(update_fields=changed)
    reason = why(because)
    made = Amendment.objects.bulk_create(
        Amendment(
            encounter=held, field=name, before=_shown(before[name]), after=_shown(getattr(held, name)),
            because=reason, by=by, at=at,
        )
        for name in changed
    )  # fmt: skip
    note("encounter.amended", held, by=by, at=at, behalf=holding.behalf, data={"fields": changed})
    return made


def _known(client_id: UUID | None, *, by: User) -> Encounter | None:
    first = Encounter.objects.filter(client_id=client_id).first() if client_id else None
    if first and first.recorder_id != by.pk:
        raise ClientIdTaken(_("This number was used for another visit. Please synchronise the phone once more."))
    return first


def _make(
    details: Details, client_id: UUID | None, *, holding: Holding, by: User, at: datetime
) -> tuple[Encounter, bool]:
    """Return the encounter of these details, unsubmitted, and whether it was not there before."""
    for left in reversed(range(TRIES)):
        made = Encounter(
            number=new_reference(County.now().prefix), recorded_at=at, recorder=by, client_id=client_id,
            office_id=holding.office_id,
        )  # fmt: skip
        _write(made, details)
        _reached(made, by=by, at=at)
        try:
            with transaction.atomic():
                made.save(force_insert=True)
            break
        except IntegrityError:  # kept by another request just now; or the number exists
            if first := _known(client_id, by=by):
                return first, False
            if not left:
                raise
    _attach(made, {"members": (by,), **details})
    return made, True


_PLAIN = (
    "kind", "starts_at", "ends_at", "mode", "outcome", "household", "enterprise", "area", "office", "team", "outing",
    "planned", "headcount", "come_back_on",
)  # fmt: skip


def _write(encounter: Encounter, details: Mapping[str, Any]) -> None:
    for name in _PLAIN:
        if name in details:
            setattr(encounter, name, details[name])
    if "place" in details:
        encounter.place = line(details["place"])
    if "notes" in details:
        encounter.notes = said(details["notes"], most=NOTES_MAX) if details["notes"].strip() else ""
    if "checklist" in details and encounter.submitted_at is None:
        encounter.kept = seal_values(details["checklist"] or {})
    if encounter.mode not in Mode.values or encounter.outcome not in Outcome.values:
        raise NobodyNamed(_("Please say how you met, and whom."))
    if encounter.household and encounter.area_id is None:
        encounter.area_id = encounter.household.area_id
    if encounter.enterprise and encounter.area_id is None:
        encounter.area_id = encounter.enterprise.area_id
    if encounter.outing:
        encounter.planned = True
        encounter.team = encounter.team or encounter.outing.team


def _attach(encounter: Encounter, details: Mapping[str, Any]) -> None:
    """Write the rows that hang on it: who was there, which campaigns, what was brought."""
    if "members" in details:
        encounter.members.set(details["members"])
    campaigns = list(details.get("campaigns") or ())
    if not campaigns and encounter.team and ("team" in details or "outing" in details):
        campaigns = [encounter.team.campaign]
    if campaigns:
        encounter.campaigns.set(campaigns)
    if "given" in details:
        encounter.given.all().delete()
        Given.objects.bulk_create(
            Given(encounter=encounter, offer=offer, count=count) for offer, count in details["given"] if count
        )


def _reached(encounter: Encounter, *, by: User, at: datetime) -> None:
    """Refuse a door that is not within reach at that moment; a place also belongs to the teams that are sent there."""
    reach = reach_of(by, at)
    if encounter.household:
        mine = reach.covers(encounter.household.area) or encounter.household_id in reach.households
    elif encounter.enterprise:
        mine = reach.covers(encounter.enterprise.area) or encounter.enterprise_id in reach.enterprises
    elif encounter.area:
        mine = reach.covers(encounter.area) or _is_sent(by, encounter.area, at=at)
    else:
        mine = True
    if not mine:
        raise OutOfReach(_("You are not linked to this place or household on that day. Ask who plans the visits."))


def _is_sent(user: User, area: Area, *, at: datetime) -> bool:
    day = local(at).date()
    teams = TeamMember.objects.on(day).filter(user=user).values("team")
    paths = TeamArea.objects.on(day).filter(team__in=teams).values_list("area__path", flat=True)
    return any(area.path.startswith(path) for path in paths)


def _own(encounter: Encounter, *, by: User) -> Encounter:
    held = Encounter.objects.select_for_update(of=("self",)).select_related(
        "kind", "household__area", "enterprise__area", "area", "team__campaign", "outing__team"
    )
    found = held.get(pk=encounter.pk)
    if found.recorder_id != by.pk:
        raise NotAllowed(_("Only who wrote it down changes it."))
    return found


def _check(encounter: Encounter, *, at: datetime) -> None:
    """Refuse what cannot have happened so."""
    if encounter.starts_at > at or (encounter.ends_at and encounter.ends_at < encounter.starts_at):
        raise NotHeldYet(_("The time lies in the future, or the end before the beginning. Please check it."))
    match encounter.kind.of:
        case EncounterKind.Of.HOUSEHOLD:
            is_said = encounter.household_id is not None
        case EncounterKind.Of.ENTERPRISE:
            is_said = encounter.enterprise_id is not None
        case _:
            is_said = encounter.area_id is not None or bool(encounter.place)
    if not is_said:
        raise NobodyNamed(_("Please say whom or which place you visited."))
    if not encounter.members.exists():
        raise NobodyNamed(_("Please say who went."))


def _hand_in(
    encounter: Encounter, checklist: Mapping[str, Any] | None, details: Details, *, by: User, at: datetime
) -> None:
    """Hand it in: the checklist is answered, occasions are raised and settled, the household was told."""
    home = encounter.household
    if home and encounter.outcome == Outcome.MET:
        _complete(home, encounter, unchanged=details.get("unchanged", False))
    answered = _answered(encounter, checklist, by=by, at=at)
    encounter.answer, encounter.kept, encounter.submitted_at = answered, None, at
    encounter.save(update_fields=["answer", "kept", "submitted_at"])
    if home is None:
        return
    if details.get("noticed"):
        tell(home, by=by, at=at, encounter=encounter)
    if details.get("unchanged"):
        verify(home, by=by, at=at, encounter=encounter)
    if encounter.counts_as_met:
        answer_calls(encounter, by=by, at=at)
    if answered:
        raise_calls(encounter, answered, by=by, at=at)


def _complete(home: Household, encounter: Encounter, *, unchanged: bool) -> None:
    """Refuse a visit whose kind asks for parts of the file that are empty, by their names (VIS-11)."""
    if unchanged or home.declined_at:
        return
    if missing := missing_of(home, encounter.kind.asks):
        words = _("The file lacks: %(parts)s. Fill it in, or say that nothing has changed since it was last checked.")
        raise FileIncomplete(words % {"parts": "、".join(str(PARTS.get(part, part)) for part in missing)})


def _answered(encounter: Encounter, checklist: Mapping[str, Any] | None, *, by: User, at: datetime) -> Answer | None:
    """Return the checklist filled in; nobody at home needs none."""
    key = encounter.kind.sheet
    sheet = Sheet.objects.current(key, at) if key else None
    if sheet is None or (checklist is None and encounter.outcome != Outcome.MET):
        return None
    if checklist is None:
        raise NoChecklist(_("Please fill in the checklist “%(title)s”.") % {"title": sheet.title})
    return answer_sheet(sheet, values=checklist, by=by, at=at)


def _facts(encounter: Encounter) -> dict[str, Any]:
    """Return what the ledger says of it: nothing of what was said."""
    return {
        "kind": encounter.kind.key, "mode": encounter.mode, "outcome": encounter.outcome,
        "household": encounter.household_id, "starts_at": encounter.starts_at.isoformat(),
        "late": encounter.is_late,
    }  # fmt: skip


def _shown(value: Any) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return "" if value is None else str(value)

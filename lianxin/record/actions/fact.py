"""Lines of a household's file, and leads: difficulties handed to who can help, with consent, and what came of them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lianxin.kit.clock import local
from lianxin.kit.refusal import NotAllowed, Refusal
from lianxin.ledger.actions import note
from lianxin.people.actions import need
from lianxin.people.actions.words import line, why
from lianxin.people.models import Office, User
from lianxin.people.rules import Power
from lianxin.record.actions.reached import as_writer, still_open
from lianxin.record.models import Encounter, Fact, FactKind, Household, Lead, Resident
from lianxin.record.rules import LeadState, Of


class NotOfThisHousehold(Refusal):
    """The person belongs to another household, or the kind is not in use."""

    status = 422


class EndsTooEarly(Refusal):
    """It would end before it begins."""

    status = 422


class NoLead(Refusal):
    """This is no difficulty that an office takes on, or it has been handed on, or settled, already."""


@transaction.atomic
def keep_kind(
    *, of: str, key: str, name: str, by: User | None, at: datetime, need_for: str = "", service: str = "",
    is_private: bool = False, basis: str = "", in_use: bool = True,
) -> FactKind:  # fmt: skip
    """Keep a kind of line that is written into files of households, or say anew what it is; needs ARCHIVE."""
    whose = need(by, Power.ARCHIVE, at=at, anywhere=True).behalf if by else None
    values = {
        "of": Of(of), "name": line(name, most=60), "need": need_for, "service": line(service, most=60),
        "is_private": is_private, "basis": line(basis, most=200), "in_use": in_use,
    }  # fmt: skip
    kind, _made = FactKind.objects.update_or_create(key=line(key, most=40), defaults=values)
    note("fact_kind.kept", kind, by=by, at=at, behalf=whose, data={"of": of, "in_use": in_use})
    return kind


@transaction.atomic
def state(
    household: Household, *, kind: FactKind, by: User, at: datetime, resident: Resident | None = None, words: str = "",
    amount: Decimal | None = None, starts: date | None = None, encounter: Encounter | None = None,
    client_id: UUID | None = None,
) -> Fact:  # fmt: skip
    """Write one line into a household's file: a house, a work, an income, a difficulty, a benefit.

    The same `client_id` once more returns what was written the first time. Raises NotOfThisHousehold, FileClosed,
    TooLong, NotAllowed.
    """
    whose = as_writer(household, by=by, at=at)
    if client_id and (earlier := Fact.objects.filter(client_id=client_id).first()):
        return earlier
    household = still_open(household)
    if not kind.in_use or (resident and resident.household_id != household.pk):
        raise NotOfThisHousehold(_("This person belongs to another household, or the line is not in use any more."))
    fact = Fact.objects.create(
        household=household, resident=resident, kind=kind, words=line(words, most=200), amount=amount, starts=starts,
        by=by, at=at, encounter=encounter, client_id=client_id,
    )  # fmt: skip
    data = {"of": kind.of, "kind": kind.key, "encounter": encounter.pk if encounter else None}
    note("fact.stated", household, by=by, at=at, behalf=whose, data=data)
    return fact


@transaction.atomic
def end_fact(fact: Fact, *, because: str, by: User, at: datetime, on: date | None = None) -> Fact:
    """Say that a line is no longer so, from a day on. Raises EndsTooEarly, TooShort, NotAllowed."""
    whose = as_writer(fact.household, by=by, at=at)
    fact = Fact.objects.select_for_update().get(pk=fact.pk)
    day = on or local(at).date()
    if fact.ends or (fact.starts and day < fact.starts):
        raise EndsTooEarly(_("It has ended already, or would end before it begins."))
    fact.ends, fact.ended_because = day, why(because)
    fact.save(update_fields=["ends", "ended_because"])
    note("fact.ended", fact.household, by=by, at=at, behalf=whose, data={"fact": fact.pk, "kind": fact.kind.key})
    return fact


@transaction.atomic
def hand_on(fact: Fact, *, office: Office, consent: bool, by: User, at: datetime, words: str = "") -> Lead:
    """Hand a difficulty to the office that can help; only with the person's consent. Raises NoLead, NotAllowed."""
    whose = as_writer(fact.household, by=by, at=at)
    if not consent:
        raise NoLead(_("Ask the person first. Without consent nothing is handed on."))
    if not fact.kind.need or fact.ends:
        raise NoLead(_("This is no difficulty that an office takes on, or it is over."))
    try:
        with transaction.atomic():
            lead = Lead.objects.create(
                fact=fact, need=fact.kind.need, office=office, consented_at=at, words=line(words, most=200),
                opened_by=by, opened_at=at,
            )  # fmt: skip
    except IntegrityError:
        raise NoLead(_("It was handed on already, and the office has not answered yet.")) from None
    note("lead.handed_on", fact.household, by=by, at=at, behalf=whose, data={"lead": lead.pk, "office": office.pk})
    return lead


@transaction.atomic
def settle_lead(lead: Lead, *, helped: bool, outcome: str, by: User, at: datetime, ends: bool = True) -> Lead:
    """Write down what came of a lead; where the person was helped, the difficulty ends in the file (`ends`).

    By an officer of the office that took it on, or who reaches the household. Raises NoLead, TooShort, NotAllowed.
    """
    lead = Lead.objects.select_for_update().select_related("fact__household", "fact__kind").get(pk=lead.pk)
    if not Lead.objects.visible_to(by).filter(pk=lead.pk).exists():
        raise NotAllowed(_("This lead was handed to another office."))
    if lead.state != LeadState.OPEN:
        raise NoLead(_("What came of it is written down already."))
    lead.state = LeadState.DONE if helped else LeadState.FAILED
    lead.outcome, lead.settled_by, lead.settled_at = why(outcome), by, at
    lead.save(update_fields=["state", "outcome", "settled_by", "settled_at"])
    if helped and ends and not lead.fact.ends:
        Fact.objects.filter(pk=lead.fact_id).update(ends=local(at).date(), ended_because=lead.outcome)
    note("lead.settled", lead.fact.household, by=by, at=at, data={"lead": lead.pk, "helped": helped})
    return lead

"""Handling with care: who looked, who saw what is hidden and why; objections of a household; entries of risk."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lianxin.kit import crypto
from lianxin.kit.reference import new_code, tidy, tidy_code
from lianxin.kit.refusal import NotAllowed, Refusal
from lianxin.ledger.actions import note
from lianxin.ledger.models import Event
from lianxin.people.actions import need
from lianxin.people.actions.words import line, said, why
from lianxin.people.models import User, key_of
from lianxin.people.rules import Power
from lianxin.places.models import Area
from lianxin.record.actions.change import value_of
from lianxin.record.actions.reached import as_keeper, as_writer, still_open
from lianxin.record.models import (
    Enterprise,
    Household,
    Objection,
    Resident,
    Risk,
    keeper_reach_of,
)
from lianxin.record.rules import KEPT_WITHIN, SEALED, Ruling

RISK_DAYS = 90  # the longest that an entry lives without being looked at anew
LOOKED = timedelta(hours=12)


class AlreadyRuled(Refusal):
    """The objection was ruled on."""


class NotLive(Refusal):
    """The entry was lifted, or has run out."""


@transaction.atomic
def look(household: Household, *, by: User, at: datetime) -> None:
    """Put on record that somebody opened a household's file; once in half a day for the same person (I-04)."""
    seen = Event.objects.about(household).filter(verb="household.seen", by_id=by.pk, at__gt=at - LOOKED)
    if not seen.exists():
        note("household.seen", household, by=by, at=at)


@transaction.atomic
def reveal(subject: Resident | Enterprise, *, reason: str, by: User, at: datetime) -> dict[str, str]:
    """Show what lies sealed of somebody, and put it on record with the reason.

    Needs REVEAL and that the file is reached; political status and health are shown to who keeps the files alone.
    Raises TooShort, NotAllowed.
    """
    words = why(reason)
    whose = need(by, Power.REVEAL, at=at, anywhere=True).behalf
    if not type(subject).objects.visible_to(by).filter(pk=subject.pk).exists():
        raise NotAllowed(_("This file is not among those you are linked to. Ask the keeper of the files."))
    names = sorted(SEALED) if isinstance(subject, Resident) else ["phone"]
    if isinstance(subject, Resident) and not keeper_reach_of(by, at).covers(subject.household.area):
        names = [name for name in names if name not in KEPT_WITHIN]
    found = {name: value_of(subject, name) for name in names}
    about = subject.household if isinstance(subject, Resident) else subject
    verb = "resident.revealed" if isinstance(subject, Resident) else "enterprise.revealed"
    data = {"reason": words, "fields": names, "subject": subject.pk}
    note(verb, about, by=by, at=at, behalf=whose, data=data)
    return found


@transaction.atomic
def give_code(household: Household, *, by: User, at: datetime) -> str:
    """Return a new code by which the household sees its own file and says what is wrong; an earlier one dies."""
    whose = as_writer(household, by=by, at=at)
    household = still_open(household)
    code = new_code()
    household.code_digest = _digest(code, household.number)
    household.save(update_fields=["code_digest"])
    note("household.code_given", household, by=by, at=at, behalf=whose)
    return code


def with_code(number: str, code: str) -> Household | None:
    """Return the household of this number if the code is its code; an unknown number takes as long as a wrong code."""
    household = Household.objects.open().filter(number=tidy(number[:60])).first()
    given = _digest(tidy_code(code[:60]), household.number if household else "")
    kept = household.code_digest if household and household.code_digest else _digest("", "")
    return household if crypto.same(given, kept) and household and household.code_digest else None


def _digest(code: str, number: str) -> str:
    return crypto.code_digest(code, receipt=number, key=key_of("record.code"))


@transaction.atomic
def object_to(
    household: Household, *, words: str, at: datetime, by: User | None = None, resident: Resident | None = None,
    field: str = "",
) -> Objection:  # fmt: skip
    """Take down that something in its file is wrong, in the household's words; `by` None is the household itself."""
    whose = as_writer(household, by=by, at=at) if by else None
    objection = Objection.objects.create(
        household=household, resident=resident, field=line(field, most=60), words=said(words), by=by, at=at
    )
    note("objection.raised", household, by=by, at=at, behalf=whose, data={"objection": objection.pk})
    return objection


@transaction.atomic
def rule(objection: Objection, *, ruling: str, reason: str, by: User, at: datetime) -> Objection:
    """Say of an objection that the file was corrected, or why it stays as it is. Raises AlreadyRuled, NotAllowed."""
    objection = Objection.objects.select_for_update().select_related("household__area").get(pk=objection.pk)
    whose = as_keeper(objection.household.area, by=by, at=at)
    if objection.ruled_at:
        raise AlreadyRuled(_("This was ruled on already."))
    objection.ruling, objection.reason = Ruling(ruling), why(reason)
    objection.ruled_by, objection.ruled_at = by, at
    objection.save(update_fields=["ruling", "reason", "ruled_by", "ruled_at"])
    note("objection.ruled", objection.household, by=by, at=at, behalf=whose, data={"ruling": ruling})
    return objection


@transaction.atomic
def enter_risk(
    household: Household, *, words: str, grounds: str, by: User, at: datetime, days: int = RISK_DAYS
) -> Risk:
    """Enter something to be careful about; it runs out after `days` unless it is looked at anew. Raises NotAllowed."""
    whose = as_keeper(household.area, by=by, at=at)
    expires = at + timedelta(days=min(max(days, 1), RISK_DAYS))
    entry = Risk.objects.create(
        household=household, words=line(words, most=200), grounds=why(grounds), by=by, at=at, expires_at=expires
    )
    note("risk.entered", household, by=by, at=at, behalf=whose, data={"risk": entry.pk})
    return entry


@transaction.atomic
def review_risk(entry: Risk, *, by: User, at: datetime, days: int = RISK_DAYS) -> Risk:
    """Say that an entry still holds; it lives so many days more. Raises NotLive, NotAllowed."""
    entry, whose = _live(entry, by=by, at=at)
    entry.reviewed_by, entry.reviewed_at = by, at
    entry.expires_at = at + timedelta(days=min(max(days, 1), RISK_DAYS))
    entry.save(update_fields=["reviewed_by", "reviewed_at", "expires_at"])
    note("risk.reviewed", entry.household, by=by, at=at, behalf=whose, data={"risk": entry.pk})
    return entry


@transaction.atomic
def lift_risk(entry: Risk, *, reason: str, by: User, at: datetime) -> Risk:
    """Say that an entry no longer holds. Raises NotLive, TooShort, NotAllowed."""
    entry, whose = _live(entry, by=by, at=at)
    entry.lifted_by, entry.lifted_at, entry.lifted_because = by, at, why(reason)
    entry.save(update_fields=["lifted_by", "lifted_at", "lifted_because"])
    note("risk.lifted", entry.household, by=by, at=at, behalf=whose, data={"risk": entry.pk})
    return entry


def _live(entry: Risk, *, by: User, at: datetime) -> tuple[Risk, User | None]:
    entry = Risk.objects.select_for_update().select_related("household__area").get(pk=entry.pk)
    whose = as_keeper(entry.household.area, by=by, at=at)
    if entry.lifted_at or entry.expires_at <= at:
        raise NotLive(_("This entry was lifted or has run out. Enter it anew if it is still so."))
    return entry, whose


@transaction.atomic
def print_book(area: Area, *, count: int, by: User, at: datetime) -> None:
    """Put on record that somebody printed the files of a village as a book, and how many."""
    whose = need(by, Power.VISIT, at=at, anywhere=True).behalf
    note("village.printed", area, by=by, at=at, behalf=whose, data={"count": count})


@transaction.atomic
def take_away(*, query: str, count: int, by: User, at: datetime) -> None:
    """Put on record that somebody took a list of files away: by which filter, and how many. Raises NotAllowed."""
    whose = need(by, Power.EXPORT, at=at, anywhere=True).behalf
    note("households.exported", by, by=by, at=at, behalf=whose, data={"query": query[:400], "count": count})

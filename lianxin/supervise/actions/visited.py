"""After a visit: its report, what was received, and what the enterprise thought of it, without its name."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from lianxin.kit import crypto
from lianxin.kit.clock import local
from lianxin.kit.reference import new_reference, tidy
from lianxin.kit.refusal import Refusal
from lianxin.ledger.actions import note
from lianxin.people.actions import need
from lianxin.people.actions.words import line, said, why
from lianxin.people.models import User, key_of
from lianxin.people.rules import Power
from lianxin.record.models import Encounter, Enterprise
from lianxin.supervise.models import Declaration, RatingCode, Report, Usefulness, quarter_of

REPORT_MAX = 20_000
CODE_LENGTH = 12


class NotThere(Refusal):
    """Only who was there reports, and declares."""

    status = 403


class AlreadyReported(Refusal):
    """The report is written."""


class AlreadyDeclared(Refusal):
    """It was said already; what was said stays."""


class CodeUsed(Refusal):
    """The code is unknown, or was used."""

    status = 404


@transaction.atomic
def report(encounter: Encounter, *, title: str, text: str, by: User, at: datetime) -> Report:
    """Write the report of a visit, by somebody who was there; needs VISIT.

    Raises NotThere, AlreadyReported, NothingSaid, TooLong, NotAllowed.
    """
    whose = _there(encounter, by, at)
    try:
        with transaction.atomic():
            made = Report.objects.create(
                encounter=encounter, title=line(why(title)), text=said(text, most=REPORT_MAX), by=by, at=at
            )
    except IntegrityError as there:
        raise AlreadyReported(_("The report of this visit is written already.")) from there
    note("report.written", made, by=by, at=at, behalf=whose, data={"encounter": encounter.number})
    return made


@transaction.atomic
def declare(encounter: Encounter, *, by: User, at: datetime, received: str = "", handed_in: str = "") -> Declaration:
    """Say what one received on a visit to an enterprise and what became of it, or that it was nothing; needs VISIT.

    Raises NotThere, AlreadyDeclared, TooShort, NotAllowed.
    """
    whose = _there(encounter, by, at)
    got = line(received, most=200)
    became = why(handed_in) if got else ""
    try:
        with transaction.atomic():
            made = Declaration.objects.create(encounter=encounter, by=by, at=at, received=got, handed_in=became)
    except IntegrityError as there:
        raise AlreadyDeclared(_("You have said it for this visit; what was said stays.")) from there
    note("visit.declared", made, by=by, at=at, behalf=whose, data={"something": bool(got)})
    return made


@transaction.atomic
def give_code(enterprise: Enterprise, *, leader: User, by: User, at: datetime) -> str:
    """Give an enterprise a code with which it says, without its name, whether the visits of a quarter were of use.

    One each quarter for one leader; a new one makes the unused one before worthless. Returns the code, which is kept
    nowhere. Needs LINK. Raises CodeUsed, NotAllowed.
    """
    whose = need(by, Power.LINK, at=at, anywhere=True).behalf
    code = new_reference(length=CODE_LENGTH)
    quarter = quarter_of(local(at).date())
    rows = RatingCode.objects.select_for_update().filter(enterprise=enterprise, leader=leader, quarter=quarter)
    made = rows.first() or RatingCode(enterprise=enterprise, leader=leader, quarter=quarter)
    if made.used:
        raise CodeUsed(_("This enterprise has said it for this quarter."))
    made.digest = digest_of(code)
    made.save()
    note("rating_code.given", made, by=by, at=at, behalf=whose)
    return code


@transaction.atomic
def rate_visits(code: str, *, grade: int, at: datetime) -> Usefulness:
    """Count what an enterprise thinks of a leader's visits in a quarter; only the count is kept, no row of its own.

    The ledger says that the count of the leader rose, not by whom: the code is marked as used without a time.
    Raises CodeUsed.
    """
    row = RatingCode.objects.select_for_update().filter(digest=digest_of(code)).first()
    if row is None or row.used:
        raise CodeUsed(_("This code is not known, or it was used already."))
    RatingCode.objects.filter(pk=row.pk).update(used=True)
    counted, _made = Usefulness.objects.get_or_create(
        leader=row.leader, quarter=row.quarter, grade=Usefulness.Grade(grade)
    )
    Usefulness.objects.filter(pk=counted.pk).update(count=F("count") + 1)
    midnight = local(at).replace(hour=0, minute=0, second=0, microsecond=0)
    note("visits.rated", row.leader, by=None, at=midnight)
    return counted


def digest_of(code: str) -> str:
    """Return what is kept of a code."""
    return crypto.blind_index(tidy(code[:40], length=CODE_LENGTH), key=key_of("supervise.rating"))


def _there(encounter: Encounter, by: User, at: datetime) -> User | None:
    if by.pk != encounter.recorder_id and not encounter.members.filter(pk=by.pk).exists():
        raise NotThere(_("Only who was on the visit writes this."))
    found: User | None = need(by, Power.VISIT, at=at, anywhere=True).behalf
    return found

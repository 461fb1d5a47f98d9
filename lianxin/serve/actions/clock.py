"""The clock of an application: started by acceptance, moved by what happened, never by an edit."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from lianxin.kit.clock import Hours, Pause, Term, Unit
from lianxin.people.models import Limit, OfficeHours, calendar_now
from lianxin.serve.models.application import Application
from lianxin.serve.models.course import pauses_of
from lianxin.serve.rules import application as rules
from lianxin.serve.rules.application import Deadline
from lianxin.serve.rules.catalogue import Kind

CLOCK = [
    "accepted_at", "deemed", "promised_at", "first_promised_at", "promised_provisional", "legal_at",
    "legal_provisional",
]  # fmt: skip
TELL_LIMIT = "application.tell"
ON_THE_SPOT = Term(0, Unit.WORKDAY)  # by the end of the very day


def hours_of(application: Application) -> Hours:
    """Return when the office that answers for it is open: its own hours, as for its steps, else those of the county."""
    return OfficeHours.of(application.office_id)


def limit(key: str, *, at: datetime, default: Term) -> Term:
    """Return the county's limit of that key on the day, or the default where it has set none."""
    known = Limit.known(key, timezone.localdate(at))
    return known.term if known else default


def counted(application: Application, start: datetime, term: Term) -> Deadline:
    """Count a term by the calendar of the county, leaving out special procedures."""
    pauses = [Pause(begun, ended, why) for begun, ended, why in pauses_of(application)]
    return rules.deadline(start, term, calendar_now(), hours=hours_of(application), pauses=pauses)


def counted_plain(start: datetime, term: Term, *, office: int | None = None) -> datetime:
    """Count a term from its start by the calendar of the county and the hours of the office."""
    return rules.deadline(start, term, calendar_now(), hours=OfficeHours.of(office)).due


def start(application: Application, *, at: datetime) -> None:
    """Set both dates of the application in hand: promised and legal. The caller saves CLOCK."""
    application.accepted_at = at
    count(application)
    application.first_promised_at = application.promised_at


def count(application: Application) -> None:
    """Count both dates again from acceptance. The caller saves CLOCK. Raises kit.clock.ClockStopped in a pause."""
    begun, service = application.accepted_at, application.service
    if begun is None:
        return
    promised = service.promised or (ON_THE_SPOT if service.kind == Kind.ON_THE_SPOT else None)
    if promised:
        end = counted(application, begun, promised)
        application.promised_at, application.promised_provisional = end.due, end.provisional
    if service.legal:
        end = counted(application, begun, service.legal)
        application.legal_at, application.legal_provisional = end.due, end.provisional
    if application.promised_at is None:
        application.promised_at, application.promised_provisional = (
            application.legal_at,
            application.legal_provisional,
        )


def start_telling(application: Application, *, at: datetime) -> None:
    """Set by when the applicant must be told, counted from the last receipt. The caller saves the fields."""
    application.received_at = at
    within = limit(TELL_LIMIT, at=at, default=rules.TELL_WITHIN)
    application.tell_by = counted_plain(at, within, office=application.office_id)

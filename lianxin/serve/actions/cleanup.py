"""The clean-up of the catalogue (清理): every service is kept, adjusted or abolished, with reason and day."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lianxin.kit.clock import local
from lianxin.kit.refusal import Refusal
from lianxin.ledger import actions as ledger
from lianxin.people.actions.words import line, said
from lianxin.people.models import User
from lianxin.serve.actions.catalogue import WrongDay, copy_of, may
from lianxin.serve.models import Review, Service
from lianxin.serve.rules.catalogue import InFlight, State, Verdict

REASON_MAX, BASIS_MAX = 300, 200


class NotLive(Refusal):
    """The service does not count (any more)."""


class WrongVerdict(Refusal):
    """What is decided of a service cannot be kept."""

    status = 422


@transaction.atomic
def review_service(
    service: Service,
    *,
    verdict: str,
    reason: str,
    on: date,
    by: User,
    at: datetime,
    basis: str = "",
    in_flight: str = "",
) -> Review:
    """Decide what becomes of a service: kept, adjusted (a draft of the next version is begun) or abolished.

    An abolished service cannot be applied for from that day; `in_flight` says what becomes of applications under way.
    Raises NotLive, WrongVerdict, WrongDay, NotAllowed and the refusals of words that do not fit.
    """
    behalf = may(by, at=at)
    service = Service.objects.select_for_update().get(pk=service.pk)
    if service.state != State.LIVE or service.valid_to is not None:
        raise NotLive(_("Only the version that counts now can be reviewed."))
    reason = line(said(reason, most=REASON_MAX, empty=_("Please say why.")), most=REASON_MAX)
    if verdict not in Verdict.values:
        raise WrongVerdict(_("A service is kept, adjusted or abolished."))
    if on < local(at).date():
        raise WrongDay(_("This counts from today or a later day."))
    if verdict == Verdict.ABOLISHED:
        _abolish(service, on, in_flight)
    review = Review.objects.create(
        service=service, verdict=verdict, reason=reason, basis=line(basis, most=BASIS_MAX), on=on, at=at, by=by,
        in_flight=in_flight if verdict == Verdict.ABOLISHED else "",
    )  # fmt: skip
    if verdict == Verdict.ADJUSTED and not Service.objects.drafts().filter(number=service.number).exists():
        copy_of(service, by=by, at=at)
    data = {"number": service.number, "version": service.version, **review.facts}
    ledger.note("service.reviewed", service, by=by, at=at, behalf=behalf, data=data)
    return review


def _abolish(service: Service, on: date, in_flight: str) -> None:
    if in_flight not in InFlight.values:
        raise WrongVerdict(_("Please say what becomes of applications that are under way."))
    if service.valid_from and on < service.valid_from:
        raise WrongDay(_("A service cannot end before it begins."))
    service.state, service.valid_to, service.in_flight = State.ABOLISHED, on, in_flight
    service.save(update_fields=["state", "valid_to", "in_flight"])

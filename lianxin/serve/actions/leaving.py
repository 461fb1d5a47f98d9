"""Leaving the road before its end, and what the person may change on the way."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianxin.flow import actions as flow
from lianxin.kit.clock import local
from lianxin.kit.identity import is_mobile, tidy_phone
from lianxin.kit.text import mask_phone
from lianxin.ledger import actions as ledger
from lianxin.listen.rules import Contact
from lianxin.people import actions as people
from lianxin.people.models import User
from lianxin.people.rules import Power
from lianxin.serve.actions.deed import ApplicationRefusal, Begun, begin_deed, keep, note, words
from lianxin.serve.actions.telling import tell
from lianxin.serve.models import Review, Service
from lianxin.serve.models.application import Application, seal_person
from lianxin.serve.rules.application import Deed, State
from lianxin.serve.rules.catalogue import InFlight


class NoPhone(ApplicationRefusal):
    """It is no phone number."""

    status = 422
    words = _("This does not look like a phone number. Please check the digits.")


class StillInForce(ApplicationRefusal):
    """Its service goes on, or open applications are finished under the old rules."""

    words = _("The service was not abolished, or applications under way are to be finished.")


@transaction.atomic
def withdraw(application: Application, *, at: datetime, reason: str = "", by: User | None = None) -> Application:
    """Withdraw it, as its applicant wishes; possible until it is decided. A draft is forgotten with its contents.

    `by` is a clerk who writes down the wish, with RECEIVE. Raises NotAllowed, NotPossibleNow, ClockSetBack.
    """
    begun = begin_deed(application, Deed.WITHDRAW, by=None, at=at)
    held = begun.application
    if by is not None:
        standing = by.stand(at)
        offices = (held.office_id, held.taken_in_id)
        holding = next((found for office in offices if (found := standing.find(Power.RECEIVE, office))), None)
        if holding is None:
            raise people.NotAllowed(_("This is not a matter of your office, or your post does not include it."))
        begun = Begun(held, holding)
    was_draft = held.state == State.DRAFT
    _end(begun, State.WITHDRAWN, reason.strip()[:300], by=by, at=at)
    note(begun, Deed.WITHDRAW, by=by, at=at)
    if not was_draft:
        tell(held, "application.withdrawn", event="withdraw", at=at)
    return held


@transaction.atomic
def close(application: Application, *, reason: str, by: User, at: datetime, died: bool = False) -> Application:
    """Close it without a decision: the person has died, or there is nothing left to decide. Nobody dead is written to.

    Raises NothingGiven, NotAllowed, NotPossibleNow, ClockSetBack.
    """
    begun = begin_deed(application, Deed.CLOSE, by=by, at=at)
    held = begun.application
    _end(begun, State.CLOSED, words(reason, _("why it is closed"), least=4), by=by, at=at)
    note(begun, Deed.CLOSE, by=by, at=at, died=died)
    if not died:
        tell(held, "application.closed", event="closed", at=at)
    return held


@transaction.atomic
def end_with_service(application: Application, *, at: datetime) -> Application:
    """Close it because its service was abolished and open applications are to end with it (APR-01); the person is told.

    Raises StillInForce, NotPossibleNow, ClockSetBack.
    """
    begun = begin_deed(application, Deed.CLOSE, by=None, at=at)
    held = begun.application
    last = Service.objects.published(held.service.number)[0]
    over = last.valid_to is not None and last.valid_to <= local(at).date()
    if not (over and last.in_flight == InFlight.WITHDRAW):
        raise StillInForce()
    reason = Review.objects.filter(service=last).order_by("-at").values_list("reason", flat=True).first() or ""
    _end(begun, State.CLOSED, gettext("The service was abolished: %(why)s") % {"why": reason}, by=None, at=at)
    note(begun, Deed.CLOSE, by=None, at=at, abolished=True)
    tell(held, "application.closed", event="closed", at=at)
    return held


@transaction.atomic
def change_phone(application: Application, *, phone: str, by: User | None, at: datetime) -> Application:
    """Write another phone to the application; the old one is told, so that nobody takes it over unseen.

    By a clerk with RECEIVE, or by the person with number and code (by None). Raises NoPhone, NotAllowed,
    NotPossibleNow, ClockSetBack.
    """
    begun = begin_deed(application, Deed.CHANGE_PHONE, by=by, at=at)
    held = begun.application
    new = tidy_phone(phone)
    if new is None:
        raise NoPhone()
    old = held.opened_contact()
    if is_mobile(old.phone) and tidy_phone(old.phone) != new:
        tell(held, "application.phone", event=f"phone:{at.isoformat()}", at=at)
    held.contact, held.phone_index = seal_person(Contact(old.name, new, old.email, old.address))
    keep(held, "contact", "phone_index", at=at)
    note(begun, Deed.CHANGE_PHONE, by=by, at=at, phone=mask_phone(new))
    return held


@transaction.atomic
def reveal(application: Application, *, reason: str, by: User, at: datetime) -> Contact:
    """Show an officer who has found the application through `visible_to` who asks, with a reason, on record.

    Needs REVEAL, or RECEIVE over the office that took it in. Raises NothingGiven, NotAllowed.
    """
    why = words(reason, _("why you need it"), least=2, most=200)
    standing = by.stand(at)
    holding = standing.find(Power.REVEAL, anywhere=True)
    for office in (application.office_id, application.taken_in_id):
        holding = holding or standing.find(Power.RECEIVE, office)
    if holding is None:
        raise people.NotAllowed(_("This is not a matter of your office, or your post does not include it."))
    data = {"reason": why}
    ledger.note("application.reveal", application, by=by, at=at, behalf=holding.behalf, data=data)
    return application.opened_contact()


def _end(begun: Begun, state: State, reason: str, *, by: User | None, at: datetime) -> None:
    held = begun.application
    held.state, held.closed_at, held.closed_why, held.tell_by = state, at, reason, None
    held.draft = None
    fields = ["state", "closed_at", "closed_why", "tell_by", "draft"]
    keep(held, *fields, at=at)
    held.corrections.filter(answered_at=None).update(answered_at=at)
    held.standstills.filter(ends=None).update(ends=at)
    if held.run and not held.run.is_over:
        flow.cancel(held.run, by=by, at=at, reason=str(state), behalf=begun.behalf)

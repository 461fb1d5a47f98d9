"""Sessions: the roster of who may be asked, invitations by category, what lies on the table and what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lianxin.kit.identity import tidy_phone
from lianxin.kit.refusal import Refusal
from lianxin.ledger.actions import note
from lianxin.people.actions import need
from lianxin.people.actions.words import line, said
from lianxin.people.models import User
from lianxin.people.rules import Power
from lianxin.places.models import Area
from lianxin.record.models import Encounter, Guest, Invitation, Topic
from lianxin.record.models.sealed import seal


class NotASession(Refusal):
    """Only sessions have guests and topics."""

    status = 422


class NobodyToAsk(Refusal):
    """Nobody of this category agreed to be asked."""


class NotInvited(Refusal):
    """The guest was not asked to this session."""

    status = 422


@transaction.atomic
def add_guest(area: Area, *, name: str, category: str, agreed: bool, by: User, at: datetime, phone: str = "") -> Guest:
    """Put somebody on the roster of a place; nobody is asked who did not agree. Needs VISIT. Raises TooLong."""
    whose = need(by, Power.VISIT, at=at, anywhere=True).behalf
    made = Guest.objects.create(
        area=area, name=line(name, most=40), category=line(category, most=40),
        contact=seal(tidy_phone(phone) or phone.strip()), agreed_at=at if agreed else None,
    )  # fmt: skip
    note("guest.added", made, by=by, at=at, behalf=whose, data={"category": made.category, "agreed": agreed})
    return made


@transaction.atomic
def release_guest(guest: Guest, *, by: User, at: datetime) -> Guest:
    """Take somebody off the roster who asked for it, or moved; the phone is deleted. Needs VISIT."""
    whose = need(by, Power.VISIT, at=at, anywhere=True).behalf
    guest.left_at, guest.contact = at, None
    guest.save(update_fields=["left_at", "contact"])
    note("guest.released", guest, by=by, at=at, behalf=whose)
    return guest


@transaction.atomic
def invite(session: Encounter, *, guests: Iterable[Guest], by: User, at: datetime) -> list[Invitation]:
    """Ask guests of the roster to a session; who is asked already stays so. Raises NobodyToAsk, NotASession."""
    whose = _own(session, by=by, at=at)
    known = set(session.invitations.values_list("guest", flat=True))
    fresh = [each for each in guests if each.agreed_at and each.left_at is None and each.pk not in known]
    if not fresh:
        raise NobodyToAsk(_("Nobody to ask: all are asked already, or did not agree to be asked."))
    made = Invitation.objects.bulk_create(Invitation(encounter=session, guest=guest) for guest in fresh)
    note("session.invited", session, by=by, at=at, behalf=whose, data={"guests": len(made)})
    return made


@transaction.atomic
def come(session: Encounter, *, guests: Iterable[Guest], by: User, at: datetime) -> int:
    """Say which of those who were asked came; the others did not. Returns how many came. Raises NotInvited."""
    whose = _own(session, by=by, at=at)
    came = {guest.pk for guest in guests}
    asked = set(session.invitations.values_list("guest", flat=True))
    if came - asked:
        raise NotInvited(_("Somebody among them was not asked. Please put the person on the list first."))
    session.invitations.filter(guest__in=came).update(came=True)
    session.invitations.exclude(guest__in=came).update(came=False)
    note("session.attended", session, by=by, at=at, behalf=whose, data={"came": len(came), "asked": len(asked)})
    return len(came)


@transaction.atomic
def put_topic(session: Encounter, *, text: str, by: User, at: datetime, source: str = "") -> Topic:
    """Put an issue on the table. Raises NothingSaid, TooLong, NotASession."""
    whose = _own(session, by=by, at=at)
    Encounter.objects.select_for_update().get(pk=session.pk)
    made = Topic.objects.create(
        encounter=session, number=session.topics.count() + 1, text=said(text, most=300), source=line(source, most=20)
    )
    note("topic.put", made, by=by, at=at, behalf=whose)
    return made


@transaction.atomic
def settle_topic(topic: Topic, *, result: str, by: User, at: datetime, who: str = "") -> Topic:
    """Say what came of an issue, and who takes it on. Raises NothingSaid, TooLong, NotASession."""
    whose = _own(topic.encounter, by=by, at=at)
    topic.result, topic.who = said(result, most=500), line(who, most=60)
    topic.save(update_fields=["result", "who"])
    note("topic.settled", topic, by=by, at=at, behalf=whose)
    return topic


def _own(session: Encounter, *, by: User, at: datetime) -> User | None:
    """Return for whom `by` acts, who holds this session. Raises NotASession, NotAllowed."""
    holding = need(by, Power.VISIT, at=at, anywhere=True)
    if session.kind.of != session.kind.Of.SESSION:
        raise NotASession(_("Only a session has guests and topics."))
    if session.recorder_id != by.pk and not session.members.filter(pk=by.pk).exists():
        need(by, Power.PLAN, at=at, anywhere=True)
    found: User | None = holding.behalf
    return found

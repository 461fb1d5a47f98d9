"""Letters to a leader: read by the addressee, handed on to be worked on, sent to another addressee."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lianxin.kit.refusal import NotAllowed, Refusal
from lianxin.ledger import actions as ledger
from lianxin.ledger.models import Event
from lianxin.listen.actions.voices import NotAnAddressee, tell, triage_due
from lianxin.listen.models import Voice, clerk_of
from lianxin.people.actions.words import why
from lianxin.people.models import Post, User
from lianxin.people.rules import Holding, Power


class AlreadyHandedOn(Refusal):
    """The letter is being worked on."""


@transaction.atomic
def read_letter(voice: Voice, *, by: User, at: datetime) -> Voice:
    """Record that the letter was opened: the time the addressee, or who stands in for him, first read it is kept.

    The clerk who opens it is on record too, but the letter stays unread. Raises NotAllowed.
    """
    voice = Voice.objects.select_for_update().get(pk=voice.pk)
    holding = _as_addressee(voice, by=by, at=at)
    clerk = None if holding else _as_clerk(voice, by=by, at=at)
    if holding is None and clerk is None:
        raise NotAllowed(_("This letter is written to somebody else."))
    if holding and voice.read_at is None:
        voice.read_at, voice.read_by = at, by
        voice.save(update_fields=["read_at", "read_by"])
    verb = "letter.read" if holding else "letter.opened"
    if not Event.objects.filter(kind=voice._meta.label_lower, key=voice.pk, verb=verb, by_id=by.pk).exists():
        ledger.note(verb, voice, by=by, at=at, behalf=holding.behalf if holding else None)
    return voice


@transaction.atomic
def hand_on(voice: Voice, *, by: User, at: datetime) -> Voice:
    """Let others work on a letter, as its addressee or who stands in for him; the clerk only while the post is vacant.

    The time for sorting it begins now. Raises NotAllowed and AlreadyHandedOn.
    """
    voice = Voice.objects.select_for_update(of=("self",)).select_related("addressee").get(pk=voice.pk)
    holding = _as_addressee(voice, by=by, at=at)
    if holding is None and voice.addressee and voice.addressee.holder_id is None:
        holding = _as_clerk(voice, by=by, at=at)
    if holding is None:
        raise NotAllowed(_("Only the person the letter is written to can hand it on."))
    if not voice.is_closed_letter:
        raise AlreadyHandedOn(_("This letter has been handed on already."))
    voice.handed_on_at, voice.triage_due_at = at, triage_due(at)
    voice.save(update_fields=["handed_on_at", "triage_due_at"])
    ledger.note("letter.handed_on", voice, by=by, at=at, behalf=holding.behalf)
    return voice


@transaction.atomic
def readdress(voice: Voice, *, to: Post, reason: str, by: User, at: datetime) -> Voice:
    """Send a letter that went to the wrong desk to another addressee, and tell the sender.

    The new addressee finds it unread. Raises NotAllowed, NotAnAddressee, AlreadyHandedOn, TooShort.
    """
    words = why(reason)
    if not to.tier:
        raise NotAnAddressee(_("This post does not receive letters at present. Please choose another addressee."))
    voice = Voice.objects.select_for_update(of=("self",)).select_related("addressee").get(pk=voice.pk)
    holding = _as_addressee(voice, by=by, at=at) or _as_clerk(voice, by=by, at=at)
    if holding is None:
        raise NotAllowed(_("This letter is written to somebody else."))
    if not voice.is_closed_letter:
        raise AlreadyHandedOn(_("This letter has been handed on already."))
    former = voice.addressee_id
    voice.addressee, voice.office, voice.read_at, voice.read_by = to, to.office, None, None
    voice.save(update_fields=["addressee", "office", "read_at", "read_by"])
    data = {"from": former, "to": to.pk, "reason": words}
    ledger.note("letter.readdressed", voice, by=by, at=at, behalf=holding.behalf, data=data)
    tell(voice, "voice.transferred", f"readdressed:{to.pk}", contact=voice.opened_contact(), at=at)
    return voice


def _as_addressee(voice: Voice, *, by: User, at: datetime) -> Holding | None:
    """Return the post to which the letter is written if this person holds it now, in person first."""
    fitting = [holding for holding in by.stand(at).holdings if holding.post_id == voice.addressee_id]
    return min(fitting, key=lambda holding: holding.behalf is not None, default=None)


def _as_clerk(voice: Voice, *, by: User, at: datetime) -> Holding | None:
    """Return the power by which this person registers letters to that very office."""
    if voice.addressee is None or voice.addressee.office_id not in clerk_of(by.stand(at)):
        return None
    return by.stand(at).find(Power.READ_LETTERS, voice.addressee.office_id)

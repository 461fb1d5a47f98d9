"""Who spoke: shown to who may know it, with a reason, on record."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lianxin.kit.refusal import NotAllowed, Refusal
from lianxin.ledger import actions as ledger
from lianxin.listen.models import Voice
from lianxin.listen.rules import Contact, Identity, shows_identity
from lianxin.people import actions as people
from lianxin.people.actions.words import why
from lianxin.people.models import User
from lianxin.people.rules import Power


class StaysHidden(Refusal):
    """The speaker chose not to be known."""

    status = 403


class NotGiven(Refusal):
    """The speaker left neither name nor address."""

    status = 404


@transaction.atomic
def reveal(voice: Voice, *, reason: str, by: User, at: datetime) -> Contact:
    """Show an officer who spoke, and put it on record with the reason.

    Signed: who has the power to reveal (the caller has found the voice through `visible_to`, or through a case that is
    visible). Confidential: only who took it down. Anonymous: nobody; nothing was kept. A letter that has not been
    handed on: only who may open the letter. Raises StaysHidden, NotGiven, TooShort, NotAllowed.
    """
    words = why(reason)
    is_recorder = voice.recorder_id == by.pk
    if not shows_identity(voice.identity, is_recorder=is_recorder):
        raise StaysHidden(_("The person asked not to be known. Only what was said can be shown."))
    behalf = None
    if voice.identity == Identity.SIGNED and not is_recorder:
        behalf = people.need(by, Power.REVEAL, at=at, anywhere=True).behalf
    if voice.is_closed_letter and not Voice.objects.visible_to(by).filter(pk=voice.pk).exists():
        raise NotAllowed(_("This letter is written to somebody else."))
    contact = voice.opened_contact()
    if contact is None:
        raise NotGiven(_("The person left neither name nor phone."))
    ledger.note("voice.revealed", voice, by=by, at=at, behalf=behalf, data={"reason": words})
    return contact

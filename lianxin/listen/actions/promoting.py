"""A sentence of a diary becomes a voice: what somebody saw on the way, so that it is worked on."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lianxin.kit.refusal import NotAllowed, Refusal
from lianxin.listen.actions.voices import Heard, hear
from lianxin.listen.rules import Channel, Identity
from lianxin.people.models import User
from lianxin.record.models import Diary


class NotInTheDiary(Refusal):
    """The sentence does not stand in the entry."""

    status = 422


@transaction.atomic
def promote(entry: Diary, *, sentence: str, by: User, at: datetime, kind: str = "") -> Heard:
    """Let a sentence of one's diary be heard as a voice; the same sentence twice is once. The rest stays private.

    It comes from the cadre who writes, names nobody, and asks for no reply by phone. Raises NotInTheDiary,
    NothingSaid, NotAllowed.
    """
    if entry.author_id != by.pk:
        raise NotAllowed(_("A diary belongs to who writes it."))
    words = sentence.strip()
    if words and words not in entry.text:
        raise NotInTheDiary(_("This sentence does not stand in the entry. Please copy it as it is written there."))
    return hear(
        channel=Channel.VISIT, text=words, identity=Identity.ANONYMOUS, kind=kind, encounter=entry.encounter,
        office=entry.office, wants_reply=False, recorder=by, place=entry.place, source_key=source_key(entry, words),
        at=at,
    )  # fmt: skip


def source_key(entry: Diary, sentence: str = "") -> str:
    """Return by what a promoted sentence is known; without a sentence, what all of an entry begin with."""
    return f"diary:{entry.pk}:{hashlib.sha256(sentence.encode()).hexdigest() if sentence else ''}"

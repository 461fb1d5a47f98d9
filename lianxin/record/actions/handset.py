"""Telephones that carry files: given a key, heard of, emptied."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lianxin.kit.refusal import NotAllowed, Refusal
from lianxin.ledger import actions as ledger
from lianxin.people import actions as people
from lianxin.people.actions.words import line, why
from lianxin.people.models import User
from lianxin.people.rules import Power
from lianxin.record.models import Handset

SKEW_MOST = 200 * 366 * 86400  # seconds; a clock that is further off says nothing


class AlreadyCarried(Refusal):
    """The telephone has a key already."""


class AlreadyAsked(Refusal):
    """Somebody has asked before that the telephone be emptied."""


@transaction.atomic
def enrol(*, user: User, client_id: UUID, name: str, by: User, at: datetime) -> tuple[Handset, str]:
    """Give a telephone the key with which it acts for its officer, and return both; needs VISIT.

    An officer sets up his own telephone, at a page where he is signed in. The key has 256 random bits and is told this
    once; the telephone keeps it under its PIN. Raises AlreadyCarried, NotAllowed.
    """
    behalf = people.need(by, Power.VISIT, at=at, anywhere=True).behalf
    if by.pk != user.pk:
        raise NotAllowed(_("Only its officer can set up a telephone."))
    if Handset.objects.filter(client_id=client_id).exists():
        raise AlreadyCarried(_("This telephone is set up already. Reload the page."))
    key = f"lf_{secrets.token_urlsafe(32)}"
    handset = Handset.objects.create(
        client_id=client_id, user=user, name=line(name, most=60) or "?", digest=digest(key), made_at=at,
        seen_at=at,
    )  # fmt: skip
    ledger.note("handset.enrolled", handset, by=by, at=at, behalf=behalf, data={"user": user.pk})
    return handset, key


def find_handset(key: str) -> Handset | None:
    """Return the telephone of a key, whatever became of it since: one that is to be emptied must still be told so."""
    return Handset.objects.filter(digest=digest(key)).select_related("user").first()


def may_carry(handset: Handset, at: datetime) -> bool:
    """Tell whether the telephone may still be given files: nobody asked to empty it, and its officer may visit."""
    return handset.wipe_asked_at is None and handset.user.stand(at).may(Power.VISIT, anywhere=True)


@transaction.atomic
def meet(
    handset: Handset, *, phone_at: datetime | None, version: int, waiting: int, loaded: int, at: datetime
) -> Handset:
    """Put down that the telephone was heard of, what its clock read, and how many files it was given now."""
    handset.seen_at, handset.version, handset.waiting = at, version, waiting
    if phone_at is not None:
        handset.skew = max(-SKEW_MOST, min(SKEW_MOST, round((at - phone_at).total_seconds())))
    handset.save(update_fields=["seen_at", "version", "waiting", "skew"])
    if loaded:
        ledger.note("handset.loaded", handset, by=handset.user, at=at, data={"files": loaded})
    return handset


@transaction.atomic
def ask_wipe(handset: Handset, *, reason: str, by: User, at: datetime) -> Handset:
    """Ask that the telephone forget everything when it is next heard of.

    Its own officer may, whoever keeps accounts, and the head of his office. What waits on it is sent first where the
    PIN has been given, and set aside for the keeper of the files. Raises AlreadyAsked, TooShort, NotAllowed.
    """
    words = why(reason)
    if not Handset.objects.visible_to(by).filter(pk=handset.pk).exists():
        raise NotAllowed(_("This telephone is not one you may look after."))
    asked = Handset.objects.filter(pk=handset.pk, wipe_asked_at=None)
    if not asked.update(wipe_asked_at=at, wipe_asked_by=by, wipe_reason=words):
        raise AlreadyAsked(_("Somebody has asked before that this telephone be emptied."))
    handset.refresh_from_db()
    ledger.note("handset.wipe_asked", handset, by=by, at=at, data={"user": handset.user_id})
    return handset


@transaction.atomic
def wiped(handset: Handset, *, at: datetime) -> Handset:
    """Put down that the telephone says it is empty; its key opens nothing any more."""
    if Handset.objects.filter(pk=handset.pk, wiped_at=None).update(wiped_at=at, waiting=0):
        handset.refresh_from_db()
        ledger.note("handset.wiped", handset, by=None, at=at, data={"user": handset.user_id})
    return handset


def digest(key: str) -> str:
    """Return what is kept of a key."""
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()

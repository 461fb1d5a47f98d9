"""The contact of a telephone with the county: what it sends, what it is given, whether it is to forget all."""

# No postponed annotations here: the framework reads them through a guard that stands in another module.
import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.db import DatabaseError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Header, Router, Status

from lianxin.field.api import load
from lianxin.field.api.key import Carried
from lianxin.field.api.shapes import EntryIn, PullIn, PullOut, PushIn, PushOut
from lianxin.field.deeds import VERSION, Misshapen, deed_of
from lianxin.listen import actions as listen
from lianxin.people.rules import public, signed_in
from lianxin.record import actions
from lianxin.record.models import Handset

router = Router()
log = logging.getLogger(__name__)

Version = Annotated[int, Header(alias="X-Field-Version", ge=0, le=30_000)]


@router.post("/pull", response=PullOut, operation_id="field_pull", summary="What has changed for this telephone")
@signed_in
def pull(request: Carried, body: PullIn, version: Version = 0) -> dict[str, Any]:
    """Give what this officer may carry and the telephone does not hold yet, and name what it must forget."""
    handset, at = request.handset, request.at
    carries = actions.may_carry(handset, at)
    page = load.page(request.user, held=body.held, at=at) if carries else load.NOTHING
    actions.meet(handset, phone_at=body.phone_at, version=version, waiting=body.waiting, loaded=len(page.things), at=at)
    numbers = listen.reserve(handset, at=at) if carries else []
    return {
        **_standing(handset, version, at), "officer": request.user.name, "terms": load.terms(at),
        "things": page.things, "gone": page.gone if carries else sorted(body.held), "more": page.more,
        "receipts": [{"number": number, "code": code} for number, code in numbers],
    }  # fmt: skip


@router.post("/push", response=PushOut, operation_id="field_push", summary="Send what was written down at the doors")
@signed_in
def push(request: Carried, body: PushIn, version: Version = 0) -> dict[str, Any]:
    """Take each entry by itself and say what came of it; a fault in one keeps neither the others nor what went before.

    An app that is too old may still send, and is told to renew itself.
    """
    handset, at = request.handset, request.at
    actions.meet(handset, phone_at=body.phone_at, version=version, waiting=body.waiting, loaded=0, at=at)
    answers = [_answer(handset, entry, at) for entry in in_order(body.entries)]
    return {**_standing(handset, version, at), "entries": answers}


@router.post("/wiped", response={204: None}, operation_id="field_wiped", summary="Say that everything is forgotten")
@signed_in
def wiped(request: Carried) -> Status[None]:
    """Put down that the telephone is empty; its key opens nothing any more."""
    actions.wiped(request.handset, at=request.at)
    return Status(204, None)


@router.get("/knock/{uuid:client_id}", auth=None, operation_id="field_knock", summary="Am I to forget everything?")
@public
def knock(request: HttpRequest, client_id: UUID) -> dict[str, bool]:
    """Tell a telephone that has not been opened with its PIN whether it is to forget all; nothing else is told."""
    return {"wipe": Handset.objects.filter(client_id=client_id, wipe_asked_at__isnull=False).exists()}


def in_order(entries: Iterable[EntryIn]) -> list[EntryIn]:
    """Return the entries so that each comes after those that it names, as far as they are here."""
    left, ordered, here = list(entries), list[EntryIn](), set[UUID]()
    waiting = {entry.id for entry in left}
    while left:
        ready = [entry for entry in left if not (set(entry.after) & waiting) - {entry.id} - here] or left
        ordered += ready
        here |= {entry.id for entry in ready}
        left = [entry for entry in left if entry not in ready]
    return ordered


def _answer(handset: Handset, given: EntryIn, at: datetime) -> dict[str, Any]:
    try:
        entry, deed = deed_of(handset, given.model_dump(), at=at)
        taken = actions.take(handset, entry=entry, deed=deed, at=at)
    except Misshapen as trouble:
        return {"id": given.id, "status": "refused", "words": str(trouble)}
    except Exception as fault:  # one entry that breaks something here must not keep a whole day's work on the telephone
        if isinstance(fault, DatabaseError):
            handset.user.forget_standing()
        log.exception("An entry of kind %s could not be taken", given.kind)
        words = _("Something went wrong here. It has been noted, and it will be sent again.")
        return {"id": given.id, "status": "failed", "words": words}
    sent = taken.sent
    clashes = [{"field": each.field, **each.opened} for each in sent.conflicts.all()] if sent else []
    return {
        "id": given.id, "status": taken.status, "words": taken.words, "result": sent.result if sent else {},
        "clashes": clashes if taken.status == "conflict" else [], "at": sent.deed_at if sent else None,
    }  # fmt: skip


def _standing(handset: Handset, version: int, at: datetime) -> dict[str, Any]:
    return {"at": at, "renew": version < VERSION, "wipe": not actions.may_carry(handset, at)}

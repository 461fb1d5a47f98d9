"""Somebody went to a door, or to a place."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from pydantic import Field

from lianxin.field.deeds.shapes import Body, Key, NotYours, household_of
from lianxin.people.models import User
from lianxin.record import actions
from lianxin.record.actions import Came, Details, Entry
from lianxin.record.models import EncounterKind, Offer
from lianxin.record.rules import Mode, Outcome


class GivenBody(Body):
    """How much of something was brought."""

    offer: Key
    count: int = Field(1, ge=1, le=10_000)


class VisitBody(Body):
    """What became of it. `unchanged` says that somebody at the door called the whole file right."""

    household: Key | None = None
    kind: str = ""
    mode: str = Mode.FACE
    outcome: str = Outcome.MET
    place: str = ""
    notes: str = ""
    given: list[GivenBody] = Field(default_factory=list, max_length=40)
    checklist: dict[str, Any] | None = None
    noticed: bool = False
    unchanged: bool = False


def visit(body: VisitBody, *, entry: Entry, by: User, moment: datetime, at: datetime) -> Came:
    """Record the encounter as of the moment at the door, and hand it in."""
    household = household_of(body.household, by)
    details: Details = {
        "kind": _kind(body), "household": household, "mode": body.mode, "outcome": body.outcome, "place": body.place,
        "notes": body.notes, "checklist": body.checklist, "noticed": body.noticed, "starts_at": moment,
        "given": _given(body),
    }  # fmt: skip
    made = actions.visit(by=by, at=at, client_id=entry.client_id, **details)
    if household and body.unchanged:
        actions.verify(household, by=by, at=at, encounter=made)
    return Came(made, {"number": made.number})


def _kind(body: VisitBody) -> EncounterKind:
    """Return the kind that was chosen, else the first that fits."""
    of = EncounterKind.Of.HOUSEHOLD if body.household else EncounterKind.Of.PLACE
    kinds = EncounterKind.objects.offered().filter(of=of)
    found = (kinds.filter(key=body.kind).first() if body.kind else None) or kinds.first()
    if found is None:
        raise NotYours(_("No kind of visit is in use that fits. Ask who plans the visits."))
    return found


def _given(body: VisitBody) -> list[tuple[Offer, int]]:
    offers = Offer.objects.in_bulk({each.offer for each in body.given})
    return [(offers[each.offer], each.count) for each in body.given if each.offer in offers]

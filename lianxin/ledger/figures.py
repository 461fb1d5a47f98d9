"""What the public may know of the log: its roots, and the proof that an event is in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from lianxin.kit import merkle
from lianxin.ledger.models import Event, Node, Seal
from lianxin.ledger.rules import Proof


def daily_roots(days: Iterable[date]) -> list[Seal]:
    """Return the last seal of each of these days, newest first, in one query. Days without a new event have none."""
    return list(Seal.objects.last_of(days))


def waiting(at: datetime) -> tuple[int, datetime | None]:
    """Return how many events wait for their seal and since when the oldest one does."""
    unsealed = Event.objects.unsealed().settled_by(at)
    oldest = unsealed.order_by("pk").first()
    return unsealed.count(), oldest.recorded_at if oldest else None


def prove(event: Event, *, seal: Seal | None = None) -> Proof | None:
    """Return the proof that the event is under the seal (the newest one if not named), or None while it is not."""
    return prove_all([event], seal=seal)[0]


def prove_all(events: Sequence[Event], *, seal: Seal | None = None) -> list[Proof | None]:
    """Return the proof of each event under one and the same seal, with two queries whatever their number."""
    under = seal or Seal.objects.newest()
    if under is None:
        return [None] * len(events)
    size = under.size
    places = [event.position for event in events if event.position is not None and event.position < size]
    # The first pass only asks which hashes are needed, so that they can be fetched at once.
    needed = {(0, place) for place in places}

    def asked(level: int, index: int) -> bytes:
        needed.add((level, index))
        return b""

    for place in places:
        merkle.proof_of(place, size, asked)
    hashes = Node.objects.at_places(needed).hashes()

    def proved(place: int) -> Proof:
        path = tuple(merkle.proof_of(place, size, lambda level, index: hashes[level, index]))
        return Proof(place, size, hashes[0, place], path, bytes(under.root), under.at)

    return [proved(e.position) if e.position is not None and e.position < size else None for e in events]


def history_file(events: Sequence[Event], *, seal: Seal | None = None, with_facts: bool = True) -> dict[str, Any]:
    """Return what a resident takes home and checks with docs/check_proof.py: events, proofs, and the root to compare.

    Without facts only the fingerprints of the events are given, where names of officers are not to be shown. Events not
    sealed yet are left out.
    """
    proved = [(event, proof) for event, proof in zip(events, prove_all(events, seal=seal), strict=True) if proof]
    return {"events": [({"facts": event.facts()} if with_facts else {}) | proof.as_json() for event, proof in proved]}

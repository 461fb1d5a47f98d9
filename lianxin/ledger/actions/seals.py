"""Sealing: events become leaves of the Merkle log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from lianxin.kit import merkle
from lianxin.ledger.models import Event, Node, Seal
from lianxin.ledger.rules import DELAY, leaf_of

BATCH = 500  # events under one seal; writing them holds SQLite's one pen for some 10 ms

Place = tuple[int, int]


class _OvertakenError(Exception):
    """Another sealer took some of these events first."""


def seal_events(*, at: datetime) -> int:
    """Seal the next events into the log, at most BATCH, and return how many; 0 also where another sealer was quicker.

    The log's order is the order of sealing: within a batch by number, an event committed late after those before it.
    Nobody who writes events waits: hashing is done before the transaction, which adds nodes and a seal and fills in
    `position`, and touches no event that is not committed. Two sealers at once make the same nodes, and the second one
    meets the unique place of a node.
    """
    horizon = at - DELAY
    newest = Seal.objects.newest()
    size = newest.size if newest else 0
    events = list(Event.objects.unsealed().settled_by(horizon).order_by("pk")[:BATCH])
    if not events:
        return 0
    nodes = _grow(size, events)
    known = _frontier(size) | nodes
    end = size + len(events)
    seal = Seal(
        size=end,
        root=merkle.root_of(end, lambda level, index: known[level, index]),
        at=at,
        through=horizon if len(events) < BATCH else None,
    )
    try:
        _write(seal, nodes, size, [event.pk for event in events])
    except (IntegrityError, _OvertakenError):
        return 0
    return len(events)


@transaction.atomic
def _write(seal: Seal, nodes: dict[Place, bytes], start: int, keys: Sequence[int]) -> None:
    Node.objects.bulk_create([Node(level=level, index=index, hash=hash_) for (level, index), hash_ in nodes.items()])
    for first, last, position in _runs(keys, start):
        free = Event.objects.unsealed().filter(pk__range=(first, last))
        if free.update(position=F("pk") + (position - first)) != last - first + 1:
            raise _OvertakenError
    seal.save(force_insert=True)


def _grow(size: int, events: Sequence[Event]) -> dict[Place, bytes]:
    """Return the nodes that these events add to a log of that size."""
    known = _frontier(size)
    added: dict[Place, bytes] = {}
    for position, event in enumerate(events, size):
        for level, index, hash_ in merkle.appended(position, leaf_of(event.facts()), lambda *place: known[place]):
            known[level, index] = added[level, index] = hash_
    return added


def _frontier(size: int) -> dict[Place, bytes]:
    """Return the complete subtrees that a log of that size consists of: all that is needed to go on."""
    return Node.objects.at_places(frontier_places(size)).hashes()


def frontier_places(size: int) -> list[Place]:
    """Return where the complete subtrees of a log of that size are, highest first."""
    return [(level, (size >> level) - 1) for level in reversed(range(size.bit_length())) if size >> level & 1]


def _runs(keys: Sequence[int], position: int) -> list[tuple[int, int, int]]:
    """Return the keys as runs without a gap: first, last, position of the first. One UPDATE serves a run."""
    runs: list[tuple[int, int, int]] = []
    for key in keys:
        if runs and key == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], key, runs[-1][2])
        else:
            runs.append((key, key, position))
        position += 1
    return runs

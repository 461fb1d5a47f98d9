"""How an event becomes a leaf, and how anybody can check that it is one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from lianxin.kit import merkle

# Only events written down so long ago are sealed: on PostgreSQL a number is given before the commit, so that a younger
# number may be visible while an older one is not yet. The wait lets most arrive; who comes later gets a later place.
DELAY = timedelta(seconds=2)
# How much longer than that a deed may take from writing its event to its commit. An event that appears even later,
# under a date that the log had already passed, was slipped in.
TOLERANCE = timedelta(minutes=10)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Proof:
    """That one event is in the log: its place, the log's size and root, and the hashes between the two."""

    position: int
    size: int
    leaf: bytes
    path: tuple[bytes, ...]
    root: bytes
    at: datetime  # when the root was made

    def as_json(self) -> dict[str, Any]:
        """Return the proof in the form that docs/check_proof.py reads."""
        return {
            "position": self.position,
            "size": self.size,
            "leaf": self.leaf.hex(),
            "path": [step.hex() for step in self.path],
            "root": self.root.hex(),
            "at": self.at.isoformat(),
        }


def microseconds(moment: datetime) -> int:
    """Return the whole microseconds since 1970 (UTC): exact, and the same on every database."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def canonical(facts: Mapping[str, Any]) -> bytes:
    """Return the one way to write these facts: JSON with sorted keys, no spaces, UTF-8. Raises ValueError for NaN."""
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode()


def leaf_of(facts: Mapping[str, Any]) -> bytes:
    """Return the leaf of an event."""
    return merkle.leaf_hash(canonical(facts))


def check(proof: Proof, facts: Mapping[str, Any]) -> bool:
    """Tell whether these facts, to the last letter, are what the log holds at that place."""
    return merkle.verify_inclusion(leaf_of(facts), proof.position, proof.size, proof.path, proof.root)


def has_float(value: object) -> bool:
    """Tell whether there is a fraction anywhere in the value: databases do not agree on how to write one."""
    if isinstance(value, Mapping):
        return any(has_float(each) for each in value.values())
    if isinstance(value, list | tuple):
        return any(has_float(each) for each in value)
    return isinstance(value, float)

"""What can be said of the record without opening it."""

from lianxin.ledger.rules.files import (
    ENTRIES_MAX,
    HELD_BYTES_MAX,
    HELD_FOR,
    KIND_BY_MIME,
    KINDS,
    PIXELS_MAX,
    RATIO_MAX,
    UNPACKED_MAX,
    Kind,
    guess,
    kinds_for,
    tidy_name,
)
from lianxin.ledger.rules.grams import grams_index_sql
from lianxin.ledger.rules.log import DELAY, TOLERANCE, Proof, canonical, check, has_float, leaf_of, microseconds

__all__ = [
    "DELAY", "ENTRIES_MAX", "HELD_BYTES_MAX", "HELD_FOR", "KINDS", "KIND_BY_MIME", "PIXELS_MAX", "RATIO_MAX",
    "TOLERANCE", "UNPACKED_MAX", "Kind", "Proof", "canonical", "check", "grams_index_sql", "guess", "has_float",
    "kinds_for", "leaf_of", "microseconds", "tidy_name",
]  # fmt: skip

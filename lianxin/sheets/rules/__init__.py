"""Sheets as data: what a field may be, how an answer is read, what a sheet says, and what makes it unsound."""

from lianxin.sheets.rules.faults import SHEET_KEY, Fault, faults, oddity
from lianxin.sheets.rules.packing import Definition, pack, unpack
from lianxin.sheets.rules.reading import Line, Reading, lines, read
from lianxin.sheets.rules.shape import (
    CHOOSING,
    FIELDS_MAX,
    KEY_MAX,
    KNOWN_KINDS,
    LABEL_MAX,
    OPTIONS_MAX,
    OUTCOMES_MAX,
    TODAY,
    Field,
    Kind,
    Known,
    Option,
    Outcome,
    Purpose,
    Then,
    fields_of,
    outcome,
    split,
)

__all__ = [
    "CHOOSING", "FIELDS_MAX", "KEY_MAX", "KNOWN_KINDS", "LABEL_MAX", "OPTIONS_MAX", "OUTCOMES_MAX", "SHEET_KEY",
    "TODAY", "Definition", "Fault", "Field", "Kind", "Known", "Line", "Option", "Outcome", "Purpose", "Reading", "Then",
    "faults", "fields_of", "lines", "oddity", "outcome", "pack", "read", "split", "unpack",
]  # fmt: skip

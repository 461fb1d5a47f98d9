"""Every write to the record, one deed per function."""

from lianxin.ledger.actions.events import Named, note, note_each
from lianxin.ledger.actions.files import (
    FileDamaged,
    FileEmpty,
    FileKindRefused,
    FileTooLarge,
    FileTooTightlyPacked,
    keep_file,
    open_file,
)
from lianxin.ledger.actions.holding import Held, NoRoomToHold, held_content, hold_file, let_go, let_go_old
from lianxin.ledger.actions.seals import BATCH, seal_events
from lianxin.ledger.actions.verification import Finding, Report, keep_verification, passage, verify

__all__ = [
    "BATCH", "FileDamaged", "FileEmpty", "FileKindRefused", "FileTooLarge", "FileTooTightlyPacked", "Finding", "Held",
    "Named", "NoRoomToHold", "Report", "held_content", "hold_file", "keep_file", "keep_verification", "let_go",
    "let_go_old", "note", "note_each", "open_file", "passage", "seal_events", "verify",
]  # fmt: skip

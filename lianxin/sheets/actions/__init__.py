"""Every write to sheets, one deed per function."""

from lianxin.sheets.actions.answering import NotFilledIn, SheetNotPublished, answer
from lianxin.sheets.actions.keeping import (
    BadKey,
    FaultySheet,
    KeyTaken,
    NotADraft,
    NotInUse,
    SheetChanged,
    UnreadableSheet,
    bring_sheet,
    draft_sheet,
    drop_draft,
    edit_sheet,
    new_version,
    publish_sheet,
    retire_sheet,
)

__all__ = [
    "BadKey", "FaultySheet", "KeyTaken", "NotADraft", "NotFilledIn", "NotInUse", "SheetChanged", "SheetNotPublished",
    "UnreadableSheet", "answer", "bring_sheet", "draft_sheet", "drop_draft", "edit_sheet", "new_version",
    "publish_sheet", "retire_sheet",
]  # fmt: skip

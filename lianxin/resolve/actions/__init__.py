"""Every write of this app, one deed per function. docs/deeds.md has them in one table."""

from lianxin.resolve.actions.check import attempt, close, confirm, reexamine, reopen, reply
from lianxin.resolve.actions.clock import recount_after_import, recount_deadlines
from lianxin.resolve.actions.course import consult, diagnose, finish, progress, report
from lianxin.resolve.actions.deed import CaseRefusal, NoSuchMove, told
from lianxin.resolve.actions.dispatch import TooLateToReturn, dispatch, return_, rule, take
from lianxin.resolve.actions.export import note_export
from lianxin.resolve.actions.feedback import (
    NothingHeard,
    NotYourLine,
    SheetClosed,
    StillOpen,
    answer_line,
    assign_line,
    compile_feedback,
    give_back,
    promote,
)
from lianxin.resolve.actions.filters import drop_filter, save_filter
from lianxin.resolve.actions.orders import alarm, instruct, instruct_letter
from lianxin.resolve.actions.public import draft_public, publish, withdraw
from lianxin.resolve.actions.register import join, merge, register, split
from lianxin.resolve.actions.term import decide_extension, extend, resume, suspend

__all__ = [
    "CaseRefusal", "NoSuchMove", "NotYourLine", "NothingHeard", "SheetClosed", "StillOpen", "TooLateToReturn", "alarm",
    "answer_line", "assign_line", "attempt", "close", "compile_feedback", "confirm", "consult", "decide_extension",
    "diagnose", "dispatch", "draft_public", "drop_filter", "extend", "finish", "give_back", "instruct",
    "instruct_letter", "join", "merge", "note_export", "progress", "promote", "publish", "recount_after_import",
    "recount_deadlines", "reexamine", "register", "reopen", "reply", "report", "resume", "return_", "rule",
    "save_filter", "split", "suspend", "take", "told", "withdraw",
]  # fmt: skip

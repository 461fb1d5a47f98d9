"""Every write to lists: opened with a preview, begun with chosen columns, taken in by the worker, mended row by row."""

from lianxin.intake.actions.lists import (
    NotWaiting,
    Preview,
    begin_intake,
    look,
    open_again,
    open_list,
    resume_intake,
    stop_intake,
)
from lianxin.intake.actions.taking import Overtaken, StillWrong, cells_of, mend_row, take_in

__all__ = [
    "NotWaiting", "Overtaken", "Preview", "StillWrong", "begin_intake", "cells_of", "look", "mend_row", "open_again",
    "open_list", "resume_intake", "stop_intake", "take_in",
]  # fmt: skip

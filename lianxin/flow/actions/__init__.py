"""Every write about processes and what runs along them."""

from lianxin.flow.actions.recounting import recount_after_import, recount_steps
from lianxin.flow.actions.refusals import (
    AlreadyFinished,
    AlreadyOver,
    BadKey,
    ChangedMeanwhile,
    ClockSetBack,
    DraftWaits,
    FlowRefusal,
    KeyTaken,
    NoSuchOutcome,
    NotADraft,
    NotInForce,
    NotKept,
    NotLive,
    NotSound,
    OfficeMissing,
)
from lianxin.flow.actions.running import Moved, cancel, due_timers, finish, fire_timer, fire_timers, stage_of, start
from lianxin.flow.actions.writing import (
    add_process,
    edit_process,
    new_process_version,
    publish_process,
    retire_process,
)

__all__ = [
    "AlreadyFinished", "AlreadyOver", "BadKey", "ChangedMeanwhile", "ClockSetBack", "DraftWaits", "FlowRefusal",
    "KeyTaken", "Moved", "NoSuchOutcome", "NotADraft", "NotInForce", "NotKept", "NotLive", "NotSound", "OfficeMissing",
    "add_process", "cancel", "due_timers", "edit_process", "finish", "fire_timer", "fire_timers",
    "new_process_version", "publish_process", "recount_after_import", "recount_steps", "retire_process",
    "stage_of", "start",
]  # fmt: skip

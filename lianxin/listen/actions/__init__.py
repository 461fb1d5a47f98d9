"""Every write of this app, one deed per function."""

from lianxin.listen.actions.contacts import NotGiven, StaysHidden, reveal
from lianxin.listen.actions.intake import (
    NotWaiting,
    Overtaken,
    begin_intake,
    claim_intake,
    open_intake,
    release_intake,
    resume_intake,
    stop_intake,
    take_rows,
)
from lianxin.listen.actions.items import (
    AlreadySettled,
    NothingToSort,
    StillClosed,
    TooManyPoints,
    answer,
    classify,
    decline,
    itemize,
    mark_joined,
    transfer,
)
from lianxin.listen.actions.letters import AlreadyHandedOn, hand_on, read_letter, readdress
from lianxin.listen.actions.subjects import (
    AlreadyEnded,
    AlreadyThere,
    BadSubject,
    add_subject,
    edit_subject,
    end_subject,
    replace_subject,
)
from lianxin.listen.actions.taxonomies import Outlook, import_subjects, preview_subjects, seed_subjects
from lianxin.listen.actions.voices import AlreadyUsed, Heard, NotAnAddressee, NotOffered, NotOpen, NotYet, add, hear
from lianxin.listen.actions.words import NothingSaid, TooLong, TooShort

__all__ = [
    "AlreadyEnded", "AlreadyHandedOn", "AlreadySettled", "AlreadyThere", "AlreadyUsed", "BadSubject", "Heard",
    "NotAnAddressee", "NotGiven", "NotOffered", "NotOpen", "NotWaiting", "NotYet", "NothingSaid", "NothingToSort",
    "Outlook",
    "Overtaken", "StaysHidden", "StillClosed", "TooLong", "TooManyPoints", "TooShort", "add", "add_subject",
    "answer", "begin_intake", "claim_intake", "classify", "decline", "edit_subject", "end_subject", "hand_on",
    "hear", "import_subjects", "itemize", "mark_joined", "open_intake", "preview_subjects", "read_letter",
    "readdress", "release_intake", "replace_subject", "resume_intake", "reveal", "seed_subjects", "stop_intake",
    "take_rows", "transfer",
]  # fmt: skip

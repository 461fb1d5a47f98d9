"""Every write of this app, one deed per function."""

from lianxin.listen.actions.contacts import NotGiven, StaysHidden, reveal
from lianxin.listen.actions.intake import take_voices
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
from lianxin.listen.actions.promoting import NotInTheDiary, promote, source_key
from lianxin.listen.actions.reserving import NotReserved, reserve
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
from lianxin.people.actions.words import NothingSaid, TooLong, TooShort

__all__ = [
    "AlreadyEnded", "AlreadyHandedOn", "AlreadySettled", "AlreadyThere", "AlreadyUsed", "BadSubject", "Heard",
    "NotAnAddressee", "NotGiven", "NotInTheDiary", "NotOffered", "NotOpen", "NotReserved", "NotYet", "NothingSaid",
    "NothingToSort", "Outlook", "StaysHidden", "StillClosed", "TooLong", "TooManyPoints", "TooShort", "add",
    "add_subject", "answer", "classify", "decline", "edit_subject", "end_subject", "hand_on", "hear", "import_subjects",
    "itemize", "mark_joined", "preview_subjects", "promote", "read_letter", "readdress", "replace_subject", "reserve",
    "reveal", "seed_subjects", "source_key", "take_voices", "transfer",
]  # fmt: skip

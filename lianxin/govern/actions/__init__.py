"""Every write of this app, one deed per function."""

from lianxin.govern.actions.motion import (
    MotionElsewhere,
    NoticeTooShort,
    OpenObjection,
    ProcedureTaken,
    move,
    notice,
    record_step,
    set_procedure,
    withdraw,
)
from lianxin.govern.actions.project import (
    MissingStep,
    NotDecided,
    TooFewVillagers,
    accept_work,
    progress,
    start_project,
)
from lianxin.govern.actions.voter import ListClosed, list_voters, object_to_list, rule_on_objection
from lianxin.govern.actions.voting import (
    AlreadyVoted,
    CountsDiffer,
    TooManyProxies,
    cast,
    check_off,
    close_vote,
    count_votes,
    give_ballot_code,
    give_proxy,
    open_vote,
)

__all__ = [
    "AlreadyVoted", "CountsDiffer", "ListClosed", "MissingStep", "MotionElsewhere", "NotDecided", "NoticeTooShort",
    "OpenObjection", "ProcedureTaken", "TooFewVillagers", "TooManyProxies", "accept_work", "cast", "check_off",
    "close_vote", "count_votes", "give_ballot_code", "give_proxy", "list_voters", "move", "notice", "object_to_list",
    "open_vote", "progress", "record_step", "rule_on_objection", "set_procedure", "start_project", "withdraw",
]  # fmt: skip

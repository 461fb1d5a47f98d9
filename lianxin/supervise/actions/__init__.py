"""Every write of this app, one deed per function."""

from lianxin.supervise.actions.clue import AlreadySettled, raise_clues, settle_clue
from lianxin.supervise.actions.obligation import (
    WrongObligation,
    end_obligation,
    exempt,
    set_obligation,
    withdraw_exemption,
)
from lianxin.supervise.actions.reminding import remind
from lianxin.supervise.actions.visited import (
    AlreadyDeclared,
    AlreadyReported,
    CodeUsed,
    NotThere,
    declare,
    give_code,
    rate_visits,
    report,
)

__all__ = [
    "AlreadyDeclared", "AlreadyReported", "AlreadySettled", "CodeUsed", "NotThere", "WrongObligation", "declare",
    "end_obligation", "exempt", "give_code", "raise_clues", "rate_visits", "remind", "report", "set_obligation",
    "settle_clue", "withdraw_exemption",
]  # fmt: skip

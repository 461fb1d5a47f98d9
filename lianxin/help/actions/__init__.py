"""Every write of this app, one deed per function."""

from lianxin.help.actions.entry import AlreadyOn, NotOn, WrongRegister, enter, leave, set_programme, set_register
from lianxin.help.actions.measure import (
    OtherHelp,
    TwoProgrammes,
    earn,
    help_with,
    no_longer_earn,
    plan,
    quote,
    tick,
)

__all__ = [
    "AlreadyOn", "NotOn", "OtherHelp", "TwoProgrammes", "WrongRegister", "earn", "enter", "help_with", "leave",
    "no_longer_earn", "plan", "quote", "set_programme", "set_register", "tick",
]  # fmt: skip

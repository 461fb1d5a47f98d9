"""The rows of this app."""

from lianxin.help.models.entry import Entry, Register
from lianxin.help.models.measure import Income, Measure, Programme, Statement, Ticks
from lianxin.help.models.plan import PlanPart

__all__ = ["Entry", "Income", "Measure", "PlanPart", "Programme", "Register", "Statement", "Ticks"]

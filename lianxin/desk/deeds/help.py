"""What is done for a household on a register: each deed with its form, its action, and what it is done to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms

from lianxin.desk.forms.helping import EarnForm, EndIncomeForm, HelpForm, LeaveForm, PlanForm, QuoteForm
from lianxin.help import actions

DEEDS: dict[str, tuple[type[forms.Form], Callable[..., Any], str]] = {
    "leave": (LeaveForm, actions.leave, "entry"),
    "plan": (PlanForm, actions.plan, "entry"),
    "give": (HelpForm, actions.help_with, "household"),
    "earn": (EarnForm, actions.earn, "resident"),
    "no-longer-earn": (EndIncomeForm, actions.no_longer_earn, "income"),
    "quote": (QuoteForm, actions.quote, "household"),
}

"""Over which time a leader looks, and by what."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianxin.desk.forms.voices import date_field

MONTH, LAST_MONTH, QUARTER, YEAR, OWN = "month", "last_month", "quarter", "year", "own"
PERIODS = [
    (QUARTER, _("the last 90 days")),
    (MONTH, _("this month")),
    (LAST_MONTH, _("last month")),
    (YEAR, _("this year")),
    (OWN, _("from … until")),
]
BY = [("area", _("by town")), ("subject", _("by subject"))]


class PeriodForm(forms.Form):
    """A period; what makes no sense is the last 90 days."""

    period = forms.ChoiceField(label=_("Period"), required=False, choices=PERIODS)
    start = date_field(_("From"))
    end = date_field(_("Until"))
    by = forms.ChoiceField(label=_("Counted by"), required=False, choices=BY)

    def days(self, today: date) -> tuple[date, date]:
        """Return the first day, and the first day after the period."""
        self.is_valid()
        given: dict[str, Any] = self.cleaned_data
        first = today.replace(day=1)
        period = given.get("period")
        if period == OWN and given.get("start") and given.get("end") and given["start"] <= given["end"]:
            return given["start"], given["end"] + timedelta(days=1)
        tomorrow = today + timedelta(days=1)
        if period == LAST_MONTH:
            return (first - timedelta(days=1)).replace(day=1), first
        return {MONTH: first, YEAR: today.replace(month=1, day=1)}.get(
            period or "", tomorrow - timedelta(days=90)
        ), tomorrow

    def by_what(self) -> str:
        """Return by what the lines are counted."""
        self.is_valid()
        return str(self.cleaned_data.get("by") or "area")

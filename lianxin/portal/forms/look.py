"""How one looks at public answers and figures."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianxin.listen.models import Subject
from lianxin.portal.forms.choices import area_groups
from lianxin.portal.forms.fields import LineField, offer


class SearchForm(forms.Form):
    """Search in the public answers. What cannot be understood is left out, never refused."""

    q = LineField(label=_("Search"), required=False, max_length=60)
    subject = forms.ChoiceField(label=_("Subject"), required=False)
    area = forms.ChoiceField(label=_("Place"), required=False)

    def __init__(self, data: Any, *, day: date) -> None:
        super().__init__(data)
        self.day = day
        subjects = Subject.objects.on(day).filter(parent=None).order_by("id").values_list("id", "name")
        towns = [villages[0] for _town, villages in area_groups(day)]
        offer(self, "subject", [("", _("All subjects")), *((str(pk), name) for pk, name in subjects)])
        offer(self, "area", [("", _("The whole county")), *towns])

    def chosen(self) -> dict[str, str]:
        """Return what was understood."""
        self.is_valid()
        return {name: value for name in self.fields if (value := self.cleaned_data.get(name))}


PERIODS = [
    ("year", _("This year")),
    ("month", _("This month")),
    ("last_month", _("Last month")),
    ("last_year", _("Last year")),
]


class FiguresForm(forms.Form):
    """Which time the figures speak of."""

    period = forms.ChoiceField(label=_("Time"), choices=PERIODS, required=False)

    def __init__(self, data: Any, *, at: datetime) -> None:
        super().__init__(data)
        self.today = timezone.localdate(at)
        self.is_valid()

    @property
    def chosen(self) -> str:
        return self.cleaned_data.get("period") or "year"

    @property
    def days(self) -> tuple[date, date]:
        """The first day, and the day after the last."""
        month, year, tomorrow = (
            self.today.replace(day=1),
            self.today.replace(month=1, day=1),
            self.today + timedelta(days=1),
        )
        return {
            "year": (year, tomorrow),
            "month": (month, tomorrow),
            "last_month": ((month - timedelta(days=1)).replace(day=1), month),
            "last_year": (year.replace(year=year.year - 1), year),
        }[self.chosen]

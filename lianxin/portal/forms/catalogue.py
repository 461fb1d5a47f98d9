"""How one looks for a service, and asks a dated list."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from lianxin.people.forms.fields import DayField
from lianxin.portal.forms.fields import LineField, offer
from lianxin.serve.figures.catalogue import offices_on, themes_on
from lianxin.serve.models import DatedList
from lianxin.serve.rules.catalogue import Governs, Kind

KEEP_SECONDS = 60
OFFICES_MOST = 300
COST_MAX = 100_000_000  # yuan


Facets = tuple[list[tuple[str, int]], list[tuple[str, int]]]


class ServicesForm(forms.Form):
    """Search in the catalogue. What cannot be understood is left out, never refused."""

    q = LineField(label=_("Search"), required=False, max_length=60)
    theme = forms.ChoiceField(label=_("Kind of matter"), required=False)
    office = forms.ChoiceField(label=_("Office"), required=False)
    way = forms.ChoiceField(
        label=_("How it is done"),
        required=False,
        choices=[
            ("", _("any way")),
            ("apply", _("can be applied for here")),
            (Kind.ON_THE_SPOT.value, _("done on the spot")),
            ("no_visit", _("without coming")),
        ],
    )

    def __init__(self, data: Any, *, day: date) -> None:
        super().__init__(data)
        key = f"portal:services:{day}"
        kept: Facets | None = cache.get(key)
        if kept is None:
            kept = _facets(day)
            cache.set(key, kept, KEEP_SECONDS)
        themes, offices = kept
        offer(self, "theme", [("", _("all")), *((name, f"{name} ({count})") for name, count in themes)])
        offer(self, "office", [("", _("all")), *((name, f"{name} ({count})") for name, count in offices)])

    def chosen(self) -> dict[str, str]:
        """Return what was understood."""
        self.is_valid()
        return {name: value for name in self.fields if (value := self.cleaned_data.get(name))}


def _facets(day: date) -> Facets:
    return themes_on(day), offices_on(day)[:OFFICES_MOST]


class DayForm(forms.Form):
    """Of which day a list is to be shown."""

    day = DayField(label=_("As on this day"), required=False)


class AskForm(forms.Form):
    """What holds for one person: who or where, and the days that may govern."""

    name = LineField(label=_("Name on the list"), max_length=120)
    cost = forms.IntegerField(label=_("Cost in yuan"), required=False, min_value=0, max_value=COST_MAX)

    def __init__(self, data: Any, *, dated: DatedList, shares: bool) -> None:
        super().__init__(data)
        stay = dated.governs in (Governs.ADMISSION, Governs.DISCHARGE)
        for governs in (Governs.ADMISSION, Governs.DISCHARGE) if stay else (Governs(dated.governs),):
            self.fields[governs.value] = DayField(
                label=str(governs.label).capitalize(), required=governs == dated.governs
            )
        if not shares:
            del self.fields["cost"]
        self.order_fields(["name", *(g.value for g in Governs), "cost"])

"""A place typed by name, with the names of the county offered while typing."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianxin.places.models import Area

OFFERED_MAX = 1500  # names; a longer list makes a phone slow
OFFERED = (Area.Kind.TOWN, Area.Kind.VILLAGE)


class AreaField(forms.CharField):
    """An area by its name or full name; the page offers the names in a list of the browser's own, `area_names`."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"list": "area-names", "autocomplete": "off"})
        super().__init__(required=False, max_length=200, widget=widget, **kwargs)

    def clean(self, value: Any) -> Any:
        name = "".join(str(super().clean(value)).split())
        if not name:
            return None
        areas = Area.objects.on(timezone.localdate()).defer("outline")
        for field in ("full_name", "name"):
            found = list(areas.filter(**{field: name})[:2])
            if len(found) == 1:
                return found[0]
            if found:
                raise ValidationError(_("There are several places of this name. Please choose one from the list."))
        raise ValidationError(_("This place is not in the list. Choose one from it, or write it under “exact place”."))

    def prepare_value(self, value: Any) -> Any:
        return str(value) if isinstance(value, Area) else value


def area_names(day: date) -> list[str]:
    """Return the names to offer while a place is typed: towns and villages of this day."""
    areas = Area.objects.on(day).filter(kind__in=OFFERED).order_by("path")
    return list(areas.values_list("full_name", flat=True)[:OFFERED_MAX])

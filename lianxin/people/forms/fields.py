"""Fields that all pages share: days, moments and choices that a database can keep."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

FIRST_YEAR, LAST_YEAR = 1900, 2199  # what anybody alive may mean; the ends of Python's own calendar break when moved
LONGEST_NUMBER = 18  # digits of a row's number that any database can compare


class DayField(forms.DateField):
    """A day, with the browser's own calendar."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)

    def to_python(self, value: Any) -> date | None:
        day = super().to_python(value)
        if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return day


class MomentField(forms.DateTimeField):
    """A day and a time, meant as Beijing time, with the browser's own calendar."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, **kwargs)

    def to_python(self, value: Any) -> datetime | None:
        moment = super().to_python(value)
        if moment is not None and not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return moment


class SeveralField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg] # Django's own takes none at run time
    """Several rows; a number too long for any row is no choice rather than a fault of the database."""

    def clean(self, value: Any) -> Any:
        for each in value if isinstance(value, Iterable) else ():
            if len(str(each)) > LONGEST_NUMBER:
                raise ValidationError(
                    self.error_messages["invalid_choice"], code="invalid_choice", params={"value": str(each)[:20]}
                )
        return super().clean(value)


class LongSelect(forms.Select):
    """A choice of hundreds of places: put together at once, where Django draws a template for each of them."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Return the choice as HTML."""
        selected = format_html(" {}", "selected")
        chosen = set(self.format_value(value))
        rows = ((key, selected if str(key) in chosen else "", label) for key, label in self.choices)
        options = format_html_join("", '<option value="{}"{}>{}</option>', rows)
        return format_html("<select{}>{}</select>", flatatt({"name": name, **self.attrs, **(attrs or {})}), options)

"""A choice of hundreds of places is put together at once; it says what Django's own says."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.test.html import parse_html

from lianxin.people.forms.fields import LongSelect
from lianxin.places.models import Area
from tests.cast import Cast


@pytest.mark.parametrize("required", [True, False])
def test_it_draws_what_django_draws(cast: Cast, required: bool) -> None:
    area = cast.areas["heping"]
    Area.objects.filter(pk=cast.areas["liushu"].pk).update(full_name="<b>柳树</b>村")

    def drawn(widget: type[forms.Select], value: Any) -> str:
        field = forms.ModelChoiceField(Area.objects.order_by("path"), required=required, widget=widget)
        form = type("PlaceForm", (forms.Form,), {"area": field})({"area": value} if value else None)
        return str(form["area"].as_widget(attrs={"class": "form-select"}))

    for value in (str(area.pk), "", "9999999"):
        own, django = drawn(LongSelect, value), drawn(forms.Select, value)
        assert parse_html(own) == parse_html(django)
        assert own.count(" selected") == django.count(" selected")
        assert "<b>" not in own

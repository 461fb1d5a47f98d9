"""A sheet as a form: filled in by whoever sits before it."""

from __future__ import annotations

from datetime import datetime

from django.http import QueryDict
from django.template.loader import render_to_string

from lianxin.kit.clock import local
from lianxin.sheets.forms import form_of
from lianxin.sheets.models import Sheet
from tests.cast import Cast
from tests.sheets.definitions import RAW, VALUES


def posted(**changes: object) -> QueryDict:
    data = QueryDict(mutable=True)
    for key, value in (RAW | changes).items():
        data.setlist(f"sheet-{key}", value if isinstance(value, list) else [str(value)])
    return data


def test_posted_and_understood(sheet: Sheet, cast: Cast, at: datetime) -> None:
    place = str(cast.areas["heping"].pk)
    form = form_of(sheet, posted(place=place), today=local(at).date())
    assert form.is_valid(), form.errors
    assert form.values == VALUES | {"place": place}
    assert form.outcome and form.outcome.then == "apply"


def test_troubles_stand_at_their_fields(sheet: Sheet, at: datetime) -> None:
    form = form_of(sheet, posted(years="x", why="work", firm="", place="1"), today=local(at).date())
    assert not form.is_valid()
    assert form.errors.keys() == {"years", "firm", "place"}
    page = render_to_string("sheets/fields.html", {"form": form})
    assert 'id="id_sheet-years_error"' in page


def test_what_is_known_is_not_asked_again(sheet: Sheet, at: datetime) -> None:
    known = {"name": "王桂花", "phone": "139 0000 0000"}
    form = form_of(sheet, posted(name="别人", phone="x"), known=known, today=local(at).date())
    assert not {"name", "phone"} & form.fields.keys()
    assert form.is_valid(), form.errors
    assert (form.values["name"], form.values["phone"]) == ("王桂花", "13900000000")


def test_drawn_with_earlier_values_and_without_danger(sheet: Sheet, at: datetime) -> None:
    initial = VALUES | {"firm": "<script>alert(1)</script>"}
    page = render_to_string("sheets/fields.html", {"form": form_of(sheet, initial=initial, today=local(at).date())})
    assert "<script>alert" not in page
    assert "Only if 为什么 is 工作:" in page
    assert "&quot;field&quot;: &quot;why&quot;" in page.split("data-when=")[1].split(">")[0]
    assert 'max="2026-09-29"' in page
    for shown in ('value="no"', 'value="settled"', 'value="1949-12-31"'):
        line = next(part for part in page.split("<") if shown in part)
        assert "checked" in line or "1949" in line

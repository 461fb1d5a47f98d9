"""The face: its parts say what they must to eyes, ears and keyboards."""

import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.contrib.staticfiles import finders
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.utils import translation

from lianxin.people.templatetags import face
from tests.people.faces import Speech, render

PEOPLE = Path(face.__file__).parent.parent


pytestmark = pytest.mark.urls("tests.people.faces")


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


class Ids(HTMLParser):
    """Gathers the ids of a page and what points at them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.pointers: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            elif name in {"for", "aria-describedby", "aria-labelledby"}:
                self.pointers.update((value or "").split())
            elif name == "href" and value and value.startswith("#") and len(value) > 1:
                self.pointers.add(value[1:])


def test_vendored_files_are_what_the_manifest_says() -> None:
    vendor = PEOPLE / "static/face/vendor"
    entries = json.loads((vendor / "MANIFEST.json").read_text())
    named = {"MANIFEST.json"}
    for entry in entries:
        assert hashlib.sha256((vendor / entry["file"]).read_bytes()).hexdigest() == entry["sha256"], entry["file"]
        assert entry["version"]
        assert entry["licence"] in (vendor / entry["licence_file"]).read_text()
        named |= {entry["file"], entry["licence_file"]}
    assert {found.name for found in vendor.iterdir()} == named


def test_first_load_of_a_page_stays_under_100_kb() -> None:
    page = render("{% extends 'face/portal.html' %}")
    files = re.findall(r'(?:href|src)="/static/([^"]+)"', page)
    assert len(files) >= 7
    total = sum(len(gzip.compress(Path(str(finders.find(name))).read_bytes())) for name in files)
    assert total < 100_000


@pytest.mark.parametrize(
    "template", sorted(p.relative_to(PEOPLE / "templates") for p in PEOPLE.rglob("templates/**/*.html"))
)
def test_templates_carry_no_inline_style_script_or_handler(template: Path) -> None:
    source = (PEOPLE / "templates" / template).read_text()
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:", source)


@pytest.mark.parametrize("base", ["portal", "desk", "plain"])
def test_page_has_language_title_skip_link_and_one_main(base: str) -> None:
    html = render("{% extends 'face/" + base + ".html' %}{% block title %}Here{% endblock %}")
    assert '<html lang="en">' in html
    assert "<title>Here · 云溪县 Lianxin</title>" in html
    assert html.count("<main") == 1
    ids = Ids(html)
    assert "main" in ids.pointers
    assert ids.pointers <= set(ids.ids)


@pytest.mark.parametrize(("code", "tag"), [("zh-hans", "zh-Hans"), ("zh-hant", "zh-Hant")])
def test_page_names_its_chinese_script(code: str, tag: str) -> None:
    with translation.override(code):
        assert f'<html lang="{tag}"' in render("{% extends 'face/portal.html' %}")


def test_large_text_is_chosen_by_the_cookie_without_script() -> None:
    assert 'data-size="large"' in render("{% extends 'face/portal.html' %}", cookies={"size": "large"})
    assert "data-size" not in render("{% extends 'face/portal.html' %}")


def test_switches_come_back_to_the_page_they_were_on() -> None:
    html = render("{% extends 'face/portal.html' %}")
    assert 'href="/size?next=%2Fa%2F%3Fq%3D1"' in html
    assert 'href="/language/zh-hant?next=%2Fa%2F%3Fq%3D1"' in html
    assert "language/en?" not in html


@pytest.mark.parametrize("name", ["403", "403_csrf", "404", "429", "500"])
def test_error_pages_stand_without_any_context(name: str) -> None:
    html = render_to_string(f"{name}.html")
    assert "<h1>" in html
    assert "12345" in html


def test_form_ties_hints_and_errors_to_their_fields() -> None:
    html = render("{% include 'face/form.html' %}", form=Speech(data={"words": "", "key": "k"}))
    ids = Ids(html)
    assert ids.pointers <= set(ids.ids)
    assert len(ids.ids) == len(set(ids.ids))
    assert 'aria-describedby="id_words_helptext id_words_error"' in html
    assert "&lt;as&gt;" in html
    assert {"id_words", "id_identity", "id_area"} <= ids.pointers
    assert re.search(r'role="alert"[^>]*autofocus[^>]*data-errors', html)
    assert re.search(r'<fieldset[^>]*aria-describedby="id_identity_error"[^>]*aria-invalid="true"', html)
    assert html.count("(optional)") == 2  # picture and phone; a tick needs no such word
    assert '<input type="hidden" name="key" value="k"' in html


def test_form_without_errors_has_no_alert() -> None:
    html = render("{% include 'face/form.html' %}", form=Speech())
    assert "alert" not in html
    assert "aria-invalid" not in html


def test_widget_keeps_its_own_class() -> None:
    class Own(forms.Form):
        code = forms.CharField(widget=forms.TextInput(attrs={"class": "code"}))

    assert 'class="code form-control"' in render("{% include 'face/form.html' %}", form=Own())


def test_words_are_escaped_and_keep_their_direction() -> None:
    html = render("{% include 'face/words.html' with text=said %}", said="<b>'); DROP</b>\n二")
    assert "&lt;b&gt;" in html
    assert 'dir="auto"' in html
    assert "Not a word was changed" in html


def test_road_says_in_words_what_colour_says() -> None:
    at = datetime(2024, 2, 3, 1, 5, tzinfo=UTC)
    steps = [
        {"title": "Heard", "at": at, "by": "web", "state": "done"},
        {"title": "Handled", "text": "pump\nordered", "state": "now"},
        {"title": "Answered", "state": "next"},
    ]
    html = render("{% include 'face/road.html' %}", steps=steps)
    assert re.findall(r"\((done|now|still to come)\)", html) == ["done", "now", "still to come"]
    assert html.count('aria-current="step"') == 1
    assert "Sat 3 February 2024 09:05" in html  # Asia/Shanghai


def clock(**changes: Any) -> dict[str, Any]:
    day = {"kind": "counted", "makeup": False, "name": "", "number": None}
    days = [
        {**day, "date": date(2024, 9, 30), "kind": "start"},
        {**day, "date": date(2024, 10, 1), "kind": "rest", "name": "National Day"},
        {**day, "date": date(2024, 10, 12), "number": 1, "makeup": True},
        {**day, "date": date(2024, 10, 13), "kind": "rest"},
        {**day, "date": date(2024, 10, 14), "kind": "due", "number": 2},
    ]
    return {"left": 2, "unit": "working days", "due": date(2024, 10, 14), "days": days, **changes}


def test_clock_explains_every_day() -> None:
    html = render("{% include 'face/clock.html' %}", clock=clock())
    assert "by Mon 14 October 2024 at the latest" in html
    assert "<details" in html
    assert " open>" in html
    for words in ("start", "National Day", "day 1", "Sun", "day 2"):
        assert f"<span>{words}</span>" in html
    assert "Sat 12 October 2024 is a make-up working day" in html
    assert "Provisional" not in html


def test_clock_that_is_late_stopped_or_provisional_says_so() -> None:
    assert re.search(
        r"late by </small>3<small> working days", render("{% include 'face/clock.html' %}", clock=clock(left=-3))
    )
    assert "stands still" in render("{% include 'face/clock.html' %}", clock=clock(left=None, due=None))
    assert "Provisional" in render("{% include 'face/clock.html' %}", clock=clock(provisional=True))


def test_pager_keeps_the_filters() -> None:
    html = render("{% include 'face/pager.html' %}", page=Paginator(range(30), 10).page(2))
    assert 'href="?q=1&amp;page=1"' in html
    assert "Page 2 of 3" in html
    assert not render("{% include 'face/pager.html' %}", page=Paginator(range(3), 10).page(1)).strip()


def test_refusal_is_announced_at_once() -> None:
    assert re.search(
        r'role="alert">.*No &lt;more&gt;', render("{% include 'face/messages.html' %}", refusal="No <more>"), re.S
    )
    assert "alert" not in render("{% include 'face/messages.html' %}")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        (999, "999"),
        (1284, "1\u2009284"),
        (-1234567, "-1\u2009234\u2009567"),
        (Decimal("1284.5"), "1\u2009284.5"),
    ],
)
def test_thousands_are_parted_by_a_thin_space(value: int, shown: str) -> None:
    assert face.thousands(value) == shown


def test_thousands_leave_words_alone() -> None:
    assert [face.thousands(v) for v in ("3050多", None, True)] == ["3050多", "", "True"]


@pytest.mark.parametrize(
    ("value", "most", "width"), [(5, 10, "50.0"), (0, 10, "0.0"), (3, 0, "0.0"), (20, 10, "100.0")]
)
def test_bar_is_as_wide_as_its_share(value: int, most: int, width: str) -> None:
    assert f'<rect width="{width}"' in render("{% load face %}{% bar value most %}", value=value, most=most)


def test_dates_of_this_year_leave_the_year_out() -> None:
    this_year = datetime.now(UTC).year
    assert str(this_year) not in face.weekday_date(date(this_year, 6, 15))
    assert face.weekday_date(None) == face.moment(None) == ""


def test_every_icon_is_drawn_and_an_unknown_one_is_a_bug() -> None:
    for name in face.ICONS:
        assert 'aria-hidden="true"' in face.icon(name)
    with pytest.raises(KeyError):
        face.icon("no such picture")

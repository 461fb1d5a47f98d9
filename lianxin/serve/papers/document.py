"""A document as a PDF: the county's words, a table where there is one, number, date, and a square to check it by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.safestring import SafeString, mark_safe

from lianxin.outbox.rules import placeholders, render
from lianxin.people.papers import set_on_paper

VERIFY_PATH = "/verify/"
LANGUAGE = "zh-hans"  # documents of an office are written in its language

# What the words of a document may ask for. What a kind of document is not given reads as a dash.
PLACES = frozenset(
    {
        "application", "service", "name", "office", "submitted", "accepted", "promised", "legal", "reason", "basis",
        "explanation", "alternatives", "remedy", "go_to", "days", "kind", "payment", "way",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything that stands on a document."""

    title: str
    body: str
    number: str
    code: str
    office: str
    county: str
    at: datetime
    values: Mapping[str, str]
    rows: tuple[tuple[str, str], ...] = ()


def made(sheet: Sheet) -> bytes:
    """Return the document as a PDF. Raises OSError where the library for it is missing."""
    return set_on_paper(html_of(sheet))


def html_of(sheet: Sheet) -> str:
    """Return the document as a page, in the language of the office."""
    with translation.override(LANGUAGE):
        context = {
            "title": sheet.title,
            "paragraphs": paragraphs(sheet.body, sheet.values),
            "rows": sheet.rows,
            "number": sheet.number,
            "code": sheet.code,
            "office": sheet.office,
            "date": timezone.localdate(sheet.at),
            "qr": square(sheet.code),
            "address": f"{settings.PUBLIC_URL}{VERIFY_PATH}",
        }
        return render_to_string("serve/document.html", context)


def paragraphs(body: str, values: Mapping[str, str]) -> list[str]:
    """Return the words filled in, one text for each paragraph; a value is put in as it is, on one line.

    A paragraph that has nothing to say, because none of its values is given, is left out.
    """
    filled = {name: values.get(name) or "—" for name in PLACES}
    parts = [part for part in body.splitlines() if part.strip()]
    said = [part for part in parts if not (asked := placeholders(part)) or any(values.get(name) for name in asked)]
    return [render(part, filled) for part in said]


def square(code: str) -> SafeString:
    """Draw the address at which a document is checked as SVG."""
    address = f"{settings.PUBLIC_URL}{VERIFY_PATH}{code}/"
    drawing = segno.make(address, error="m").svg_inline(scale=1, border=2, omitsize=True, svgclass=None, lineclass=None)
    return mark_safe(drawing)  # noqa: S308 - drawn by us from a code of ours

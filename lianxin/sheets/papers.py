"""A sheet on paper, empty, for whoever writes with a pen: the same version, the same questions."""

from __future__ import annotations

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.translation import get_language

from lianxin.kit import condition
from lianxin.sheets.models import Sheet
from lianxin.sheets.rules import Field, Kind

BOXES = 18  # characters of an identity number


@dataclass(frozen=True, slots=True)
class Blank:
    """One question as it is printed: what is to be ticked, or how much room there is to write."""

    field: Field
    when: str
    room: str

    @property
    def boxes(self) -> range:
        return range(BOXES)


def blank_of(sheet: Sheet) -> str:
    """Return the empty sheet as a page to be set on paper. Raises as `questions` for a draft with faults."""
    labels = {each.key: each.label for each in sheet.questions}
    options = {each.key: each.choices for each in sheet.questions}
    language = get_language() or "zh-hans"
    blanks = [
        Blank(
            each,
            condition.words(each.when, labels, options=options, language=language) if each.when else "",
            _room(each.kind),
        )
        for each in sheet.questions
    ]
    return render_to_string("sheets/blank.html", {"sheet": sheet, "blanks": blanks})


def _room(kind: Kind) -> str:
    if kind in (Kind.CHOICE, Kind.MANY):
        return "options"
    return {Kind.YESNO: "yesno", Kind.DATE: "date", Kind.IDENTITY: "identity", Kind.LONG: "long"}.get(kind, "line")

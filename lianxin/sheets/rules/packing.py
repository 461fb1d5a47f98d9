"""A sheet as a file: carried from one county to another, or kept beside the rule it follows."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _

from lianxin.kit.text import clean
from lianxin.sheets.rules.faults import oddity
from lianxin.sheets.rules.shape import LABEL_MAX, LINE_MAX, Purpose

FORMAT = "lianxin-sheet"


@dataclass(frozen=True, slots=True)
class Definition:
    """A sheet as a file brings it."""

    key: str
    title: str
    purpose: str
    basis: str
    fields: list[dict[str, Any]]
    outcomes: list[dict[str, Any]]


def unpack(found: Any) -> Definition | str:
    """Return the sheet that a file holds, or in words why it holds none. What is in its fields `faults` will judge."""
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        return _("This is no sheet: the file must say “format”: “%(format)s”.") % {"format": FORMAT}
    fields: Any = found.get("fields")
    outcomes: Any = found.get("outcomes", [])
    if (odd := oddity(fields, outcomes)) is not None:
        return odd
    texts = {name: found.get(name, "") for name in ("key", "title", "purpose", "basis")}
    if not all(isinstance(text, str) for text in texts.values()):
        return _("Key, title, purpose and basis are texts.")
    if not texts["title"].strip() or len(texts["title"]) > LABEL_MAX or len(texts["basis"]) > LINE_MAX:
        return _("The title is missing, or title or basis are too long.")
    if texts["purpose"] not in Purpose.values:
        return _("The purpose is not known.")
    return Definition(**{name: clean(text).strip() for name, text in texts.items()}, fields=fields, outcomes=outcomes)


def pack(definition: Definition) -> dict[str, Any]:
    """Return a sheet as a file holds it; `unpack` reads it again."""
    return {"format": FORMAT, **asdict(definition)}

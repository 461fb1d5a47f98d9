"""A process as a table: what stands in a cell, and what JSON it means. Lists are lines, with bars between parts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

Json = dict[str, Any]

_BAR = re.compile(r"\s*[|｜]\s*")
_SIMPLE = re.compile(r"(\w+)\s+(\w+)(?:\s+(.+))?")
LINES_MAX = 40


def lines_of(rows: Iterable[Iterable[Any]]) -> str:
    """Return rows as lines of text."""
    return "\n".join(" | ".join(str(cell) for cell in row).rstrip(" |") for row in rows)


def rows_of(text: str, least: int, most: int) -> list[list[str]]:
    """Return the parts of each line, filled up to `most`. Raises ValidationError that names the line."""
    found: list[list[str]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        parts = [part.strip() for part in _BAR.split(line.strip(), maxsplit=most - 1)]
        if len(parts) < least or len(found) >= LINES_MAX:
            raise ValidationError(_("Line %(number)s cannot be read: “%(line)s”.") % {"number": number, "line": line})
        found.append(parts + [""] * (most - len(parts)))
    return found


def condition_text(when: Any) -> str:
    """Return a condition as it is typed: comparisons with & between them, or JSON where it is more than that."""
    parts = when["all"] if isinstance(when, dict) and list(when) == ["all"] else [when]
    said = [_comparison_text(part) for part in parts] if isinstance(parts, list) else [""]
    return " & ".join(said) if all(said) else json.dumps(when, ensure_ascii=False)


def _comparison_text(part: Any) -> str:
    if not isinstance(part, dict) or not {"field", "is"} <= set(part) <= {"field", "is", "value"}:
        return ""
    value = part.get("value")
    if isinstance(value, list):
        if not all(isinstance(each, str) and not set(each) & set(",&|") for each in value):
            return ""
        return f"{part['field']} {part['is']} {','.join(value)}"
    said = {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)
    if set(said) & set("&|｜") or said != said.strip():
        return ""
    return f"{part['field']} {part['is']}" + (f" {said}" if "value" in part else "")


def condition_of(text: str, facts: Mapping[str, str]) -> Json:
    """Return the condition that was typed. Raises ValidationError."""
    if not text or text.startswith("{"):
        try:
            found = json.loads(text or "{}")
        except (ValueError, RecursionError) as broken:
            raise ValidationError(_("The condition cannot be read: “%(text)s”.") % {"text": text[:60]}) from broken
        return found if isinstance(found, dict) else {}
    parts = [_comparison_of(part.strip(), facts) for part in re.split("[&＆]", text)]
    return parts[0] if len(parts) == 1 else {"all": parts}


def _comparison_of(text: str, facts: Mapping[str, str]) -> Json:
    found = _SIMPLE.fullmatch(text)
    if not found:
        raise ValidationError(_("The condition cannot be read: “%(text)s”.") % {"text": text[:60]})
    field, how, value = found.groups()
    if value is None:
        return {"field": field, "is": how}
    if how == "one_of":
        return {"field": field, "is": how, "value": [each.strip() for each in re.split("[,，]", value)]}
    return {"field": field, "is": how, "value": _value_of(value.strip(), facts.get(field, ""))}


def _value_of(text: str, kind: str) -> Any:
    if kind == "yesno" and text in ("yes", "no"):
        return text == "yes"
    if kind == "number" and re.fullmatch(r"-?\d{1,15}", text):
        return int(text)
    if kind == "number" and re.fullmatch(r"-?\d{1,12}\.\d{1,6}", text):
        return float(text)
    return text


def ways_text(node: Mapping[str, Any]) -> str:
    """Return the ways that leave a node as lines."""
    if node.get("kind") == "choice":
        return lines_of(
            (c.get("label", ""), c.get("to", ""), condition_text(c.get("when", {}))) for c in _of(node, "cases")
        )
    if node.get("kind") == "block":
        return lines_of((b.get("key", ""), b.get("title", ""), b.get("start", "")) for b in _of(node, "branches"))
    return lines_of((o.get("key", ""), o.get("label", ""), o.get("to", "")) for o in _of(node, "outcomes"))


def ways_of(kind: str, text: str, facts: Mapping[str, str]) -> Json:
    """Return the part of a node that its ways are. Raises ValidationError."""
    rows = rows_of(text, 2 if kind == "choice" else 3, 3)
    if kind == "choice":
        return {"cases": [{"label": a, "to": b, "when": condition_of(c, facts)} for a, b, c in rows]}
    if kind == "block":
        return {"branches": [{"key": a, "title": b, "start": c} for a, b, c in rows]}
    return {"outcomes": [{"key": a, "label": b, "to": c} for a, b, c in rows]}


def timers_text(node: Mapping[str, Any]) -> str:
    """Return the timers of a node as lines."""
    rows = []
    for timer in _of(node, "timers"):
        given = timer.get("after")
        after: Json = given if isinstance(given, dict) else {}
        rows.append((timer.get("do", ""), after.get("value", ""), after.get("unit", ""), timer.get("outcome", "")))
    return lines_of(rows)


def timers_of(text: str) -> list[Json]:
    """Return the timers that were typed. Raises ValidationError."""
    found = []
    for do, value, unit, outcome in rows_of(text, 3, 4):
        if not re.fullmatch(r"\d{1,5}", value):
            raise ValidationError(_("“%(value)s” is no number.") % {"value": value})
        timer: Json = {"after": {"value": int(value), "unit": unit}, "do": do}
        found.append(timer | ({"outcome": outcome} if outcome else {}))
    return found


def _of(node: Mapping[str, Any], key: str) -> list[Json]:
    found = node.get(key)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []

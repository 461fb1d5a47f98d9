"""Rows of a small file as offices send it: CSV in UTF-8 or GB 18030 as Excel writes it, or JSON."""

import csv
import io
import json
from typing import Any

CELL_MAX = 100_000  # characters


class UnreadableRowsError(ValueError):
    """The file is neither CSV nor JSON of rows; its text says why."""


def read_rows(content: bytes) -> list[dict[str, str]]:
    """Return the rows of the file as text by column, columns in lower case, empty cells as empty text.

    JSON may be a list of objects, or an object that holds one under "days", "rows" or "areas". Raises
    UnreadableRowsError.
    """
    text = _decoded(content).strip()
    if not text:
        raise UnreadableRowsError("the file is empty")
    rows = _json_rows(text) if text[0] in "[{" else _csv_rows(text)
    return [_tidied(row) for row in rows]


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableRowsError("the file is neither UTF-8 nor GB 18030")


def _csv_rows(text: str) -> list[Any]:
    try:
        rows = list(csv.DictReader(io.StringIO(text)))
    except csv.Error as error:
        raise UnreadableRowsError(f"the CSV is broken: {error}") from error
    # The limit of the csv module is one for the whole process, and others may have raised it.
    if any(len(cell) > CELL_MAX for row in rows for cell in row.values() if isinstance(cell, str)):
        raise UnreadableRowsError(f"the CSV is broken: a cell is longer than {CELL_MAX} characters")
    return rows


def _json_rows(text: str) -> list[Any]:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise UnreadableRowsError(f"the JSON is broken: {error}") from error
    if isinstance(found, dict):
        found = next((found[key] for key in ("days", "rows", "areas") if key in found), None)
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise UnreadableRowsError("the JSON is no list of rows")
    return found


def _tidied(row: dict[Any, Any]) -> dict[str, str]:
    # A CSV line with too many cells puts the rest under None; the reader of the row would not miss it.
    return {str(key).strip().lower(): _text(value) for key, value in row.items() if key is not None}


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    return str(value).strip()

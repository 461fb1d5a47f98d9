"""A list as a file: CSV in UTF-8, UTF-16 or GB 18030, or an Excel workbook, as rows of text."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from typing import Any

from charset_normalizer import from_bytes
from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from lianxin.kit.refusal import Refusal
from lianxin.kit.text import fold

HEADER_WITHIN = 10  # rows; above the header there may be a title and a date
COLUMNS_MAX = 200
ROWS_MAX = 500_000
LINE_READ = 20_000  # characters of a line read to find out what parts its cells
CELL_MAX = 1_000_000  # characters; beyond that a quotation mark was never closed
BROKEN_MAX = 0.001  # the share of unreadable characters up to which a file counts as UTF-8 with some broken rows
BROKEN = "\ufffd"

_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_DELIMITERS = ",\t;|"
_EXCEL = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_COMMON = 0.9  # of the Chinese characters of a real text in GB 18030, nearly all are in the small set of 1980


class Unreadable(Refusal):
    """The file cannot be read as a list; the words say what is wrong with it."""

    status = 422


@dataclass(frozen=True, slots=True)
class Table:
    """A list: its columns, its rows of text, and how it was written."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    first: int  # the number of the first row as a person counts them in the file
    encoding: str
    delimiter: str = ""

    def record(self, row: Sequence[str]) -> dict[str, str]:
        """Return a row by column."""
        return dict(zip(self.header, row, strict=False))


def read_table(content: bytes, *, known: frozenset[str] = frozenset()) -> Table:
    """Read a list; the row that holds most of the `known` column names (folded) is its header, else the first one.

    What a file is, is told by its content, never by its name. Raises Unreadable.
    """
    if content.startswith(_OLD_EXCEL):
        raise Unreadable(_("This is a workbook of the old kind (.xls). Please save it as .xlsx or CSV."))
    if content.startswith(_EXCEL):
        return _headed(_sheet(content), known, encoding="xlsx")
    text, encoding = decode(content)
    if not text.strip():  # a mark of the encoding, or blanks of any width, are nothing either
        raise Unreadable(_("The file is empty."))
    delimiter = _delimiter(text, known)
    return _headed(_lines(text, delimiter), known, encoding=encoding, delimiter=delimiter)


def legible(content: bytes) -> bytes:
    """Return a list as it is kept: text in UTF-8 without control characters, whatever it was written in."""
    if content.startswith(_EXCEL):
        return content
    return _CONTROL.sub("", decode(content)[0]).encode()


def decode(content: bytes) -> tuple[str, str]:
    """Return the text of a file and the name of its encoding. Raises Unreadable naming what it seems to be instead."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding, errors="replace"), encoding
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        mended = content.decode("utf-8", errors="replace")
    # One broken character makes no file of another encoding, of which every second character would be broken.
    if mended.count(BROKEN) <= BROKEN_MAX * len(mended) + 2 and not mended.isascii() and _has_chinese(mended):
        return mended, "utf-8"
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        text = content.decode("gb18030", errors="replace")
        if text.count(BROKEN) > BROKEN_MAX * len(text):
            raise _other(content) from None
    if not _looks_simplified(text):
        raise _other(content)
    return text, "gb18030"


def _other(content: bytes) -> Unreadable:
    guess = from_bytes(content[:20_000]).best()
    words = _(
        "The characters are neither UTF-8 nor GB 18030 (they look like %(guess)s). Please save the file as UTF-8."
    )
    return Unreadable(words % {"guess": guess.encoding if guess else "?"})


def _has_chinese(text: str) -> bool:
    return any(0x4E00 <= ord(character) <= 0x9FFF for character in text)


def _looks_simplified(text: str) -> bool:
    foreign = [character for character in text[:20_000] if ord(character) > 0x7F]
    common = sum(_in_small_set(character) for character in foreign)
    return common >= _COMMON * len(foreign)


def _in_small_set(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _delimiter(text: str, known: frozenset[str]) -> str:
    """Return the character that makes most known column names of the first lines, else most columns."""
    head = list(islice((line for line in io.StringIO(text) if line.strip()), HEADER_WITHIN))

    def fit(mark: str) -> tuple[int, int]:
        rows = list(csv.reader((line[:LINE_READ] for line in head), delimiter=mark))
        return max(_recognised(row, known) for row in rows), len(rows[0])

    return max(_DELIMITERS, key=fit)


def _lines(text: str, delimiter: str) -> list[tuple[str, ...]]:
    csv.field_size_limit(CELL_MAX)
    rows = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for row in islice(reader, ROWS_MAX + HEADER_WITHIN):
            rows.append(tuple(row))
    except csv.Error as error:
        words = _("Around line %(line)s the file cannot be read; perhaps a quotation mark is never closed.")
        raise Unreadable(words % {"line": reader.line_num}) from error
    return rows


def _sheet(content: bytes) -> list[tuple[str, ...]]:
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # some programs write a wrong size of the sheet into it
        rows = islice(sheet.iter_rows(values_only=True, max_col=COLUMNS_MAX), ROWS_MAX + HEADER_WITHIN)
        return _narrowed([[_cell(value) for value in row] for row in rows])
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, IndexError, SyntaxError, OSError) as error:
        raise Unreadable(_("The workbook cannot be opened. Please save it once more as .xlsx or CSV.")) from error


def _narrowed(rows: list[list[str]]) -> list[tuple[str, ...]]:
    """Return the rows without the empty columns at the right."""
    width = max((place for row in rows for place, cell in enumerate(row, start=1) if cell), default=0)
    return [tuple(row[:width]) for row in rows]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M:%S")
    if isinstance(value, float) and value.is_integer():  # a phone number kept as a number
        return str(int(value))
    return str(value)


def _headed(rows: Sequence[tuple[str, ...]], known: frozenset[str], *, encoding: str, delimiter: str = "") -> Table:
    place = _header_place(rows, known)
    if place is None:
        raise Unreadable(_("The file has no row with the names of the columns."))
    names, below = list(rows[place]), place + 1
    if below < len(rows) and _is_second_header(rows[place], rows[below], known):
        names = [lower or upper for upper, lower in zip(names, _filled(rows[below], len(names)), strict=True)]
        below += 1
    header = _distinct(name.strip() for name in names[:COLUMNS_MAX])
    body = [
        (number, row) for number, row in enumerate(rows[below:], start=below + 1) if any(cell.strip() for cell in row)
    ]
    if not body:
        raise Unreadable(_("The file has column names but no rows."))
    if len(body) > ROWS_MAX:
        raise Unreadable(_("The file has more than %(most)s rows. Please split it.") % {"most": ROWS_MAX})
    return Table(header, tuple(row for _number, row in body), body[0][0], encoding, delimiter)


def _header_place(rows: Sequence[tuple[str, ...]], known: frozenset[str]) -> int | None:
    head = rows[:HEADER_WITHIN]
    scored = [(_recognised(row, known), -place) for place, row in enumerate(head) if any(cell.strip() for cell in row)]
    return -max(scored)[1] if scored else None


def _recognised(row: Iterable[str], known: frozenset[str]) -> int:
    return sum(name_key(cell) in known for cell in row if cell.strip())


def _is_second_header(upper: tuple[str, ...], lower: tuple[str, ...], known: frozenset[str]) -> bool:
    """Tell whether a merged header goes on in a second row: 来电人 over 姓名 and 电话."""
    gaps = any(not cell.strip() for cell in upper)
    words = [cell for cell in lower if cell.strip()]
    return gaps and bool(words) and all(name_key(cell) in known for cell in words)


def _filled(row: tuple[str, ...], length: int) -> tuple[str, ...]:
    return (*row, *[""] * length)[:length]


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    """Give columns of one name, or of none, a name of their own."""
    found: list[str] = []
    for place, name in enumerate(names, start=1):
        name = name or f"#{place}"
        found.append(name if name not in found else f"{name}#{place}")
    return tuple(found)


def name_key(name: str) -> str:
    """Return a column name as it is compared: folded, without spaces, underlines and what stands in brackets."""
    return fold(name).replace(" ", "").replace("_", "").partition("(")[0].rstrip(":*")

"""What people and officers write, made fit to be kept."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianxin.kit.refusal import Refusal
from lianxin.kit.text import TEXT_MAX, clean


class NothingSaid(Refusal):
    """The words are missing."""

    status = 422


class TooLong(Refusal):
    """The words do not fit; they are sent back whole, never cut."""

    status = 422


class TooShort(Refusal):
    """A reason that gives none."""

    status = 422


NOTHING = _("Please write what it is about.")
REASON_MIN, REASON_MAX = 2, 200
LINE_MAX = 120


def said(text: str, *, most: int = TEXT_MAX, empty: str | Promise = NOTHING) -> str:
    """Return the words as they are kept: without characters nobody writes on purpose, otherwise untouched.

    Raises NothingSaid and TooLong (`most` counts characters).
    """
    if len(text) > 4 * most:  # do not even read a megabyte
        raise _too_long(len(text), most)
    kept = clean(text)
    if not kept.strip():
        raise NothingSaid(empty)
    if len(kept) > most:
        raise _too_long(len(kept), most)
    return kept


def line(text: str, *, most: int = LINE_MAX) -> str:
    """Return one short line: a name, a place. Raises TooLong."""
    kept = " ".join(clean(text[: 4 * most]).split())
    if len(text) > 4 * most or len(kept) > most:
        raise _too_long(len(text), most)
    return kept


def why(reason: str) -> str:
    """Return a reason as it is put on record. Raises TooShort and TooLong."""
    kept = line(reason, most=REASON_MAX)
    if len(kept) < REASON_MIN:
        raise TooShort(_("Please give the reason in a few words; it is kept on record."))
    return kept


def _too_long(count: int, most: int) -> TooLong:
    words = _("There is room for %(most)s characters; these are %(count)s. Please shorten it, or send it in two parts.")
    return TooLong(words % {"most": most, "count": count})

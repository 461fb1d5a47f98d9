"""How one speaks at a window: which forbidden phrases stand in a text."""

from __future__ import annotations

from collections.abc import Iterable

from lianxin.kit.text import fold


def forbidden_in(text: str, phrases: Iterable[str]) -> list[str]:
    """Return the forbidden phrases that stand in a text, in either script, whatever blanks are between."""
    said = _bare(text)
    return [phrase for phrase in phrases if (bare := _bare(phrase)) and bare in said]


def _bare(text: str) -> str:
    return "".join(character for character in fold(text) if character.isalnum())

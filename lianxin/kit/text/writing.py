"""Clean input, and a cut that tears no character apart."""

import re
import unicodedata

# What the writer cannot have meant: controls, a reversed direction, a byte order mark, halves of characters.
# Joiners, variation selectors and marks of direction stay: emoji, rare characters and Uyghur need them.
_NOT_MEANT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
_LINE_END = re.compile("\r\n?|[\x85\u2028\u2029]")

TEXT_MAX = 4000  # characters a person may write at once; told before sending

_JOINER = "\u200d"
_ELLIPSIS = "…"


def clean(text: str) -> str:
    """Return what a person wrote, without characters that no one writes on purpose.

    Control characters but line feed and tab, overrides of the direction and broken characters go, lines end in a line
    feed, composed characters are composed (NFC). Rare characters and emoji survive. Nothing is trimmed.
    """
    return unicodedata.normalize("NFC", _NOT_MEANT.sub("", _LINE_END.sub("\n", text)))


def cut(text: str, length: int) -> str:
    """Return the text in at most ``length`` code points, an ellipsis in place of what is left out.

    An accent, a skin tone, a flag or a joined emoji is kept with its base, or left out with it.
    """
    if len(text) <= length:
        return text
    end = max(length - len(_ELLIPSIS), 0)
    while end and _joined(text, end):
        end -= 1
    return (text[:end].rstrip() + _ELLIPSIS)[:length]


def _joined(text: str, place: int) -> bool:
    """Tell whether the character at this place belongs to the one before it."""
    after = text[place]
    if text[place - 1] == _JOINER or after == _JOINER or "\U0001f3fb" <= after <= "\U0001f3ff":
        return True
    if unicodedata.category(after) in ("Mn", "Me", "Mc", "Cf"):
        return True
    return _is_flag(after) and _flags_before(text, place) % 2 == 1


def _is_flag(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _flags_before(text: str, place: int) -> int:
    start = place
    while start and _is_flag(text[start - 1]):
        start -= 1
    return place - start

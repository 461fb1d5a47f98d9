"""Folding: two writings of the same words become one."""

import re
import unicodedata
from functools import lru_cache

import opencc

_PLAIN_VOWEL = "aeiouü"
_TONED_VOWEL = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ"
_TONED = re.compile(f"[{_TONED_VOWEL}ńňǹḿ]")
_SYLLABLE = (
    f"(?:(?:[zcs]h|[bpmfdtnlgkhjqxrzcsyw])?[{_PLAIN_VOWEL}]{{0,2}}[{_TONED_VOWEL}][{_PLAIN_VOWEL}]{{0,2}}(?:ng|n|r)?"
    "|[ńňǹ]g?|h?ḿ)"
)
# 開(kāi)展, and 打qū)嵉 where a wrong decoding swallowed the opening bracket.
# Atomic, and four syllables at most: no text can make the search slow.
_PINYIN = re.compile(rf"(?:\(\s*|(?<![a-z(]))(?>{_SYLLABLE}(?:[\s'’-]?{_SYLLABLE}){{0,3}})\s*\)")
# The few syllables without a tone mark, and only behind their own character, since (me) may also be English.
_NEUTRAL_PINYIN = re.compile(r"\((?:(?<=[們们]\()men|(?<=[嗎吗]\()ma|(?<=[麼么]\()me|(?<=[著着]\()zhe)\)")

# Controls (but not white space), soft hyphen, zero-width, directions, variation selectors, tags, lone surrogates.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\U000e0000-\U000e0fff]"
)

_FOLDS = 8


def fold(text: str) -> str:
    """Return the text with all differences removed that do not matter to a reader who searches.

    Compatibility forms and case (NFKC, case folding), traditional characters (to simplified), pinyin inserted in
    brackets as in 開(kāi)展, invisible characters, and runs of white space. Folding twice changes nothing.
    """
    # A step can open work for an earlier one: a bracket closed up, a mark set free. Texts rest after two or three.
    for _ in range(_FOLDS):
        folded = _folded_once(text)
        if folded == text:
            break
        text = folded
    return text


def _folded_once(text: str) -> str:
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text).casefold())
    if ")" in text:
        text = _NEUTRAL_PINYIN.sub("", text)
        if _TONED.search(text):
            text = _PINYIN.sub("", text)
    return " ".join(_to_simplified().convert(text).split())


@lru_cache(maxsize=1)
def _to_simplified() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")

"""Tokens by which Chinese is found without a dictionary."""

import re
from collections.abc import Iterable

from lianxin.kit.text.folding import fold

# Scripts written without spaces: Han with its extensions, kana, hangul.
_UNSPACED = (
    "\u3005\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U000323af"
)
_TOKEN = re.compile(rf"([{_UNSPACED}]+)|[^\W_{_UNSPACED}]+")
_WORD_CHARACTERS = 40  # an index refuses words of thousands of characters, and no one asks for them


def bigrams(text: str) -> list[str]:
    """Return the tokens under which a text is found, each once, in order of appearance.

    The text is folded first. Of Chinese every character and every pair of neighbours, of other scripts whole words and
    numbers (their first 40 characters).
    """
    tokens: dict[str, None] = {}
    for match in _TOKEN.finditer(fold(text)):
        run = match[1]
        if run is None:
            tokens[match[0][:_WORD_CHARACTERS]] = None
            continue
        for place, character in enumerate(run):
            tokens[character] = None
            tokens[run[place : place + 2]] = None
    return list(tokens)


def grams(text: str) -> str:
    """Return the tokens of ``bigrams`` joined with spaces, as a full-text index takes them."""
    return " ".join(bigrams(text))


def query_grams(query: str) -> list[str]:
    """Return the tokens which a text must all have to be an answer to this query.

    Of two or more Chinese characters the pairs, of a single one itself, of other scripts the whole words. Empty when
    there is nothing to look for.
    """
    tokens: dict[str, None] = {}
    for match in _TOKEN.finditer(fold(query)):
        run = match[1]
        if run is None:
            tokens[match[0][:_WORD_CHARACTERS]] = None
        elif len(run) == 1:
            tokens[run] = None
        else:
            tokens.update((run[place : place + 2], None) for place in range(len(run) - 1))
    return list(tokens)


def similarity(a: str | Iterable[str], b: str | Iterable[str]) -> float:
    """Return how alike two texts are by their grams, from 0.0 (nothing in common) to 1.0 (the same tokens).

    Takes lists of tokens or the joined string of ``grams``. Single characters do not count, for any two Chinese texts
    share those (Dice's coefficient over pairs and words).
    """
    left, right = _telling(a), _telling(b)
    if not left or not right:
        return 0.0
    return 2 * len(left & right) / (len(left) + len(right))


def _telling(tokens: str | Iterable[str]) -> set[str]:
    return {token for token in (tokens.split() if isinstance(tokens, str) else tokens) if len(token) > 1}

"""Suggestions for sorting: what a text may be about, and where it may be cut. A person decides."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, Protocol, TypeVar

from lianxin.kit.text import cut, fold

READ_MAX = 4000  # characters; what a text is about is said early
BECAUSE_MAX = 5
POINTS_MAX = 20
POINT_MIN = 4  # characters; a shorter piece is no point but a heading or a number


class Topic(Protocol):
    """A subject as far as a suggestion needs it."""

    @property
    def keywords(self) -> str: ...
    @property
    def name(self) -> str: ...


T = TypeVar("T", bound=Topic)


@dataclass(frozen=True, slots=True)
class Suggestion(Generic[T]):
    """A subject, the words of the text that speak for it, and how clearly they do (0 to 1)."""

    subject: T
    because: tuple[str, ...]
    confidence: float


def suggest(text: str, subjects: Iterable[T]) -> Suggestion[T] | None:
    """Suggest the subject whose keywords the text holds most of, longer words counting more; None where there are none.

    The subjects are rows passed in. A word that stands in a longer one that was found too does not count twice.
    """
    ranked = rank(text, subjects)
    if not ranked:
        return None
    first = ranked[0]
    rest = ranked[1].confidence if len(ranked) > 1 else 0.0
    return Suggestion(first.subject, first.because, round(first.confidence / (first.confidence + rest), 2))


def rank(text: str, subjects: Iterable[T]) -> list[Suggestion[T]]:
    """Return every subject that some word of the text speaks for, the likeliest first; `confidence` is its weight."""
    words = fold(text[:READ_MAX])
    found: list[Suggestion[T]] = []
    for subject in subjects:
        because = _found(words, subject)
        if because:
            weight = sum(len(word) ** 2 * min(words.count(word), 3) for word in because)
            found.append(Suggestion(subject, tuple(because[:BECAUSE_MAX]), float(weight)))
    return sorted(found, key=lambda suggestion: -suggestion.confidence)


def _found(words: str, subject: Topic) -> list[str]:
    hits = [word for word in _keywords(subject.keywords, subject.name) if word in words]
    return [word for word in hits if not any(word != other and word in other for other in hits)]


@lru_cache(maxsize=2048)
def _keywords(keywords: str, name: str) -> tuple[str, ...]:
    """Return the folded words of a subject, its name among them, longest first."""
    words = {fold(word) for word in [*keywords.split(), name]} - {""}
    return tuple(sorted(words, key=lambda word: (-len(word), word)))


_CHINESE = "一二三四五六七八九十"
# 1、 2. 3) （4） ① 一、 一是 第一， 首先 其次 最后 at the start of a line or behind the end of a sentence.
_MARK = re.compile(
    rf"(?:^|(?<=[\n。；;！!？?：:]))[ \t\u3000]*(?:"
    rf"[（(]?(?:\d{{1,2}}|[{_CHINESE}]{{1,3}})[）)]"
    rf"|\d{{1,2}}(?:[、．]|[.,，](?!\d))"
    rf"|[{_CHINESE}]{{1,3}}、"
    rf"|[①-⑳]"
    rf"|[{_CHINESE}]是|第[{_CHINESE}][，,、：:]"
    rf"|(?:首先|其次|再次|最后|另外|此外)[，,]"
    rf")[ \t\u3000]*"
)


def split_points(text: str) -> list[str]:
    """Propose points for a text that numbers them (1、2、 / 一是…二是…) or leaves lines empty between them.

    Words before the first number are an introduction and are not a point, unless they say something at length. A text
    that does not look like several points comes back whole.
    """
    marks = list(_MARK.finditer(text))
    if len(marks) >= 2:
        bounds = [mark.end() for mark in marks]
        ends = [mark.start() for mark in marks[1:]] + [len(text)]
        pieces = [text[start:end] for start, end in zip(bounds, ends, strict=True)]
    else:
        pieces = re.split(r"\n[ \t\u3000]*\n", text)
    points = [piece.strip(" \t\r\n\u3000；;") for piece in pieces]
    points = [point for point in points if len(point) >= POINT_MIN]
    return points if 2 <= len(points) <= POINTS_MAX else [text.strip()]


HEADLINE_MAX = 40
_SENTENCE = re.compile(r"[^。！？!?；;\n]+")
_GREETING = re.compile(
    r"^(?:(?:尊敬的|敬爱的|亲爱的)[^，,。！!：:]{0,15}[，,：:！!\s]*)?(?:[^，,。！!：:]{0,8}(?:您|你|们|家|导|记|长)好(?:[，,！!：:\s]+|$))?"
)
_SELF = re.compile(r"(?:我|我们)?是?[^，,]{0,12}(?:的)?(?:村民|居民|群众|业主|市民)?")
_ENDS = " \t\r\n\u3000，,。.！!？?；;：:、"


def headline(text: str) -> str:
    """Return the first sentence that says something, short enough for a list: not the greeting, not who writes."""
    for sentence in _SENTENCE.findall(text[:READ_MAX]):
        said = _GREETING.sub("", sentence.strip(_ENDS), count=1).strip(_ENDS)
        if len(said) >= POINT_MIN and not (said.startswith("我") and len(said) < 14 and _SELF.fullmatch(said)):
            return cut(said, HEADLINE_MAX)
    return cut(" ".join(text.split()), HEADLINE_MAX)

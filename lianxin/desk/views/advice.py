"""What is suggested to the clerk for one point: never more than a suggestion, and always with its reasons."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from django.db.models import Count, Q
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from lianxin.desk.sortings import subject_for
from lianxin.kit.clock import Term
from lianxin.kit.text import fold
from lianxin.listen.models import Item, Subject
from lianxin.listen.triage import headline
from lianxin.resolve import rules
from lianxin.resolve.actions import clock
from lianxin.resolve.models import Case
from lianxin.resolve.rules import Deadline, State

YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Advice:
    """A subject with its office and date, why, and how it went with others of the kind."""

    title: str
    subject: Subject | None = None
    because: tuple[str, ...] = ()
    percent: int = 0
    term: Term | None = None
    unit: str = ""
    due: Deadline | None = None
    alike: int = 0
    settled: int = 0

    @property
    def is_chosen(self) -> bool:
        """The subject was already chosen by someone, or came with the list."""
        return self.subject is not None and not self.because


def advise(item: Item, *, at: datetime) -> Advice:
    """Return what is suggested for a point: its own subject if it has one, else the one its words speak for."""
    title = headline(item.text)
    subject, because, percent = subject_for(item, at=at)
    if subject is None:
        return Advice(title)
    term = _term(subject, at)
    due = clock.counted(at, term, office=subject.office_id) if term else None
    alike = Case.objects.filter(subject=subject, opened_at__gte=at - YEAR).aggregate(
        all=Count("id"), closed=Count("id", filter=Q(state=State.CLOSED))
    )
    unit = str(rules.UNIT_NAMES[term.unit]) if term else ""
    return Advice(title, subject, because, percent, term, unit, due, alike["all"], alike["closed"])


def marked(text: str, words: Iterable[str]) -> SafeString:
    """Return a text, made safe, with the words marked that spoke for a suggestion; they are found in either script."""
    places = [False] * len(text)
    plain = "".join(_folded(character) for character in text)
    for word in words:
        start = plain.find(word)
        while start >= 0:
            places[start : start + len(word)] = [True] * len(word)
            start = plain.find(word, start + len(word))
    return format_html_join("", "{}", ((_piece(text[start:end], places[start]),) for start, end in _runs(places)))


def _piece(text: str, is_marked: bool) -> SafeString:
    return format_html("<mark>{}</mark>", text) if is_marked else format_html("{}", text)


def _runs(places: list[bool]) -> Iterable[tuple[int, int]]:
    start = 0
    for end in range(1, len(places) + 1):
        if end == len(places) or places[end] != places[start]:
            yield start, end
            start = end


@lru_cache(maxsize=8192)
def _folded(character: str) -> str:
    """Return a character as it is compared, always one, so that places stay the same."""
    plain = fold(character)
    return plain if len(plain) == 1 else character


def _term(subject: Subject, at: datetime) -> Term | None:
    """Return the time limit that a case of this subject would have; None where the county has set none."""
    try:
        return clock.limit_term(subject.limit_key, at=at)
    except clock.NoLimit:
        return None

"""What happened to a case, for officers: the ledger's lines, each with the words that were written by the same deed."""

from __future__ import annotations

from collections import defaultdict, deque
from datetime import datetime
from typing import Any, NamedTuple

from lianxin.ledger.models import Event, Sentence
from lianxin.resolve import rules
from lianxin.resolve.models.case import Case
from lianxin.resolve.models.course import Progress
from lianxin.resolve.rules import Deed

# Which written words belong to which line of the ledger: both carry the moment of their deed.
WORDS_OF = {
    rules.verb(Deed.DIAGNOSE): "progress",
    rules.verb(Deed.PROGRESS): "progress",
    rules.verb(Deed.INSTRUCT): "instruction",
    rules.verb(Deed.REPLY): "reply",
    rules.verb(Deed.REEXAMINE): "reexamination",
    rules.verb(Deed.CONFIRM): "confirmation",
    rules.verb(Deed.ATTEMPT): "attempt",
}


class Told(NamedTuple):
    """Something written on a case."""

    kind: str
    text: str
    at: datetime
    flag: str  # of a progress: "public" or nothing; of an attempt: its way


class Line(NamedTuple):
    """One line of the ledger, with what was written by the same deed."""

    event: Event
    told: Told | None


def timeline(case: Case) -> list[Line]:
    """Return what happened, newest first; two queries."""
    events = _EVENTS.ask(case=case.pk)
    words: dict[tuple[str, datetime], deque[Told]] = defaultdict(deque)
    for told in _told(case, {WORDS_OF[event.verb] for event in events if event.verb in WORDS_OF}):
        words[told.kind, told.at].append(told)
    return [Line(event, _taken(words.get((WORDS_OF.get(event.verb, ""), event.at)))) for event in events]


_EVENTS = Sentence(lambda case: Event.objects.filter(kind=Case._meta.label_lower, key=case).order_by("-at", "-id"))


def _taken(words: deque[Told] | None) -> Told | None:
    return words.pop() if words else None


# What was written, in the columns of Told. Written out, because building this union anew for every page costs more than
# all other queries of the page together.
_WRITTEN = {
    "progress": "SELECT id, 'progress' AS kind, text, at, CASE WHEN public THEN 'public' ELSE '' END AS flag"
    " FROM resolve_progress WHERE case_id = %s",
    "instruction": "SELECT id, 'instruction', text, at, '' FROM resolve_instruction WHERE case_id = %s",
    "reply": "SELECT id, 'reply', text, at, '' FROM resolve_reply WHERE case_id = %s",
    "reexamination": "SELECT id, 'reexamination', finding, at, '' FROM resolve_reexamination WHERE case_id = %s",
    "attempt": "SELECT id, 'attempt', note, at, way FROM resolve_attempt WHERE case_id = %s",
    "confirmation": "SELECT id, 'confirmation', words, at, '' FROM resolve_confirmation WHERE case_id = %s",
}


def _told(case: Case, kinds: set[str]) -> list[Told]:
    """Read all that was written on a case at once, oldest first; only where by the ledger there is something."""
    if not kinds:
        return []
    # The columns bear the names that the first part gives them; progress always comes first, to name them.
    parts = sorted(kinds | {"progress"}, key=lambda kind: kind != "progress")
    union = " UNION ALL ".join(_WRITTEN[kind] for kind in parts)
    rows: Any = Progress.objects.raw(f"{union} ORDER BY at, id", [case.pk] * len(parts))
    return [Told(row.kind, row.text, row.at, row.flag) for row in rows]

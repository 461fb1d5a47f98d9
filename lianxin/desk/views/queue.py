"""Which voices wait to be sorted, in which order, and where a clerk stands in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext

from lianxin.desk.views.officer import Request
from lianxin.desk.views.rows import due_words
from lianxin.kit.text import clean, cut
from lianxin.listen.models import Item, Voice
from lianxin.listen.models.voice import VoiceQuerySet
from lianxin.listen.rules import Channel, Kind
from lianxin.listen.triage import headline
from lianxin.resolve import rules
from lianxin.resolve.models.duties import Duty, duties

SHOWN = 40  # rows of the list; who is through with them gets the next ones
TEXT_SHOWN = 90
NEAR_HOURS = 4  # a voice is sorted within hours, so that a day before would be always
COLUMNS = ("id", "number", "text", "channel", "triage_due_at", "received_at", "area__name", "kind")


@dataclass(frozen=True, slots=True)
class Asked:
    """How the queue is narrowed: by words, channel, or to one place."""

    q: str = ""
    channel: str = ""

    @property
    def query(self) -> str:
        """The same question for an address."""
        return urlencode({key: value for key, value in (("q", self.q), ("channel", self.channel)) if value})


def asked(request: Request) -> Asked:
    """Return how this request narrows the queue; what makes no sense asks for nothing."""
    channel = request.GET.get("channel", "")
    return Asked(clean(request.GET.get("q", ""))[:100].strip(), channel if channel in Channel.values else "")


def queue(request: Request, wanted: Asked) -> VoiceQuerySet:
    """Return the voices that wait for this officer, those that must be sorted first at the head."""
    found = duties(request.user, request.at)[Duty.TRIAGE]
    assert isinstance(found, VoiceQuerySet)
    if wanted.q:
        found = found.search(wanted.q)
    if wanted.channel:
        found = found.filter(channel=wanted.channel)
    return found.order_by("triage_due_at", "id")


def head(voices: QuerySet[Voice], *, current: Voice | None = None) -> list[dict[str, Any]]:
    """Return the first rows of the queue, from the voice in hand on if it is not among the first."""
    rows = list(voices.values(*COLUMNS)[:SHOWN])
    if current is None or current.sorted_at or any(row["id"] == current.pk for row in rows):
        return rows
    return list(from_here(voices, current).values(*COLUMNS)[:SHOWN])


def from_here(voices: QuerySet[Voice], current: Voice) -> QuerySet[Voice]:
    """Return the queue from one voice on."""
    if current.triage_due_at is None:
        return voices.filter(Q(triage_due_at__isnull=False) | Q(pk__gte=current.pk))
    return voices.filter(
        Q(triage_due_at__gt=current.triage_due_at) | Q(triage_due_at=current.triage_due_at, pk__gte=current.pk)
    )


def after(voices: QuerySet[Voice], current: Voice) -> str:
    """Return the number of the voice that comes next, or of the first one when this was the last; empty for none."""
    others = voices.exclude(pk=current.pk)
    found = from_here(others, current).only("number").first() or others.only("number").first()
    return found.number if found else ""


def address(number: str, wanted: Asked, item: Item | None = None) -> str:
    """Return where a voice is sorted; without a number the queue itself."""
    page = reverse("desk:sort", args=[number]) if number else reverse("desk:triage")
    query = "&".join(part for part in (wanted.query, f"item={item.number}" if item else "") if part)
    return f"{page}?{query}" if query else page


class VoiceRow(NamedTuple):
    """One voice in the list."""

    href: str
    key: str
    title: str
    said: str
    light: str
    light_text: str
    facts: str


def queue_rows(rows: list[dict[str, Any]], *, at: datetime, wanted: Asked) -> list[VoiceRow]:
    """Return voices as rows of the list."""
    tail = f"?{wanted.query}" if wanted.query else ""
    base = reverse("desk:triage")
    return [queue_row(row, f"{base}{row['number']}/{tail}", at) for row in rows]


def queue_row(row: dict[str, Any], href: str, at: datetime) -> VoiceRow:
    kind = rules.light(row["triage_due_at"], at, near_hours=NEAR_HOURS)
    light = due_words(row["triage_due_at"], at) or gettext("no limit")
    said = cut(" ".join(row["text"][:400].split()), TEXT_SHOWN)
    facts = [str(Channel(row["channel"]).label), row["area__name"], Kind(row["kind"]).label if row["kind"] else ""]
    return VoiceRow(
        href, row["number"], headline(row["text"]), said, kind, light, " · ".join(str(fact) for fact in facts if fact)
    )

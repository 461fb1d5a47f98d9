"""Going through the whole log again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from lianxin.kit import merkle
from lianxin.ledger.actions.events import note
from lianxin.ledger.actions.seals import Place, frontier_places
from lianxin.ledger.models import Event, Node, Seal, Verification
from lianxin.ledger.rules import TOLERANCE, leaf_of

CHUNK = 4096  # leaves looked at in one go; memory does not grow with the log
FINDINGS_MAX = 200  # as many are told one by one; all are counted

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it was sealed."""

    what: str  # altered, missing, inserted, backdated, node, seal
    words: str


@dataclass(slots=True)
class Report:
    """What a verification found."""

    size: int = 0
    done: int = 0  # leaves looked at so far
    root: bytes = merkle.EMPTY_ROOT
    waiting: int = 0  # events not sealed yet, as it should be
    findings: list[Finding] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def sound(self) -> bool:
        return not self.counts

    def tell(self, what: str, words: str) -> None:
        self.counts[what] += 1
        if len(self.findings) < FINDINGS_MAX:
            self.findings.append(Finding(what, words))


def verify(*, progress: Progress | None = None, published: tuple[int, bytes] | None = None) -> Report:
    """Compare every event with its leaf, every node with those below it and every seal with its tree; change nothing.

    Finds altered, missing, inserted and backdated events, altered or missing nodes and seals. `published` is a size and
    root kept outside this database, as from the public page: only it uncovers somebody who made the whole log anew.
    `progress` is called with leaves done and leaves in all. Memory stays bounded whatever the size.
    """
    report = Report()
    for report in passage(published=published):
        if progress and report.size:
            progress(report.done, report.size)
    return report


def passage(*, published: tuple[int, bytes] | None = None) -> Iterator[Report]:
    """Verify a slice at a time: give the report as it stands after each, and at last when it is complete."""
    report = Report()
    newest = Seal.objects.newest()
    if newest:
        report.size, report.root = newest.size, bytes(newest.root)
    walk = _Walk(report, published)
    for start in range(0, report.size, CHUNK):
        report.done = min(start + CHUNK, report.size)
        walk.look_at(start, report.done)
        yield report
    walk.look_beyond(newest)
    yield report


@transaction.atomic
def keep_verification(report: Report, *, begun_at: datetime, at: datetime) -> Verification:
    """Keep what a complete verification found, how far it went and when, and return it.

    What exactly was found is told to who ran it and not kept: the log itself is the evidence, and it is found again.
    """
    kept = Verification.objects.create(
        begun_at=begun_at, at=at, size=report.size, root=report.root, findings=report.counts.total()
    )
    data = {"size": report.size, "findings": report.counts.total(), "kinds": sorted(report.counts)}
    note("ledger.verified", kept, by=None, at=at, data=data)
    return kept


class _Walk:
    """One passage through the log, from the first leaf to the last."""

    def __init__(self, report: Report, published: tuple[int, bytes] | None) -> None:
        self.report = report
        self.published = published
        self.known: dict[Place, bytes] = {}
        self.through: datetime | None = None  # what the seals passed so far say is inside

    def look_at(self, start: int, end: int) -> None:
        """Look at the leaves from start up to end, and at all nodes and seals that they complete."""
        frontier = {place: self.known[place] for place in frontier_places(start)}
        self.known = frontier | _stored(start, end)
        seals = list(Seal.objects.filter(size__gt=start, size__lte=end).order_by("size"))
        self._compare_events(start, end, seals)
        self._compare_nodes(start, end)
        for seal in seals:
            self._compare_seal(
                seal.size, bytes(seal.root), _("The seal over the first {size} events is not the root of its tree.")
            )
        if self.published and start < self.published[0] <= end:
            self._compare_seal(*self.published, _("The root over the first {size} events is not the published one."))

    def look_beyond(self, newest: Seal | None) -> None:
        """Look at what lies outside the log: events and nodes that claim a place in it, and events that wait."""
        size = newest.size if newest else 0
        if self.published and self.published[0] > size:
            self.report.tell(
                "missing",
                _("The published log has {size} events, this one only {here}.").format(
                    size=self.published[0], here=size
                ),
            )
        beyond = list(
            Event.objects.filter(position__gte=size).order_by("position").values_list("pk", "position")[:FINDINGS_MAX]
        )
        loose = list(Node.objects.filter(level=0, index__gte=size).values_list("index", flat=True)[:FINDINGS_MAX])
        later = Seal.objects.newest()  # a sealer may have gone on meanwhile
        limit = later.size if later else 0
        for pk, position in beyond:
            if position is not None and position >= limit:
                self.report.tell(
                    "inserted",
                    _("Event {pk} claims place {place}, which the log does not have.").format(pk=pk, place=position),
                )
        for index in loose:
            if index >= limit:
                self.report.tell("node", _("The log has a leaf {place} that no seal covers.").format(place=index))
        self._look_at_waiting()

    def _look_at_waiting(self) -> None:
        waiting = Event.objects.unsealed()
        self.report.waiting = waiting.count()
        if self.through is None:
            return
        late = waiting.filter(recorded_at__lt=self.through - TOLERANCE).order_by("pk")
        for pk in late.values_list("pk", flat=True).iterator():
            self.report.tell(
                "inserted",
                _("Event {pk} is dated before the last seal but is not in the log: it was put in later.").format(pk=pk),
            )

    def _compare_events(self, start: int, end: int, seals: list[Seal]) -> None:
        passed = iter(seals)
        seal = next(passed, None)
        for position, event in _each_place(start, end):
            while seal and seal.size <= position:
                self.through = seal.through or self.through
                seal = next(passed, None)
            if event is None:
                self.report.tell("missing", _("The event at place {place} is gone.").format(place=position))
                continue
            if self.known.get((0, position)) != leaf_of(event.facts()):
                self.report.tell(
                    "altered",
                    _("Event {pk} ({event}) at place {place} is not as it was sealed.").format(
                        pk=event.pk,
                        event=event,
                        place=position,
                    ),
                )
            if self.through and event.recorded_at < self.through - TOLERANCE:
                self.report.tell(
                    "backdated",
                    _("Event {pk} ({event}) is dated before a seal that does not hold it.").format(
                        pk=event.pk,
                        event=event,
                    ),
                )
        while seal:
            self.through = seal.through or self.through
            seal = next(passed, None)

    def _compare_nodes(self, start: int, end: int) -> None:
        """Compare each node with the two below it, as stored: so one altered node is told at its own place."""
        for position in range(start, end):
            if (0, position) not in self.known:
                self.report.tell("node", _("The leaf at place {place} is gone.").format(place=position))
                self.known[0, position] = bytes(32)
        for level in range(1, end.bit_length()):
            for index in range(start >> level, end >> level):
                expected = merkle.node_hash(self.known[level - 1, 2 * index], self.known[level - 1, 2 * index + 1])
                if self.known.setdefault((level, index), b"") != expected:
                    self.report.tell(
                        "node",
                        _("The node {index} of level {level} does not fit those below it.").format(
                            index=index,
                            level=level,
                        ),
                    )
                    self.known[level, index] = self.known[level, index] or expected

    def _compare_seal(self, size: int, root: bytes, words: str) -> None:
        if merkle.root_of(size, lambda level, index: self.known[level, index]) != root:
            self.report.tell("seal", words.format(size=size))


def _stored(start: int, end: int) -> dict[Place, bytes]:
    """Return all stored nodes that the leaves from start up to end complete."""
    found: dict[Place, bytes] = {}
    for level in range(end.bit_length()):
        if start >> level < end >> level:
            found |= Node.objects.filter(level=level, index__gte=start >> level, index__lt=end >> level).hashes()
    return found


def _each_place(start: int, end: int) -> Iterator[tuple[int, Event | None]]:
    """Give each place with its event, or with nothing where the event is gone."""
    events = {event.position: event for event in Event.objects.filter(position__gte=start, position__lt=end)}
    for position in range(start, end):
        yield position, events.get(position)

"""Counts for publication: what was heard, in 条 (items) and 封 (letters). No personal data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianxin.kit.clock import ZONE
from lianxin.kit.figures import Measure, counted
from lianxin.listen.models import Item, Subject, Voice
from lianxin.listen.rules import Channel, Identity, Kind, Mode, Outcome
from lianxin.people.models import Campaign, Post
from lianxin.places.models import Area
from lianxin.record.models import Encounter

FEW = 5  # a public cell with fewer could tell who spoke (requirements I-03)
UNKNOWN = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One line of a table; `count` None: not told, because it is too small."""

    key: str
    label: str | Promise
    count: int | None


@dataclass(frozen=True, slots=True)
class Table:
    """How many of what, by what, in which time; the total holds also what a cell does not tell."""

    cells: tuple[Cell, ...]
    total: int
    measure: Measure
    start: datetime
    end: datetime

    @property
    def said(self) -> str:
        """The total with its measure word."""
        return counted(self.total, self.measure)


def received_by_channel(start: datetime, end: datetime) -> Table:
    """Count the items of the voices received in [start, end) by channel; the channels add up to the total."""
    return _chosen("voice__channel", Channel.choices, start, end)


def heard_at(encounters: QuerySet[Encounter]) -> dict[str, int]:
    """Count the points (条) that were heard at these encounters, by what they are; a point counts once."""
    items = Item.objects.filter(voice__encounter__in=encounters.values("pk"))
    return dict(items.values_list("kind").annotate(n=Count("pk")).order_by())


def heard_by_team(campaign: Campaign) -> dict[int, int]:
    """Count the points heard at the encounters of each team of a campaign, by the number of the team's row."""
    items = Item.objects.filter(voice__encounter__team__campaign=campaign)
    return dict(items.values_list("voice__encounter__team").annotate(n=Count("pk")).order_by())


def received_by_mode(start: datetime, end: datetime) -> Table:
    """Count received items by the three ways of listening."""
    return _chosen("voice__mode", Mode.choices, start, end)


def received_by_identity(start: datetime, end: datetime) -> Table:
    """Count received items by how the speaker wished to be known; many anonymous ones tell that people are afraid."""
    return _chosen("voice__identity", Identity.choices, start, end)


def received_by_kind(start: datetime, end: datetime) -> Table:
    """Count received items by kind; what nobody has said yet comes last."""
    return _chosen("kind", [*Kind.choices, (UNKNOWN, _("not said"))], start, end)


def received_by_outcome(start: datetime, end: datetime) -> Table:
    """Count received items by what became of them; those answered on the spot count as received and as settled."""
    labels = {
        Outcome.JOINED: _("became a case"),
        Outcome.ANSWERED: _("answered on the spot"),
        Outcome.DECLINED: _("declined with the reason"),
        Outcome.TRANSFERRED: _("transferred"),
    }
    choices: list[tuple[str, str | Promise]] = [(outcome.value, labels[outcome]) for outcome in Outcome]
    return _chosen("outcome", [*choices, (UNKNOWN, _("waiting"))], start, end)


def received_by_day(start: datetime, end: datetime) -> Table:
    """Count received items by day, days without any left out."""
    rows = (
        _items(start, end)
        .annotate(day=TruncDate("voice__received_at", tzinfo=ZONE))
        .values_list("day")
        .annotate(count=Count("pk"))
        .order_by("day")
    )
    return _table([Cell(day.isoformat(), day.isoformat(), count) for day, count in rows], start, end)


def received_by_subject(start: datetime, end: datetime) -> Table:
    """Count received items by top subject; the unclassified come last, so that the cells add up to the total."""
    rows = _items(start, end).values_list("subject__path").annotate(count=Count("pk"))
    by_top: dict[str, int] = {}
    for path, count in rows:
        top = path.split("/")[1] if path else UNKNOWN
        by_top[top] = by_top.get(top, 0) + count
    names = {str(pk): name for pk, name in Subject.objects.filter(parent=None).values_list("pk", "name")}
    return _table(_sorted(by_top, names, _("not classified yet")), start, end)


def received_by_area(start: datetime, end: datetime, *, kind: str = Area.Kind.TOWN) -> Table:
    """Count received items by area of one kind; what lies above it, or nowhere, comes last."""
    rows = _items(start, end).values_list("area__path").annotate(count=Count("pk"))
    names = {str(pk): name for pk, name in Area.objects.filter(kind=kind).values_list("pk", "name")}
    by_area: dict[str, int] = {}
    for path, count in rows:
        found = next((step for step in (path or "").split("/") if step in names), UNKNOWN)
        by_area[found] = by_area.get(found, 0) + count
    return _table(_sorted(by_area, names, _("no area given")), start, end)


def letters_by_tier(start: datetime, end: datetime) -> Table:
    """Count the letters to a leader received in [start, end) by the three tiers of addressee."""
    rows = Voice.objects.letters().heard(start, end).values_list("addressee__tier").annotate(count=Count("pk"))
    found = dict(rows)
    cells = [Cell(tier, label, found.get(tier, 0)) for tier, label in Post.Tier.choices]
    return Table(tuple(cells), sum(found.values()), Measure.LETTER, start, end)


def kinds_and_items(start: datetime, end: datetime, *, scheme: str = "county", language: str = "zh-hans") -> str:
    """Say how many subjects the classified items of a scheme fall under, and how many items: 5类56条.

    The same rows stand behind both numbers: `items_of_scheme`.
    """
    found = items_of_scheme(start, end, scheme=scheme).aggregate(
        kinds=Count("subject", distinct=True), items=Count("pk", distinct=True)
    )
    between = "" if language.startswith("zh") else ", "
    return between.join(
        [
            counted(found["kinds"], Measure.KIND, language=language),
            counted(found["items"], Measure.ITEM, language=language),
        ]
    )


def items_of_scheme(start: datetime, end: datetime, *, scheme: str = "county") -> QuerySet[Item]:
    """Return the items received in [start, end) that were classified by a scheme."""
    return _items(start, end).filter(subject__scheme=scheme)


def sorting(at: datetime) -> dict[str, int]:
    """Count the voices that wait to be sorted, those of them that are late, and the letters nobody has read."""
    waiting = Q(sorted_at=None)
    return Voice.objects.aggregate(
        waiting=Count("pk", filter=waiting),
        overdue=Count("pk", filter=waiting & Q(triage_due_at__lte=at)),
        unread=Count("pk", filter=Q(addressee__isnull=False, read_at=None)),
    )


def suppressed(table: Table, *, few: int = FEW) -> Table:
    """Return the table with small cells left untold, for the public; the total is unaffected (requirements I-03).

    What is left out could be reckoned from the total, so larger cells go with them until the untold ones are two at
    least and together no small number either.
    """
    told = sorted((cell for cell in table.cells if cell.count), key=lambda cell: cell.count or 0)
    small = [cell for cell in told if cell.count is not None and cell.count < few]
    while small and len(small) < len(told) and (len(small) < 2 or sum(cell.count or 0 for cell in small) < few):
        small.append(told[len(small)])
    untold = {cell.key for cell in small}
    cells = (replace(cell, count=None) if cell.key in untold else cell for cell in table.cells)
    return replace(table, cells=tuple(cells))


def subject_rows(scheme: str, day: date) -> list[tuple[str, str, str]]:
    """Return the subjects of a scheme on a day as rows of a list: full name, keywords, office that usually leads."""
    subjects = Subject.objects.filter(scheme=scheme).on(day).select_related("office").order_by("path")
    return [(s.full_name, s.keywords, s.office.name if s.office else "") for s in subjects]


def uses_of_subjects(scheme: str) -> dict[int, int]:
    """Count, for each subject of a scheme that is used, the items sorted by it or by what lies below it."""
    counts: dict[int, int] = {}
    rows = Item.objects.filter(subject__scheme=scheme).values_list("subject__path").annotate(count=Count("pk"))
    for path, count in rows.order_by():
        for step in filter(None, path.split("/")):
            counts[int(step)] = counts.get(int(step), 0) + count
    return counts


def _items(start: datetime, end: datetime) -> QuerySet[Item]:
    return Item.objects.filter(voice__received_at__gte=start, voice__received_at__lt=end)


def _chosen(field: str, choices: Iterable[tuple[str, str | Promise]], start: datetime, end: datetime) -> Table:
    found = dict(_items(start, end).values_list(field).annotate(count=Count("pk")).order_by())
    return _table([Cell(key, label, found.get(key, 0)) for key, label in choices], start, end, sum(found.values()))


def _sorted(found: dict[str, int], names: dict[str, str], unknown: str | Promise) -> list[Cell]:
    """Return the cells with the largest first and the unknown last."""
    known = sorted((key for key in found if key), key=lambda key: (-found[key], names.get(key, "")))
    cells = [Cell(key, names.get(key, key), found[key]) for key in known]
    return [*cells, Cell(UNKNOWN, unknown, found[UNKNOWN])] if UNKNOWN in found else cells


def _table(cells: Sequence[Cell], start: datetime, end: datetime, total: int | None = None) -> Table:
    total = sum(cell.count or 0 for cell in cells) if total is None else total
    return Table(tuple(cells), total, Measure.ITEM, start, end)

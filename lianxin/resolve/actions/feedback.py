"""Feedback sheets of villages: compiled from what was heard, answered line by line, given back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianxin.kit.reference import new_reference
from lianxin.kit.refusal import NotAllowed, Refusal
from lianxin.kit.text import cut
from lianxin.ledger.actions import note
from lianxin.listen.models import Item
from lianxin.listen.rules import Level
from lianxin.people.actions import need
from lianxin.people.actions.words import line, why
from lianxin.people.models import County, Office, User
from lianxin.people.rules import Power
from lianxin.places.models import Area
from lianxin.record.models import keeper_reach_of
from lianxin.resolve.models import Case, Feedback, FeedbackLine

MARK = "F"
TEXT_MOST = 300


class NothingHeard(Refusal):
    """In this period nothing of this village was classified."""


class SheetClosed(Refusal):
    """Every line has its result; the sheet is closed."""


class NotYourLine(Refusal):
    """Another office answers for this line."""

    status = 403


class StillOpen(Refusal):
    """A line has no result yet."""


@transaction.atomic
def compile_feedback(area: Area, *, starts: date, ends: date, by: User, at: datetime) -> Feedback:
    """Compile the sheet of a village from the points that its households raised in a period, by the five levels.

    What was joined to one case is one line, however many raised it; owner, date and result come from the case. Needs
    ARCHIVE over the village. Raises NothingHeard, NotAllowed.
    """
    whose = _keeper(area, by=by, at=at)
    heard = Item.objects.filter(voice__household__area__path__startswith=area.path) | Item.objects.filter(
        voice__household=None, area__path__startswith=area.path
    )
    heard = heard.filter(voice__received_at__date__gte=starts, voice__received_at__date__lte=ends).exclude(level="")
    points = list(heard.select_related("voice", "join__case__lead").order_by("voice__received_at", "id").distinct())
    if not points or starts > ends:
        raise NothingHeard(_("In this period no point of this village was classified by level."))
    sheet = Feedback.objects.create(
        number=new_reference(f"{County.now().prefix}{MARK}"), area=area, starts=starts, ends=ends, by=by, at=at
    )
    for number, (case, items) in enumerate(_grouped(points), start=1):
        _put_line(sheet, number, case, items, by=by, at=at)
    note("feedback.compiled", sheet, by=by, at=at, behalf=whose, data={"area": area.pk, "points": len(points)})
    _close_if_done(sheet, at)
    return sheet


def _grouped(points: list[Item]) -> list[tuple[Case | None, list[Item]]]:
    """Return the points, those of one case together, ordered by level from society down to the person."""
    found: dict[tuple[str, int], tuple[Case | None, list[Item]]] = {}
    for item in points:
        case = item.join.case if hasattr(item, "join") else None
        key = ("case", case.pk) if case else ("item", item.pk)
        found.setdefault(key, (case, []))[1].append(item)
    order = list(Level.values)
    return sorted(found.values(), key=lambda each: order.index(_level(*each)))


def _level(case: Case | None, items: list[Item]) -> str:
    return case.level if case and case.level else items[0].level


def _put_line(sheet: Feedback, number: int, case: Case | None, items: list[Item], *, by: User, at: datetime) -> None:
    said = case.title if case else items[0].text
    result = (case.result_text or case.get_result_display()) if case and case.closed_at else ""
    result = result or (items[0].answer if not case else "")
    row = FeedbackLine.objects.create(
        sheet=sheet, number=number, level=_level(case, items), text=cut(" ".join(said.split()), TEXT_MOST), case=case,
        households=len({item.voice.household_id or -item.voice_id for item in items}),
        owner=case.lead if case else None,
        due_on=timezone.localdate(case.due_at) if case and case.due_at else None,
        result=cut(result, TEXT_MOST), answered_by=by if result else None, answered_at=at if result else None,
    )  # fmt: skip
    row.items.add(*items)


@transaction.atomic
def assign_line(row: FeedbackLine, *, owner: Office, due_on: date, by: User, at: datetime) -> FeedbackLine:
    """Say which office answers for a line, and by when; by the keeper of the village's files. Raises SheetClosed."""
    row = _held(row)
    whose = _keeper(row.sheet.area, by=by, at=at)
    row.owner, row.due_on = owner, due_on
    row.save(update_fields=["owner", "due_on"])
    note("feedback.assigned", row.sheet, by=by, at=at, behalf=whose, data={"line": row.number, "owner": owner.pk})
    return row


@transaction.atomic
def answer_line(row: FeedbackLine, *, result: str, by: User, at: datetime) -> FeedbackLine:
    """Write the result of a line; by the office that answers for it, or the keeper. The last one closes the sheet.

    Raises SheetClosed, NotYourLine, TooShort.
    """
    row = _held(row)
    owns = row.owner_id in by.stand(at).offices(Power.HANDLE)
    if not owns and not keeper_reach_of(by, at).covers(row.sheet.area):
        raise NotYourLine(_("Another office answers for this line."))
    row.result, row.answered_by, row.answered_at = line(why(result), most=TEXT_MOST), by, at
    row.save(update_fields=["result", "answered_by", "answered_at"])
    note("feedback.answered", row.sheet, by=by, at=at, data={"line": row.number})
    _close_if_done(row.sheet, at)
    return row


@transaction.atomic
def give_back(sheet: Feedback, *, by: User, at: datetime) -> Feedback:
    """Write down that a closed sheet was given back to the villagers. Raises StillOpen, NotAllowed."""
    sheet = Feedback.objects.select_for_update().select_related("area").get(pk=sheet.pk)
    whose = _keeper(sheet.area, by=by, at=at)
    if sheet.closed_at is None:
        raise StillOpen(_("A line has no result yet. The sheet closes when every line has one."))
    sheet.told_at = sheet.told_at or at
    sheet.save(update_fields=["told_at"])
    note("feedback.given_back", sheet, by=by, at=at, behalf=whose)
    return sheet


@transaction.atomic
def promote(items: Iterable[Item], *, level: str, by: User, at: datetime) -> int:
    """Say that points which households raised are the problem of their group or village, and return how many.

    Their cases follow. Needs ARCHIVE over the places, or TRIAGE. Raises NotAllowed.
    """
    points = list(Item.objects.filter(pk__in=[each.pk for each in items]).select_related("voice__household__area"))
    sorts, reach = by.stand(at).may(Power.TRIAGE, anywhere=True), keeper_reach_of(by, at)
    places = [item.voice.household.area if item.voice.household else item.area for item in points]
    if not sorts and not all(place is not None and reach.covers(place) for place in places):
        raise NotAllowed(_("Only who sorts voices, or keeps the files of the place, says how far a problem reaches."))
    Item.objects.filter(pk__in=[each.pk for each in points]).update(level=Level(level))
    Case.objects.filter(joins__item__in=points).update(level=Level(level))
    for item in points:
        note("item.promoted", item.voice, by=by, at=at, data={"item": item.number, "level": level})
    return len(points)


def _held(row: FeedbackLine) -> FeedbackLine:
    held = FeedbackLine.objects.select_for_update().select_related("sheet__area").get(pk=row.pk)
    if held.sheet.closed_at:
        raise SheetClosed(_("This sheet is closed: every line has its result."))
    return held


def _close_if_done(sheet: Feedback, at: datetime) -> None:
    if not sheet.lines.filter(result="").exists():
        sheet.closed_at = at
        sheet.save(update_fields=["closed_at"])


def _keeper(area: Area, *, by: User, at: datetime) -> User | None:
    whose: User | None = need(by, Power.ARCHIVE, at=at, anywhere=True).behalf
    if not keeper_reach_of(by, at).covers(area):
        raise NotAllowed(_("Only who keeps the files of this place does this."))
    return whose

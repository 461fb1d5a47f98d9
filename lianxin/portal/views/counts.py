"""The public figures: each with its measure word, and the rule by which it is counted, in words."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.core.cache import cache
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lianxin.kit.figures import MEASURE_WORDS, Measure, Rate
from lianxin.resolve import figures as counted
from lianxin.resolve.figures import Figures, Row

KEEP_SECONDS = 60
PERCENT = "%"


@dataclass(frozen=True, slots=True)
class Figure:
    """One public figure: what it is called, where it stands in a row, and how it is counted."""

    key: str
    label: str | Promise
    rule: str | Promise
    measure: Measure | None = None  # None: a rate
    count: Callable[[Row], int] | None = None
    rate: Callable[[Row], Rate] | None = None

    @property
    def word(self) -> str:
        """The measure word in the language in force; a percent sign for a rate."""
        return measure_word(self.measure) if self.measure else PERCENT

    def value(self, row: Row) -> int | str:
        """Return what is shown of a row: a number, or a rate rounded down, or a dash where nothing could be judged."""
        if self.count:
            return self.count(row)
        rate = self.rate(row) if self.rate else None
        return percent(rate) if rate else "–"


def measure_word(measure: Measure) -> str:
    """Return a measure word in the language in force."""
    language = get_language() or ""
    words = MEASURE_WORDS[measure]
    if language.startswith("zh-hant"):
        return words.traditional
    return words.simplified if language.startswith("zh") else words.many


def percent(rate: Rate, *, few: int = 0) -> str:
    """Return a rate with one decimal, rounded down so that it never says more than was counted; a dash for too few."""
    if rate.percent is None or rate.whole < few:
        return "–"
    return f"{math.floor(rate.percent * 10) / 10:.1f}"


FIGURES: dict[str, Figure] = {
    figure.key: figure
    for figure in (
        Figure(
            "received", _("points raised"),
            _(
                "Each point of each voice received in this time, through any channel. One voice may hold "
                "several points; nothing is left out, also what was declined."
            ),
            Measure.ITEM, lambda row: row.received,
        ),
        Figure(
            "settled", _("points answered"),
            _(
                "Of those: points answered on the spot, declined with the reason, passed on with a word to "
                "the person, or whose matter has been answered."
            ),
            Measure.ITEM, lambda row: row.settled,
        ),
        Figure(
            "cases", _("matters they became"),
            _(
                "Points about the same thing become one matter. Counted are the matters registered in this "
                "time; matters merged into another count once."
            ),
            Measure.CASE, lambda row: row.cases,
        ),
        Figure(
            "answered", _("matters answered"),
            _("Of those: matters on which everybody behind them has been answered."),
            Measure.CASE, lambda row: row.answered,
        ),
        Figure(
            "solved", _("said by the people themselves: solved"),
            _(
                "How often somebody who had been answered said “yes, it is solved”. Each person counts once "
                "for each matter, with the last word."
            ),
            Measure.PERSON_TIME, lambda row: row.said_solved,
        ),
        Figure(
            "late", _("matters answered late, or not yet though due"),
            _(
                "Matters answered after the date in force, and matters not answered though that date has "
                "come. A date that was granted later counts from then on; how many kept the very first date "
                "is a figure of its own."
            ),
            Measure.CASE, lambda row: row.late,
        ),
        Figure(
            "on_time", _("answered in time"),
            _(
                "Of the matters whose date has come or which are answered: those answered at the promised "
                "moment or before. To the minute, without rounding up."
            ),
            rate=lambda row: row.response,
        ),
        Figure(
            "on_first_date", _("answered by the very first date"),
            _(
                "Of the same matters: those answered by the date that was promised first. A later date that was "
                "granted changes nothing here."
            ),
            rate=lambda row: row.first_promise,
        ),
        Figure(
            "solving", _("solved, in the people's own words"),
            _("Of those who said something of the answer: those who said that it is solved. “Partly” is not solved."),
            rate=lambda row: row.solving,
        ),
        Figure(
            "satisfaction", _("satisfied with the result"),
            _("Of those who gave a grade: the upper three of five grades."),
            rate=lambda row: row.satisfaction,
        ),
        Figure(
            "manner", _("satisfied with how they were treated"),
            _("Asked and counted apart from the result: one may be treated well and still not have it solved."),
            rate=lambda row: row.manner,
        ),
    )
}  # fmt: skip
HEADLINE = ("received", "settled", "solved", "on_time")
RATES = tuple(figure for figure in FIGURES.values() if figure.rate)


def figures_of(days: tuple[date, date], by: str, at: datetime) -> Figures:
    """Return the figures of these days, remembered for a minute in each language."""
    start, end = (timezone.make_aware(datetime.combine(day, time.min)) for day in days)
    key = f"portal:figures:{start:%Y%m%d}:{end:%Y%m%d}:{by}:{get_language()}"
    kept: Figures | None = cache.get(key)
    if kept is None:
        kept = counted.figures(start, end, at=at, by=by)
        cache.set(key, kept, KEEP_SECONDS)
    return kept

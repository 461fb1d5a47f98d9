"""Help told without opening the database: its parts, what belongs to a plan, and what it brought."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _


class Part(models.TextChoices):
    """What a plan must have, both of it (POV-03)."""

    SKILL = "skill", _("a skill to live by")
    PROJECT = "project", _("a way to an income")


class Form(models.TextChoices):
    """In which form help comes."""

    MONEY = "money", _("money")
    GOODS = "goods", _("goods")
    JOB = "job", _("a job")
    TRAINING = "training", _("training")
    OTHER = "other", _("other help")


@dataclass(frozen=True, slots=True)
class Earned:
    """So much a month from a day on, to the day before `until`."""

    monthly: int
    first: date
    until: date | None


def income_on(day: date, rows: Iterable[Earned]) -> int:
    """Return what a household earns a month, on that day."""
    return sum(row.monthly for row in rows if row.first <= day and (row.until is None or day < row.until))


def months_between(first: date, last: date) -> list[date]:
    """Return the first day of each month from one to the other, both included."""
    found, year, month = [], first.year, first.month
    while date(year, month, 1) <= last:
        found.append(date(year, month, 1))
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return found


def missing_parts(parts: Iterable[str]) -> list[Part]:
    """Return what a plan still lacks."""
    there = set(parts)
    return [part for part in Part if part not in there]

"""What can be said of files, links and encounters without opening the database."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import partial

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.kit.clock import Calendar


class Presence(models.TextChoices):
    """Whether people live where the file says."""

    LIVING = "living", _("lives here")
    AWAY = "away", _("away for work or study")
    EMPTY = "empty", _("house stands empty")


class Ending(models.TextChoices):
    """Why a file was closed; what it held stays."""

    SPLIT = "split", _("split into several households")
    MERGED = "merged", _("merged into another household")
    MOVED = "moved", _("moved out of the county")
    DIED = "died", _("nobody of it lives any more")
    MISTAKE = "mistake", _("opened by mistake")


class Sex(models.TextChoices):
    FEMALE = "female", _("woman")
    MALE = "male", _("man")


class Mode(models.TextChoices):
    """How people met. Only face to face counts as having met a household (VIS-34)."""

    FACE = "face", pgettext_lazy("visit", "face to face")
    PHONE = "phone", _("by telephone")
    ONLINE = "online", _("online")


class Outcome(models.TextChoices):
    """What became of going to a door. What is not `met` stays on the list of doors to come back to (VIS-05)."""

    MET = "met", _("met somebody")
    ABSENT = "absent", _("nobody at home")
    AWAY = "away", _("away for work or study")
    REFUSED = "refused", _("would rather not talk")
    MOVED = "moved", _("no longer lives here")


class Unit(models.TextChoices):
    """What an organisation with a file of its own is."""

    ENTERPRISE = "enterprise", _("enterprise")
    PROJECT = "project", _("project")
    SCHOOL = "school", _("school")
    INSTITUTION = "institution", _("public institution")
    SOCIAL = "social", _("social organisation")


class Tie(models.TextChoices):
    """What somebody is to whom he or she is linked."""

    SECRETARY = "secretary", _("people's-situation secretary")  # 民情书记
    VILLAGE = "village", _("linked cadre of a village")  # 联村干部
    LEADER = "leader", _("linked leader")  # 联企业、联项目、联系点
    HELPER = "helper", _("helper of a household")  # 结对帮扶
    DEPARTMENT = "department", _("department paired with a community")


@dataclass(frozen=True, slots=True)
class TieRule:
    """To what a tie can go, and whether a person must be named or an office is enough."""

    to: frozenset[str]
    person: bool = True


TIES: Mapping[Tie, TieRule] = {
    Tie.SECRETARY: TieRule(frozenset({"area"})),
    Tie.VILLAGE: TieRule(frozenset({"area"})),
    Tie.LEADER: TieRule(frozenset({"area", "enterprise"})),
    Tie.HELPER: TieRule(frozenset({"household"})),
    Tie.DEPARTMENT: TieRule(frozenset({"area"}), person=False),
}


class Indicator(models.TextChoices):
    """What a goal of a campaign can be measured by; each with its own measure word."""

    MET = "met", _("households met")  # 户
    FILED = "filed", _("households whose file was said to be right")  # 户
    HEARD = "heard", _("points heard")  # 条
    SOLVED = "solved", _("points solved")  # 条
    LINKED = "linked", _("households with a helper")  # 户
    GIVEN = "given", _("small services")  # 人次


MEASURES = {
    Indicator.MET: pgettext_lazy("measure word", "households"),
    Indicator.FILED: pgettext_lazy("measure word", "households"),
    Indicator.HEARD: pgettext_lazy("measure word", "points"),
    Indicator.SOLVED: pgettext_lazy("measure word", "points"),
    Indicator.LINKED: pgettext_lazy("measure word", "households"),
    Indicator.GIVEN: pgettext_lazy("measure word", "person-times"),
}


class Subject(StrEnum):
    """Of what a file, a link or a change can be; the name of the foreign key on such rows."""

    VILLAGE = "village"
    HOUSEHOLD = "household"
    RESIDENT = "resident"
    ENTERPRISE = "enterprise"


class Of(models.TextChoices):
    """Of what a line of a household's file speaks."""

    HOUSE = "house", _("housing")
    WORK = "work", _("work")
    INCOME = "income", _("income")
    INSURANCE = "insurance", _("insurance")
    DIFFICULTY = "difficulty", _("difficulty")
    BENEFIT = "benefit", _("benefit received")


class Need(models.TextChoices):
    """Which kind of help a difficulty asks for."""

    EMPLOYMENT = "employment", _("employment")
    AID = "aid", _("social assistance")
    MEDICAL = "medical", _("medical care")
    HOUSING = "housing", _("a safe house")
    SCHOOLING = "schooling", _("schooling")


class Regular(models.TextChoices):
    """The three regulars (三定期)."""

    UPDATE = "update", _("regular update")
    REVISIT = "revisit", _("regular revisit")
    ASSESS = "assess", _("regular assessment")


class Gone(models.TextChoices):
    """Why somebody is no longer of a household."""

    DIED = "died", _("died")
    MARRIED = "married", _("married and left")
    MOVED = "moved", _("moved away")
    SPLIT = "split", _("now of another household")
    MISTAKE = "mistake", _("entered by mistake")


class LeadState(models.TextChoices):
    """How far a lead has come."""

    OPEN = "open", _("with the office")
    DONE = "done", _("helped")
    FAILED = "failed", _("could not be helped")


class Ruling(models.TextChoices):
    """What the keeper said of an objection."""

    UPHELD = "upheld", _("corrected")
    REFUSED = "refused", _("stays as it is")


class Column(models.TextChoices):
    """What a column of a list of households can hold: one person a row, the household beside the first of it."""

    VILLAGE = "village", _("village")
    GROUP = "group", _("villager group or building")
    DOOR = "door", _("door")
    HEAD = "head", _("head of the household")
    NAME = "name", pgettext_lazy("of a person", "name")
    RELATION = "relation", _("relation to the head")
    SEX = "sex", _("sex")
    BORN = "born", _("born on")
    IDENTITY = "identity", _("identity number")
    REASON = "reason", _("why an odd identity number is kept")
    PHONE = "phone", _("phone")
    POLITICS = "politics", _("political status")
    HEALTH = "health", _("health")
    WORK = "work", _("work")
    DIFFICULTY = "difficulty", _("difficulty")
    PAGE = "page", _("page of the paper book")


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """One row of a list: a person, and the household of which he or she is."""

    row: int
    village: str
    group: str
    door: str
    head: str
    name: str
    relation: str = ""
    sex: str = ""
    born_on: date | None = None
    identity: str = ""
    identity_reason: str = ""
    phone: str = ""
    politics: str = ""
    health: str = ""
    work: str = ""
    difficulty: str = ""
    page: int | None = None
    is_head: bool = False


# What may be changed of a file, field by field: its name, and whether its value lies sealed. What a county asks beyond
# this are sheets (docs/archives.md).
FIELDS: dict[Subject, dict[str, str | Promise]] = {
    Subject.HOUSEHOLD: {
        "called": _("head of the household"),
        "door": _("door"),
        "presence": _("who lives there"),
    },
    Subject.RESIDENT: {
        "name": pgettext_lazy("of a person", "name"),
        "relation": _("relation to the head"),
        "sex": _("sex"),
        "born_on": _("born on"),
        "is_registered": _("registered here"),
        "is_here": _("lives here now"),
        "phone": _("phone"),
        "identity": _("identity number"),
        "politics": _("political status"),
        "health": _("health"),
    },
    Subject.ENTERPRISE: {
        "name": pgettext_lazy("of a unit", "name"),
        "code": _("credit code"),
        "address": _("address"),
        "is_key": _("key enterprise or project"),
        "contact": _("person to speak to"),
        "phone": _("phone"),
    },
    Subject.VILLAGE: {"notes": _("notes")},
}
SEALED = frozenset({"phone", "identity", "politics", "health"})
KEPT_WITHIN = frozenset({"politics", "health"})  # of whom even the mask says nothing, and keepers of files alone see it


class Remark(models.TextChoices):
    """A signal that somebody should look at some visits; it says nothing about anybody (I-38)."""

    OVERLAP = "overlap", _("in two places at the same time")
    SAME_WORDS = "same_words", _("the same notes at several doors")
    HURRY = "hurry", _("thirty doors within an hour")


SAME_WORDS_FROM, WORDS_LEAST = 3, 10  # doors with the same notes; characters below which notes say too little
HURRY_FROM, HURRY_WITHIN = 30, timedelta(hours=1)
Went = tuple[int, datetime, datetime | None, str, int | None]  # who, from, until, notes, place


def remarks_on(visits: Sequence[Went]) -> list[tuple[Remark, list[int]]]:
    """Return signals with the places of the visits in the list; who, then when, is the order of the list."""
    found: list[tuple[Remark, list[int]]] = []
    by_words: dict[tuple[int, str], list[int]] = {}
    for place, (who, _from, _until, notes, _area) in enumerate(visits):
        words = "".join(notes.split())
        if len(words) >= WORDS_LEAST:
            by_words.setdefault((who, words), []).append(place)
    found += [(Remark.SAME_WORDS, places) for places in by_words.values() if len(places) >= SAME_WORDS_FROM]
    for place in range(1, len(visits)):
        who, _from, until, _notes, area = visits[place - 1]
        next_who, starts, _until, _words, next_area = visits[place]
        if who == next_who and until and starts < until and area != next_area:
            found.append((Remark.OVERLAP, [place - 1, place]))
    return [*found, *_hurries(visits)]


def _hurries(visits: Sequence[Went]) -> list[tuple[Remark, list[int]]]:
    found, first = [], 0
    while first < len(visits):
        last = first
        while (
            last + 1 < len(visits)
            and visits[last + 1][0] == visits[first][0]
            and visits[last + 1][1] - visits[first][1] < HURRY_WITHIN
        ):
            last += 1
        if last - first + 1 >= HURRY_FROM:
            found.append((Remark.HURRY, list(range(first, last + 1))))
            first = last
        first += 1
    return found


def fits(
    asks: str, people: Sequence[tuple[str, int | None, bool]], *, rank: str, age: int | None, least: int, year: int
) -> bool:
    """Tell whether people (rank, year of birth, leads the team) are what a rule of composition asks for."""
    match asks:
        case "rank":
            count = sum(each == rank for each, _born, _leads in people)
        case "young":
            count = sum(born is not None and year - born < (age or 0) for _rank, born, _leads in people)
        case _:
            count = sum(leads and (not rank or each == rank) for each, _born, leads in people)
    return count >= least


def shifted(day: date, calendar: Calendar) -> date:
    """Return the day itself, or the next on which people work."""
    while not calendar.is_workday(day):
        day += timedelta(days=1)
    return day


_NUMBERS = re.compile(r"\d+")


def door_order(door: str) -> tuple[tuple[int, str], ...]:
    """Return by what doors are sorted as one walks: 2号 before 10号."""
    parts: list[tuple[int, str]] = []
    end = 0
    for found in _NUMBERS.finditer(door):
        parts += [(0, door[end : found.start()]), (int(found.group()), "")]
        end = found.end()
    return (*parts, (0, door[end:]))


Point = tuple[float, float]


def walk(places: Mapping[int, Point | None], start: int | None = None) -> list[int]:
    """Return places in the order of a walk: each time the nearest one next; those nobody has mapped come last.

    The order of those that lie nowhere on the map is the order in which they were given.
    """
    mapped = {key: point for key, point in places.items() if point is not None}
    left = list(mapped)
    order: list[int] = []
    here = mapped.get(start) if start is not None else None
    while left:
        key = left[0] if here is None else min(left, key=partial(_far_from, mapped, here))
        left.remove(key)
        order.append(key)
        here = mapped[key]
    return [*order, *(key for key in places if key not in mapped)]


def _far_from(places: Mapping[int, Point], here: Point, key: int) -> float:
    """Return the squared distance in degrees, near enough to order the doors of a village."""
    there = places[key]
    return (here[0] - there[0]) ** 2 + (here[1] - there[1]) ** 2


def counts_as_met(mode: str, outcome: str) -> bool:
    """Tell whether a household was met: face to face, or it was there and would rather not talk (I-05)."""
    return mode == Mode.FACE and outcome in (Outcome.MET, Outcome.REFUSED)


# The printed form of a household's file (民情档案表): whoever changes what is printed on it counts this up, so that an
# empty form and a filled one can be told to be the same.
FORM_VERSION = 1

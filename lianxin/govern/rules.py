"""How a village decides, told without opening the database: states, moves, shares, and the steps of a procedure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

PROXIES_MOST = 3  # of one person, where a procedure says nothing else
STEPS_MOST = 20


class State(models.TextChoices):
    """How far a motion has come."""

    DRAFT = "draft", _("being prepared")
    NOTICED = "noticed", _("made known")
    VOTING = "voting", _("vote is open")
    PASSED = "passed", pgettext_lazy("motion", "decided")
    REJECTED = "rejected", _("not agreed")
    NO_QUORUM = "no_quorum", _("too few took part: no decision")
    WITHDRAWN = "withdrawn", _("taken back")


class Deed(StrEnum):
    """What can be done with a motion."""

    NOTICE = "notice"
    OPEN_VOTE = "open_vote"
    CLOSE_VOTE = "close_vote"
    WITHDRAW = "withdraw"
    NOTICE_AGAIN = "notice_again"


# From which states, to which; the end of a vote depends on how it was.
MOVES: Mapping[Deed, tuple[frozenset[State], State | None]] = {
    Deed.NOTICE: (frozenset({State.DRAFT}), State.NOTICED),
    Deed.OPEN_VOTE: (frozenset({State.NOTICED}), State.VOTING),
    Deed.CLOSE_VOTE: (frozenset({State.VOTING}), None),
    Deed.NOTICE_AGAIN: (frozenset({State.NO_QUORUM}), State.NOTICED),
    Deed.WITHDRAW: (frozenset({State.DRAFT, State.NOTICED}), State.WITHDRAWN),
}
PUBLIC = frozenset(State) - {State.DRAFT}
LIGHTS = {State.PASSED: "ok", State.REJECTED: "wait", State.NO_QUORUM: "near", State.VOTING: "near"}


class Electorate(models.TextChoices):
    """Who has a vote."""

    HOUSEHOLD = "household", _("one household, one vote")
    PERSON = "person", _("one person of age, one vote")
    WORKER = "worker", _("one worker or delegate, one vote")


class Manner(models.TextChoices):
    """How the vote is taken."""

    SECRET = "secret", _("secret ballot")
    HANDS = "hands", _("show of hands")


class Choice(models.TextChoices):
    YES = "yes", _("for it")
    NO = "no", _("against it")
    ABSTAIN = "abstain", _("no opinion")
    INVALID = "invalid", _("spoilt paper")


class Share(models.TextChoices):
    """How much of a whole is enough."""

    HALF = "half", _("more than half")
    TWO_THIRDS = "two_thirds", _("two thirds and more")


def enough(share: str, part: int, whole: int) -> bool:
    """Tell whether the part is enough of the whole; nothing is never enough."""
    if whole <= 0 or part <= 0:
        return False
    return 2 * part > whole if share == Share.HALF else 3 * part >= 2 * whole


def outcome(*, listed: int, voted: int, yes: int, quorum: str, majority: str) -> State:
    """Return what a vote came to: without a quorum there is no decision, however many were for it."""
    if not enough(quorum, voted, listed):
        return State.NO_QUORUM
    return State.PASSED if enough(majority, yes, voted) else State.REJECTED


class StepKind(models.TextChoices):
    """How a step of a procedure is known to be done."""

    RECORD = "record", _("by a record: who, when, what was said")
    NOTICE = "notice", _("by the notice, posted long enough")
    LIST = "list", _("by the list of voters, with every objection ruled on")
    VOTE = "vote", _("by a vote that decided")


class Gate(models.TextChoices):
    """Before what a step must be done."""

    START = "start", _("before the project starts")
    ACCEPTANCE = "acceptance", _("before it is accepted")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a procedure: its key, its name, how it is known, before what it must be done."""

    key: str
    title: str
    kind: str
    gate: str


class WrongSteps(ValueError):
    """The steps are no procedure."""


def steps_of(rows: Iterable[Mapping[str, Any]]) -> list[Step]:
    """Return the steps of a procedure. Raises WrongSteps: one missing a name, a key twice, a kind nobody knows."""
    found = [
        Step(str(row.get("key", "")), str(row.get("title", "")), str(row.get("kind", "")), str(row.get("gate", "")))
        for row in rows
    ]
    keys = {step.key for step in found}
    whole = all(step.key and step.title and step.kind in StepKind and step.gate in Gate for step in found)
    if not whole or len(keys) != len(found) or not 0 < len(found) <= STEPS_MOST:
        raise WrongSteps
    return found

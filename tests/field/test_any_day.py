"""A thousand days: two telephones and a desk write about one household; lines break, answers get lost, entries come in
any order and twice. In the evening everything that was written stands in the county, once, and all see the same."""

from __future__ import annotations

import random
import sys
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction

from lianxin.field.deeds import deed_of
from lianxin.people.models import User
from lianxin.record import actions
from lianxin.record.actions import Taken
from lianxin.record.models import Change, Encounter, Handset, Household, Reach, Sent
from tests.cast import Cast

PARTS = 4  # so that both cores are used
# Chance is the same on every database, and no two write at once here: a thousand days on one of them prove the rules,
# and a hundred on another that it keeps the same rows.
DAYS = 1000 if connection.vendor == "sqlite" else 100
OPEN = {"waiting", "conflict"}


class Phone:
    """What a telephone does, without its screen (static/field/book.js, sync.js)."""

    def __init__(self, handset: Handset, home: Household, chance: random.Random) -> None:
        self.handset, self.home, self.chance = handset, home, chance
        self.seen = home.door
        self.queue: dict[UUID, dict[str, Any]] = {}
        self.states: dict[UUID, str] = {}

    def write(self, kind: str, made_at: datetime, /, **body: Any) -> UUID:
        client_id = UUID(int=self.chance.getrandbits(128), version=4)
        after = [each for each, entry in self.queue.items() if entry["kind"] == "visit"][-1:] * (kind == "change")
        self.queue[client_id] = {
            "id": client_id, "kind": kind, "made_at": made_at, "skew": 0, "after": after,
            "body": {"household": self.home.pk, **body},
        }  # fmt: skip
        self.states[client_id] = "waiting"
        return client_id

    def visit(self, made_at: datetime) -> UUID:
        return self.write("visit", made_at, kind="household", outcome="absent")

    def change(self, value: str, made_at: datetime) -> UUID:
        base, self.seen = self.seen, value
        said = {"subject": "household", "id": self.home.pk, "values": {"door": value}, "base": {"door": base}}
        return self.write("change", made_at, **said)

    def push(self, at: datetime, *, lose: float) -> None:
        """Send what waits, in any order, some of it twice; the line may break at any point, and so may the answer."""
        waiting = [each for each, state in self.states.items() if state == "waiting"]
        batch = waiting + self.chance.choices(waiting, k=len(waiting) // 2) if waiting else []
        self.chance.shuffle(batch)
        for client_id in batch:
            if self.chance.random() < lose / 2:
                return  # cut before it was sent
            entry, deed = deed_of(self.handset, self.queue[client_id], at=at)
            taken = actions.take(self.handset, entry=entry, deed=deed, at=at)
            if self.chance.random() >= lose:
                self.told(client_id, taken)

    def told(self, client_id: UUID, taken: Taken) -> None:
        state = {"done": "arrived", "again": "arrived", "wait": "waiting"}.get(taken.status, taken.status)
        if self.states[client_id] != "arrived":
            self.states[client_id] = state

    def pull(self) -> None:
        self.seen = Household.objects.values_list("door", flat=True).get(pk=self.home.pk)

    def choose(self, made_at: datetime) -> None:
        for client_id, state in list(self.states.items()):
            if state == "conflict":
                self.states[client_id] = "arrived"
                choice = self.chance.choice(["mine", "theirs"])
                self.write("settle", made_at, entry=str(client_id), field="door", choice=choice)


@pytest.fixture
def day(
    cast: Cast, households: dict[str, Household], at: datetime, monkeypatch: pytest.MonkeyPatch
) -> tuple[User, Household]:
    # How far the officer reaches is proven elsewhere; asked anew at every deed it would take most of the time.
    for module in ("models.household", "actions.reached", "actions.visit"):
        monkeypatch.setattr(sys.modules[f"lianxin.record.{module}"], "reach_of", lambda *_: Reach(everywhere=True))
    cadre = cast.officer("cadre")
    for number in range(2):
        actions.enrol(user=cadre, client_id=UUID(int=number + 1), name="P", by=cadre, at=at)
    return cadre, households["陈家"]


def _live(user: User, home: Household, at: datetime, seed: int) -> None:
    chance = random.Random(seed)
    phones = [Phone(handset, home, chance) for handset in Handset.objects.select_related("user")]
    visits, changes, moment = [], [], at
    for step in range(chance.randrange(3, 7)):
        moment += timedelta(minutes=1)
        phone = chance.choice(phones)
        match chance.randrange(6):
            case 0:
                visits.append((phone.visit(moment), moment))
            case 1 | 2:
                changes.append(phone.change(f"{step}号", moment))
            case 3:
                actions.change(home, values={"door": f"台{step}"}, by=user, at=moment)
            case 4:
                phone.push(moment, lose=0.4)
            case 5:
                phone.pull()
    _evening(phones, moment)
    home.refresh_from_db()
    _equal_and_complete(home, phones, visits, changes)


def _evening(phones: list[Phone], moment: datetime) -> None:
    """Let the telephones find a network and send until nothing waits."""
    for _each in range(9):
        if not any(OPEN & set(phone.states.values()) for phone in phones):
            break
        for phone in phones:
            moment += timedelta(minutes=1)
            phone.push(moment, lose=0.0)
            phone.choose(moment)
    for phone in phones:
        phone.pull()


def _equal_and_complete(
    home: Household, phones: list[Phone], visits: list[tuple[UUID, datetime]], changes: list[UUID]
) -> None:
    assert all(state == "arrived" for phone in phones for state in phone.states.values())
    assert {phone.seen for phone in phones} == {home.door}
    assert sorted(Encounter.objects.values_list("client_id", "starts_at")) == sorted(visits)
    assert set(Sent.objects.values_list("client_id", flat=True)) == {each for phone in phones for each in phone.queue}
    written = list(Change.objects.filter(household=home, field="door").order_by("recorded_at", "id"))
    assert [line.before for line in written[1:]] == [line.after for line in written[:-1]], "overwritten unseen"
    assert not written or written[-1].after == home.door
    for client_id in changes:
        lines = Change.objects.filter(client_id=client_id).count()
        sent = Sent.objects.get(client_id=client_id)
        assert lines <= 1 and (lines == 1 or sent.conflicts.exists() or sent.state == Sent.State.DONE)
        assert not sent.conflicts.filter(settled_at=None).exists()


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_every_day_ends_equal_and_complete(day: tuple[User, Household], at: datetime, part: int) -> None:
    user, home = day
    for seed in range(part, DAYS, PARTS):
        with transaction.atomic():
            _live(user, home, at, seed)
            transaction.set_rollback(True)
        home.refresh_from_db()

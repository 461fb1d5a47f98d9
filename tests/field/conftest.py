"""Two villages, a cadre linked to one of them, and a telephone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from lianxin.people.models import User
from lianxin.record import actions
from lianxin.record.models import EncounterKind, Handset, Household, Link, Resident
from lianxin.record.rules import Tie
from tests.cast import Cast

LINKED = {"heping": "cadre", "liushu": "cadre2"}


def linked(cast: Cast) -> None:
    """Link each cadre to a village of his own."""
    Link.objects.bulk_create(
        Link(
            tie=Tie.VILLAGE,
            user=cast.officers[who],
            office=cast.offices["town_office"],
            area=cast.areas[village],
            starts=date(2026, 1, 1),
        )
        for village, who in LINKED.items()
    )


def settled(cast: Cast, at: datetime) -> dict[str, Household]:
    """Open three households in one village and one in the other."""
    rows = [
        ("陈家", "heping", "17号"),
        ("王家", "heping", "18号"),
        ("赵家", "heping", "19号"),
        ("孙家", "liushu", "3号"),
    ]
    EncounterKind.objects.create(key="household", name="入户走访", of=EncounterKind.Of.HOUSEHOLD)
    EncounterKind.objects.create(key="fields", name="田间地头", of=EncounterKind.Of.PLACE)
    found = {}
    for number, (called, village, door) in enumerate(rows, start=1):
        household = Household.objects.create(
            number=f"YX-H-{number:04d}", area=cast.areas[village], door=door, called=called, opened_at=at
        )
        Resident.objects.create(household=household, name=f"{called[0]}老大", is_head=True, relation="户主")
        found[called] = household
    return found


@pytest.fixture
def households(cast: Cast, at: datetime) -> dict[str, Household]:
    linked(cast)
    return settled(cast, at)


@pytest.fixture
def cadre(cast: Cast, households: dict[str, Household]) -> User:
    return cast.officer("cadre")


class Phone:
    """A telephone that speaks to the county over HTTP."""

    def __init__(self, user: User, at: datetime) -> None:
        at -= timedelta(days=1)  # so that there are days on which it was carried
        self.handset, self.key = actions.enrol(user=user, client_id=uuid4(), name="P", by=user, at=at)
        self.client = Client(headers={"authorization": f"Bearer {self.key}", "x-field-version": "1"})

    def post(self, path: str, body: dict[str, Any]) -> Any:
        return self.client.post(f"/api/v1/field/{path}", body, content_type="application/json")

    def pull(self, held: dict[str, str] | None = None, **more: Any) -> dict[str, Any]:
        answer = self.post("pull", {"held": held or {}, **more})
        assert answer.status_code == 200, answer.content
        return answer.json()  # type: ignore[no-any-return]

    def push(self, *entries: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
        answer = self.post("push", {"entries": list(entries), **more})
        assert answer.status_code == 200, answer.content
        return answer.json()["entries"]  # type: ignore[no-any-return]

    @property
    def row(self) -> Handset:
        return Handset.objects.get(pk=self.handset.pk)


@pytest.fixture
def phone(cadre: User, frozen: datetime) -> Phone:
    return Phone(cadre, frozen)


Say = Callable[..., dict[str, Any]]
AtDoor = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def at_door(entry: Say, households: dict[str, Household]) -> AtDoor:
    """Write down a visit, and each thing that was said at it."""

    def write(name: str, *texts: str, outcome: str = "met", **more: Any) -> list[dict[str, Any]]:
        visit = entry("visit", household=households[name].pk, kind="household", outcome=outcome, **more)
        said = {"household": households[name].pk, "visit": visit["id"]}
        when = {"made_at": datetime.fromisoformat(visit["made_at"]), "skew": visit["skew"]}
        return [visit, *(entry("voice", text=text, after=(visit["id"],), **said, **when) for text in texts)]

    return write


@pytest.fixture
def entry(at: datetime) -> Say:
    """Write down one entry, as the telephone would."""

    def write(
        what: str, /, *, made_at: datetime = at, after: tuple[str, ...] = (), skew: int | None = None, **body: Any
    ) -> dict[str, Any]:
        return {
            "id": str(uuid4()), "kind": what, "made_at": made_at.isoformat(), "skew": skew, "after": list(after),
            "body": body,
        }  # fmt: skip

    return write

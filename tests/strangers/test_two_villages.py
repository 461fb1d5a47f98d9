"""Who goes to one village, or keeps its files, learns nothing of the next one: no page, list, search, paper, export,
operation or telephone tells, whatever is asked for in whatever way.

Pages come from the URL table, what they can be asked from what they read, operations from the description of the API,
what a telephone sends from the table of its deeds: a new one is tried without being named here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from itertools import product
from typing import Any
from uuid import uuid4
from zipfile import ZipFile

import pytest
from django.db import transaction
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from lianxin.field.deeds import KINDS
from lianxin.kit.text import mask_name, mask_phone
from lianxin.ledger.models import Event
from lianxin.people import actions as people
from lianxin.people.models import User
from lianxin.record import actions as record
from lianxin.record.models import Household
from tests.stories.forms import forms_on
from tests.strangers import villages
from tests.strangers.carried import CHANGE, ENTRY, PHOTO
from tests.strangers.test_api import EVERYBODYS, PARTS, Bodies, _filled, _needs_token, noun_of, operations
from tests.strangers.test_pages import CLOSED, NO_OBJECT, OBJECTS, OPEN_DOORS, _addresses, _is_of_officers
from tests.strangers.villages import CADRE, KEEPER, OWN, OWN_NAME, Next
from tests.strangers.world import NAME, PHONE, SECRET, World, browser, routes

WHO = [CADRE, KEEPER]
TOLD = {*range(200, 500)}  # anything but a fault
OPEN = {*OPEN_DOORS, 401, 409, 422}
LEAVE = {"sign_out", "leave"}
MARKS = ("visit", "draft_visit", "session", "firm_visit", "motion", "door")


@pytest.fixture(scope="module")
def beside(whole: World) -> Next:
    """Open the village next door; it is undone with the world."""
    whole.marks += [whole.numbers[key] for key in MARKS] + [mask_name(NAME), mask_phone(PHONE)]
    villages.reach_out(whole.road, whole.numbers, secret=SECRET)
    return villages.settle(whole.road)


@pytest.fixture(autouse=True)
def _on_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let paper be what is printed on it, so that it can be read here."""

    class Paper:
        def __init__(self, string: str, **_more: Any) -> None:
            self.string = string

        def write_pdf(self) -> bytes:
            return self.string.encode()

    monkeypatch.setattr("weasyprint.HTML", Paper)


def read(answer: Any) -> str:
    """Return all that an answer tells: its words, where it sends, what its archive holds."""
    content = b"".join(answer) if answer.streaming else answer.content
    if content.startswith(b"PK"):
        packed = ZipFile(BytesIO(content))
        content = b"\n".join(packed.read(name) for name in packed.namelist())
    told = str(content.decode(errors="replace"))
    if "json" in answer.headers.get("Content-Type", ""):
        told = json.dumps(json.loads(told), ensure_ascii=False)  # words, not their escapes
    return told + "".join(str(answer.headers.get(name, "")) for name in ("Location", "Content-Disposition"))


class Seeker:
    """Asks, and writes down whatever it was told that it should not know."""

    def __init__(self, world: World, client: Client) -> None:
        self.world, self.client, self.found = world, client, list[str]()

    def ask(self, address: str, *, allowed: set[int] = OPEN, method: str = "get", **more: Any) -> Any:
        answer = getattr(self.client, method)(address, **more)
        said = json.dumps(more, ensure_ascii=False, default=str) + address
        told = read(answer).replace(address, "")
        if answer.status_code not in allowed:
            self.found.append(f"{method} {address} {more}: {answer.status_code} {told[:200]}")
        # What was asked may be said back; nothing else may.
        if leaked := [mark for mark in self.world.marks if mark in told and mark not in said]:
            self.found.append(f"{method} {address} {more}: shows {leaked}")
        return answer


@pytest.fixture
def seeker(world: World, beside: Next, who: str) -> Seeker:
    return Seeker(world, browser(beside.officer(who)))


@pytest.mark.slow
@pytest.mark.parametrize("who", WHO)
def test_no_page_of_the_other_village_opens(world: World, seeker: Seeker) -> None:
    before = Event.objects.count()
    for name in OBJECTS:
        allowed = CLOSED if _is_of_officers(name) else OPEN_DOORS
        for address, method in product(_addresses(world, name), ("get", "post")):
            seeker.ask(address, method=method, allowed=allowed)
    assert not seeker.found, "\n".join(seeker.found)
    assert Event.objects.count() == before, "something of the other village has changed"


# What a parameter of an address may name, as the other village has it. Everything else is asked for in words.
ASKED: dict[str, tuple[str, ...]] = {
    "household": ("household",), "area": ("village",), "in": ("village",), "enterprise": ("unit", "firm"),
    "team": ("team",), "number": ("household", "visit", "motion"), "case": ("case",), "campaign": ("campaign",),
    "user": ("leader",), "by": ("leader",), "office": ("office",), "subject": ("subject",), "kind": ("fact",),
    "key": ("household", "case", "visit"), "into": ("household",), "resident": ("resident",),
    "residents": ("resident",), "source": ("waiting",), "application": ("application",),
    "book": ("book",), "members": ("leader",), "fact": ("fact",),
}  # fmt: skip


@contextmanager
def watched() -> Iterator[set[str]]:
    """Write down which parameters of its address a page looks at."""
    seen: set[str] = set()

    def watching(kept: Any) -> Any:
        def look(self: QueryDict, key: str, *rest: Any) -> Any:
            seen.add(key)
            return kept(self, key, *rest)

        return look

    with pytest.MonkeyPatch.context() as patch:
        for way in ("get", "getlist", "__getitem__", "__contains__"):
            patch.setattr(QueryDict, way, watching(getattr(QueryDict, way)))
        yield seen


def values(world: World, name: str) -> list[str]:
    """Return what to ask for under this name."""
    return [str(world.numbers[key]) for key in ASKED.get(name, ())] or [NAME, PHONE, world.numbers["household"]]


@pytest.mark.slow
@pytest.mark.parametrize("who", WHO)
def test_no_list_search_paper_or_export_tells_of_it(world: World, beside: Next, seeker: Seeker) -> None:
    tried = 0
    with watched() as everywhere:
        seeker.ask(reverse("desk:todo"))
    for address in _may_open(world, beside):
        with watched() as parameters:
            seeker.ask(address)
        for name in sorted(parameters - everywhere - {"page"}):
            for value in values(world, name):
                tried += 1
                seeker.ask(address, data={name: value})
    assert not seeker.found, "\n".join(seeker.found)
    assert tried > 100


@contextmanager
def nothing_written(beside: Next, who: str, seeker: Seeker, said: str) -> Iterator[None]:
    """See that a deed writes no line about anything that is not of one's own village, and undo the deed."""
    last = Event.objects.order_by("id").values_list("id", flat=True).last() or 0
    own = [user.pk for user in beside.users.values()]
    with transaction.atomic():
        yield
        for event in Event.objects.filter(pk__gt=last, by_id=beside.users[who].pk).exclude(kind__startswith="people."):
            if Event.objects.filter(kind=event.kind, key=event.key, pk__lte=last).exclude(by_id__in=own).exists():
                seeker.found.append(f"{said} wrote {event.verb} of {event.kind} {event.key}")
        transaction.set_rollback(True)


@pytest.mark.slow
@pytest.mark.parametrize("who", WHO)
def test_no_form_of_the_own_village_takes_or_tells_what_is_of_the_other(
    world: World, beside: Next, seeker: Seeker, who: str
) -> None:
    tried = 0
    for address in _may_open(world, beside):
        answer = seeker.ask(address)
        if answer.status_code != 200 or "html" not in answer["Content-Type"]:
            continue
        for form in forms_on(read(answer), address):
            for name in () if form.asks else sorted(ASKED.keys() & form.fields.keys()):
                for value in values(world, name):
                    tried += 1
                    with nothing_written(beside, who, seeker, f"{form.action} {name}={value}"):
                        seeker.ask(form.action, method="post", data=form.given() | {name: value})
    assert not seeker.found, "\n".join(seeker.found)
    assert tried > 20


def _may_open(world: World, beside: Next) -> list[str]:
    """Return every address without an object, those of things that are everybody's, and those of the own village."""
    found = [reverse(name) for name, _, varying in routes() if not varying and name not in LEAVE]
    found += [reverse(name, kwargs=kwargs) for name, kwargs in _open_to_all(world)]
    return found + [address for name in OBJECTS for address in _own(world, beside, name)]


def _open_to_all(world: World) -> list[tuple[str, dict[str, Any]]]:
    """Return the pages of things that are everybody's, where those of the other village must not stand."""
    assert {"desk:campaign", "desk:survey", "desk:letter_paper"} <= set(NO_OBJECT)
    return [
        ("desk:campaign", {"pk": world.numbers["campaign"]}), ("desk:survey", {"key": "strangers.house"}),
        ("desk:survey", {"key": "strangers.village"}), ("desk:letter_paper", {"pk": world.numbers["brought"]}),
    ]  # fmt: skip


def _own(world: World, beside: Next, name: str) -> list[str]:
    """Return the addresses of a page about what the village next door has itself."""
    keys = OBJECTS[name].values()
    if not any(key in beside.numbers for needed in keys for key in needed):
        return []
    mine = {key: beside.numbers.get(key, world.numbers[key]) for needed in keys for key in needed}
    chosen = [mine[needed[0]] if isinstance(mine[needed[0]], list) else [mine[needed[0]]] for needed in keys]
    return [reverse(name, kwargs=dict(zip(OBJECTS[name], each, strict=True))) for each in product(*chosen)]


class Naming(Bodies):
    """Makes bodies that name, wherever something can be named, what the other village has."""

    def _value(self, name: str, shape: dict[str, Any]) -> Any:
        if name in ASKED and shape.get("type") in ("integer", "string") and "enum" not in shape:
            chosen = values(self.world, name)
            whole = [int(each) for each in chosen if each.isdecimal()]
            return (whole or [0])[0] if shape["type"] == "integer" else chosen[0]
        if shape.get("type") == "object":
            known = shape.get("properties", {})
            needed = {*shape.get("required", []), *(ASKED.keys() & known.keys())}
            return {key: self._value(key, kind) for key, kind in known.items() if key in needed}
        return super()._value(name, shape)


def _bearer(world: World, user: User) -> Client:
    _token, secret = people.make_token(user=user, name="next", by=None, at=world.road.at)
    return Client(headers={"authorization": f"Bearer {secret}"})


@pytest.mark.slow
@pytest.mark.parametrize("who", WHO)
def test_no_operation_of_the_api_tells_or_takes_anything_of_it(world: World, beside: Next, who: str) -> None:
    seeker, bodies = Seeker(world, _bearer(world, beside.officer(who))), Naming(world)
    for method, path, operation in operations():
        body = json.dumps(bodies.of(operation))
        sent = {} if method == "get" else {"data": body, "content_type": "application/json"}
        closed = "{" in path and _needs_token(operation) and noun_of(path) not in EVERYBODYS
        for address in _filled(path, world) if closed else ():
            seeker.ask(address, method=method, allowed={401, 403, 404}, **sent)
        for address in _own_operations(path, world, beside):
            with nothing_written(beside, who, seeker, f"{method} {address} {body}"):
                seeker.ask(address, method=method, allowed=TOLD, **sent)
            for each in operation.get("parameters", []) if method == "get" else ():
                for value in values(world, each["name"]) if each["in"] == "query" else ():
                    seeker.ask(address, allowed=TOLD, data={each["name"]: value})
    assert not seeker.found, "\n".join(seeker.found)


def _own_operations(path: str, world: World, beside: Next) -> list[str]:
    """Return the addresses of an operation that names nothing, or what the village next door has itself."""
    if "{" not in path:
        return [path]
    parts = PARTS.get(noun_of(path), {})
    keys = {part: parts[part][0] for part in re.findall(r"{(\w+)}", path) if part in parts}
    if not any(key in beside.numbers for key in keys.values()):
        return []
    return [path.format(**{part: beside.numbers.get(key, world.numbers[key]) for part, key in keys.items()})]


def test_a_telephone_is_given_nothing_of_it_and_can_send_nothing_to_it(world: World, beside: Next) -> None:
    at, cadre = world.road.at, beside.officer(CADRE)
    household = Household.objects.get(number=world.numbers["household"])
    _handset, key = record.enrol(user=cadre, client_id=uuid4(), name="P", by=cadre, at=at)
    phone = Client(headers={"authorization": f"Bearer {key}", "x-field-version": "1"})
    seeker = Seeker(world, phone)
    held = {f"household:{household.pk}": "00", f"area:{world.numbers['village']}": "00"}
    told = read(seeker.ask("/api/v1/field/pull", method="post", data={"held": held}, content_type="application/json"))
    assert beside.numbers["household"] in told and OWN_NAME in told
    bodies: dict[str, dict[str, Any]] = {
        "visit": {"household": household.pk, "kind": "visit.household"},
        "voice": {"household": household.pk, "text": "路灯坏了。"},
        "change": {"subject": "household", "id": household.pk, "values": {"door": "9号"}, "base": {}},
        "resident": {"household": household.pk, "values": {"name": "某某"}},
        "answer": {"household": household.pk, "sheet": "strangers.house", "values": {"grade": "d"}},
        "settle": {"entry": str(CHANGE), "field": "door", "choice": "mine"},
    }  # fmt: skip
    assert bodies.keys() == KINDS.keys(), "say how a telephone would name the other village in what is new"
    entries = [
        {"id": str(uuid4()), "kind": kind, "made_at": at.isoformat(), "skew": 0, "after": [], "body": body}
        for kind, body in bodies.items()
    ]  # fmt: skip
    entries.append(entries[0] | {"id": str(ENTRY)})  # what the other cadre's telephone has sent, sent again
    for entry in entries:
        answer = seeker.ask(
            "/api/v1/field/push", method="post", data={"entries": [entry]}, content_type="application/json",
            allowed={200, 404, 409},
        )  # fmt: skip
        if answer.status_code == 200:
            assert {each["status"] for each in answer.json()["entries"]} <= {"refused", "wait"}, entry
    seeker.ask(f"/api/v1/field/files/{PHOTO}", allowed=CLOSED)
    assert not seeker.found, "\n".join(seeker.found)


def test_what_is_refused_to_them_opens_to_those_whose_it_is(world: World, beside: Next) -> None:
    """The refusals above mean something only if each village is shown its own."""
    cast = world.road.cast
    for name in ("desk:household", "desk:household_paper", "desk:encounter", "desk:entry", "desk:help_entry"):
        assert any(OWN in _shown(beside.officer(who), _own(world, beside, name)[0]) for who in WHO), name
        theirs = _addresses(world, name)[0]
        keepers = (cast.officer("archivist"), cast.officer("cadre"), cast.officer("organiser"))
        assert any(SECRET in _shown(user, theirs) for user in keepers), name
    keeper = beside.officer(KEEPER)
    for user, numbers in ((keeper, beside.numbers), (cast.officer("archivist"), world.numbers)):
        assert numbers["household"] in _shown(user, reverse("desk:export_households"))
    assert OWN in _shown(keeper, reverse("desk:motion", args=[beside.numbers["motion"]]))


def _shown(user: User, address: str) -> str:
    return read(browser(user).get(address))

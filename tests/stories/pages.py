"""Every page of the house that somebody can open, and who: found from the URL table, so that no new page escapes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import totp

from lianxin.ledger import actions as ledger
from lianxin.listen import actions as listen
from lianxin.listen.models import Voice, code_of
from lianxin.outbox.models import Message
from lianxin.outbox.rules import State
from lianxin.people import actions as people
from lianxin.people.models import Limit
from lianxin.project.demo import sheets as forms
from lianxin.resolve import actions as resolve
from lianxin.resolve.models import Case, Publication
from lianxin.serve import actions as serve
from lianxin.serve.models import DatedList, Service
from tests.strangers import hall
from tests.strangers.test_pages import NO_OBJECT, OBJECTS
from tests.strangers.world import World, browser, routes

RESIDENT, NOBODY, NEW, CODED = "resident", "nobody", "new", "coded"
PASSWORD = "ba-shan-ye-yu-1978"
# Whoever comes first and may open it, shows it.
OFFICERS = [
    *("dispatcher", "registrar", "secretary", "letter_clerk", "supervisor", "editor", "handler", "examiner", "it"),
    *("cataloguer", "keeper", "mayor", "labour_reviewer", "approver", "clerk"),
]
PAGE, OTHER, ELSEWHERE, SHUT = "page", "a file, a part of a page, or a deed", "elsewhere", "shut"
CHOSEN: dict[str, dict[str, list[Any]]] = {
    "figure": {"key": ["received"]}, "digest": {"year": [2026], "month": [9]}, "face.language": {"code": ["en"]},
    "desk:wording": {"paper": ["grant"]},
    **{name: {"key": [hall.KEY]} for name in ("ticket", "give_back", "come_back", "badge")},
}  # fmt: skip


@dataclass(frozen=True)
class Sight:
    """One page: its name in the URL table, its address, and somebody who may open it."""

    name: str
    address: str
    viewer: str


def viewers(world: World) -> dict[str, Client]:
    """Return the browsers of everybody: nobody, a resident with receipts in hand, and each officer."""
    found = {NOBODY: Client(), RESIDENT: _resident(world)}
    found |= {key: browser(world.road.cast.officer(key)) for key in OFFICERS}
    world.numbers["counter"] = _heard_at_the_counter(found["registrar"])
    return found | {NEW: _half_way(world, NEW), CODED: _half_way(world, CODED)}


LIST = "反映内容,姓名,电话\n村口的路灯坏了三盏,李四,13900139000\n,,\n"


def complete(world: World) -> None:
    """Bring what is proposed before the public, and let the list that waits be one that can be read."""
    draft, at = Publication.objects.select_related("case").get(), world.road.at
    resolve.publish(draft.case, by=world.road.cast.officer("editor"), at=at)
    kept = ledger.keep_file(content=LIST.encode(), name="诉求.csv", by=None, at=at)
    Message.objects.filter(pk=world.numbers["message"]).update(state=State.FAILED)
    CHOSEN["verified"] = {"code": [world.numbers["check_code"]]}
    CHOSEN["apply"] = {"number": [world.numbers["applied_for"]]}
    _publish_catalogue(world)
    world.numbers["limit"] = Limit.objects.order_by("pk").values_list("pk", flat=True)[0]
    world.numbers["intake"] = listen.open_intake(kept, total=2, by=world.road.cast.officer("dispatcher"), at=at).pk


SERVICES = "事项名称,实施主体\n社保卡申领,县人力资源和社会保障局\n"


def _publish_catalogue(world: World) -> None:
    """Publish the service and the list that were only drafts, and open a list of services that can be read."""
    at, by = world.road.at, world.road.cast.officer("cataloguer")
    draft = Service.objects.get(number=world.numbers["service"])
    forms.publish(at)
    serve.edit_service(draft, values={"self_check_key": "check.elsewhere"}, by=by, at=at)
    serve.publish_service(draft, starts=timezone.localdate(at), by=by, at=at)
    dated = DatedList.objects.get(pk=world.numbers["list"])
    serve.edit_list(
        dated, title=dated.title, governs=dated.governs, basis=dated.basis, is_public=True, by=by, at=at
    )  # fmt: skip
    kept = ledger.keep_file(content=SERVICES.encode(), name="事项.csv", by=None, at=at)
    world.numbers["services"] = serve.open_intake(kept, total=1, by=by, at=at).pk


def sights(world: World, by: dict[str, Client]) -> list[Sight]:
    """Return every page with somebody who sees it. Raises AssertionError for an address that answers nobody."""
    found, shut = [], []
    for name, _, varying in routes():
        for address in _addresses(world, name, varying):
            answers = set()
            for who, client in by.items():
                answers.add(answer := _answer(client, address))
                if answer == PAGE:
                    found.append(Sight(name, address, who))
                if answer in (PAGE, OTHER):
                    break
            if answers == {SHUT}:
                shut.append(address)
    for client in by.values():  # the addresses that choose language and size of letters have been asked for, too
        client.cookies.pop("language", None)
        client.cookies.pop("size", None)
    assert not shut, f"nobody can open these: bring the object that they are about into the world: {shut}"
    return found


def _resident(world: World) -> Client:
    """Return the browser of somebody who has just spoken, and has opened receipts of earlier."""
    client = Client()
    client.post("/speak/", {"key": "k" * 32, "text": "村口的路灯坏了三盏。", "identity": "anonymous"})
    for number in Voice.objects.values_list("number", flat=True):
        client.post("/track/", {"number": number, "code": code_of(number)})
    applied = world.numbers["application"]
    client.post("/track/", {"number": applied, "code": code_of(applied)})
    booked = world.numbers["appointment"]
    client.post("/hall/appointment/", {"number": booked, "code": code_of(booked)})
    return client


def _half_way(world: World, name: str) -> Client:
    """Return the browser of an officer whose password was right, and who still owes the second factor."""
    by, at = world.road.cast.officer("it"), world.road.at
    user = people.make_user(username=name, name="严守", by=by, at=at, totp_required=True)
    people.set_password(user, password=PASSWORD, by=user, at=at)
    if name == CODED:
        device = people.begin_enrolment(user, at=at)
        people.confirm_enrolment(user, code=f"{totp(device.bin_key):06d}", at=at)
    client = Client()
    client.post("/sign-in", {"username": name, "password": PASSWORD})
    return client


def _heard_at_the_counter(client: Client) -> str:
    """Let the registrar write down what somebody says, and return its number."""
    said = {"key": "c" * 32, "channel": "counter", "text": "来窗口问退休手续。", "identity": "anonymous"}
    return client.post("/desk/hear/", said)["Location"].rstrip("/").rsplit("/", 1)[-1]


def _addresses(world: World, name: str, varying: frozenset[str]) -> Iterator[str]:
    if not varying:
        yield reverse(name)
        return
    if name == "answer":
        yield reverse(name, args=[Publication.objects.get().pk])
        return
    if name in NO_OBJECT:
        keys, values = list(CHOSEN[name]), list(CHOSEN[name].values())
    else:
        keys = list(OBJECTS[name])
        values = [_objects(world, name, key) for key in keys]
    for chosen in product(*values):
        yield reverse(name, kwargs=dict(zip(keys, chosen, strict=True)))


def _objects(world: World, name: str, key: str) -> list[Any]:
    if name == "confirm":
        return [_behind(world)] if key == "number" else [world.numbers["done"]]
    if name == "desk:do" and key == "number":
        return [world.numbers["case"]]
    if name == "set_limit":
        return [world.numbers["limit"]]
    if name == "desk:heard":
        return [world.numbers["counter"]]
    found = [world.numbers[each] for each in OBJECTS[name][key]]
    return found[0] if isinstance(found[0], list) else found


def _behind(world: World) -> str:
    return Case.objects.get(number=world.numbers["done"]).joins.get().item.voice.number


def _answer(client: Client, address: str) -> str:
    answer: Any = client.get(address)
    if answer.streaming:
        b"".join(answer.streaming_content)  # read to its end, or the test's own connection is closed with it
        return OTHER
    if answer.status_code == 200:
        html = answer["Content-Type"].startswith("text/html") and b"<html" in answer.content
        return PAGE if html else OTHER
    if answer.status_code == 302 and not answer["Location"].startswith("/sign-in"):
        return ELSEWHERE
    return OTHER if answer.status_code in (204, 405) else SHUT

"""Every page of the house that somebody can open, and who: found from the URL table, so that no new page escapes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count, product
from typing import Any
from unittest.mock import patch

from django.test import Client
from django.urls import resolve as resolve_address
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import totp

from lianxin.intake import actions as intake
from lianxin.listen import actions as listen
from lianxin.listen.channels.listing import VOICES
from lianxin.listen.models import Item, Subject, Voice, code_of
from lianxin.outbox.models import Message
from lianxin.outbox.rules import State
from lianxin.people import actions as people
from lianxin.people.models import Limit
from lianxin.people.rules import Power
from lianxin.project.demo import sheets as forms
from lianxin.record.models import Household
from lianxin.resolve import actions as resolve
from lianxin.resolve.models import Case, Publication
from lianxin.serve import actions as serve
from lianxin.serve.channels.listing import SERVICES
from lianxin.serve.models import DatedList, Service
from tests.serve.settling import PDF
from tests.strangers import hall, visited
from tests.strangers.test_pages import NO_OBJECT, OBJECTS
from tests.strangers.world import World, browser, routes

RESIDENT, NOBODY, NEW, CODED = "resident", "nobody", "new", "coded"
PASSWORD = "ba-shan-ye-yu-1978"
# Whoever comes first and may open it, shows it.
OFFICERS = [
    *("dispatcher", "registrar", "secretary", "letter_clerk", "supervisor", "editor", "handler", "examiner", "it"),
    *("cataloguer", "keeper", "mayor", "labour_reviewer", "approver", "clerk", "cadre", "archivist", "organiser"),
]
PAGE, OTHER, ELSEWHERE, SHUT = "page", "a file, a part of a page, or a deed", "elsewhere", "shut"
CAMPAIGN_DEEDS = ["target", "goal", "action", "team", "rule", "seat", "need", "sign-up"]
CHOSEN: dict[str, dict[str, list[Any]]] = {
    "figure": {"key": ["received"]}, "digest": {"year": [2026], "month": [9]}, "face.language": {"code": ["en"]},
    "field:words": {"code": ["en"]},
    "desk:add_to_list": {"name": visited.LISTS},
    "desk:survey": {"key": ["strangers.house"]},
    "desk:wording": {"paper": ["grant"]},
    **{name: {"key": [hall.KEY]} for name in ("ticket", "give_back", "come_back", "badge", "rate_contact")},
}  # fmt: skip


@dataclass(frozen=True)
class Sight:
    """One page: its name in the URL table, its address, somebody who may open it, what they saw, and its head."""

    name: str
    address: str
    viewer: str
    html: str
    headers: tuple[tuple[str, str], ...] = ()


def viewers(world: World) -> dict[str, Client]:
    """Return the browsers of everybody: nobody, a resident with receipts in hand, and each officer."""
    found = {NOBODY: Client(), RESIDENT: _resident(world)}
    found |= {key: browser(world.road.cast.officer(key)) for key in OFFICERS}
    world.numbers["counter"] = _heard_at_the_counter(found["registrar"])
    return found | {NEW: _half_way(world, NEW), CODED: _half_way(world, CODED)}


def _raised_at_the_door(world: World) -> dict[str, list[Any]]:
    """Say what the household's point is about, and return by which subject and place its page is asked for."""
    item = Item.objects.get(voice__household__number=world.numbers["household"])
    subject = Subject.objects.get(pk=world.numbers["subject"])
    listen.classify(item, subject=subject, by=world.road.cast.officer("dispatcher"), at=world.road.at)
    return {"subject": [subject.pk], "area": [Household.objects.get(number=world.numbers["household"]).area_id]}


LIST = "反映内容,姓名,电话\n村口的路灯坏了三盏,李四,13900139000\n,,\n"


def complete(world: World) -> None:
    """Bring what is proposed before the public, and let the list that waits be one that can be read."""
    draft, at = Publication.objects.select_related("case").get(), world.road.at
    resolve.publish(draft.case, by=world.road.cast.officer("editor"), at=at)
    Message.objects.filter(pk=world.numbers["message"]).update(state=State.FAILED)
    CHOSEN["verified"] = {"code": [world.numbers["check_code"]]}
    for name in ("decision", "cast", "object_to_list"):
        CHOSEN[name] = {"number": [world.numbers["motion_voting"], world.numbers["motion_built"]]}
    CHOSEN["decision_photo"] = {"number": [world.numbers["motion_built"]], "pk": [world.numbers["photo"]]}
    CHOSEN["desk:obligation"] = {"key": [world.numbers["obligation"]]}
    CHOSEN["desk:campaign"] = {"pk": [world.numbers["campaign"]]}
    CHOSEN["desk:do_campaign"] = {"pk": [world.numbers["campaign"]], "deed": CAMPAIGN_DEEDS}
    CHOSEN["desk:letter_paper"] = {"pk": [world.numbers["brought"]]}
    CHOSEN["desk:promote"] = _raised_at_the_door(world)
    CHOSEN["apply"] = {"number": [world.numbers["applied_for"]]}
    _publish_catalogue(world)
    world.numbers["limit"] = Limit.objects.order_by("pk").values_list("pk", flat=True)[0]
    by = world.road.cast.officer("dispatcher")
    opened, _seen = intake.open_list(VOICES, content=LIST.encode(), name="诉求.csv", by=by, at=at)
    world.numbers["intake"] = opened.pk


SERVICES_LISTED = "事项名称,实施主体\n社保卡申领,县人力资源和社会保障局\n"


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
    intake.open_list(SERVICES, content=SERVICES_LISTED.encode(), name="事项.csv", by=by, at=at)


@contextmanager
def unprinted() -> Iterator[None]:
    """Let paper be a few bytes: half a second of each PDF goes into setting it, and not all who ask for it read it."""
    numbers = count()
    with patch("weasyprint.HTML.write_pdf", lambda *_args, **_options: PDF + f"\n%{next(numbers)}".encode()):
        yield


def sights(world: World, by: dict[str, Client], part: int = 0, parts: int = 1) -> list[Sight]:
    """Return every page with somebody who sees it, or every `parts`th of them.

    Raises AssertionError for an address that answers nobody.
    """
    found, shut, held = [], [], _powers(world)
    asked = [(name, address) for name, _, varying in routes() for address in _addresses(world, name, varying)]
    for name, address in asked[part::parts]:
        answers = {SHUT}
        for who in _admitted(address, by, held):
            answer, html, headers = _answer(by[who], address)
            answers.add(answer)
            if answer == PAGE:
                found.append(Sight(name, address, who, html, headers))
            if answer in (PAGE, OTHER):
                break
        if answers == {SHUT}:
            shut.append(address)
    assert not shut, f"nobody can open these: bring the object that they are about into the world: {shut}"
    return found


def _powers(world: World) -> dict[str, frozenset[Power]]:
    return {key: world.road.cast.officer(key).stand(world.road.at).powers for key in OFFICERS}


def _admitted(address: str, by: dict[str, Client], held: dict[str, frozenset[Power]]) -> Iterator[str]:
    """Whom the door lets through to this page at all; that it turns the others away, the strangers' tests tell."""
    view = resolve_address(address.split("?")[0]).func
    for who in by:
        if (
            getattr(view, "public", False)
            or not (powers := getattr(view, "powers", ()))
            or (who in held and not held[who].isdisjoint(powers))
        ):
            yield who


def _resident(world: World) -> Client:
    """Return the browser of somebody who has just spoken, and has opened receipts of earlier."""
    client = Client()
    client.post("/speak/", {"key": "k" * 32, "text": "村口的路灯坏了三盏。", "identity": "anonymous"})
    for number in Voice.objects.values_list("number", flat=True):
        client.post("/track/", {"number": number, "code": code_of(number)})
    applied = world.numbers["application"]
    client.post("/track/", {"number": applied, "code": code_of(applied)})
    received = world.numbers["reception"]
    client.post("/track/", {"number": received, "code": code_of(received)})
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


def _answer(client: Client, address: str) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    answer: Any = client.get(address)
    for chosen in ("language", "size"):  # the addresses that choose language and size of letters are asked for, too
        client.cookies.pop(chosen, None)
    if answer.streaming:
        b"".join(answer.streaming_content)  # read to its end, or the test's own connection is closed with it
        return OTHER, "", ()
    if answer.status_code == 200:
        html = answer["Content-Type"].startswith("text/html") and b"<html" in answer.content
        return (PAGE, answer.content.decode(), tuple(answer.items())) if html else (OTHER, "", ())
    if answer.status_code == 302 and not answer["Location"].startswith("/sign-in"):
        return ELSEWHERE, "", ()
    return (OTHER if answer.status_code in (204, 405) else SHUT), "", ()

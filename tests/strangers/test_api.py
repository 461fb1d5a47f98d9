"""Every operation of the API, asked for with the token of everybody who has nothing to do with the matter."""

from __future__ import annotations

import json
import re
from itertools import product
from typing import Any

import pytest
from django.test import Client

from lianxin.ledger.models import Event
from lianxin.people import actions as people
from lianxin.people.models import User
from lianxin.project.api import api
from tests.strangers.test_pages import WHO
from tests.strangers.world import World, strangers

# Which object stands at which part of an address. A part that is not here fails: no new operation escapes.
PARTS: dict[str, dict[str, list[str]]] = {
    "cases": {"number": ["case", "done"], "voice": ["voice"], "pk": ["file"]},
    "voices": {"number": ["waiting", "voice"], "receipt": ["waiting", "voice"], "pk": ["file"]},
    "items": {"pk": ["item"], "item": ["item"], "id": ["item"]},
    "letters": {"number": ["letter"]},
    "visits": {"number": ["visit"]},
    "villages": {"pk": ["village"], "key": ["village_sheet"]},
    "households": {"number": ["household"], "pk": ["resident"], "key": ["fill_sheet"]},
    "units": {"pk": ["unit"], "user": ["leader"]},
    "leads": {"pk": ["lead"]},
    "calls": {"pk": ["call"]},
    "topics": {"pk": ["topic"]},
    "rosters": {"pk": ["doors"]},
    "guests": {"pk": ["guest"]},
    "diary": {"pk": ["diary"]},
    "outings": {"pk": ["outing"]},
    "teams": {"pk": ["team"]},
    "needs": {"pk": ["need"]},
    "offers-to-go": {"pk": ["sign_up"]},
    "members": {"pk": ["member"]},
    "campaigns": {"pk": ["campaign"]},
    "dated-lists": {"key": ["list_key"]},
    "dated-lines": {"pk": ["line"]},
    "halls": {"pk": ["hall_kept"]},
    "hall-lines": {"pk": ["hall_line"]},
    "windows": {"pk": ["hall_window"]},
    "feedback": {"number": ["feedback"]},
    "places": {"pk": ["team_area"]},
    "objections": {"pk": ["objection"]},
    "links": {"pk": ["link"]},
    "clues": {"pk": ["clue"]},
    "obligations": {"key": ["obligation"]},
    "help": {"pk": ["entry"]},
    "motions": {"number": ["motion", "motion_voting", "motion_built"]},
    "messages": {"pk": ["message"]},
    "intake": {"pk": ["intake"]},
    "intakes": {"pk": ["intake"]},
    "lists": {"pk": ["intake"], "row": ["bad_row"]},
    "publications": {"number": ["done"]},
    "filters": {"pk": ["saved"]},
    "heard": {"number": ["waiting"]},
    "triage": {"number": ["waiting"]},
    "answers": {"pk": ["done"]},
    "receptions": {"number": ["reception"], "pk": ["matter"]},
    "functions": {"pk": ["function"]},
    "subjects": {"pk": ["subject"]},
    "templates": {"key": ["template"]},
    "applications": {"number": ["application"]},
    "field": {"client_id": ["upload"]},
}
EVERYBODYS = {"campaigns"}  # every visiting cadre may know one and offer to go; what places need in it, not
CLOSED = {401, 403, 404}  # 401: the key of a telephone is asked, and none of an officer fits
Operation = tuple[str, str, dict[str, Any]]


def operations() -> list[Operation]:
    """Return every operation: method, path with its parts in braces, description."""
    schema = api.get_openapi_schema()
    return [
        (method, path, operation)
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
        if method in {"get", "post", "put", "patch", "delete"}
    ]


def _needs_token(operation: dict[str, Any]) -> bool:
    return bool(operation.get("security"))


def noun_of(path: str) -> str:
    """Return what an address is about."""
    return path.removeprefix("/api/v1/").split("/")[0]


def _filled(path: str, world: World) -> list[str]:
    parts = re.findall(r"{(\w+)}", path)
    keys = [PARTS[noun_of(path)][part] for part in parts]
    return [
        path.format(**{part: world.numbers[key] for part, key in zip(parts, chosen, strict=True)})
        for chosen in product(*keys)
    ]


class Bodies:
    """Makes a body that has the right shape, so that the refusal is about the person and not about the form."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.shapes = api.get_openapi_schema().get("components", {}).get("schemas", {})

    def of(self, operation: dict[str, Any]) -> dict[str, Any]:
        content = operation.get("requestBody", {}).get("content", {})
        if "application/json" not in content:
            return {}
        value = self._value("", content["application/json"]["schema"])
        assert isinstance(value, dict)
        return value

    def _value(self, name: str, shape: dict[str, Any]) -> Any:  # noqa: C901  one line for each kind of value
        if "$ref" in shape:
            return self._value(name, self.shapes[shape["$ref"].rsplit("/", 1)[1]])
        if "allOf" in shape or "anyOf" in shape:
            return self._value(name, next(s for s in [*shape.get("allOf", []), *shape.get("anyOf", [])]))
        if "enum" in shape:
            return shape["enum"][0]
        if name == "items" and shape.get("items", {}).get("type") == "integer":
            return self.world.items
        match shape.get("type"):
            case "object":
                needed = shape.get("required", [])
                return {
                    key: self._value(key, kind) for key, kind in shape.get("properties", {}).items() if key in needed
                }
            case "array":
                return [self._value("", shape["items"])]
            case "integer":
                return self.world.numbers["office"]
            case "boolean":
                return True
            case "string" if shape.get("format") == "date":
                return "2026-10-20"
            case "string" if shape.get("format") == "date-time":
                return "2026-10-20T10:00:00+08:00"
            case _:
                return "一句说得清楚的理由，足够长。"


def _call(client: Client, method: str, address: str, body: dict[str, Any]) -> tuple[int, str]:
    answer = client.generic(method.upper(), address, json.dumps(body), content_type="application/json")
    told = (b"".join(answer) if answer.streaming else answer.content).decode(errors="replace")
    if "json" in answer.headers.get("Content-Type", ""):
        told = json.dumps(json.loads(told), ensure_ascii=False)  # words, not escapes
    return answer.status_code, told


def _client(world: World, user: User) -> Client:
    _token, secret = people.make_token(user=user, name="test", by=None, at=world.road.at)
    return Client(headers={"authorization": f"Bearer {secret}"})


def test_every_operation_says_who_may_do_it() -> None:
    for path, _router in api._routers:
        assert path is not None
    silent = []
    for router in api._get_bound_routers():
        for place in router.path_operations.values():
            for operation in place.operations:
                view = operation.view_func
                if not (
                    getattr(view, "powers", None) or getattr(view, "public", False) or getattr(view, "signed_in", False)
                ):
                    silent.append(f"{operation.methods} {view.__module__}.{view.__name__}")
    assert silent == []


@pytest.mark.parametrize("who", WHO)
def test_no_stranger_does_anything_to_it(world: World, who: str) -> None:
    client, bodies = _client(world, strangers(world.road)[who]), Bodies(world)
    before, found = Event.objects.count(), []
    for method, path, operation in operations():
        if "{" not in path or not _needs_token(operation) or noun_of(path) in EVERYBODYS:
            continue
        for address in _filled(path, world):
            status, body = _call(client, method, address, bodies.of(operation))
            if status not in CLOSED:
                found.append(f"{method} {address}: {status} {body[:160]}")
            if leaked := [mark for mark in world.marks if mark in body and mark not in address]:
                found.append(f"{method} {address}: shows {leaked}")
    assert found == []
    assert Event.objects.count() == before, "a stranger has changed something"


@pytest.mark.parametrize("who", WHO)
def test_no_list_and_no_bulk_deed_reaches_it(world: World, who: str) -> None:
    client, bodies = _client(world, strangers(world.road)[who]), Bodies(world)
    found = []
    for method, path, operation in operations():
        if "{" in path:
            continue
        status, body = _call(client, method, path, bodies.of(operation))
        if status >= 500:
            found.append(f"{method} {path}: {status}")
        if leaked := [mark for mark in world.marks if mark in body]:
            found.append(f"{method} {path}: shows {leaked}")
    assert found == []
    for item in world.items:
        assert not Event.objects.filter(kind="listen.item", key=item, verb="item.joined").exists()


def test_without_a_token_nothing_of_the_officers_opens(world: World) -> None:
    bodies = Bodies(world)
    for method, path, operation in operations():
        if not _needs_token(operation):
            continue
        for address in _filled(path, world) if "{" in path else [path]:
            status, body = _call(Client(), method, address, bodies.of(operation))
            assert status == 401, f"{method} {address}: {status}"
            assert not [mark for mark in world.marks if mark in body and mark not in address]


def test_without_the_code_a_voice_is_as_unknown_as_one_that_does_not_exist(world: World) -> None:
    for number in (world.numbers["voice"], "YX-222-222-222"):
        for code in ("", "?code=", "?code=000000"):
            status, body = _call(Client(), "get", f"/api/v1/voices/{number}{code}", {})
            assert status in {404, 422}
            assert body.replace(number, "") == _call(Client(), "get", f"/api/v1/voices/YX-333-333-333{code}", {})[
                1
            ].replace("YX-333-333-333", "")

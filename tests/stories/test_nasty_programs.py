"""Programs that send whatever the description of the API allows, and what it does not: told, never a fault."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
import schemathesis
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.core import NotSet
from schemathesis.generation import GenerationMode

from lianxin.people import actions as people
from tests.strangers.conftest import whole, world
from tests.strangers.world import World

__all__ = ["whole", "world"]
EXAMPLES = 12  # of each operation, each with no token and with those of two officers


def _operations(client: Client) -> list[Any]:
    schema: Any = schemathesis.openapi.from_dict(client.get("/api/v1/openapi.json").json())
    return [found.ok() for found in schema.get_all_operations()]


def _send(client: Client, case: Any, token: dict[str, str]) -> tuple[str, Any]:
    """Send what was made up, and take back what came of it."""
    address = case.formatted_path
    query = {key: value for key, value in (case.query or {}).items() if value is not None}
    headers = {name: str(value) for name, value in (case.headers or {}).items() if str(value).isascii()}
    body = "" if isinstance(case.body, NotSet) else json.dumps(case.body, default=str)
    with transaction.atomic():
        answer: Any = client.generic(
            case.method.upper(), address, body, content_type="application/json", query_params=query,
            headers={**headers, **token},
        )  # fmt: skip
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        transaction.set_rollback(True)
    return f"{case.method} {address} {query} {body[:200]}", (answer, content)


def _fault(told: str, answer: Any, content: bytes) -> str:
    if answer.status_code >= 500:
        return f"{answer.status_code}: {told}"
    if answer.status_code < 400:
        return ""
    if not answer["Content-Type"].startswith("application/problem+json"):
        return f"{answer.status_code} as {answer['Content-Type']}: {told}"
    problem = json.loads(content)
    whole = {"type", "title", "status", "detail"} <= problem.keys() and problem["status"] == answer.status_code
    return "" if whole else f"{problem} is no problem of RFC 9457: {told}"


def _token(world: World, bearer: str) -> dict[str, str]:
    by, user = world.road.cast.officer("it"), world.road.cast.officer(bearer)
    _row, secret = people.make_token(user=user, name="nasty", by=by, at=world.road.at)
    return {"Authorization": f"Bearer {secret}"}


@pytest.mark.slow
def test_whatever_a_program_sends_is_answered(world: World) -> None:
    client = Client()
    client.raise_request_exception = False
    tokens = [{}, *(_token(world, bearer) for bearer in ("dispatcher", "it"))]
    faults: list[str] = []
    for operation in _operations(client):
        for mode in GenerationMode:

            @seed(2026)
            @settings(
                max_examples=EXAMPLES // 2, deadline=None, database=None, phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )  # fmt: skip
            @given(case=operation.as_strategy(generation_mode=mode))
            def attack(case: Any) -> None:
                for token in tokens:
                    told, (answer, content) = _send(client, case, token)
                    if fault := _fault(told, answer, content):
                        faults.append(fault)

            with suppress(Unsatisfiable):  # where nothing is asked, nothing can be wrong
                attack()
    assert faults == []


def _bodies() -> Iterator[tuple[str, bytes, str]]:
    yield "no JSON", b"{", "application/json"
    yield "a number", b"1e999", "application/json"
    yield "deep", b"[" * 50_000, "application/json"
    yield "a lone surrogate", b'{"text": "\\ud800", "identity": "anonymous"}', "application/json"
    yield "another language", b"<a/>", "application/xml"
    yield "not UTF-8", b'{"text": "\xff\xfe", "identity": "anonymous"}', "application/json"
    yield "too much", b'{"text": "' + b"x" * 3_000_000 + b'"}', "application/json"
    yield "twice the same", b'{"text": "a", "text": "b", "identity": "anonymous"}', "application/json"
    yield "NUL", b'{"text": "\\u0000", "identity": "anonymous"}', "application/json"


@pytest.mark.parametrize(("what", "body", "kind"), list(_bodies()), ids=[what for what, _, _ in _bodies()])
def test_what_is_no_request_is_told(client: Client, world: World, what: str, body: bytes, kind: str) -> None:
    client.raise_request_exception = False
    answer = client.generic("POST", "/api/v1/voices", body, content_type=kind)
    assert not _fault(what, answer, answer.content)


def test_unknown_receipts_and_wrong_codes_are_told_alike(client: Client, world: World) -> None:
    known = client.get(f"/api/v1/voices/{world.numbers['voice']}", {"code": "000000"})
    unknown = client.get("/api/v1/voices/YX-222-222-222", {"code": "000000"})
    assert (known.status_code, known.json()["detail"]) == (unknown.status_code, unknown.json()["detail"]) == (
        404, unknown.json()["detail"],
    )  # fmt: skip
    pages = [
        client.post("/track/", {"number": number, "code": "000000"})
        for number in (world.numbers["voice"], "YX-222-222-222")
    ]
    told = [page.content.decode().split("errors")[1].split("</div>")[0] for page in pages]
    assert pages[0].status_code == pages[1].status_code and told[0] == told[1]

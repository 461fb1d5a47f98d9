"""Whatever is written into whatever field of whatever form: words back, never a fault, nothing lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client

from tests.stories.forms import Form, forms_on
from tests.stories.pages import complete, sights, unprinted, viewers
from tests.strangers.conftest import whole, world
from tests.strangers.world import World

__all__ = ["whole", "world"]
pytestmark = pytest.mark.slow
NASTY = {
    "nothing": "",
    "blank": " \u3000\u00a0\u200b ",
    "one too many": "水" * 4_001,
    "control characters": "水\x00\x01\x07\x08\x1b[31m\r\n\x85\u2028",
    "emoji": "水👨‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿🇨🇳" * 5,
    "right to left": "\u202eمرحبا\u202c شكوى \u200f水",
    "a lone surrogate": "水\ud800",
    "SQL": "水'; DROP TABLE listen_voice; --%' OR 1=1 \\",
    "HTML": "水<script>alert(1)</script><img src=x onerror=alert(1)>\"'>{{ 7*7 }}{% debug %}",
    "a huge number": "9" * 60,
    "minus one": "-1",
    "no number": "NaN",
    "a far year": "99999-12-31",
    "the last day": "9999-12-31",
    "the first day": "0001-01-01",
    "a path": "../../../../etc/passwd\x00.jpg",
    "marks upon marks": "Z\u0351\u036b\u0343" * 300,
}

EVERYWHERE, EACH = 3, 1  # how many of these, taken in turn: in all fields of a form, and in each field alone


def _forms(world: World) -> list[tuple[Client, Form]]:
    """Return each form of the house once, with somebody who may send it."""
    complete(world)
    by = viewers(world)
    found: dict[tuple[str, frozenset[str]], tuple[Client, Form]] = {}
    for sight in sights(world, by):
        client = by[sight.viewer]
        for form in forms_on(sight.html, sight.address):
            if "/sign-out" not in form.action and "/leave/" not in form.action:
                found.setdefault((form.action.split("?")[0], frozenset(form.fields)), (client, form))
    for client, _ in found.values():
        client.raise_request_exception = False
    return list(found.values())


def _send(client: Client, form: Form, given: dict[str, str]) -> tuple[int, str]:
    """Send a form and take everything back, so that the next one finds the same world."""
    with transaction.atomic():
        body = {name: value.encode("utf-8", "replace").decode() for name, value in given.items()}
        answer = (client.get if form.asks else client.post)(form.action, body)
        text = "" if answer.streaming else answer.content.decode(errors="replace")
        transaction.set_rollback(True)
    return answer.status_code, text


def _faults(client: Client, form: Form, given: dict[str, str], what: str) -> list[str]:
    status, text = _send(client, form, given)
    faults = [f"{form.action}: {status} for {what}"] if status >= 500 else []
    if NASTY["HTML"] in given.values() and NASTY["HTML"] in text:
        faults.append(f"{form.action}: says it back as it is, for {what}")
    return faults


def _tries(form: Form, start: int) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield what to send: all sensible, all nasty, and each field that is written nasty alone among sensible ones."""
    kinds = list(NASTY)
    yield "sensible words", form.given()
    for which in (kinds[(start * EVERYWHERE + i) % len(kinds)] for i in range(EVERYWHERE)):
        yield f"{which} everywhere", dict.fromkeys(form.fields, NASTY[which])
    written = [field for field in form.fields.values() if field.is_written]
    for n, field in enumerate(written):
        for which in (kinds[(start + n * EACH + i) % len(kinds)] for i in range(EACH)):
            yield f"{which} in {field.name}", {**form.given(), field.name: NASTY[which]}
    for field in written[:1]:
        # What is asked for stands in the address, and no server takes a longer one (RFC 9110 bids 8,000 characters).
        much = 7_000 if form.asks else 350_000
        yield f"a megabyte in {field.name}", {**form.given(), field.name: "水" * much}


def test_no_word_in_any_field_breaks_a_page(world: World) -> None:
    found = []
    with unprinted():  # hundreds of notices and decisions
        for number, (client, form) in enumerate(_forms(world)):
            for what, given in _tries(form, number):
                found += _faults(client, form, given, what)
    assert not found, "\n".join(found)

"""A request that cannot be read is answered in words, where words help."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("data", [{"text": "字" * 1_000_000}, {f"f{n}": "1" for n in range(2001)}])
def test_a_form_that_is_too_large_is_answered_in_words(data: dict[str, str]) -> None:
    for client in (Client(), Client(enforce_csrf_checks=True)):
        client.get("/speak/")
        form = "application/x-www-form-urlencoded"
        answer = client.post("/speak/", urlencode(data), content_type=form)
        page = answer.content.decode()
        assert answer.status_code == 413 and "一次放不下" in page and "字字" not in page
    assert Client().post("/speak/", {"text": "字" * 1_000_000}).status_code == 413


def test_other_requests_that_cannot_be_read_are_answered_as_before(client: Client) -> None:
    assert client.get("/", headers={"host": "nobody.example"}).status_code == 400

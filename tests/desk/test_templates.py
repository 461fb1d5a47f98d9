"""The words of messages at the desk."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from lianxin.ledger.models import Event
from lianxin.outbox.models import Template
from lianxin.people.models import User
from tests.desk.road import Road

SignIn = Callable[[User | str], Client]
URL = "/desk/templates/"
WORDS = {"language": "zh-hans", "subject": "收到了（{{number}}）", "body": "收到了，回执号{{number}}，查询码{{code}}。"}


def test_every_kind_with_its_version(road: Road, sign_in: SignIn) -> None:
    page = sign_in("it").get(URL).content.decode()
    assert page.count('class="row-item"') == Template.objects.values("key").distinct().count()
    assert "voice.heard" in page and "简体中文第 1 版" in page and "English第 1 版" in page


def test_one_kind_reads_as_a_person_reads_it(road: Road, sign_in: SignIn) -> None:
    client = sign_in("it")
    page = client.get(f"{URL}voice.heard/").content.decode()
    assert "查询码482913" in page  # an example is put in
    assert "{{number}}" in page and "2 条短信" in page
    assert "Receipt YX" in client.get(f"{URL}voice.heard/?language=en").content.decode()
    assert "还没有这种语言" in client.get(f"{URL}voice.heard/?language=zh-hant").content.decode()
    assert client.get(f"{URL}voice.heard/?language=xx").status_code == 200
    assert client.get(f"{URL}no.such/").status_code == 404
    assert client.post(f"{URL}no.such/new/", WORDS).status_code == 404


def test_new_words_are_read_before_they_are_kept(road: Road, sign_in: SignIn) -> None:
    client, url = sign_in("it"), f"{URL}voice.heard/new/"
    page = client.post(url, {**WORDS, "look": "1"}).content.decode()
    assert "收到了，回执号YX-2K7-M4P-9RT，查询码482913。" in page and 'name="keep"' in page
    assert "比最初的文字少了" in page  # the address is not told any more
    assert not Template.objects.filter(version=2).exists()
    assert client.post(url, {**WORDS, "keep": "1"})["Location"] == f"{URL}voice.heard/?language=zh-hans"
    fresh = Template.objects.get(version=2)
    assert (fresh.key, fresh.language, fresh.body) == ("voice.heard", "zh-hans", WORDS["body"])
    assert Event.objects.about(fresh).get().verb == "template.changed"
    assert "收到了，回执号{{number}}" in client.get(f"{URL}voice.heard/").content.decode()


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"body": ""}, 422),
        ({"body": "字" * 501}, 422),
        ({"body": "{{name}}您好"}, 409),
        ({"body": "{{ Number }}"}, 422),
        ({"body": "{{number}"}, 422),
        ({"subject": "题" * 121}, 422),
        ({"language": "xx"}, 422),
    ],
)
@pytest.mark.parametrize("button", ["look", "keep"])
def test_words_that_cannot_be_sent(
    road: Road, sign_in: SignIn, wrong: dict[str, str], status: int, button: str
) -> None:
    answer = sign_in("it").post(f"{URL}voice.heard/new/", {**WORDS, **wrong, button: "1"})
    assert answer.status_code == status
    assert 'class="notice late errors"' in answer.content.decode()
    assert not Template.objects.filter(version=2).exists()


def test_neighbour_is_refused(road: Road, sign_in: SignIn) -> None:
    client = sign_in("neighbour")
    assert client.get(URL).status_code == 403
    assert client.get(f"{URL}voice.heard/").status_code == 403
    assert client.post(f"{URL}voice.heard/new/", {**WORDS, "keep": "1"}).status_code == 403
    assert not Template.objects.filter(version=2).exists()

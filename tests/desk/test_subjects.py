"""The taxonomies at the desk: the tree, one subject's life, and whole lists."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lianxin.ledger.models import Event
from lianxin.listen import actions as listen
from lianxin.listen.models import Subject
from lianxin.people.models import User
from tests.desk.road import Road

SignIn = Callable[[User | str], Client]
URL = "/desk/subjects/"
LIST = "subject,keywords,office\n供水供电/停水水压,停水 没水,县水务局\n供水供电/水表,水表 表走得快,\n学习,,\n"


@pytest.fixture
def subject(road: Road) -> Subject:
    listen.seed_subjects(at=road.at, leads={"停水水压": road.cast.offices["water"]})
    return Subject.objects.get(name="停水水压")


def _file(content: str | bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("list.csv", content.encode() if isinstance(content, str) else content)


def _edited(subject: Subject, **given: Any) -> dict[str, Any]:
    return {"keywords": subject.keywords, "office": subject.office_id or "", "limit_key": subject.limit_key, **given}


def test_the_tree_tells_words_office_limit_and_use(road: Road, subject: Subject, sign_in: SignIn) -> None:
    by = road.cast.officer("dispatcher")
    for item in road.items(road.hear(), road.hear(ago=1)):
        listen.classify(item, subject=subject, by=by, at=road.at)
    client = sign_in("it")
    page = client.get(URL).content.decode()
    for shown in ("停水水压", "没水", "县水务局", "一般事项办理时限", "2 条"):
        assert shown in page
    only = client.get(f"{URL}?q=水压").content.decode()
    assert "停水水压" in only and "路灯照明" not in only
    assert "没有这个名称" in client.get(f"{URL}?q=没有的").content.decode()
    assert f'href="{URL}{subject.pk}/?q=%E6%B0%B4%E5%8E%8B"' in only
    for nothing in ("unknown", "'"):
        assert "停水水压" in client.get(f"{URL}?scheme={nothing}").content.decode()
    assert client.get(f"{URL}?page=x").status_code == 200


def test_a_subject_tells_its_life(road: Road, subject: Subject, sign_in: SignIn) -> None:
    client = sign_in("it")
    page = client.get(f"{URL}{subject.pk}/").content.decode()
    assert "供水供电" in page and "0 条" in page and "/desk/ledger/?thing=" in page
    assert page.count('id="edit_form_keywords"') == page.count('id="replace_form_keywords"') == 1
    assert client.get(f"{URL}999999/").status_code == 404


def test_edit_keeps_what_was_before(road: Road, subject: Subject, sign_in: SignIn) -> None:
    client, url = sign_in("it"), f"{URL}{subject.pk}/edit/"
    hub = road.cast.offices["hub"]
    told = _edited(subject, keywords="停水，没水、 水压", office=hub.pk, limit_key="case.complex")
    assert client.post(url, told).status_code == 302
    subject.refresh_from_db()
    assert (subject.keywords, subject.office, subject.limit_key) == ("停水 没水 水压", hub, "case.complex")
    event = Event.objects.get(verb="subject.edited")
    assert event.data["before"]["office"] == "县水务局" and event.data["after"]["office"] == hub.name
    client.post(url, told)
    assert Event.objects.filter(verb="subject.edited").count() == 1  # nothing differed


@pytest.mark.parametrize(
    "wrong", [{"limit_key": "case.nowhere"}, {"limit_key": ""}, {"office": 1}, {"keywords": "水" * 501}]
)
def test_edit_refuses(road: Road, subject: Subject, sign_in: SignIn, wrong: dict[str, Any]) -> None:
    answer = sign_in("it").post(f"{URL}{subject.pk}/edit/", _edited(subject, **wrong))
    assert answer.status_code == 422
    assert 'class="notice late errors"' in answer.content.decode()
    assert not Event.objects.filter(verb="subject.edited").exists()


def test_end_and_replace(road: Road, subject: Subject, sign_in: SignIn) -> None:
    client, today = sign_in("it"), road.at.date()
    url = f"{URL}{subject.pk}"
    for wrong in ("", "gestern", (today - timedelta(days=1)).isoformat()):
        assert client.post(f"{url}/end/", {"on": wrong}).status_code == 422
    assert client.post(f"{url}/replace/", {"name": "饮水水质", "on": today.isoformat()}).status_code == 422
    assert client.post(f"{url}/replace/", {"name": "", "on": today.isoformat()}).status_code == 422
    answer = client.post(f"{url}/replace/", {"name": "供水", "on": "2027-01-01"})
    fresh = Subject.objects.get(name="供水")
    assert answer["Location"] == f"{URL}{fresh.pk}/"
    assert (fresh.valid_from, fresh.keywords, fresh.office) == (date(2027, 1, 1), subject.keywords, subject.office)
    assert client.post(f"{url}/end/", {"on": "2027-01-01"}).status_code == 422  # it has an end already
    assert client.post(f"{URL}{fresh.pk}/end/", {"on": "2026-12-31"}).status_code == 422
    tree = client.get(URL).content.decode()
    assert "2027年1月1日" in tree  # until then, and from then
    other = Subject.objects.get(name="路灯照明")
    client.post(f"{URL}{other.pk}/end/", {"on": today.isoformat()})
    assert "路灯照明" not in client.get(URL).content.decode()
    assert "路灯照明" in client.get(f"{URL}?ended=1").content.decode()
    assert "已停用" in client.get(f"{URL}{other.pk}/").content.decode()
    assert client.post(f"{URL}{other.pk}/edit/", _edited(other, keywords="灯")).status_code == 422


def test_add(road: Road, subject: Subject, sign_in: SignIn) -> None:
    client, parent = sign_in("it"), subject.parent
    assert parent
    url = f"{URL}new/?scheme=county&below={parent.pk}"
    assert f'<option value="{parent.pk}" selected>' in client.get(url).content.decode()
    told = {"name": "水表", "parent": parent.pk, "scheme": "county", "limit_key": "case.ordinary", "keywords": "水表"}
    assert client.post(url, told).status_code == 302
    fresh = Subject.objects.get(name="水表")
    assert (fresh.full_name, fresh.path) == ("供水供电/水表", f"{parent.path}{fresh.pk}/")
    assert Event.objects.about(fresh).get().verb == "subject.added"
    for wrong in (
        {},
        {"name": ""},
        {"name": "x", "scheme": "a b"},
        {"name": "x", "scheme": "other"},
        {"limit_key": "-"},
    ):
        assert client.post(url, {**told, **wrong}).status_code == 422, wrong
    client.post(f"{URL}new/", {**told, "parent": "", "scheme": "drive-2026"})
    assert Subject.objects.get(scheme="drive-2026").name == "水表"
    assert "drive-2026" in client.get(URL).content.decode()


def test_a_list_is_looked_at_before_it_is_kept(road: Road, subject: Subject, sign_in: SignIn) -> None:
    client, before = sign_in("it"), Subject.objects.count()
    assert client.get(f"{URL}list/").status_code == 200
    page = client.post(f"{URL}list/", {"scheme": "county", "file": _file(LIST.encode("gb18030"))}).content.decode()
    assert "供水供电/水表" in page and "供水供电/停水水压" in page  # one new, one changed
    assert Subject.objects.count() == before
    answer = client.post(f"{URL}list/", {"keep": "1", "scheme": "county", "text": LIST})
    assert answer["Location"] == f"{URL}?scheme=county"
    assert Subject.objects.count() == before + 2
    again = client.post(f"{URL}list/", {"scheme": "county", "file": _file(LIST)}).content.decode()
    assert 'name="keep"' not in again


def test_a_list_with_wrong_rows_is_not_kept(road: Road, subject: Subject, sign_in: SignIn) -> None:
    client, before = sign_in("it"), Subject.objects.count()
    wrong = f"{LIST}一/二/三/四/五,,\n新的,,没有这个局\n,,\n"
    page = client.post(f"{URL}list/", {"scheme": "county", "file": _file(wrong)}).content.decode()
    assert all(f"第{row}行" in page for row in (4, 5, 6))
    assert 'name="keep"' not in page
    client.post(f"{URL}list/", {"keep": "1", "scheme": "county", "text": wrong})
    assert Subject.objects.count() == before
    assert client.post(f"{URL}list/", {"scheme": "Big", "file": _file(LIST)}).status_code == 422
    for given in (
        {},
        {"file": _file("")},
        {"file": _file("a\n" + "x" * 200_000)},
        {"file": _file(b"\xff\xfe\x00\x81\xff")},
        {"file": _file(b"x" * 1_100_000)},
    ):
        assert client.post(f"{URL}list/", {"scheme": "county", **given}).status_code == 422


def test_the_list_that_is_taken_out_can_be_brought_in(road: Road, subject: Subject, sign_in: SignIn) -> None:
    client = sign_in("it")
    listen.add_subject(name="=1+1", keywords="@x", by=road.cast.officer("it"), at=road.at)
    taken = client.get(f"{URL}list.csv")
    assert "subjects-county.csv" in taken["Content-Disposition"]
    text = taken.content.decode("utf-8-sig")
    assert "供水供电/停水水压" in text and "县水务局" in text and "\r\n'=1+1,'@x," in text
    kept = text.replace("'=1+1,'@x,\r\n", "")
    page = client.post(f"{URL}list/", {"scheme": "county", "file": _file(kept)}).content.decode()
    assert 'role="alert"' not in page and 'name="keep"' not in page


def test_neighbour_is_refused(road: Road, subject: Subject, sign_in: SignIn) -> None:
    client, before = sign_in("neighbour"), Event.objects.count()
    for path in ("", "new/", "list/", "list.csv", f"{subject.pk}/"):
        assert client.get(URL + path).status_code == 403
    for path in ("new/", "list/", f"{subject.pk}/edit/", f"{subject.pk}/end/", f"{subject.pk}/replace/"):
        assert client.post(URL + path, _edited(subject)).status_code == 403
    assert Event.objects.count() == before

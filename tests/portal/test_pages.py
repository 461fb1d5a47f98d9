"""Pages for everybody: the first page, answers, figures, digest, record, and what machines ask for."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve as resolve_address
from django.urls import reverse

from lianxin.ledger.actions import seal_events
from lianxin.listen.models import Voice
from lianxin.portal.urls import urlpatterns
from lianxin.resolve import actions as resolve
from lianxin.resolve.models import Publication
from tests.cast import Cast
from tests.html import flat
from tests.portal.conftest import Say
from tests.portal.test_track import go_to_the_answer

pytestmark = pytest.mark.usefixtures("county")
Publish = Callable[..., Publication]


@pytest.fixture
def publish(say: Say, cast: Cast, at: datetime) -> Publish:
    def tell(title: str = "恢复供水", text: str = "没水") -> Publication:
        case = go_to_the_answer(say(text=text, name="王五", area=cast.areas["heping"]), cast, at)
        resolve.draft_public(
            case, title=title, question=text, answer="换泵后恢复。", by=cast.officer("dispatcher"), at=at
        )
        return resolve.publish(case, by=cast.officer("editor"), at=at)

    return tell


def test_first_page_has_doors_and_what_came_of_it(client: Client, publish: Publish) -> None:
    answer = publish()
    page = client.get("/").content.decode()
    for address in ("/speak/", "/letter/", "/track/", "/answers/", "/figures/", f"/answers/{answer.pk}/"):
        assert f'href="{address}"' in page
    assert "王五" not in page


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/speak/",
        "/answers/",
        "/figures/",
        "/figures/on_time/",
        "/digest/2026-09/",
        "/letter/?tier=county",
        "/ledger/",
    ],
)
def test_open_pages_ask_little_of_the_database(client: Client, publish: Publish, path: str) -> None:
    publish()
    cache.clear()
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    assert len(queries) <= 15, [query["sql"] for query in queries]


def test_answers_are_found_by_words_subject_and_place(client: Client, publish: Publish, cast: Cast) -> None:
    water, light = publish("恢复供水", "没水"), publish("路灯亮了", "路灯不亮")

    def found(query: str) -> set[int]:
        page = client.get(f"/answers/?{query}").content.decode()
        return {pk for pk in (water.pk, light.pk) if f'href="/answers/{pk}/"' in page}

    assert found("") == {water.pk, light.pk}
    assert found("q=路灯") == {light.pk}
    assert found("q=路燈") == {light.pk}
    assert found("q=王五") == set()
    assert found(f"area={cast.areas['qingshui'].pk}") == {water.pk, light.pk}
    assert found(f"area={cast.areas['baishi'].pk}") == set()
    for odd in ("subject=x", "area=999999999999999999999", "page=x", "page=-1", "q=%00", f"q={'水' * 500}"):
        assert client.get(f"/answers/?{odd}").status_code == 200


def test_withdrawn_answer_is_gone(client: Client, publish: Publish, cast: Cast, at: datetime) -> None:
    answer = publish()
    assert client.get(f"/answers/{answer.pk}/").status_code == 200
    resolve.withdraw(answer.case, reason="有误", by=cast.officer("editor"), at=at)
    assert client.get(f"/answers/{answer.pk}/").status_code == 404


def test_figures_say_how_each_is_counted(client: Client, say: Say) -> None:
    for n in range(6):
        say(text=f"第{n}件")
    page = flat(client.get("/figures/").content.decode())
    assert 'href="/figures/received/"' in page
    assert 'href="/figures/on_first_date/">按最初期限答复</a>' in page
    for key in (
        "received",
        "settled",
        "solved",
        "cases",
        "answered",
        "late",
        "on_time",
        "on_first_date",
        "solving",
        "satisfaction",
        "manner",
    ):
        assert client.get(f"/figures/{key}/").status_code == 200
    assert client.get("/figures/nothing/").status_code == 404


@pytest.mark.parametrize("query", ["period=month", "period=last_month", "period=last_year", "period=x", ""])
def test_figures_of_any_time_are_shown(client: Client, say: Say, query: str) -> None:
    say()
    assert client.get(f"/figures/?{query}").status_code == 200


def test_table_for_spreadsheets_has_the_same_numbers(client: Client, say: Say) -> None:
    for n in range(7):
        say(text=f"第{n}件")
    text = client.get("/figures/figures.csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(text.splitlines()))
    assert {row["received"] for row in rows if row["by"] == "subject"} == {"7"}


@pytest.mark.parametrize(
    ("month", "status"), [("2026-09", 200), ("2026-08", 200), ("2026-10", 404), ("2026-13", 404), ("0-1", 404)]
)
def test_digest_is_of_months_that_were(client: Client, month: str, status: int) -> None:
    assert client.get(f"/digest/{month}/").status_code == status


def test_digest_prints(client: Client, publish: Publish) -> None:
    publish()
    assert client.get("/digest/2026-09/?paper").content.startswith(b"%PDF-")
    assert client.get("/digest/").status_code == 200


def test_roots_of_the_record_are_public(client: Client, say: Say, at: datetime) -> None:
    assert client.get("/ledger/").status_code == 200
    say()
    seal_events(at=at + timedelta(minutes=10))
    roots = client.get("/ledger/roots.json").json()["roots"]
    assert len(roots) == 1
    assert roots[0]["root"] in client.get("/ledger/").content.decode()


def test_machines_find_what_they_ask_for(client: Client) -> None:
    assert client.get("/healthz").json()["database"] is True
    robots = client.get("/robots.txt").content.decode()
    assert "Disallow: /track/" in robots
    assert client.get("/favicon.ico").status_code == 302


def test_pages_that_only_show_take_nothing(client: Client) -> None:
    for path in ("/", "/answers/", "/figures/", "/about/", "/privacy/", "/ledger/", "/robots.txt", "/receipt/"):
        assert client.post(path).status_code == 405, path


def test_alike_cases_are_shown_without_a_word_of_others(client: Client, say: Say, cast: Cast, at: datetime) -> None:
    words = "清水镇和平村三组自来水管爆裂，停水三天没有人修"
    heard = say(text=words, name="王五", area=cast.areas["heping"])
    resolve.register(
        items=list(heard.voice.items.all()),
        title="王五家水管爆裂",
        by=cast.officer("dispatcher"),
        at=at,
        area=cast.areas["heping"],
    )
    page = client.post("/speak/alike/", {"text": "和平村三组自来水管爆裂，停水没人修"}).content.decode()
    assert "和平村" in page
    assert "王五" not in page
    assert heard.voice.number not in page
    assert client.post("/speak/alike/", {"text": "短"}).content == b""
    assert client.post("/speak/alike/", {"text": "完全不同的一件事情关于养老金"}).content.strip() == b""


def test_that_is_mine_too_is_a_voice_of_its_own_at_the_same_place(
    client: Client, say: Say, cast: Cast, at: datetime
) -> None:
    heard = say(area=cast.areas["heping"])
    items = list(heard.voice.items.all())
    case = resolve.register(items=items, title="停水", by=cast.officer("dispatcher"), at=at, area=cast.areas["heping"])
    given = {"key": "z" * 32, "text": "我家也没水", "identity": "anonymous", "same": case.number}
    assert client.post("/speak/", given).status_code == 302
    mine = Voice.objects.exclude(pk=heard.voice.pk).get()
    assert (mine.text, mine.area) == ("我家也没水", cast.areas["heping"])
    assert client.post("/speak/", {**given, "key": "y" * 32, "same": "YXA-222"}).status_code == 302


def test_no_other_door_has_taken_the_name_of_a_page() -> None:
    values: dict[str, Any] = {"number": "n", "case": "c", "pk": 1, "key": "k", "year": 2026, "month": 9, "code": "v"}
    for pattern in urlpatterns:
        names = pattern.pattern.regex.groupindex
        address = reverse(str(pattern.name), kwargs={name: values[name] for name in names})
        assert resolve_address(address).func is pattern.callback, pattern.name

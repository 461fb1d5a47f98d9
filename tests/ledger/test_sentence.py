"""A sentence answers as the queryset that it was written from, on both databases, however often it is asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Count, F
from django.test.utils import CaptureQueriesContext

from lianxin.ledger.models import Sentence
from lianxin.ledger.models.sentence import MOST, each_of
from lianxin.people.models import Office, Post, Substitution, User
from lianxin.places.models import Area

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)


@pytest.fixture
def posts() -> list[Post]:
    area = Area.objects.create(name="和平村", kind="village", path="/1/")
    office = Office.objects.create(name="水务局", kind="bureau", path="/1/")
    wang = User.objects.create(username="wang", name="王小明", password_set_at=NOW)
    li = User.objects.create(username="li", name="李华")
    Substitution.objects.create(absent=li, substitute=wang, starts=NOW, ends=NOW + timedelta(days=1), reason="培训")
    assert area.pk
    return [
        Post.objects.create(office=office, title="科长", role="clerk", holder=holder, valid_from=NOW.date())
        for holder in (wang, li, None)
    ]


def facts(found: list[Post]) -> list[dict[str, object]]:
    return [{key: value for key, value in each.__dict__.items() if key != "_state"} for each in found]


def test_it_gives_the_same_objects_as_the_queryset(posts: list[Post]) -> None:
    sentence = Sentence(lambda title: Post.objects.filter(title=title).order_by("-id"))
    plain = list(Post.objects.filter(title="科长").order_by("-id"))
    for _ in range(2):
        found = sentence.ask(title="科长")
        assert found == plain
        assert facts(found) == facts(plain)
        assert not found[0]._state.adding
        assert found[0]._state.db == "default"
    assert sentence.ask(title="局长") == []


def test_it_asks_for_each_of_several(posts: list[Post]) -> None:
    sentence = Sentence(lambda **keys: Post.objects.filter(pk__in=keys.values()).order_by("id"))
    for wanted in (posts[:1], posts[:2], posts[1:], posts):
        assert sentence.ask(**each_of({post.pk for post in wanted})) == wanted
    assert sentence.ask() == []


def test_it_brings_relations_and_annotations(posts: list[Post]) -> None:
    sentence = Sentence(
        lambda pk: Post.objects.filter(pk=pk).select_related("office", "holder").annotate(path=F("office__path"))
    )
    with CaptureQueriesContext(connection) as captured:
        first, without = sentence.first(pk=posts[0].pk), sentence.first(pk=posts[2].pk)
        assert first is not None and without is not None
        assert first.holder is not None and first.holder.password_set_at == NOW
        assert (first.office.name, without.holder) == ("水务局", None)
        assert first.path == "/1/"  # type: ignore[attr-defined]
    assert len(captured) == 2


def test_it_leaves_out_what_is_deferred(posts: list[Post]) -> None:
    found = Sentence(lambda pk: User.objects.filter(pk=pk).only("name")).first(pk=posts[0].holder_id)
    assert found is not None
    assert found.get_deferred_fields() >= {"username", "password"}
    assert found.username == "wang"


def test_moments_and_days_are_compared_as_elsewhere(posts: list[Post]) -> None:
    running = Sentence(lambda at: Substitution.objects.filter(starts__lte=at, ends__gt=at))
    begun = Sentence(lambda day: Post.objects.filter(valid_from__lte=day).order_by("id"))
    for at in (NOW - timedelta(microseconds=1), NOW, NOW + timedelta(days=1)):
        assert running.ask(at=at) == list(Substitution.objects.filter(starts__lte=at, ends__gt=at))
        assert begun.ask(day=at.date()) == list(Post.objects.filter(valid_from__lte=at.date()).order_by("id"))


def test_a_number_that_no_column_holds_finds_nothing(posts: list[Post]) -> None:
    for number in (2**63, -(2**63) - 1, 10**30):
        assert Sentence(lambda pk: Post.objects.filter(pk=pk)).ask(pk=number) == []


def test_rows_come_as_values_list_gives_them(posts: list[Post]) -> None:
    def question(title: str) -> Any:
        return Post.objects.filter(title=title).order_by("id").values_list("holder__name", "valid_from")

    sentence: Sentence[Post] = Sentence(question)
    assert [tuple(row) for row in sentence.rows(title="科长")] == [
        ("王小明", NOW.date()),
        ("李华", NOW.date()),
        (None, NOW.date()),
    ]

    def counting(title: str) -> Any:
        return Post.objects.filter(title=title).values("office").annotate(n=Count("pk"))

    counted: Sentence[Post] = Sentence(counting)
    assert [tuple(row) for row in counted.rows(title="科长")] == [(posts[0].office_id, 3)]


def test_each_shape_has_its_own_sql(posts: list[Post]) -> None:
    sentence = Sentence(
        lambda offices, most, role: Post.objects.filter(office__in=offices, role=role).order_by("id")[:most]
    )
    here = frozenset({posts[0].office_id})
    assert sentence.ask(here, 2, role="clerk") == posts[:2]
    assert sentence.ask(here, 3, role="clerk") == posts
    assert sentence.ask(frozenset(), 3, role="clerk") == [], "Django sees that nothing can be found"
    for most in range(1, MOST + 5):
        sentence.ask(here, most, role="clerk")
    assert len(sentence._kept) <= MOST

"""Suggestions: subjects by their words, points by their numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.listen import actions
from lianxin.listen.models import Subject
from lianxin.listen.triage import rank, split_points, suggest


@dataclass(frozen=True)
class Topic:
    name: str
    keywords: str = ""


WATER = Topic("停水水压", "停水 没水 水压")
QUALITY = Topic("饮水水质", "水质 水浑 自来水")
LAMPS = Topic("路灯照明", "路灯 不亮")
TOPICS = [WATER, QUALITY, LAMPS]


def test_the_words_speak_for_a_subject() -> None:
    found = suggest("村里停水三天，一直没水", TOPICS)
    assert found
    assert found.subject == WATER
    assert found.because == ("停水", "没水")
    assert found.confidence == 1


def test_traditional_text_is_understood() -> None:
    found = suggest("路燈不亮", TOPICS)
    assert found
    assert found.subject == LAMPS


def test_two_subjects_make_it_less_sure() -> None:
    found = suggest("停水之后自来水很浑，水质不好", TOPICS)
    assert found
    assert found.subject == QUALITY
    assert found.confidence < 1
    assert [one.subject for one in rank("停水之后自来水很浑，水质不好", TOPICS)] == [QUALITY, WATER]


def test_a_word_within_a_longer_one_counts_once() -> None:
    short, long = Topic("甲", "工资"), Topic("乙", "工资 农民工工资")
    found = suggest("拖着农民工工资不给", [short, long])
    assert found
    assert (found.subject, found.because) == (long, ("农民工工资",))


@pytest.mark.parametrize("text", ["", "今天天气很好", "\x00", "🙂" * 5000])
def test_nothing_to_go_by_suggests_nothing(text: str) -> None:
    assert suggest(text, TOPICS) is None


def test_nothing_to_choose_from_suggests_nothing() -> None:
    assert suggest("停水", []) is None


def test_three_typical_questions_suggest_three_subjects(db: None, at: datetime) -> None:
    """VOI-25, with the county's own taxonomy."""
    actions.seed_subjects(at=at)
    subjects = list(Subject.objects.on(at.date()).leaves())
    questions = ["能不能简化办事流程？", "能不能多提供些就业岗位？", "能不能加强对劳动保障站的工作指导？"]
    found = [suggest(question, subjects) for question in questions]
    assert [one and one.subject.name for one in found] == ["办事流程", "就业岗位", "基层劳动保障指导"]


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("1、停水三天了 2、路灯不亮了", None),  # no end of a sentence between them: not sure enough
        ("1、停水三天了。2、路灯不亮了。", ["停水三天了。", "路灯不亮了。"]),
        ("我反映两个问题：1、停水三天了；2、路灯不亮了", ["停水三天了", "路灯不亮了"]),
        ("1. 停水三天了\n2. 路灯不亮了\n3. 垃圾没人收", ["停水三天了", "路灯不亮了", "垃圾没人收"]),
        ("一是停水三天。二是路灯不亮。", ["停水三天。", "路灯不亮。"]),
        ("一、停水三天。\n二、路灯不亮。", ["停水三天。", "路灯不亮。"]),
        ("（1）停水三天；（2）路灯不亮", ["停水三天", "路灯不亮"]),
        ("①停水三天。②路灯不亮。", ["停水三天。", "路灯不亮。"]),
        ("首先，停水三天。其次，路灯不亮。", ["停水三天。", "路灯不亮。"]),
        ("村里停水三天了。\n\n路灯也不亮了。", ["村里停水三天了。", "路灯也不亮了。"]),
        ("村里停水三天了，\n什么时候修好？", None),
        ("工资只发了1.5万，还欠2.3万。", None),
        ("只有一点：1、停水三天。", None),
        ("  停水  ", ["停水"]),
    ],
)
def test_points_are_proposed_where_they_are_numbered(text: str, points: list[str] | None) -> None:
    assert split_points(text) == (points or [text.strip()])


@given(st.text(alphabet="一二是、。；1234.()（）①② \n停水路灯，", max_size=200))
def test_every_point_is_part_of_the_text(text: str) -> None:
    points = split_points(text)
    assert points
    assert all(point in text for point in points)

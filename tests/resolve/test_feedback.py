"""The feedback sheet of a village, and scenario S5: one pump, five households, one case, one line."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from lianxin.kit.refusal import NotAllowed
from lianxin.listen import actions as listen
from lianxin.listen.models import Item, Subject, Voice
from lianxin.listen.rules import Channel, Level
from lianxin.record import actions as record
from lianxin.record.models import EncounterKind, Household
from lianxin.record.rules import Tie
from lianxin.resolve import actions
from lianxin.resolve.models import Case, Feedback, alike, raised_alike
from tests.resolve.story import Story

pytestmark = pytest.mark.django_db


@pytest.fixture
def pump(story: Story) -> Subject:
    return Subject.objects.create(name="水泵", office=story.office("water"))


@pytest.fixture
def visited(story: Story) -> EncounterKind:
    """The cadre is linked to the village; going from door to door is a kind of encounter."""
    record.link(
        tie=Tie.VILLAGE, user=story.cast.officer("cadre"), area=story.cast.areas["heping"],
        starts=story.at.date() - timedelta(days=30), by=story.who("organiser"), at=story.at,
    )  # fmt: skip
    return EncounterKind.objects.create(key="door", name="入户走访", of=EncounterKind.Of.HOUSEHOLD)


def go_to(story: Story, kind: EncounterKind, pump: Subject, door: int) -> Household:
    """Visit one door, where somebody speaks of the pump."""
    cadre, at = story.who("cadre"), story.later()
    household = record.open_household(
        area=story.cast.areas["heping"], door=f"{door}号", called=f"户{door}", by=cadre, at=at
    )
    met = record.visit(
        kind=kind, household=household, starts_at=at, by=cadre, at=at, office=story.office("town_office")
    )
    voice = heard(story, encounter=met, household=household)
    listen.classify(
        voice.items.get(), subject=pump, level=Level.HOUSEHOLD, kind="problem", by=story.who("dispatcher"), at=at
    )
    return household


def heard(story: Story, **at_the_door: Any) -> Voice:
    return listen.hear(
        channel=Channel.VISIT, identity="anonymous", text="三组的水泵坏了，打不上水", at=story.at,
        recorder=story.who("cadre"), **at_the_door,
    ).voice  # fmt: skip


def compile_sheet(story: Story) -> Feedback:
    day = story.at.date()
    return actions.compile_feedback(
        story.cast.areas["heping"], starts=day - timedelta(days=30), ends=day + timedelta(days=30),
        by=story.who("archivist"), at=story.later(),
    )  # fmt: skip


def test_one_pump_of_five_households_is_one_case_and_one_line(
    story: Story, pump: Subject, visited: EncounterKind
) -> None:
    for door in range(1, 5):
        go_to(story, visited, pump, door)
    since, keeper = story.at.date() - timedelta(days=30), story.who("archivist")
    assert alike(keeper, since) == []
    go_to(story, visited, pump, 5)
    (found,) = alike(keeper, since)
    assert (found.subject, found.households) == (pump, 5)

    assert actions.promote(raised_alike(pump, found.area, keeper), level=Level.GROUP, by=keeper, at=story.later()) == 5
    assert alike(keeper, since) == []
    items = list(Item.objects.filter(subject=pump))
    assert {item.level for item in items} == {Level.GROUP}
    case = actions.register(items=items, title="三组水泵", by=story.who("dispatcher"), at=story.later())
    case = actions.consult(case, reason="镇里修不了", by=story.who("dispatcher"), at=story.later())
    case = story.dispatch(case)

    sheet = compile_sheet(story)
    (row,) = sheet.lines.all()
    assert (row.households, row.case, row.owner) == (5, case, story.office("water_section"))
    assert sheet.closed_at is None

    story.match(story.finish(case))
    actions.answer_line(row, result="水泵已换，五户都有水", by=story.who("handler"), at=story.later())
    sheet.refresh_from_db()
    assert sheet.closed_at == story.at
    assert Case.objects.count() == 1
    assert actions.give_back(sheet, by=story.who("archivist"), at=story.later()).told_at == story.at


def test_a_sheet_is_given_back_only_when_every_line_has_its_result(
    story: Story, pump: Subject, visited: EncounterKind
) -> None:
    go_to(story, visited, pump, 1)
    sheet = compile_sheet(story)
    with pytest.raises(actions.StillOpen):
        actions.give_back(sheet, by=story.who("archivist"), at=story.later())


def test_the_neighbour_neither_compiles_nor_promotes_nor_answers(
    story: Story, pump: Subject, visited: EncounterKind
) -> None:
    go_to(story, visited, pump, 1)
    sheet, items = compile_sheet(story), Item.objects.filter(subject=pump)
    (row,) = sheet.lines.all()
    row = actions.assign_line(
        row, owner=story.office("water"), due_on=story.at.date(), by=story.who("archivist"), at=story.later()
    )
    neighbour = story.who("neighbour")
    with pytest.raises(NotAllowed):
        actions.promote(items, level=Level.GROUP, by=neighbour, at=story.later())
    with pytest.raises(actions.NotYourLine):
        actions.answer_line(row, result="好了", by=neighbour, at=story.later())
    with pytest.raises(NotAllowed):
        actions.give_back(sheet, by=neighbour, at=story.later())
    assert not Feedback.objects.visible_to(neighbour).exists()


def test_nothing_heard_makes_no_sheet(story: Story) -> None:
    with pytest.raises(actions.NothingHeard):
        compile_sheet(story)

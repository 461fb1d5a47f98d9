"""Keeping sheets and answering them."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from lianxin.kit.refusal import NotAllowed
from lianxin.ledger.models import Event
from lianxin.people.models import User
from lianxin.sheets import actions
from lianxin.sheets.models import Answer, Sheet
from tests.cast import Cast
from tests.sheets.definitions import CARD, FIELDS, OUTCOMES, RAW, VALUES

SAME: dict[str, Any] = {
    "title": "退休申请",
    "purpose": "application",
    "basis": "",
    "fields": FIELDS,
    "outcomes": OUTCOMES,
}


def test_a_sheet_in_its_versions(draft: Sheet, cataloguer: User, at: datetime) -> None:
    assert Sheet.objects.current("apply.retirement", at) is None
    first = actions.publish_sheet(draft, by=cataloguer, at=at)
    later = at + timedelta(days=3)
    second = actions.new_version(first, by=cataloguer, at=later)
    edited = actions.edit_sheet(second, **SAME | {"title": "退休申请表"}, by=cataloguer, at=later, edits=0)
    assert (edited.version, edited.edits) == (2, 1)
    actions.publish_sheet(second, by=cataloguer, at=later)
    assert [Sheet.objects.current("apply.retirement", when) for when in (at, later)] == [first, second]
    actions.retire_sheet(second, by=cataloguer, at=later + timedelta(days=1))
    assert Sheet.objects.current("apply.retirement", later + timedelta(days=2)) is None
    verbs = list(Event.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == [
        "sheet.drafted", "sheet.published", "sheet.drafted", "sheet.edited", "sheet.retired", "sheet.published",
        "sheet.retired",
    ]  # fmt: skip


def test_what_is_published_stays_as_it_is(sheet: Sheet, cataloguer: User, at: datetime) -> None:
    with pytest.raises(actions.NotADraft):
        actions.edit_sheet(sheet, **SAME, by=cataloguer, at=at)
    with pytest.raises(actions.NotADraft):
        actions.drop_draft(sheet, by=cataloguer, at=at)
    with pytest.raises(actions.NotADraft):
        actions.publish_sheet(sheet, by=cataloguer, at=at)
    sheet.title = "别的"
    with pytest.raises(TypeError):
        sheet.save()


def test_one_draft_and_one_live_version_whatever_the_code_does(sheet: Sheet, cataloguer: User, at: datetime) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Sheet.objects.create(key=sheet.key, version=2, title="二", made_at=at, published_at=at)
    actions.new_version(sheet, by=cataloguer, at=at)
    with pytest.raises(actions.KeyTaken):
        actions.new_version(sheet, by=cataloguer, at=at)
    with pytest.raises(IntegrityError), transaction.atomic():
        Sheet.objects.create(key=sheet.key, version=3, title="三", made_at=at)


def test_a_faulty_sheet_is_kept_as_draft_but_not_published(draft: Sheet, cataloguer: User, at: datetime) -> None:
    actions.edit_sheet(draft, **SAME | {"fields": [{"key": "x"}, *FIELDS]}, by=cataloguer, at=at)
    with pytest.raises(actions.FaultySheet) as refused:
        actions.publish_sheet(draft, by=cataloguer, at=at)
    assert {fault.place for fault in refused.value.faults} == {1}
    with pytest.raises(actions.UnreadableSheet):
        actions.edit_sheet(draft, **SAME | {"fields": [1]}, by=cataloguer, at=at)


def test_two_hands_at_one_draft_are_noticed(draft: Sheet, cataloguer: User, at: datetime) -> None:
    actions.edit_sheet(draft, **SAME, by=cataloguer, at=at, edits=0)
    with pytest.raises(actions.SheetChanged):
        actions.edit_sheet(draft, **SAME, by=cataloguer, at=at, edits=0)


@pytest.mark.parametrize("key", ["", "a", "Apply.x", "apply..x", "apply.", "申请", "a" * 61, "apply/x"])
def test_a_key_can_be_read(key: str, cataloguer: User, at: datetime) -> None:
    with pytest.raises(actions.BadKey):
        actions.draft_sheet(key=key, title="x", by=cataloguer, at=at)


def test_a_draft_can_be_thrown_away(draft: Sheet, cataloguer: User, at: datetime) -> None:
    actions.drop_draft(draft, by=cataloguer, at=at)
    assert not Sheet.objects.exists()
    assert Event.objects.filter(verb="sheet.dropped").exists()
    actions.draft_sheet(key=draft.key, title="x", by=cataloguer, at=at)


def test_nobody_else_keeps_sheets(draft: Sheet, cast: Cast, at: datetime) -> None:
    neighbour = cast.officer("neighbour")
    deeds: list[partial[Any]] = [
        partial(actions.draft_sheet, key="apply.other", title="x"),
        partial(actions.edit_sheet, draft, **SAME),
        partial(actions.publish_sheet, draft),
        partial(actions.retire_sheet, draft),
        partial(actions.new_version, draft),
        partial(actions.drop_draft, draft),
    ]
    for deed in deeds:
        with pytest.raises(NotAllowed):
            deed(by=neighbour, at=at)
    assert not Sheet.objects.visible_to(neighbour).exists()


def test_an_answer_is_read_kept_and_sealed(sheet: Sheet, cast: Cast, at: datetime) -> None:
    place = str(cast.areas["heping"].pk)
    given = actions.answer(sheet, values=RAW | {"place": place}, by=None, at=at)
    kept = Answer.objects.get(pk=given.pk)
    assert kept.values == VALUES | {"place": place}
    assert [line.text for line in kept.lines() if line.key == "place"] == ["云溪县清水镇和平村"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT open, sealed FROM sheets_answer")
        row = cursor.fetchone()
    stored = f"{row[0]} {bytes(row[1]).decode('utf-8', 'replace')}"
    assert not any(said in stored for said in (CARD, "13800001234", "桂花", "第一行"))
    event = Event.objects.get(verb="answer.given")
    assert event.data == {"key": "apply.retirement", "version": 1}
    with pytest.raises(TypeError):
        kept.save()


def test_an_answer_that_does_not_fit_is_refused(sheet: Sheet, at: datetime) -> None:
    with pytest.raises(actions.NotFilledIn) as refused:
        actions.answer(sheet, values=RAW | {"years": "x", "place": "7"}, by=None, at=at)
    assert refused.value.troubles.keys() == {"years", "place"}
    assert "缴费年限: Please write a number" in str(refused.value)
    assert not Answer.objects.exists()


def test_a_draft_is_not_answered_and_an_old_version_still_is(sheet: Sheet, cataloguer: User, at: datetime) -> None:
    second = actions.new_version(sheet, by=cataloguer, at=at)
    with pytest.raises(actions.SheetNotPublished):
        actions.answer(second, values=RAW, by=None, at=at)
    actions.retire_sheet(sheet, by=cataloguer, at=at)
    sheet.refresh_from_db()
    assert actions.answer(sheet, values=VALUES, by=cataloguer, at=at).values == VALUES

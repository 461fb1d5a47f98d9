"""Sheets at the desk: written row by row, tried, published, carried as files."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lianxin.people.models import User
from lianxin.sheets import actions
from lianxin.sheets.models import Answer, Sheet
from lianxin.sheets.papers import blank_of
from lianxin.sheets.rules import FIELDS_MAX, OUTCOMES_MAX, pack
from tests.cast import Cast
from tests.html import flat
from tests.sheets.definitions import FIELDS, OUTCOMES, RAW

SignIn = Callable[[User | str], Client]
URL = "/desk/sheets/"


@pytest.fixture
def draft(cast: Cast, frozen: datetime) -> Sheet:
    return actions.draft_sheet(
        key="apply.retirement", title="退休申请", fields=FIELDS, outcomes=OUTCOMES, by=None, at=frozen
    )


@pytest.fixture
def client(draft: Sheet, sign_in: SignIn) -> Client:
    return sign_in("cataloguer")


def boxes(client: Client, sheet: Sheet, **changes: str) -> dict[str, str]:
    """Return what the page of the editor would send back as it stands."""
    context = client.get(f"{URL}{sheet.pk}/edit/").context
    sent = {"edits": str(context["edits"]), "do": "keep"}
    sent |= {"fields": str(len(context["questions"])), "outcomes": str(len(context["answers"]))}
    for form in (context["head"], *(row["form"] for row in (*context["questions"], *context["answers"]))):
        sent |= {box.html_name: str(value) for box in form if (value := box.value()) not in (None, False)}
    return sent | changes


def keys(sheet: Sheet) -> list[str]:
    sheet.refresh_from_db()
    return [row["key"] for row in sheet.fields]


def test_the_editor_changes_nothing_by_itself(client: Client, draft: Sheet) -> None:
    answer = client.post(f"{URL}{draft.pk}/edit/", boxes(client, draft))
    assert answer.status_code == 302
    draft.refresh_from_db()
    assert (draft.edits, draft.fields, draft.outcomes) == (1, FIELDS, OUTCOMES)


def test_rows_are_added_moved_and_removed(client: Client, draft: Sheet) -> None:
    url, before = f"{URL}{draft.pk}/edit/", keys(draft)
    assert client.post(url, boxes(client, draft, do="down:0"))["Location"].endswith("?at=f1#f1")
    assert keys(draft) == [before[1], before[0], *before[2:]]
    client.post(url, boxes(client, draft, do="up:1"))
    assert keys(draft) == before
    client.post(url, boxes(client, draft, do="up:0"))
    assert keys(draft) == before
    client.post(url, boxes(client, draft, do="remove:0"))
    assert keys(draft) == before[1:]
    client.post(url, boxes(client, draft, do="add"))
    client.post(url, boxes(client, draft, **{"do": "keep", "f10-label": "还有什么"}))
    assert keys(draft) == [*before[1:], "q1"]  # a key is given to who thinks of none
    assert draft.fields[-1] == {"key": "q1", "label": "还有什么", "kind": "text"}
    client.post(url, boxes(client, draft, do="answer-remove:1"))
    draft.refresh_from_db()
    assert draft.outcomes == OUTCOMES[:1]
    for nonsense in ("remove:99", "up:-1", "drop", "", "answer-up:999"):
        client.post(url, boxes(client, draft, do=nonsense))
    assert len(keys(draft)) == len(before)


def test_boxes_become_conditions_and_limits(client: Client, draft: Sheet) -> None:
    sent = {
        "f6-when_field": "why", "f6-when_is": "one_of", "f6-when_value": "工作, settled",
        "f8-when_field": "years", "f8-when_is": "at_least", "f8-when_value": "15",
        "f9-when_json": '{"all": [{"field": "alone", "is": "equals", "value": true}]}',
        "f5-options": "work = 工作\n\n随子女居住\nsettled = 定居",
        "f4-least": "0.5", "f4-most": "many",
    }  # fmt: skip
    client.post(f"{URL}{draft.pk}/edit/", boxes(client, draft, **sent))
    draft.refresh_from_db()
    rows = draft.fields
    assert rows[6]["when"] == {"field": "why", "is": "one_of", "value": ["work", "settled"]}
    assert rows[8]["when"] == {"field": "years", "is": "at_least", "value": 15}
    assert rows[9]["when"]["all"][0]["value"] is True
    assert [option["key"] for option in rows[5]["options"]] == ["work", "o1", "settled"]
    assert (rows[4]["min"], rows[4]["max"]) == (0.5, "many")  # kept as it is, and said to be wrong
    page = client.get(f"{URL}{draft.pk}/")
    assert [fault.place for fault in page.context["faults"]] == [5]
    assert client.post(f"{URL}{draft.pk}/publish/", follow=True).context["sheet"].is_draft


@pytest.mark.parametrize("broken", ["{", "[" * 3999, '"\\ud800"', '"\\u0000"', "NaN"])
def test_a_broken_condition_is_said_beside_it(client: Client, draft: Sheet, broken: str) -> None:
    answer = client.post(f"{URL}{draft.pk}/edit/", boxes(client, draft, **{"f1-when_json": broken}))
    assert answer.status_code == 422
    draft.refresh_from_db()
    assert draft.edits == 0


def test_a_colleague_is_not_written_over(client: Client, draft: Sheet, frozen: datetime) -> None:
    sent = boxes(client, draft, title="我的")
    client.post(f"{URL}{draft.pk}/edit/", boxes(client, draft, title="同事的"))
    assert client.post(f"{URL}{draft.pk}/edit/", sent).status_code == 409
    draft.refresh_from_db()
    assert draft.title == "同事的"


def test_the_longest_sheet_can_be_edited(client: Client, draft: Sheet, frozen: datetime) -> None:
    rows = [{"key": f"q{n}", "label": "问", "kind": "text", "required": True} for n in range(FIELDS_MAX)]
    answers = [{"says": "好", "then": "need"}] * OUTCOMES_MAX
    actions.edit_sheet(
        draft, title="长", purpose="application", basis="", fields=rows, outcomes=answers, by=None, at=frozen
    )
    assert client.post(f"{URL}{draft.pk}/edit/", boxes(client, draft, do="add")).status_code == 302
    assert len(keys(draft)) == FIELDS_MAX


def test_trying_keeps_nothing(client: Client, draft: Sheet) -> None:
    url = f"{URL}{draft.pk}/try/"
    assert client.get(url).status_code == 200
    sent = {f"sheet-{key}": value for key, value in RAW.items()}
    page = client.post(url, sent)
    assert page.status_code == 200
    assert page.context["outcome"].says == "可以办"
    assert {line.key for line in page.context["lines"]} >= {"card", "years"}
    assert client.post(url, sent | {"sheet-years": "x"}).status_code == 422
    assert not Answer.objects.exists()


def test_an_empty_form_to_print(client: Client, draft: Sheet, frozen: datetime) -> None:
    answer = client.get(f"{URL}{draft.pk}/blank.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    page = flat(blank_of(draft))
    assert page.count("<i>&nbsp;</i>") == 18
    for shown in ("缴费年限", "□ 工作", "apply.retirement"):
        assert shown in page


def test_published_followed_and_retired(client: Client, draft: Sheet, frozen: datetime) -> None:
    client.post(f"{URL}{draft.pk}/publish/")
    assert Sheet.objects.current(draft.key, frozen) == draft
    assert client.get(f"{URL}{draft.pk}/edit/").status_code == 302
    answer = client.post(f"{URL}{draft.pk}/version/")
    second = Sheet.objects.get(version=2)
    assert answer["Location"] == f"{URL}{second.pk}/edit/"
    page = client.get(f"{URL}{draft.pk}/")
    assert len(page.context["versions"]) == 2
    client.post(f"{URL}{second.pk}/drop/")
    client.post(f"{URL}{draft.pk}/retire/")
    assert Sheet.objects.current(draft.key, frozen) is None
    assert client.get(URL).status_code == 200


def test_new_and_carried_as_a_file(client: Client, draft: Sheet) -> None:
    new: dict[str, Any] = {"title": "小额贷款", "key": "apply.simple", "purpose": "application", "basis": ""}
    assert client.post(f"{URL}new/", new)["Location"].endswith("/edit/")
    assert client.post(f"{URL}new/", new).status_code == 422
    assert client.post(f"{URL}new/", new | {"key": "小额"}).status_code == 422
    client.post(f"{URL}{draft.pk}/publish/")
    file = client.get(f"{URL}{draft.pk}/sheet.json")
    assert client.post(f"{URL}bring/", {"file": SimpleUploadedFile("a.json", file.content)}).status_code == 302
    brought = Sheet.objects.get(key=draft.key, version=2)
    draft.refresh_from_db()
    assert brought.definition == draft.definition
    assert client.post(f"{URL}bring/", {"file": SimpleUploadedFile("a.json", file.content)}).status_code == 422


@pytest.mark.parametrize(
    "content",
    [
        b"", b"x", b"[]", b"{}", b"\xff", b'{"format": "lianxin-sheet"}',
        json.dumps(pack(Sheet(key="A b", title="t", purpose="application").definition)).encode(),
        json.dumps(pack(Sheet(key="a.b", title="t" * 121, purpose="application").definition)).encode(),
        json.dumps(pack(Sheet(key="a.b", title="t", purpose="spell").definition)).encode(),
        b"[" * 100_000,
    ],
)  # fmt: skip
def test_a_file_that_is_no_sheet(client: Client, content: bytes) -> None:
    assert client.post(f"{URL}bring/", {"file": SimpleUploadedFile("a.json", content)}).status_code == 422
    assert Sheet.objects.count() == 1


def test_nobody_else_sees_sheets(draft: Sheet, sign_in: SignIn) -> None:
    for who in ("neighbour", "approver", "it"):
        other = sign_in(who)
        for path in ("", "new/", f"{draft.pk}/", f"{draft.pk}/edit/", f"{draft.pk}/try/", f"{draft.pk}/sheet.json"):
            assert other.get(URL + path).status_code in (403, 404)
        for deed in ("publish", "retire", "version", "drop"):
            assert other.post(f"{URL}{draft.pk}/{deed}/").status_code in (403, 404)
    assert sign_in("cataloguer").get(f"{URL}999999999999999999999/").status_code == 404
    assert Sheet.objects.get().is_draft

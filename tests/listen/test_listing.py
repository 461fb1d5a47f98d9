"""Lists of voices: read in any usual form, mapped, taken in once, stopped and resumed."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from openpyxl import Workbook

from lianxin.intake import actions as intakes
from lianxin.intake.actions import taking
from lianxin.intake.models import Intake
from lianxin.intake.rules import BadMapping, CellError, parse_moment
from lianxin.kit.clock import ZONE
from lianxin.kit.refusal import NotAllowed
from lianxin.ledger.models import Event
from lianxin.ledger.rules.table import Unreadable, decode, read_table
from lianxin.listen import actions, jobs
from lianxin.listen.channels.listing import VOICES
from lianxin.listen.models import Item, Voice
from lianxin.people.models import User
from tests.cast import Cast

HEADER = ["留言编号", "姓名", "联系电话", "留言主题", "留言时间", "留言详情", "乡镇", "类别"]
ROWS = [
    ["1", "张三", "13800000001", "停水", "2019/12/1 9:00", "村里停水三天了。", "清水镇", "停水水压"],
    ["2", "", "", "路灯", "2019-12-02 10:30:15", "路灯不亮,晚上“很黑”。\n第二行", "白石镇", ""],
    ["3", "", "", "", "2019年12月3日", "垃圾没人收。", "不知道镇", "不知道类"],
]


def _csv(rows: list[list[str]], *, encoding: str = "utf-8", delimiter: str = ",", header: list[str] = HEADER) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([header, *rows])
    return out.getvalue().encode(encoding)


def _excel(rows: list[list[Any]], *merged: str) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for cells in merged:
        sheet.merge_cells(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _bring(content: bytes, at: datetime, *, name: str = "x.csv", dry: bool = False, **more: str) -> Intake:
    intake, preview = intakes.open_list(VOICES, content=content, name=name, by=None, at=at)
    intake = intakes.begin_intake(intake, listing=VOICES, mapping={**preview.mapping, **more}, dry=dry, by=None, at=at)
    while jobs.take_in(at=at):
        pass
    intake.refresh_from_db()
    assert intake.state == Intake.State.DONE
    return intake


def _counts(intake: Intake) -> tuple[int, int, int]:
    return intake.added, intake.known, intake.failed


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_every_usual_form_reads_the_same(cast: Cast, at: datetime, encoding: str, delimiter: str) -> None:
    _intake, seen = intakes.open_list(
        VOICES, content=_csv(ROWS, encoding=encoding, delimiter=delimiter), name="x.csv", by=None, at=at
    )
    assert seen.header == tuple(HEADER)
    assert seen.rows == tuple(tuple(row) for row in ROWS)
    assert (seen.total, seen.delimiter) == (3, delimiter)
    assert seen.mapping == {
        "留言编号": "id",
        "姓名": "name",
        "联系电话": "phone",
        "留言主题": "title",
        "留言时间": "received_at",
        "留言详情": "text",
        "乡镇": "area",
        "类别": "subject",
    }


def test_english_columns_are_guessed() -> None:
    header = ["message_id", "user_id", "subject", "time", "detail", "down_votes", "up_votes"]
    assert VOICES.guess(header) == {"message_id": "id", "subject": "title", "time": "received_at", "detail": "text"}


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "empty"),
        (b"  \n ", "empty"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 100, ".xls"),
        (b"PK\x03\x04 no workbook", "workbook"),
        ("編號,內容\n1,村裡停水三天了沒有人來修理請儘快處理謝謝您們\n".encode("big5"), "UTF-8"),
        ("内容".encode(), "no rows"),
        (bytes(range(128, 256)) * 20, "UTF-8"),
        (b"text\n" + b'"' + b"x" * 1_200_000, "quotation"),
    ],
)
def test_what_cannot_be_read_is_named(content: bytes, word: str, settings: Any) -> None:
    from django.utils.translation import override

    with override("en"), pytest.raises(Unreadable) as refused:
        read_table(content)
    with override("en"):
        assert word in str(refused.value)


def test_one_broken_character_spoils_one_row(cast: Cast, at: datetime) -> None:
    content = _csv([[str(n), "", "", "", "", f"第{n}条意见，希望路灯能修好。", "", ""] for n in range(100)])
    broken = content.replace("第7条".encode(), "第7".encode() + b"\xe6\x9d")
    assert decode(broken)[1] == "utf-8"
    intake = _bring(broken, at)
    assert _counts(intake) == (99, 0, 1)
    assert intake.errors.get().row == 9


def test_excel_with_titles_and_merged_headers(cast: Cast, at: datetime) -> None:
    rows: list[list[Any]] = [
        ["2019年群众留言汇总表", None, None, None, None],
        ["编号", "来电人", None, "内容", "时间"],
        [None, "姓名", "电话", None, None],
        [1, "张三", 13800000001.0, "停水三天", datetime(2019, 12, 1, 9, 0)],
        [None, None, None, None, None],
        [2, "李四", "0914-1234567", "路灯不亮", "2019-12-02"],
    ]
    content = _excel(rows, "A1:E1", "B2:C2", "A2:A3")
    _intake, seen = intakes.open_list(VOICES, content=content, name="x.xlsx", by=None, at=at)
    assert seen.header == ("编号", "姓名", "电话", "内容", "时间")
    assert seen.rows == (
        ("1", "张三", "13800000001", "停水三天", "2019-12-01 09:00:00"),
        ("2", "李四", "0914-1234567", "路灯不亮", "2019-12-02"),
    )
    assert seen.encoding == "xlsx"


def test_columns_without_or_with_the_same_name_stay_apart() -> None:
    table = read_table("内容,内容,\n甲,乙,丙\n".encode())
    assert table.header == ("内容", "内容#2", "#3")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2019/12/1 9:00", datetime(2019, 12, 1, 9, 0, tzinfo=ZONE)),
        ("2019/12/1", datetime(2019, 12, 1, tzinfo=ZONE)),
        ("2019-12-01 09:00:05", datetime(2019, 12, 1, 9, 0, 5, tzinfo=ZONE)),
        ("2019-12-01T09:00:05.123", datetime(2019, 12, 1, 9, 0, 5, tzinfo=ZONE)),
        ("2019.12.1", datetime(2019, 12, 1, tzinfo=ZONE)),
        ("2019年12月1日", datetime(2019, 12, 1, tzinfo=ZONE)),
        ("2019年12月1日 下午3时5分", datetime(2019, 12, 1, 15, 5, tzinfo=ZONE)),
        ("2019年12月1日9点", datetime(2019, 12, 1, 9, 0, tzinfo=ZONE)),
        (" ", None),
    ],
)
def test_dates_as_people_write_them(text: str, moment: datetime | None) -> None:
    assert parse_moment(text) == moment


@pytest.mark.parametrize(
    "text", ["昨天", "2019-13-01", "2019-02-30", "2019-01-01 25:00", "43800", "0000-01-01", "2019"]
)
def test_bad_dates_are_said_to_be_bad(text: str) -> None:
    with pytest.raises(CellError):
        parse_moment(text)


def test_a_list_is_taken_in(cast: Cast, at: datetime) -> None:
    actions.seed_subjects(at=at)
    intake = _bring(_csv(ROWS), at)
    assert (_counts(intake), intake.row, intake.finished_at) == ((3, 0, 0), 3, at)
    first, second, third = Voice.objects.order_by("received_at")
    assert (first.text, first.identity, first.channel) == ("停水\n村里停水三天了。", "signed", "import")
    assert first.received_at == datetime(2019, 12, 1, 9, 0, tzinfo=ZONE)
    assert first.recorded_at == at
    assert first.area == cast.areas["qingshui"]
    assert not first.wants_reply
    contact = first.opened_contact()
    assert contact
    assert (contact.name, contact.phone) == ("张三", "13800000001")
    item = first.items.get()
    assert item.subject
    assert item.subject.name == "停水水压"
    assert (second.identity, second.contact) == ("anonymous", None)
    assert third.text == "垃圾没人收。"
    assert (third.area, third.place) == (None, "不知道镇")
    assert Event.objects.filter(verb="voice.heard", kind="listen.voice").count() == 3
    assert Event.objects.get(verb="intake.finished").data == {
        "kind": "voices", "added": 3, "changed": 0, "known": 0, "failed": 0, "dry": False,
    }  # fmt: skip


def test_a_second_run_adds_nothing_whatever_the_file_is_called(cast: Cast, at: datetime) -> None:
    _bring(_csv(ROWS), at)
    again = _bring(_csv(ROWS[::-1], encoding="gb18030"), at, name="another.csv")
    assert _counts(again) == (0, 3, 0)
    assert Voice.objects.count() == Item.objects.count() == 3


def test_two_lists_may_both_begin_with_1(cast: Cast, at: datetime) -> None:
    _bring(_csv(ROWS), at)
    other = [["1", "", "", "别的事", "2020-01-01", "另一份名单的第一条。", "", ""]]
    assert _counts(_bring(_csv(other), at)) == (1, 0, 0)


def test_a_row_twice_in_a_list_is_one_voice(cast: Cast, at: datetime) -> None:
    assert _counts(_bring(_csv([*ROWS, ROWS[0]]), at)) == (3, 1, 0)


def test_bad_rows_are_kept_masked_and_the_rest_is_taken(cast: Cast, at: datetime) -> None:
    bad = [
        ["4", "张小三", "13812345678", "", "昨天", "电话13812345678找我", "", ""],
        ["5", "", "", "", "2019-12-01", "", "", ""],
        ["6"],
        ["7", "", "", "", "2030-12-01", "未来的事", "", ""],
        ["8", "", "", "", "", "字" * 20_001, "", ""],
        ["9", "", "", "", "", "长" * 5_000, "", "", "多一格"],
    ]
    intake = _bring(_csv([ROWS[0], *bad, ROWS[1]]), at)
    assert _counts(intake) == (3, 0, 5)
    errors = list(intake.errors.order_by("row"))
    assert [error.row for error in errors] == [3, 4, 5, 6, 7]
    assert all(error.trouble for error in errors)
    cells = errors[0].cells
    assert cells["received_at"] == "昨天"
    assert "13812345678" not in str(cells)
    assert "张小三" not in str(cells)
    assert len(errors[4].trouble) <= 200


def test_a_trial_writes_nothing_and_counts_the_same(cast: Cast, at: datetime) -> None:
    rows = [*ROWS, ROWS[0], ["x", "", "", "", "昨天", "话", "", ""]]
    tried = _bring(_csv(rows), at, dry=True)
    assert not Voice.objects.exists()
    assert _counts(tried) == _counts(_bring(_csv(rows), at)) == (3, 1, 1)


@pytest.mark.parametrize(
    "mapping",
    [{}, {"留言详情": "nothing"}, {"没有这列": "text"}, {"留言详情": "text", "留言主题": "text"}, {"姓名": "name"}],
)
def test_a_mapping_that_does_not_fit_is_refused(mapping: dict[str, str], cast: Cast, at: datetime) -> None:
    intake, _preview = intakes.open_list(VOICES, content=_csv(ROWS), name="x.csv", by=None, at=at)
    with pytest.raises(BadMapping):
        intakes.begin_intake(intake, listing=VOICES, mapping=mapping, dry=False, by=None, at=at)
    intake.refresh_from_db()
    assert intake.state == Intake.State.MAPPED


def test_only_who_may_brings_files_in(cast: Cast, dispatcher: User, neighbour: User, at: datetime) -> None:
    intake, _preview = intakes.open_list(VOICES, content=_csv(ROWS), name="x.csv", by=dispatcher, at=at)
    for deed in (
        lambda: intakes.open_list(VOICES, content=_csv(ROWS), name="x.csv", by=neighbour, at=at),
        lambda: intakes.begin_intake(
            intake, listing=VOICES, mapping={"留言详情": "text"}, dry=False, by=neighbour, at=at
        ),
        lambda: intakes.stop_intake(intake, listing=VOICES, by=neighbour, at=at),
    ):
        with pytest.raises(NotAllowed):
            deed()


def _many(count: int) -> bytes:
    return _csv([[str(n), "", "", "", "2019-12-01", f"第{n}条意见", "", ""] for n in range(count)])


def test_a_list_is_stopped_and_resumed_where_it_stood(
    cast: Cast, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "VOICES", replace(VOICES, batch=10, slice=2))
    intake, preview = intakes.open_list(VOICES, content=_many(55), name="x.csv", by=None, at=at)
    assert not jobs.take_in(at=at)
    intake = intakes.begin_intake(intake, listing=VOICES, mapping=preview.mapping, dry=False, by=None, at=at)
    with pytest.raises(intakes.NotWaiting):
        intakes.begin_intake(intake, listing=VOICES, mapping=preview.mapping, dry=False, by=None, at=at)
    assert jobs.take_in(at=at)
    intake.refresh_from_db()
    assert (intake.row, intake.total, Voice.objects.count()) == (20, 55, 20)
    intakes.stop_intake(intake, listing=VOICES, by=None, at=at)
    assert not jobs.take_in(at=at)
    with pytest.raises(intakes.NotWaiting):
        intakes.stop_intake(intake, listing=VOICES, by=None, at=at)
    intakes.resume_intake(intake, listing=VOICES, by=None, at=at)
    while jobs.take_in(at=at):
        pass
    assert Voice.objects.count() == 55
    assert list(Event.objects.filter(kind="intake.intake").order_by("pk").values_list("verb", flat=True)) == [
        "intake.opened",
        "intake.begun",
        "intake.stopped",
        "intake.resumed",
        "intake.finished",
    ]


def test_a_killed_worker_is_replaced_and_no_row_is_lost_or_doubled(cast: Cast, at: datetime) -> None:
    intake, preview = intakes.open_list(VOICES, content=_many(30), name="x.csv", by=None, at=at)
    intakes.begin_intake(intake, listing=VOICES, mapping=preview.mapping, dry=False, by=None, at=at)
    dead = taking.claim_intake(VOICES, at=at)
    assert dead is not None
    assert taking.claim_intake(VOICES, at=at) is None
    later = at + timedelta(minutes=10)
    while jobs.take_in(at=later):
        pass
    assert Voice.objects.count() == 30
    # The dead one wakes up with old rows in its hands.
    with pytest.raises(intakes.Overtaken):
        taking.take_rows(dead, listing=VOICES, rows=[], at=later, seen=set())


def test_preview_of_an_opened_list(cast: Cast, at: datetime) -> None:
    intake, preview = intakes.open_list(VOICES, content=_csv(ROWS), name="x.csv", by=None, at=at)
    assert intakes.look(intake, listing=VOICES) == preview


def test_controls_and_other_encodings_are_kept_legible(cast: Cast, at: datetime) -> None:
    content = "内容\r\n停\x00水\x07三天\r\n".encode("utf-16")
    assert _counts(_bring(content, at)) == (1, 0, 0)
    assert Voice.objects.get().text == "停水三天"

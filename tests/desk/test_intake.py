"""Bringing in a list at the desk."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from lianxin.intake import actions as intakes
from lianxin.intake.models import Intake
from lianxin.listen.jobs import take_in
from lianxin.listen.models import Voice
from lianxin.people.models import User
from lianxin.serve.channels.listing import SERVICES
from lianxin.serve.models import Service
from tests.desk.road import Road

SignIn = Callable[[User | str], Client]
URL = "/desk/intake/"
ROWS = "编号,主题,内容,时间\n1,停水,小区没水,2026-09-01 10:00\n2,,,\n3,路灯,路灯坏了,昨天\n4,修路,路烂了,2026-09-02\n"
CHOSEN = {"column_0": "id", "column_1": "title", "column_2": "text", "column_3": "received_at"}


def hand_in(client: Client, content: bytes, name: str = "list.csv") -> Any:
    return client.post(URL, {"kind": "voices", "file": SimpleUploadedFile(name, content)})


def test_preview_guesses_columns_and_takes_nothing(road: Road, sign_in: SignIn) -> None:
    client = sign_in("dispatcher")
    answer = hand_in(client, ROWS.encode("gb18030"))
    intake = Intake.objects.get()
    assert answer["Location"] == f"{URL}{intake.pk}/"
    page = client.get(answer["Location"]).content.decode()
    assert "小区没水" in page
    assert '<option value="text" selected>' in page
    assert not Voice.objects.exists()


def test_excel_is_read_too(road: Road, sign_in: SignIn) -> None:
    book, file = Workbook(), io.BytesIO()
    assert book.active is not None
    for row in (["内容"], ["小区没水"]):
        book.active.append(row)
    book.save(file)
    client = sign_in("dispatcher")
    answer = hand_in(client, file.getvalue(), "list.xlsx")
    assert "小区没水" in client.get(answer["Location"]).content.decode()


def test_try_then_take_in_then_see_what_was_not_taken(road: Road, sign_in: SignIn) -> None:
    client = sign_in("dispatcher")
    hand_in(client, ROWS.encode())
    intake = Intake.objects.get()
    client.post(f"{URL}{intake.pk}/begin/", {**CHOSEN, "dry": "1"})
    while take_in(at=road.at):
        pass
    assert not Voice.objects.exists()
    assert "column_0" in client.get(f"{URL}{intake.pk}/").content.decode()  # tried, now for real
    answer = client.post(f"{URL}{intake.pk}/begin/", CHOSEN)
    real = Intake.objects.exclude(pk=intake.pk).get()  # the trial stays on record
    assert answer["Location"] == f"{URL}{real.pk}/"
    assert "every 1s" in client.get(f"{URL}{real.pk}/").content.decode()  # the page asks how far it is
    part = client.get(f"{URL}{real.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    while take_in(at=road.at):
        pass
    real.refresh_from_db()
    assert (real.added, real.failed) == (2, 2)
    assert "every 1s" not in client.get(f"{URL}{real.pk}/").content.decode()
    sheet = client.get(f"{URL}{real.pk}/errors.csv").content.decode("utf-8-sig")
    assert "昨天" in sheet
    assert len(sheet.strip().splitlines()) == 3


def test_stop_and_go_on(road: Road, sign_in: SignIn) -> None:
    client = sign_in("dispatcher")
    hand_in(client, ROWS.encode())
    intake = Intake.objects.get()
    client.post(f"{URL}{intake.pk}/begin/", CHOSEN)
    client.post(f"{URL}{intake.pk}/stop/")
    intake.refresh_from_db()
    assert intake.state == Intake.State.STOPPED
    assert not take_in(at=road.at)
    client.post(f"{URL}{intake.pk}/resume/")
    assert take_in(at=road.at)
    again = client.post(f"{URL}{intake.pk}/stop/", follow=True)  # it is done by now: told, not broken
    assert again.status_code == 200


def test_formulas_in_the_error_sheet_are_text(road: Road, sign_in: SignIn) -> None:
    client = sign_in("dispatcher")
    hand_in(client, "内容,时间\n=cmd|calc!A1,昨天\n".encode())
    intake = Intake.objects.get()
    client.post(f"{URL}{intake.pk}/begin/", {"column_0": "text", "column_1": "received_at"})
    take_in(at=road.at)
    sheet = client.get(f"{URL}{intake.pk}/errors.csv").content.decode("utf-8-sig")
    assert ",=cmd" not in sheet
    assert "'=cmd" in sheet


@pytest.mark.parametrize("content", [b"", b"   ", b"\xd0\xcf\x11\xe0 old", b"PK\x03\x04 broken", "只有标题\n".encode()])
def test_files_that_are_no_list_are_refused_with_a_word(road: Road, sign_in: SignIn, content: bytes) -> None:
    assert hand_in(sign_in("dispatcher"), content).status_code == 422
    assert not Intake.objects.exists()


@pytest.mark.parametrize(
    "chosen", [{}, {"column_1": "moon"}, {"column_1": "text", "column_2": "text"}, {"column_0": "id"}]
)
def test_columns_that_do_not_fit_are_refused(road: Road, sign_in: SignIn, chosen: dict[str, str]) -> None:
    client = sign_in("dispatcher")
    hand_in(client, ROWS.encode())
    intake = Intake.objects.get()
    assert client.post(f"{URL}{intake.pk}/begin/", chosen).status_code == 422
    intake.refresh_from_db()
    assert intake.state == Intake.State.MAPPED


def test_neighbour_is_refused(road: Road, sign_in: SignIn) -> None:
    hand_in(sign_in("dispatcher"), ROWS.encode())
    pk = Intake.objects.get().pk
    client = sign_in("neighbour")
    assert hand_in(client, ROWS.encode()).status_code == 403
    for url in (URL, f"{URL}{pk}/", f"{URL}{pk}/errors.csv"):
        assert client.get(url).status_code == 403
    for deed in ("begin", "stop", "resume"):
        assert client.post(f"{URL}{pk}/{deed}/").status_code == 403
    assert sign_in("dispatcher").get(f"{URL}{pk + 1}/").status_code == 404


def test_a_row_that_was_not_taken_is_mended_in_place(road: Road, sign_in: SignIn) -> None:
    client = sign_in("dispatcher")
    hand_in(client, ROWS.encode())
    intake = Intake.objects.get()
    client.post(f"{URL}{intake.pk}/begin/", CHOSEN)
    while take_in(at=road.at):
        pass
    row = f"{URL}{intake.pk}/rows/4/"
    assert row in client.get(f"{URL}{intake.pk}/").content.decode()
    assert 'value="昨天"' in client.get(row).content.decode()
    cells = {"cell_0": "3", "cell_1": "路灯", "cell_2": "路灯坏了", "cell_3": "前天"}
    still = client.post(row, cells)
    assert (still.status_code, Voice.objects.count()) == (422, 2) and "前天" in still.content.decode()
    client.post(row, {**cells, "cell_3": "2026-09-03"})
    intake.refresh_from_db()
    assert (intake.added, intake.failed, Voice.objects.count()) == (3, 1, 3)
    assert client.get(row).status_code == 404 and client.post(row, cells).status_code == 404
    assert row not in client.get(f"{URL}{intake.pk}/").content.decode()


def test_a_list_of_services_is_tried_first(road: Road, sign_in: SignIn) -> None:
    client = sign_in("cataloguer")
    assert "要说" not in client.get(URL).content.decode()
    rows = "事项名称,实施主体\n社保卡申领,县人力资源和社会保障局\n,某局\n"
    client.post(URL, {"kind": "services", "file": SimpleUploadedFile("事项.csv", rows.encode())})
    intake = Intake.objects.get()
    chosen = {"column_0": "name", "column_1": "office_name"}
    client.post(f"{URL}{intake.pk}/begin/", {**chosen, "dry": "1"})
    while intakes.take_in(SERVICES, at=road.at):
        pass
    intake.refresh_from_db()
    assert (intake.added, intake.failed, Service.objects.count()) == (1, 1, 0)
    assert client.get(f"{URL}{intake.pk}/").status_code == 200
    client.post(f"{URL}{intake.pk}/begin/", {**chosen, "way": "draft"})
    while intakes.take_in(SERVICES, at=road.at):
        pass
    assert Service.objects.get().state == "draft"
    voices = client.post(URL, {"kind": "voices", "file": SimpleUploadedFile("x.csv", ROWS.encode())})
    assert voices.status_code == 422  # not what this officer may bring in

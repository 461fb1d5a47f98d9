"""What the commands say and do; they go through the same deeds as the pages."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from lianxin.kit.clock import Calendar
from lianxin.people.actions import find_token
from lianxin.people.models import CalendarDay, County, Limit, Post, Token, User
from lianxin.places.models import Area
from tests.cast import Cast

pytestmark = pytest.mark.django_db
PASSWORD = "yi ju chang hua"


@pytest.fixture(autouse=True)
def _typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))


def _run(*words: str) -> str:
    out = io.StringIO()
    call_command(*words, stdout=out, stderr=out)
    return out.getvalue()


def test_a_county_is_founded_and_its_it_officer_can_begin(client: Client) -> None:
    _run("found", "--name", "同心县", "--prefix", "TX", "--code", "640324", "--username", "weigong")
    assert County.objects.get().area == Area.objects.get(code="640324")
    assert Limit.objects.count() == 9 and CalendarDay.objects.filter(date__year=2026).exists()
    assert Post.objects.get(role="it").holder == User.objects.get(username="weigong")
    answer = client.post("/sign-in", {"username": "weigong", "password": PASSWORD})
    assert answer["Location"] == "/sign-in/enrol"
    with pytest.raises(CommandError):
        _run("found", "--name", "又一县", "--prefix", "ZZ")


def test_a_county_that_cannot_be_founded_leaves_nothing() -> None:
    with pytest.raises(CommandError):
        _run("found", "--name", "同心县", "--prefix", "TX", "--code", "999999")
    assert not County.objects.exists() and not Area.objects.exists() and not User.objects.exists()


def test_officers_are_kept_without_pages(cast: Cast) -> None:
    _run("officer", "add", "new", "--name", "新来", "--role", "editor", "--office", "县水务局")
    assert Post.objects.get(holder__username="new").role == "editor"
    _run("officer", "close", "new")
    assert "closed" in _run("officer", "list")
    _run("officer", "reopen", "new")
    assert User.objects.get(username="new").is_active
    for wrong in (["officer", "close", "nobody"], ["officer", "add", "x", "--name", "x", "--role", "editor"]):
        with pytest.raises(CommandError):
            _run(*wrong)


def test_the_last_it_officer_is_not_closed_by_mistake(cast: Cast) -> None:
    with pytest.raises(CommandError):
        _run("officer", "close", "it")


def test_a_token_is_printed_and_revoked(cast: Cast, at: datetime) -> None:
    secret = _run("token", "handler", "--days", "30").strip()
    found = find_token(secret, at=at)
    assert found and found.user == cast.officers["handler"]
    _run("token", "handler", "--revoke")
    assert find_token(secret, at=at) is None
    assert Token.objects.get().expires_at


def test_a_second_factor_is_taken_away(cast: Cast) -> None:
    _run("totp", "handler")
    assert User.objects.get(username="handler").totp_required


def test_areas_are_read_from_a_file(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "areas.csv"
    path.write_text("name,kind,parent\n新镇,town,云溪县\n", encoding="gb18030")
    assert "new: 1" in _run("import_areas", str(path), "--dry-run")
    assert not Area.objects.filter(name="新镇").exists()
    _run("import_areas", str(path))
    assert Area.objects.get(name="新镇").source == "areas.csv"
    path.write_text("name,kind,parent\n某村,village,没有\n")
    with pytest.raises(SystemExit):
        _run("import_areas", str(path))
    with pytest.raises(CommandError):
        _run("import_areas", str(tmp_path / "none.csv"))


def test_a_calendar_is_read_from_a_file(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "2026.csv"
    days = [day for day in Calendar.seeded().days if day.date.year == 2026]
    lines = [f"{day.date},{int(day.is_workday)},{day.name}" for day in days]
    path.write_text("\n".join(["date,is_workday,name", *lines]))
    assert "changed: 2026" in _run("import_calendar", str(path), "--source", "通知")
    path.write_text("\n".join(["date,is_workday,name", *lines[5:]]))
    with pytest.raises(CommandError):
        _run("import_calendar", str(path), "--source", "通知")

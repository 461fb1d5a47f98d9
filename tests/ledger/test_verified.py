"""The last verification of the ledger: kept, made each night a slice at a time, and shown to everybody."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from lianxin.kit.clock import ZONE
from lianxin.ledger import jobs
from lianxin.ledger.actions import note, seals, verification, verify
from lianxin.ledger.models import Event, Node, Seal, Verification
from lianxin.places.models import Area
from lianxin.project.management.commands import doctor
from tests.ledger.test_seal import events, seal_all

NIGHT = datetime(2026, 9, 30, 2, 0, tzinfo=ZONE)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seals, "BATCH", 7)
    monkeypatch.setattr(verification, "CHUNK", 8)
    monkeypatch.setattr(jobs, "verify", jobs._Nightly())


def night(at: datetime = NIGHT) -> int:
    """Let the worker do what it can and return how many slices there were."""
    slices = 1
    while jobs.verify(at=at):
        slices += 1
    return slices


def test_each_night_a_slice_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    events(20)
    seal_all()
    assert night() == 3  # twenty leaves in slices of eight
    last = Verification.objects.get()
    newest = Seal.objects.newest()
    assert newest and (last.size, bytes(last.root), last.findings) == (20, bytes(newest.root), 0)
    assert (last.begun_at, last.at) == (NIGHT, NIGHT) and last.is_whole
    line = Event.objects.about(last).get()
    assert (line.verb, line.data) == ("ledger.verified", {"size": 20, "findings": 0, "kinds": []})
    night(NIGHT + timedelta(hours=2))
    assert Verification.objects.count() == 1
    night(NIGHT + timedelta(days=1))
    assert Verification.objects.count() == 2


@pytest.mark.parametrize("hour", [0, 5, 10, 23])
def test_not_while_people_wait(hour: int) -> None:
    night(NIGHT.replace(hour=hour))
    assert not Verification.objects.exists()


def test_an_empty_log_is_whole() -> None:
    assert night() == 1 and Verification.objects.get().is_whole


def test_what_was_tampered_with_is_counted(client: Client) -> None:
    events(20)
    seal_all()
    Event.objects.filter(position=3).update(by_name="李四")
    Event.objects.filter(position=17).delete()
    night()
    last = Verification.objects.get()
    assert last.findings == 2 and not last.is_whole
    assert Event.objects.about(last).get().data["kinds"] == ["altered", "missing"]
    assert "正在查" in client.get("/ledger/").content.decode()
    assert "李四" not in client.get("/ledger/").content.decode()


def test_a_fault_on_the_way_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    events(20)
    seal_all()
    assert jobs.verify(at=NIGHT)
    with monkeypatch.context() as broken:
        broken.setattr(verification._Walk, "look_at", lambda *given: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            jobs.verify(at=NIGHT)
    assert not Verification.objects.exists()
    assert night() == 3 and Verification.objects.get().size == 20


def test_what_is_sealed_meanwhile_is_no_finding() -> None:
    events(20)
    seal_all()
    assert jobs.verify(at=NIGHT)
    events(20)
    seal_all(NIGHT)
    while jobs.verify(at=NIGHT):
        pass
    assert Verification.objects.get().size == 20 and Verification.objects.get().is_whole


def test_no_verification_without_its_event(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "note", lambda *given, **more: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        verification.keep_verification(verify(), begun_at=NIGHT, at=NIGHT)
    assert not Verification.objects.exists()


def test_the_command_keeps_it_too() -> None:
    note("area.added", Area.objects.create(name="甲", kind="village", path="/1/", full_name="甲"), by=None, at=NIGHT)
    seal_all(NIGHT + timedelta(days=99))
    out = StringIO()
    call_command("ledger", "verify", stdout=out)
    assert Verification.objects.get().size == Seal.objects.latest("size").size > 0
    Node.objects.filter(level=0).delete()
    with pytest.raises(SystemExit):
        call_command("ledger", "verify", stdout=out)
    last = Verification.objects.last()
    assert last and last.findings


def test_everybody_sees_when_how_far_and_what_came_out(client: Client) -> None:
    assert "还没有核对过" in client.get("/ledger/").content.decode()
    assert client.get("/ledger/roots.json").json()["verified"] is None
    events(20)
    seal_all()
    night()
    page = client.get("/ledger/").content.decode()
    assert "02:00" in page and "20 行" in page and "完好" in page
    told = client.get("/ledger/roots.json").json()["verified"]
    assert (told["size"], told["findings"]) == (20, 0) and len(told["root"]) == 64


def test_the_doctor_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NIGHT)
    assert list(doctor.ledger()) == []
    events(1, recorded_at=NIGHT - timedelta(days=4))
    assert [one.well for one in doctor.ledger()] == [False]
    seal_all(NIGHT)
    night()
    assert [one.well for one in doctor.ledger()] == [True]
    monkeypatch.setattr(timezone, "now", lambda: NIGHT + timedelta(days=4))
    assert [one.well for one in doctor.ledger()] == [False]
    Event.objects.filter(position=0).update(by_name="别人")
    night(NIGHT + timedelta(days=4))
    (found,) = doctor.ledger()
    assert not found.well and "1 are not as sealed" in found.say

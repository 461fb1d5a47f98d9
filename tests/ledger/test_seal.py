"""Sealing, proofs and the search for what was tampered with."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, connections
from pymerkle import InmemoryTree, verify_inclusion  # type: ignore[import-untyped]

from lianxin.kit import merkle
from lianxin.ledger import figures
from lianxin.ledger.actions import note, seal_events, seals, verification, verify
from lianxin.ledger.models import Event, Node, Seal
from lianxin.ledger.rules import DELAY, TOLERANCE, canonical, check, microseconds
from lianxin.places.models import Area

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 9, 29, 13, 14, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def events(count: int, *, recorded_at: datetime = NOW, **values: Any) -> list[Event]:
    return Event.objects.bulk_create(
        Event(
            verb="case.accepted", kind="resolve.case", key=number, label=f"第{number}件", by_id=7, by_name="王小明",
            at=NOW, recorded_at=recorded_at, data={"n": number, "字": ["a", None, True]}, **values,
        )
        for number in range(count)
    )  # fmt: skip


def seal_all(at: datetime = NOW + DELAY) -> None:
    while seal_events(at=at):
        pass


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seals, "BATCH", 7)


def places() -> list[int]:
    return sorted(place for place in Event.objects.values_list("position", flat=True) if place is not None)


def found() -> dict[str, int]:
    return dict(verify().counts)


def test_sealed_log_is_the_tree_that_an_independent_library_makes(small_batches: None) -> None:
    events(100)
    seal_all()
    witness = InmemoryTree(algorithm="sha256")
    for event in Event.objects.order_by("position"):
        witness.append_entry(canonical(event.facts()))
    newest = Seal.objects.newest()
    assert newest is not None and newest.size == 100
    assert bytes(newest.root) == witness.get_root()
    assert list(Event.objects.order_by("pk").values_list("position", flat=True)) == list(range(100))
    assert Node.objects.count() == sum(100 >> level for level in range(7))
    assert found() == {}


@pytest.mark.parametrize("count", [1, 2, 3, 8, 15, 33])
def test_every_event_is_proved_and_the_proof_fits_no_other(count: int, small_batches: None) -> None:
    events(count)
    seal_all()
    rows = list(Event.objects.order_by("position"))
    proofs = figures.prove_all(rows)
    for event, proof in zip(rows, proofs, strict=True):
        assert proof is not None and check(proof, event.facts())
        assert not check(proof, event.facts() | {"by": [8, "别人"]})
        assert len(proof.path) <= count.bit_length()
    assert proofs[0] == figures.prove(rows[0])


def test_proofs_need_two_queries_however_many(small_batches: None, django_assert_num_queries: Any) -> None:
    events(60)
    seal_all()
    rows = list(Event.objects.order_by("position"))
    with django_assert_num_queries(2):
        assert all(figures.prove_all(rows))


def test_proof_under_an_older_seal_and_none_for_what_came_after(small_batches: None) -> None:
    rows = events(10)
    seal_all()
    older = Seal.objects.get(size=7)
    proof, later = figures.prove_all([Event.objects.get(pk=rows[3].pk), Event.objects.get(pk=rows[8].pk)], seal=older)
    assert later is None and proof is not None and proof.root == bytes(older.root)
    assert check(proof, Event.objects.get(pk=rows[3].pk).facts())


def test_too_young_events_wait(at: datetime) -> None:
    events(3, recorded_at=NOW)
    assert seal_events(at=NOW + DELAY - timedelta(microseconds=1)) == 0
    assert seal_events(at=NOW + DELAY) == 3


def test_event_committed_late_gets_a_later_place() -> None:
    first, late, third = events(3)
    Event.objects.filter(pk=late.pk).update(recorded_at=NOW + DELAY)  # as if its transaction had not been seen yet
    seal_all()
    seal_all(NOW + 2 * DELAY)
    where = dict(Event.objects.values_list("pk", "position"))
    assert [where[e.pk] for e in (first, third, late)] == [0, 1, 2]
    assert found() == {}


def test_gaps_in_the_numbers_are_no_gaps_in_the_log() -> None:
    rows = events(10)
    Event.objects.filter(pk__in=[rows[2].pk, rows[5].pk]).delete()  # rolled back on PostgreSQL: the numbers are lost
    seal_all()
    assert places() == list(range(8))
    assert found() == {}


def test_second_sealer_leaves_quietly(monkeypatch: pytest.MonkeyPatch) -> None:
    events(5)
    real = seals._grow

    def while_another_seals(size: int, rows: list[Event]) -> Any:
        monkeypatch.setattr(seals, "_grow", real)
        assert seal_events(at=NOW + DELAY) == 5
        return real(size, rows)

    monkeypatch.setattr(seals, "_grow", while_another_seals)
    assert seal_events(at=NOW + DELAY) == 0
    assert Seal.objects.count() == 1 and found() == {}


def test_fractions_are_no_facts() -> None:
    area = Area.objects.create(name="一地", kind="county", path="/1/")
    with pytest.raises(TypeError):
        note("area.made", area, by=None, at=NOW, data={"deep": [{"share": 0.5}]})
    event = note("area.made", area, by=None, at=NOW, data={"share": "0.5"})
    event.refresh_from_db()
    assert event.facts()["data"] == {"share": "0.5"} and event.facts()["at"] == microseconds(NOW)


# What a tamperer does, and what is found.


@pytest.mark.parametrize(
    "change",
    [
        {"verb": "case.refused"}, {"kind": "x"}, {"key": 9}, {"label": "别的"}, {"by_id": 8}, {"by_name": "李四"},
        {"behalf_id": 1}, {"behalf_name": "某"}, {"at": NOW + timedelta(microseconds=1)},
        {"recorded_at": NOW - timedelta(microseconds=1)}, {"data": {"n": 4}},
    ],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_altered_event_is_found(change: dict[str, Any], small_batches: None) -> None:
    rows = events(20)
    seal_all()
    Event.objects.filter(pk=rows[4].pk).update(**change)
    report = verify()
    assert dict(report.counts) == {"altered": 1} and str(rows[4].pk) in report.findings[0].words


def test_missing_event_is_found(small_batches: None) -> None:
    rows = events(20)
    seal_all()
    Event.objects.filter(pk=rows[4].pk).delete()
    assert found() == {"missing": 1}


def test_two_swapped_events_are_found() -> None:
    rows = events(20)
    seal_all()
    Event.objects.filter(pk=rows[4].pk).update(position=None)
    Event.objects.filter(pk=rows[5].pk).update(position=4)
    Event.objects.filter(pk=rows[4].pk).update(position=5)
    assert found() == {"altered": 2}


def test_inserted_event_is_found_before_and_after_it_is_sealed() -> None:
    events(5)
    seal_all(NOW + timedelta(hours=1))
    events(1, recorded_at=NOW + timedelta(hours=1) - TOLERANCE - DELAY - timedelta(seconds=1))
    assert found() == {"inserted": 1}
    seal_all(NOW + timedelta(hours=2))
    assert found() == {"backdated": 1}


def test_event_that_claims_a_place_is_found() -> None:
    events(5)
    seal_all()
    events(1, position=5)
    assert found() == {"inserted": 1}


def test_rush_after_a_stop_of_the_worker_is_nothing_to_report(small_batches: None) -> None:
    events(50)  # nobody seals for a day
    seal_all(NOW + timedelta(days=1))
    assert Seal.objects.filter(through=None).count() == 7
    assert found() == {}


def test_altered_and_missing_nodes_and_seals_are_found(small_batches: None) -> None:
    events(50)
    seal_all()
    inner = Node.objects.filter(level=2, index=2)
    kept = bytes(inner.get().hash)
    inner.update(hash=bytes(32))
    assert found() == {"node": 2, "seal": 1}  # itself, the one above it, and the seal whose root leans on it
    inner.update(hash=kept)
    Seal.objects.filter(size=14).update(root=bytes(32))
    assert found() == {"seal": 1}
    Seal.objects.filter(size=14).delete()
    Node.objects.filter(level=0, index=3).delete()
    assert found() == {"altered": 1, "node": 2}


def test_log_made_anew_is_found_by_its_published_root(small_batches: None) -> None:
    rows = events(20)
    seal_all()
    published = Seal.objects.get(size=14)
    Event.objects.filter(pk=rows[3].pk).update(by_name="李四")
    Node.objects.all().delete()
    Seal.objects.all().delete()
    Event.objects.update(position=None)
    seal_all()
    assert found() == {}
    assert dict(verify(published=(14, bytes(published.root))).counts) == {"seal": 1}
    assert dict(verify(published=(99, bytes(published.root))).counts) == {"missing": 1}


def test_chunks_meet(small_batches: None, monkeypatch: pytest.MonkeyPatch) -> None:
    events(77)
    seal_all()
    for chunk in (1, 2, 3, 8, 13):
        monkeypatch.setattr(verification, "CHUNK", chunk)
        assert found() == {}
    Event.objects.filter(position=40).delete()
    steps: list[tuple[int, int]] = []
    report = verify(progress=lambda done, total: steps.append((done, total)))
    assert dict(report.counts) == {"missing": 1} and steps[-1] == (77, 77)


def test_commands(capsys: pytest.CaptureFixture[str]) -> None:
    rows = events(5)
    call_command("ledger", "seal")
    call_command("ledger", "root")
    newest = Seal.objects.newest()
    assert newest is not None and bytes(newest.root).hex() in capsys.readouterr().out
    call_command("ledger", "verify")
    Event.objects.filter(pk=rows[0].pk).delete()
    with pytest.raises(SystemExit) as ended:
        call_command("ledger", "verify")
    assert ended.value.code == 1
    with pytest.raises(SystemExit):
        call_command("ledger", "verify", "--size", "5", "--root", "00" * 32)


# What the public gets.


def test_daily_roots() -> None:
    midnight = datetime(2026, 9, 29, 16, 0, tzinfo=UTC)  # the 30th begins in Shanghai
    for number, moment in enumerate([midnight - timedelta(hours=5), midnight - timedelta(seconds=1), midnight]):
        events(1, recorded_at=moment - DELAY)
        assert seal_events(at=moment) == 1, number
    days = [datetime(2026, 9, day).date() for day in (28, 29, 30)]
    assert [root.size for root in figures.daily_roots(days)] == [3, 2]
    assert figures.daily_roots([]) == []


def checked(tmp_path: Path, content: Any) -> subprocess.CompletedProcess[str]:
    file = tmp_path / "proof.json"
    file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    script = str(ROOT / "docs" / "check_proof.py")
    return subprocess.run([sys.executable, "-I", script, str(file)], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("with_facts", [True, False])
def test_resident_checks_with_the_script_alone(tmp_path: Path, small_batches: None, with_facts: bool) -> None:
    events(30)
    seal_all()
    file = figures.history_file(list(Event.objects.order_by("position")[3:9]), with_facts=with_facts)
    fine = checked(tmp_path, file)
    newest = Seal.objects.newest()
    assert newest is not None
    assert fine.returncode == 0 and bytes(newest.root).hex() in fine.stdout
    if with_facts:
        file["events"][2]["facts"]["by"] = [1, "别人"]
    else:
        file["events"][2]["leaf"] = "00" * 32
    assert checked(tmp_path, file).returncode == 1


def test_script_takes_nothing_for_a_proof(tmp_path: Path) -> None:
    assert checked(tmp_path, {"events": []}).returncode == 1
    assert checked(tmp_path, ["what"]).returncode == 1


@pytest.mark.django_db(transaction=True)
def test_many_sealers_and_writers_at_once(small_batches: None) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite in memory has no lock to wait for; tests/outbox/test_kill.py does this on a file")

    def work(deed: Any) -> None:
        try:
            for _ in range(20):
                deed()
        finally:
            connections.close_all()

    deeds = [lambda: events(3)] * 2 + [lambda: seal_events(at=NOW + DELAY)] * 3
    threads = [threading.Thread(target=work, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seal_all()
    assert places() == list(range(120))
    assert found() == {}


def test_independent_library_accepts_our_paths(small_batches: None) -> None:
    events(21)
    seal_all()
    witness = InmemoryTree(algorithm="sha256")
    rows = list(Event.objects.order_by("position"))
    for event in rows:
        witness.append_entry(canonical(event.facts()))
    for place, event in enumerate(rows):
        ours = figures.prove(event)
        theirs = witness.prove_inclusion(place + 1, 21)
        assert ours is not None
        assert merkle.verify_inclusion(ours.leaf, ours.position, 21, ours.path, witness.get_root())
        verify_inclusion(ours.leaf, ours.root, theirs)

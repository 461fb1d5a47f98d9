"""manage.py import_voices, on small files and on the real ones."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from lianxin.kit.clock import ZONE
from lianxin.ledger.models import Event
from lianxin.listen import figures
from lianxin.listen.models import Item, Voice
from tests.cast import Cast
from tests.listen.conftest import real_list

START, END = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


def _run(path: Path, *args: str, **options: Any) -> str:
    out = StringIO()
    call_command("import_voices", str(path), *args, stdout=out, **options)
    return out.getvalue()


def test_a_file_with_named_columns(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("甲,乙\n停水三天,2019-12-01\n路灯不亮,昨天\n", encoding="gb18030")
    out = _run(path, "--map", "text=甲,received_at=乙")
    assert "added 1, known 0, failed 1" in out
    assert "row 3:" in out
    assert "added 0, known 1, failed 1" in _run(path, "--map", "text=甲,received_at=乙")


def test_a_trial(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("内容\n停水三天\n", encoding="utf-8")
    assert "added 1, known 0, failed 0 (only tried)" in _run(path, "--dry-run")
    assert not Voice.objects.exists()


@pytest.mark.parametrize("content", [b"", b"a,b\n", b"a,b\n1,2\n", b"\xff" * 50])
def test_a_file_that_does_not_fit_is_refused_with_words(content: bytes, cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    with pytest.raises(CommandError):
        _run(path)
    with pytest.raises(CommandError):
        _run(tmp_path / "absent.csv")


@pytest.mark.slow
def test_the_real_messages_are_all_taken_once(cast: Cast) -> None:
    path = real_list("votes.csv")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    began = monotonic()
    assert f"added {len(rows)}, known 0, failed 0" in _run(path)
    assert monotonic() - began < 60
    assert f"added 0, known {len(rows)}, failed 0" in _run(path)
    assert Voice.objects.count() == Item.objects.count() == len(rows) == 4326
    assert Event.objects.filter(verb="voice.heard").count() == len(rows)
    plain = Counter(row["time"][:10] for row in rows)
    counted = {cell.key: cell.count for cell in figures.received_by_day(START, END).cells}
    assert counted == dict(plain)
    table = figures.received_by_channel(START, END)
    assert table.total == sum(cell.count or 0 for cell in table.cells) == len(rows)
    row = rows[0]
    said = datetime.fromisoformat(row["time"]).replace(tzinfo=ZONE)
    assert Voice.objects.filter(received_at=said, text=f"{row['subject']}\n{row['detail']}").exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "count"), [("labelled.csv", 5832), ("replies.csv", 2816), ("fuzhou_rivers.csv", 1203)]
)
def test_other_real_lists(name: str, count: int, cast: Cast) -> None:
    assert f"added {count}, known 0, failed 0" in _run(real_list(name))
    assert Voice.objects.count() == count

"""Each guard of the house is shown a small house with a fault in it, and must see it; and the same house without."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.test.utils import isolate_apps
from django.urls import path
from ninja import NinjaAPI

from lianxin.people.rules import Power, power, public
from tests.house.guards import doors, floors, papers, rooms, speech, tables, writes
from tests.house.guards.tree import Tree

Guard = Callable[[Tree], list[str]]


def silent_actions(tree: Tree) -> list[str]:
    return writes.silent_actions(tree, {})


def clock_readers(tree: Tree) -> list[str]:
    return rooms.clock_readers(tree, {})


NOTE = "from lianxin.ledger.actions import note\nfrom django.db import transaction\n"
TAKE = "@transaction.atomic\ndef take(task, *, by, at):\n    task.save()\n"

# guard, file, the fault, the same without
PLANTED: list[tuple[Guard, str, str, str]] = [
    (floors.template_links, "people/templates/a.html", '{% include "case.html" %}', '{% include "own.html" %}'),
    (floors.template_links, "people/templates/a.html", '{% extends "case.html" %}', '{% extends "own.html" %}'),
    (floors.template_links, "people/templates/a.html", "{% url 'case' 1 %}", "{% url 'sign_in' %}"),
    (floors.template_links, "portal/templates/a.html", "{% url 'my_work' %}", "{% url 'case' 1 %}"),
    (floors.template_links, "desk/templates/a.html", "{% url 'nowhere' %}", "{% url 'my_work' %}"),
    (floors.template_links, "listen/views.py", "def v(r):\n    return redirect('case')", "x = redirect('sign_in')"),
    (floors.template_links, "people/templates/a.html", "{% url 'portal:home' %}", "{% url 'api:any' %}"),
    (floors.entrances, "desk/views.py", "from lianxin.resolve.forms import F", "from lianxin.resolve.actions import f"),
    (floors.entrances, "desk/views.py", "from lianxin.resolve import views", "from lianxin.resolve import actions"),
    (writes.only_actions_write, "desk/views.py", "case.save()", "image.save(buffer)"),
    (writes.only_actions_write, "desk/views.py", "case.save(update_fields=['x'])", "book.save(path)"),
    (writes.only_actions_write, "desk/views.py", "Case.objects.create(x=1)", "Case.objects.filter(x=1)"),
    (writes.only_actions_write, "desk/views.py", "Case.objects.get_or_create(x=1)", "Case.objects.get(x=1)"),
    (writes.only_actions_write, "desk/views.py", "Case.objects.bulk_create(rows)", "list(Case.objects.all())"),
    (writes.only_actions_write, "desk/views.py", "Case.objects.filter(x=1).update(y=2)", "d.update({'y': 2})"),
    (writes.only_actions_write, "desk/views.py", "q.update(**values)", "digest.update(data)"),
    (writes.only_actions_write, "desk/views.py", "Case.objects.all().delete()", "cache.delete('key')"),
    (writes.only_actions_write, "desk/views.py", "default_storage.save(name, file)", "default_storage.open(name)"),
    (writes.only_actions_write, "desk/views.py", "cursor.execute(sql)", "cursor.execute('SELECT 1')"),
    (writes.only_actions_write, "desk/views.py", "voice.attachments.add(file)", "seen.add(file)"),
    (writes.only_actions_write, "project/management/commands/x.py", "User.objects.create(x=1)", "make_user(x=1)"),
    (writes.only_actions_write, "resolve/models.py", "class C:\n    def save(self):\n        self.x = 1\n",
     "class C:\n    def save(self):\n        raise Frozen\n"),
    (silent_actions, "resolve/actions.py", NOTE + TAKE, NOTE + TAKE + "    note('x', task, by=by, at=at)\n"),
    (silent_actions, "resolve/actions.py", NOTE + "def take(task, *, by, at):\n    task.save()\n    note('x', task)\n",
     NOTE + TAKE + "    _tell(task)\ndef _tell(task):\n    note('x', task)\n"),
    (silent_actions, "resolve/actions.py", NOTE + "from lianxin.outbox.actions import write\n" + TAKE + "    write()\n",
     NOTE + "from lianxin.listen.actions import mark\n" + TAKE + "    mark()\n"),
    (writes.shapes, "resolve/actions.py", "def take(task, by, *, at):\n    task.save()\n", TAKE),
    (writes.shapes, "resolve/actions.py", "def take(task, *, by):\n    task.save()\n", TAKE),
    (clock_readers, "resolve/actions.py", "x = timezone.now()", "x = timezone.localtime(at)"),
    (clock_readers, "resolve/figures.py", "x = timezone.localdate()", "x = timezone.localdate(at)"),
    (rooms.impure_rules, "resolve/rules.py", "import lianxin.resolve.models", "from lianxin.kit import clock"),
    (rooms.impure_rules, "resolve/rules.py", "from django.db import models\nx = models.Q()",
     "from django.db import models\nclass S(models.TextChoices): A = 'a'"),
    (rooms.impure_rules, "resolve/rules.py", "from django.conf import settings", "from enum import StrEnum"),
    (rooms.impure_rules, "resolve/rules.py", "x = datetime.now()", "x = datetime(2026, 1, 1)"),
    (rooms.impure_rules, "resolve/rules.py", "x = date.today()", "from datetime import date"),
    (rooms.impure_rules, "listen/triage.py", "from django.utils import timezone", "from lianxin.listen.rules import X"),
    (rooms.impure_rules, "kit/text.py", "from django.db import connection", "import unicodedata"),
    (rooms.too_long, "resolve/views.py", "x = 1\n" * 401, "x = 1\n" * 400),
    (rooms.too_long, "desk/templates/a.html", "<p>\n" * 201, "<p>\n" * 200),
    (rooms.too_long, "project/settings.py", "x = 1\n" * 201, "x = 1\n" * 200),
    (rooms.signals, "resolve/models.py", "import django.db.models.signals", "from django.db import models"),
    (rooms.signals, "resolve/models.py", "from django.dispatch import receiver", "from django.db import transaction"),
    (rooms.environment_readers, "resolve/views.py", "import os\nx = os.environ['X']", "x = settings.X"),
    (rooms.environment_readers, "resolve/views.py", "import os\nx = os.getenv('X')", "x = settings.X"),
    (speech.inline_code, "desk/templates/a.html", '<p style="color: red">', '<p class="red">'),
    (speech.inline_code, "desk/templates/a.html", "<style>p {}</style>", "{# <style> #}"),
    (speech.inline_code, "desk/templates/a.html", "<script>f()</script>", '<script src="a.js" defer></script>'),
    (speech.inline_code, "desk/templates/a.html", '<a onclick="f()">', '<a href="/x">'),
    (speech.bare_words, "desk/templates/a.html", "<p>Hello</p>", "<p>{% translate 'Hello' %}</p>"),
    (speech.bare_words, "desk/templates/a.html", "<p>你好</p>", "{% blocktranslate %}Hello{% endblocktranslate %}"),
    (speech.bare_words, "desk/templates/a.html", '<input placeholder="Name">', '<input placeholder="{{ name }}">'),
    (speech.bare_words, "desk/templates/a.html", "{{ a }} days", "{{ a }} · 3"),
    (speech.chinese_in_code, "desk/views.py", "x = '你好'", '"""三听 is explained here."""\nx = 1  # 三听'),
    (speech.spoken_refusals, "resolve/actions.py", "class Late(Refusal): pass\nraise Late('too late')",
     "class Late(Refusal): pass\nraise Late(_('too late'))"),
]  # fmt: skip

FURNITURE = {
    "people/urls.py": "urlpatterns = [path('in', views.sign_in, name='sign_in')]",
    "resolve/urls.py": "urlpatterns = [path('case', views.case, name='case')]",
    "desk/urls.py": "urlpatterns = [path('', views.my_work, name='my_work')]",
    "portal/urls.py": "app_name = 'portal'\nurlpatterns = [path('', views.home, name='home')]",
    "people/templates/own.html": "",
    "resolve/templates/case.html": "",
    "listen/models.py": "class Voice(models.Model):\n    attachments = models.ManyToManyField(Attachment)\n",
    "listen/actions.py": NOTE + "@transaction.atomic\ndef mark(*, at):\n    x.save()\n    note('x', x)\n",
    "outbox/actions.py": NOTE + "@transaction.atomic\ndef write(*, at):\n    x.save()\n    note('x', x)\n",
}


def build(root: Path, files: dict[str, str]) -> Tree:
    for name, text in (FURNITURE | files).items():
        (root / "lianxin" / name).parent.mkdir(parents=True, exist_ok=True)
        (root / "lianxin" / name).write_text(text)
    return Tree(root / "lianxin")


@pytest.mark.parametrize(
    ("guard", "file", "fault", "sound"), PLANTED, ids=[f"{g.__name__}-{n}" for n, (g, *_) in enumerate(PLANTED)]
)
def test_guard_sees_the_fault(tmp_path: Path, guard: Guard, file: str, fault: str, sound: str) -> None:
    assert guard(build(tmp_path / "faulty", {file: fault}))
    assert guard(build(tmp_path / "sound", {file: sound})) == []


@pytest.mark.parametrize("file", ["desk/views/services.py", "people/utils.py", "serve/helpers/x.py"])
def test_file_without_a_noun_is_seen(tmp_path: Path, file: str) -> None:
    assert rooms.no_nouns(build(tmp_path / "faulty", {file: "x = 1"}))
    assert rooms.no_nouns(build(tmp_path / "sound", {"desk/views/catalogue.py": "x = 1"})) == []


def test_exceptions_that_are_not_needed_are_faults(tmp_path: Path) -> None:
    assert writes.silent_actions(build(tmp_path, {}), {("listen", "gone"): "no reason"})


def test_foreign_key_up_is_seen_also_as_a_string() -> None:
    with isolate_apps("lianxin.places"):

        class Planted(models.Model):
            case = models.ForeignKey("resolve.Case", models.PROTECT)
            place = models.ForeignKey("places.Area", models.PROTECT)

            class Meta:
                app_label = "places"

            def __str__(self) -> str:
                return ""

    assert floors.foreign_keys([Planted]) == ["places.Planted.case points up to resolve"]


def test_view_without_a_mark_is_seen() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    def other(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    def third(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    patterns = [path("a", view), path("b", public(other)), path("c", power(Power.HEAR)(third))]
    assert doors.unmarked_views(patterns) == ["/a: no power, not public, not signed_in"]


def test_api_operation_without_a_guard_is_seen() -> None:
    api = NinjaAPI(urls_namespace="planted", docs_url=None, openapi_url=None)

    @api.get("/open")
    @public
    def open_one(request: HttpRequest) -> str:
        return ""

    @api.get("/closed", auth=lambda request: None)
    def closed(request: HttpRequest) -> str:
        return ""

    @api.get("/bare")
    def bare(request: HttpRequest) -> str:
        return ""

    found = doors.unmarked_views(pattern for pattern in api.urls[0] if "api-root" not in repr(pattern))
    assert found == ["/bare GET: no guard"]


@pytest.mark.parametrize(
    ("edges", "fault"),
    [
        ({"new": {"open"}, "open": {"done"}, "done": set(), "lost": {"done"}}, "nothing leads to lost"),
        ({"new": {"done", "stuck"}, "stuck": set(), "done": set()}, "from stuck there is no way to an end"),
        ({"new": {"open", "done"}, "open": {"open"}, "done": set()}, "open is no end and leads nowhere else"),
        ({"new": {"done", "nowhere"}, "done": set()}, "new leads to nowhere, which is no state"),
    ],
)  # fmt: skip
def test_fault_in_a_table_is_seen(edges: dict[str, set[str]], fault: str) -> None:
    assert fault in tables.table_faults(edges, start="new", final={"done"})


def test_sound_table_has_no_fault() -> None:
    edges = {"new": {"open"}, "open": {"done"}, "done": {"open"}}
    assert tables.table_faults(edges, start="new", final={"done"}) == []


def test_power_that_nobody_holds_is_seen() -> None:
    roles = {"clerk": {"hear"}, "chief": {"hear", "handle"}}
    assert tables.unheld_powers({"take": "handle", "listen": "hear"}, roles) == []
    assert tables.unheld_powers({"take": "approve"}, roles) == ["take needs approve, which no role gives"]
    assert tables.unheld_powers({"take": "handle"}, roles, {"clerk"}) == ["take needs handle, but nobody is chief"]


def test_undocumented_name_is_seen(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("Set `PORT` or run `manage.py serve --bind X`.")
    assert papers.undocumented(["PORT", "serve"], tmp_path) == []
    assert papers.undocumented(["DATA"], tmp_path) == ["docs do not name `DATA`"]


def test_variables_are_found_in_settings() -> None:
    source = "A = os.environ.get('A')\nB = os.environ['B']\nC = _kept_secret('C')\nD = d.get('D')\n"
    assert papers.variables(source) == ["A", "B", "C"]


def test_host_in_a_lock_is_seen(tmp_path: Path) -> None:
    (tmp_path / "requirements.lock").write_text("--index-url https://example.org/simple\nDjango==5.2\n")
    assert len(papers.hosts_in_locks(tmp_path)) == 1


@pytest.fixture
def skeleton(tmp_path: Path) -> Path:
    """The house without its furniture: every package and module, empty, with the import contracts."""
    for source in Tree(settings.ROOT / "lianxin").sources:
        empty = tmp_path / "lianxin" / source.inside
        empty.parent.mkdir(parents=True, exist_ok=True)
        empty.touch()
    shutil.copy(settings.ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def _lint_imports(root: Path) -> int:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-logo", "--no-cache"]
    return subprocess.run(command, cwd=root, capture_output=True, check=False).returncode


def test_import_contracts_hold_in_an_empty_house(skeleton: Path) -> None:
    assert _lint_imports(skeleton) == 0


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("kit/refusal.py", "import lianxin.resolve"),
        ("kit/refusal.py", "import lianxin.kit.reference"),
        ("ledger/rules.py", "import lianxin.people.rules"),
        ("portal/urls.py", "import lianxin.desk.urls"),
        ("ledger/models/event.py", "import lianxin.ledger.actions"),
        ("people/rules.py", "import lianxin.people.models"),
        ("resolve/utils.py", ""),
        ("desk/models.py", ""),
        ("project/helpers.py", ""),
        ("misc/__init__.py", ""),
    ],
)
def test_import_contracts_see_the_fault(skeleton: Path, file: str, text: str) -> None:
    planted = skeleton / "lianxin" / file
    planted.parent.mkdir(exist_ok=True)
    planted.write_text(text)
    assert _lint_imports(skeleton) == 1

"""Every deed that any action notes can be read on the page of the ledger, not only by who wrote the program."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.utils import translation

from lianxin.desk.templatetags.beside import deed_words
from lianxin.listen.rules import Outcome
from lianxin.resolve.rules import BESIDE, Deed, verb

VERB = re.compile(r"[a-z_]+\.[a-z_]+")
HAN = re.compile(r"[\u4e00-\u9fff]")
WRITERS = {"note", "_turn", "_conclude", "_move"}  # `note`, and what hands a verb on to it


def constants(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Constant) and isinstance(each.value, str) and VERB.fullmatch(each.value):
            yield each.value


def verbs_of(source: str) -> Iterator[str]:
    """Return what stands where a verb stands: an argument of a writer, or what a name `verb` is bound to."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in WRITERS:
                for given in [*node.args, *(word.value for word in node.keywords if word.arg == "verb")]:
                    yield from constants(given)
        elif isinstance(node, ast.Assign) and any(getattr(target, "id", "") == "verb" for target in node.targets):
            yield from constants(node.value)


def verbs() -> set[str]:
    root = Path(settings.ROOT) / "lianxin"
    found = {each for path in root.rglob("*.py") if "actions" in str(path) for each in verbs_of(path.read_text())}
    return found | {verb(deed) for deed in Deed} | set(BESIDE) | {f"item.{outcome.value}" for outcome in Outcome}


def test_every_verb_of_the_ledger_has_words_in_both_languages() -> None:
    found = verbs()
    assert {"voice.heard", "letter.opened", "message.sent", "intake.stopped", "user.code_refused"} <= found
    with translation.override("en"):
        assert sorted(each for each in found if deed_words(each) == each) == []
    with translation.override("zh-hans"):
        assert sorted(each for each in found if not HAN.search(deed_words(each))) == []

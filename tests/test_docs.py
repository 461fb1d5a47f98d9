"""The documents keep up with the house: what can be set, run, allowed or done is named, and no link leads nowhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

from lianxin.people.rules import Power
from lianxin.resolve.rules import Deed
from tests.house.guards import papers

ROOT: Path = settings.ROOT
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
FILE = re.compile(r"`((?:lianxin|tests|docs|bench)/[\w/.*-]+)`")


def test_every_command_is_documented() -> None:
    names = papers.commands(ROOT / "lianxin")
    assert "manage.py serve" in names
    assert papers.undocumented(names, DOCS) == []


def test_every_variable_is_documented() -> None:
    names = papers.variables((ROOT / "lianxin/project/settings.py").read_text())
    assert "DATABASE_URL" in names
    assert papers.undocumented(names, DOCS) == []


def test_every_power_and_deed_is_documented() -> None:
    assert papers.undocumented([*Power, *Deed], DOCS) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_link_leads_nowhere(page: Path) -> None:
    text = page.read_text()
    missing = [link for link in LINK.findall(text) if not (page.parent / link).exists()]
    missing += [name for name in FILE.findall(text) if "*" not in name and not (ROOT / name).exists()]
    assert missing == []


def test_make_commands_in_the_pages_exist() -> None:
    known = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))
    named = {name for page in PAGES for name in re.findall(r"(?:`|^ *)make ([a-z]+)", page.read_text(), re.M)}
    assert named <= known

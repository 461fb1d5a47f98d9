"""No page mixes languages: English shows no Chinese but names and words of people, Chinese no English of the source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from babel.messages.pofile import read_po
from django.apps import apps
from django.conf import settings
from django.db.models import CharField, JSONField, TextField
from django.test import Client

from tests.cast import AREAS, OFFICERS, OFFICES
from tests.stories.pages import CODED, LIST, NEW, SERVICES_LISTED, Sight, complete, sights, viewers
from tests.strangers.conftest import whole, world
from tests.strangers.world import NAME, World

__all__ = ["whole", "world"]
HAN = re.compile("[\u3400-\u9fff]+")
MASKED = re.compile("[\u3400-\u9fff]*[*]+[\u3400-\u9fff]*")  # a name of which only a part is shown
SAID = ("aria-label", "title", "placeholder", "alt", "data-left", "data-over", "data-done", "data-key-words")
OF_ITSELF = "简体中文 繁體中文 连心桥"  # names of languages, and of the house
LATIN = {"English", "Enter", "Esc", "CSV", "Excel", "TOTP", "JSON", "PDF"}


class Texts(HTMLParser):
    """Gathers what a page says: texts, labels, hints."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in ("script", "style", "code")
        given = dict(attrs)
        self.found += [given[name] or "" for name in SAID if name in given]

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in ("script", "style", "code")

    def handle_data(self, data: str) -> None:
        if not self.silent and data.strip():
            self.found.append(" ".join(data.split()))


def texts(html: str) -> list[str]:
    """Return what a page says, piece by piece."""
    parser = Texts()
    parser.feed(html)
    return parser.found


def _rows() -> Iterator[str]:
    """Yield every text that stands in a row: what people said, names, titles."""
    for model in apps.get_models():
        fields = [field.name for field in model._meta.fields if isinstance(field, (CharField, TextField, JSONField))]
        if fields:
            for row in model._default_manager.values_list(*fields):
                yield from (str(value) for value in row if value)


def _catalogue() -> dict[str, str]:
    """Return every English text of the source with its Chinese."""
    found: dict[str, str] = {}
    for path in settings.ROOT.glob("lianxin/*/locale/zh_Hans/LC_MESSAGES/django.po"):
        with path.open("rb") as file:
            found |= {str(m.id): str(m.string) for m in read_po(file) if isinstance(m.id, str) and m.string}
    return found


Walk = tuple[list[Sight], dict[str, Client]]


@pytest.fixture(scope="module")
def walk(whole: World) -> Walk:
    """Go through the house once: every page with somebody who may open it."""
    complete(whole)
    by = viewers(whole)
    return sights(whole, by), by


@pytest.mark.slow
def test_english_pages_say_nothing_in_chinese(walk: Walk, world: World) -> None:
    found, by = walk
    cast = " ".join(str(part) for row in (*AREAS, *OFFICES, *OFFICERS) for part in row)
    data = "\n".join([OF_ITSELF, LIST, SERVICES_LISTED, NAME, cast, *_rows()])
    data += "\n" + "".join(data.split())
    leaks = []
    for client in by.values():
        client.cookies["language"] = "en"
    for sight in found:
        for text in texts(by[sight.viewer].get(sight.address).content.decode()):
            leaks += [f"{sight.address}: {text[:80]}" for run in HAN.findall(MASKED.sub("", text)) if run not in data]
    assert not leaks, "\n".join(sorted(set(leaks)))


@pytest.mark.slow
def test_chinese_pages_say_nothing_in_the_english_of_the_source(walk: Walk, world: World) -> None:
    accounts = {NEW, CODED, *(username for username, *_ in OFFICERS)}
    english = {source for source, chinese in _catalogue().items() if source != chinese} - LATIN - accounts
    leaks = []
    for sight in walk[0]:
        leaks += [f"{sight.address}: {text}" for text in texts(sight.html) if text in english]
    assert not leaks, "\n".join(sorted(set(leaks)))

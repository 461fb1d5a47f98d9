"""Keep the words of the house: gather them for translation, compile them, and tell which are missing.

Source strings are English. Each app keeps its own Chinese in locale/zh_Hans; traditional characters are derived from it
and never written by hand. Nothing here needs Debian's gettext.
"""

from __future__ import annotations

import ast
import re
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import opencc
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation.template import templatize

# How many leading string arguments make a message: context, singular, plural.
CALLS = {
    "_": ("id",),
    "gettext": ("id",),
    "gettext_lazy": ("id",),
    "gettext_noop": ("id",),
    "ngettext": ("id", "plural"),
    "ngettext_lazy": ("id", "plural"),
    "pgettext": ("context", "id"),
    "pgettext_lazy": ("context", "id"),
    "npgettext": ("context", "id", "plural"),
    "npgettext_lazy": ("context", "id", "plural"),
}
LITERAL = r"""u?('(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")"""
# What templatize() leaves of a template: calls in a sea of X.
IN_TEMPLATE = re.compile(rf"(?<!\w)(_|n?p?gettext)\(\s*{LITERAL}(?:\s*,\s*{LITERAL})?(?:\s*,\s*{LITERAL})?")
PLACES = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%[sd]")

Key = tuple[str | None, str]


@dataclass
class Word:
    """One string that a person can see, and the apps that show it."""

    context: str | None
    singular: str
    plural: str | None = None
    apps: set[str] = field(default_factory=set)

    @property
    def key(self) -> Key:
        return self.context, self.singular

    @property
    def id(self) -> str | tuple[str, str]:
        return (self.singular, self.plural) if self.plural else self.singular


def word_of(function: str, literals: list[str]) -> Word | None:
    """This function will make a word of a call and its leading string arguments, or nothing if the call lacks one."""
    roles = CALLS[function]
    if len(literals) < len(roles):
        return None
    parts = dict(zip(roles, literals, strict=False))
    return Word(parts.get("context"), parts["id"], parts.get("plural"))


def words_of_python(source: str) -> Iterator[Word]:
    """This function will find the words in Python source."""
    for call in ast.walk(ast.parse(source)):
        if not isinstance(call, ast.Call):
            continue
        function = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if function in CALLS:
            literals = [a.value for a in call.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
            if word := word_of(function, literals):
                yield word


def words_of_template(source: str) -> Iterator[Word]:
    """This function will find the words in a Django template."""
    for function, *found in IN_TEMPLATE.findall(templatize(source)):
        if word := word_of(function, [ast.literal_eval(literal) for literal in found if literal]):
            yield word


# Always the same, without a date: branches of the source meet without quarrel.
HEADER = """\
# Words of {app}.
msgid ""
msgstr ""
"Project-Id-Version: Lianxin\\n"
"Language: zh_Hans\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""


class House:
    """The apps of the house with their catalogues, lowest floor last."""

    def __init__(self, root: Path, apps: list[str]) -> None:
        self.root = root
        self.apps = apps

    def catalogue_path(self, app: str, script: str = "zh_Hans", kind: str = "po") -> Path:
        return self.root / app / "locale" / script / "LC_MESSAGES" / f"django.{kind}"

    def catalogues(self) -> dict[str, Catalog]:
        """Read the Chinese catalogue of each app that has one."""
        found = {}
        for app in self.apps:
            if (path := self.catalogue_path(app)).exists():
                with path.open("rb") as file:
                    found[app] = read_po(file, locale="zh_Hans")
        return found

    def words(self) -> dict[Key, Word]:
        """Find every word in Python and templates, with the apps that show it."""
        found: dict[Key, Word] = {}
        for app in sorted(p.name for p in self.root.iterdir() if p.is_dir()):
            for word in self._words_of_app(self.root / app):
                kept = found.setdefault(word.key, word)
                kept.plural = kept.plural or word.plural
                kept.apps.add(app)
        return found

    def _words_of_app(self, folder: Path) -> Iterator[Word]:
        for path in sorted(folder.rglob("*.py")):
            if "migrations" not in path.parts:
                yield from words_of_python(path.read_text())
        for path in sorted(folder.rglob("templates/**/*.*")):
            if path.suffix in {".html", ".txt", ".svg", ".xml"}:
                yield from words_of_template(path.read_text())

    def home_of(self, word: Word) -> str:
        """Return the lowest app that shows the word: whoever stands above finds it there too."""
        showing = [app for app in self.apps if app in word.apps]
        return showing[-1] if showing else self.apps[-1]


def entries(catalogue: Catalog) -> dict[Key, Message]:
    """This function will give the entries of a catalogue by context and singular, without the header."""
    found = {}
    for message in catalogue:
        if message.id:
            singular = message.id if isinstance(message.id, str) else message.id[0]
            found[message.context, singular] = message
    return found


def strings_of(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def faults(house: House) -> list[str]:
    """This function will list what is untranslated, doubtful, stale, twice told, or lost a placeholder."""
    words, found = house.words(), []
    told: dict[Key, tuple[str, list[str]]] = {}
    for app, catalogue in house.catalogues().items():
        for key, message in entries(catalogue).items():
            strings = strings_of(message)
            if key not in words:
                found.append(f"stale in {app}: {key[1]!r}")
            elif not all(strings):
                found.append(f"untranslated in {app}: {key[1]!r}")
            elif message.fuzzy:
                found.append(f"fuzzy in {app}: {key[1]!r}")
            elif lost := _lost_places(words[key], strings):
                found.append(f"placeholders differ in {app}: {key[1]!r}: {', '.join(sorted(lost))}")
            elif key in told and told[key][1] != strings:
                found.append(f"told in two ways by {told[key][0]} and {app}: {key[1]!r}")
            told.setdefault(key, (app, strings))
    found += [f"untranslated in {house.home_of(w)}: {w.singular!r}" for key, w in words.items() if key not in told]
    return sorted(found)


def _lost_places(word: Word, strings: list[str]) -> set[str]:
    wanted = set(PLACES.findall(word.singular)) | set(PLACES.findall(word.plural or ""))
    given = {place for string in strings for place in PLACES.findall(string)}
    return wanted ^ given


def update(house: House) -> dict[str, int]:
    """This function will add new words to the lowest app that shows them and drop stale ones.

    Returns how many are new in each app.
    """
    words, catalogues = house.words(), house.catalogues()
    for catalogue in catalogues.values():
        for key in entries(catalogue).keys() - words.keys():
            catalogue.delete(key[1], key[0])
    known = {key for catalogue in catalogues.values() for key in entries(catalogue)}
    added: dict[str, int] = {}
    for key in words.keys() - known:
        app = house.home_of(words[key])
        catalogue = catalogues.setdefault(app, Catalog(locale="zh_Hans", project="Lianxin", fuzzy=False))
        catalogue.add(words[key].id, context=key[0])
        added[app] = added.get(app, 0) + 1
    for app, catalogue in catalogues.items():
        path = house.catalogue_path(app)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            file.write(HEADER.format(app=app).encode())
            write_po(
                file, catalogue, no_location=True, sort_output=True, ignore_obsolete=True, width=0, omit_header=True
            )
    return added


def compile_all(house: House) -> int:
    """This function will write the binary catalogues of both scripts; returns how many words they hold."""
    traditional = opencc.OpenCC("s2t")
    count = 0
    for app, simplified in house.catalogues().items():
        derived = Catalog(locale="zh_Hant", project="Lianxin", fuzzy=False)
        for message in entries(simplified).values():
            strings = [traditional.convert(s) for s in strings_of(message)]
            derived.add(message.id, strings[0] if isinstance(message.string, str) else strings, context=message.context)
            count += 1
        for script, catalogue in (("zh_Hans", simplified), ("zh_Hant", derived)):
            path = house.catalogue_path(app, script, "mo")
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                write_mo(file, catalogue)
    return count


def stale(house: House) -> bool:
    """This function will tell whether a binary catalogue is missing or older than its source."""
    for app in house.apps:
        if (source := house.catalogue_path(app)).exists():
            for script in ("zh_Hans", "zh_Hant"):
                made = house.catalogue_path(app, script, "mo")
                if not made.exists() or made.stat().st_mtime < source.stat().st_mtime:
                    return True
    return False


def this_house() -> House:
    """This function will return the house that the settings describe."""
    apps = [name.removeprefix("lianxin.") for name in settings.INSTALLED_APPS if name.startswith("lianxin.")]
    return House(settings.ROOT / "lianxin", apps)


class Command(BaseCommand):
    help = "Words for translation: update the catalogues, compile them, or check that none is missing."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("deed", choices=["update", "compile", "check"])

    def handle(self, *args: Any, deed: str, **options: Any) -> None:
        house = this_house()
        if deed == "update":
            for app, count in sorted(update(house).items()):
                self.stdout.write(f"{app}: {count} new")
        elif deed == "compile":
            compile_all(house)
        elif found := faults(house):
            raise CommandError(f"{len(found)} words need care:\n" + "\n".join(found))

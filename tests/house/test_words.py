"""The keeping of words: found in Python and templates, kept by the lowest app, compiled for both scripts, checked."""

from __future__ import annotations

import gettext
from pathlib import Path

import pytest

from lianxin.project.management.commands import words

PO = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Plural-Forms: nplurals=1; plural=0;\\n"\n'


@pytest.fixture
def house(tmp_path: Path) -> words.House:
    """Two floors that both say "close"; only the upper one says "open"."""
    _write(tmp_path / "desk/views.py", 'x = _("close")\ny = _("open {n}")\n')
    _write(tmp_path / "people/templates/a.html", "{% translate 'close' %}")
    return words.House(tmp_path, ["desk", "people"])


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def _translate(house: words.House, app: str, **told: str) -> None:
    entries = "".join(f'\nmsgid "{key.replace("_", " ")}"\nmsgstr "{value}"\n' for key, value in told.items())
    _write(house.catalogue_path(app), PO + entries)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('_("a")', (None, "a", None)),
        ('gettext_lazy("a" "b")', (None, "ab", None)),
        ('pgettext("verb", "open")', ("verb", "open", None)),
        ('ngettext("a day", "{n} days", n)', (None, "a day", "{n} days")),
        ('npgettext_lazy("c", "a", "b", 2)', ("c", "a", "b")),
    ],
)
def test_words_are_found_in_python(source: str, found: tuple[str | None, str, str | None]) -> None:
    assert [(w.context, w.singular, w.plural) for w in words.words_of_python(source)] == [found]


def test_variables_are_no_words() -> None:
    assert list(words.words_of_python("_(name)\nf('a')\n_(f'{x}')")) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>it's {% translate 'a' %}</p>", (None, "a", None)),
        ('{% translate "it\'s" %}', (None, "it's", None)),
        ("{% translate 'open' context 'verb' %}", ("verb", "open", None)),
        ("{% blocktranslate %}a {{ b }}\nc{% endblocktranslate %}", (None, "a %(b)s\nc", None)),
        (
            "{% blocktranslate count n=n %}a day{% plural %}{{ n }} days{% endblocktranslate %}",
            (None, "a day", "%(n)s days"),
        ),
        ("{{ x|default:_('none') }}", (None, "none", None)),
        ("{% include 'a.html' with title=_('Home') %}", (None, "Home", None)),
    ],
)
def test_words_are_found_in_templates(source: str, found: tuple[str | None, str, str | None]) -> None:
    assert [(w.context, w.singular, w.plural) for w in words.words_of_template(source)] == [found]


def test_comments_hold_no_words() -> None:
    assert list(words.words_of_template("{# {% translate 'a' %} #}{% comment %}_('b'){% endcomment %}")) == []


def test_update_gives_a_shared_word_to_the_lowest_app(house: words.House) -> None:
    assert words.update(house) == {"people": 1, "desk": 1}
    assert words.faults(house) == ["untranslated in desk: 'open {n}'", "untranslated in people: 'close'"]


def test_update_keeps_what_is_translated_and_drops_what_is_gone(house: words.House) -> None:
    _translate(house, "people", close="关闭", gone="没了")
    words.update(house)
    text = house.catalogue_path("people").read_text()
    assert "关闭" in text
    assert "gone" not in text


def test_complete_house_has_no_fault(house: words.House) -> None:
    _write(house.root / "desk/views.py", "")
    _translate(house, "people", close="关闭")
    assert words.faults(house) == []


@pytest.mark.parametrize(
    ("told", "fault"),
    [
        ({"close": ""}, "untranslated in people: 'close'"),
        ({"close": "关闭", "gone": "没了"}, "stale in people: 'gone'"),
        ({"close": "关闭 {n}"}, "placeholders differ in people: 'close': {n}"),
    ],
)
def test_faults_are_seen(house: words.House, told: dict[str, str], fault: str) -> None:
    _translate(house, "people", **told)
    assert fault in words.faults(house)


def test_two_translations_of_one_word_are_a_fault(house: words.House) -> None:
    _translate(house, "people", close="关闭")
    _translate(house, "desk", close="办结")
    assert "told in two ways by desk and people: 'close'" in words.faults(house)


def test_fuzzy_is_a_fault(house: words.House) -> None:
    _write(house.catalogue_path("people"), PO + '\n#, fuzzy\nmsgid "close"\nmsgstr "关闭"\n')
    assert "fuzzy in people: 'close'" in words.faults(house)


def test_both_scripts_are_compiled(house: words.House) -> None:
    _translate(house, "people", close="关闭")
    assert words.stale(house)
    assert words.compile_all(house) == 1
    assert not words.stale(house)
    assert _read(house, "zh_Hans") == "关闭"
    assert _read(house, "zh_Hant") == "關閉"


def _read(house: words.House, script: str) -> str:
    with house.catalogue_path("people", script, "mo").open("rb") as file:
        return gettext.GNUTranslations(file).gettext("close")

"""Whatever is typed: kept as it is, or refused with words; never an error, never cut."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianxin.kit.refusal import Refusal
from lianxin.kit.text import TEXT_MAX
from lianxin.listen import actions
from lianxin.listen.models import Item, Voice
from lianxin.people.actions.words import line, said, why
from lianxin.people.models import User
from tests.cast import Cast
from tests.listen.conftest import Speak

KEPT = [
    # what was typed, what is kept
    ("停水了", "停水了"),
    ("  前后有空格  ", "  前后有空格  "),
    ("一行\r\n二行\t完", "一行\n二行\t完"),
    ("家里没水👨‍👩‍👧 𠮷野家 🇨🇳", "家里没水👨‍👩‍👧 𠮷野家 🇨🇳"),
    ("مرحبا بالعالم 你好", "مرحبا بالعالم 你好"),
    ("反\u202e转", "反转"),
    ("'; DROP TABLE listen_voice; --", "'; DROP TABLE listen_voice; --"),
    ("<script>alert(1)</script>&amp;", "<script>alert(1)</script>&amp;"),
    ("{{ number }} {% load x %} %s %(a)s", "{{ number }} {% load x %} %s %(a)s"),
    ("零\x00字\x07节\x1b", "零字节"),
    ("半个\ud83d字符", "半个字符"),
    ("字" * TEXT_MAX, "字" * TEXT_MAX),
    ("字" * TEXT_MAX + "\x00", "字" * TEXT_MAX),
]
REFUSED = [
    ("", actions.NothingSaid),
    (" \n\t\u3000", actions.NothingSaid),
    ("\x00\x01\u202e", actions.NothingSaid),
    ("字" * (TEXT_MAX + 1), actions.TooLong),
    ("a" * 1_000_000, actions.TooLong),
    ("\x00" * 1_000_000, actions.TooLong),
]
NASTY = ["\x00", "\ud800", "' OR 1=1", "<b>", "🙂" * 20, "\u202e", "\r\nBcc: x@example.com", "{{x}}"]


@pytest.mark.parametrize(("typed", "kept"), KEPT)
def test_it_is_kept_as_it_was_typed(typed: str, kept: str, speak: Speak) -> None:
    voice = speak(text=typed)
    voice = Voice.objects.get(pk=voice.pk)
    assert voice.text == kept
    assert voice.items.get().text == kept


@pytest.mark.parametrize(("typed", "refusal"), REFUSED)
def test_it_is_refused_with_words(typed: str, refusal: type[Refusal], speak: Speak) -> None:
    with pytest.raises(refusal) as refused:
        speak(text=typed)
    assert str(refused.value)
    assert refused.value.status == 422
    assert not Voice.objects.exists()


@pytest.mark.parametrize("field", ["name", "phone", "email", "address", "place"])
@pytest.mark.parametrize("typed", [*NASTY, ""])
def test_every_field_bears_it(field: str, typed: str, speak: Speak) -> None:
    voice = speak(**{field: typed})
    assert Voice.objects.get(pk=voice.pk).opened_contact() is not None or field == "place" or not line(typed)


@pytest.mark.parametrize("field", ["name", "phone", "email", "address", "place"])
def test_a_field_of_a_megabyte_is_refused(field: str, speak: Speak) -> None:
    with pytest.raises(actions.TooLong):
        speak(**{field: "x" * 1_000_000})


@pytest.mark.parametrize("typed", ["", "x" * 100_000, *NASTY])
def test_the_officers_words_bear_it_too(typed: str, item: Item, dispatcher: User, at: datetime) -> None:
    for deed in (
        lambda: actions.add(item.voice, text=typed, at=at),
        lambda: actions.itemize(item.voice, texts=[typed, "好"], by=dispatcher, at=at),
        lambda: actions.reveal(item.voice, reason=typed, by=dispatcher, at=at),
        lambda: actions.transfer(item, to=typed, text=typed, by=dispatcher, at=at),
        lambda: actions.decline(item, reason=typed, text=typed, by=dispatcher, at=at),
    ):
        try:
            deed()
        except Refusal as refusal:
            assert str(refusal)


def test_a_search_for_anything_is_a_search(speak: Speak, cast: Cast) -> None:
    voice = speak(text="和平村停水三天")
    for words in [*NASTY, "", "   ", '"', "停水 & ! | ( )", "x" * 10_000]:
        list(Voice.objects.search(words))
    assert list(Voice.objects.search("停水")) == [voice]
    assert list(Voice.objects.search("停水 和平")) == [voice]
    assert list(Voice.objects.search("停電")) == []
    assert list(Voice.objects.search("三天")) == [voice]
    assert list(Voice.objects.search(voice.number.lower())) == [voice]


def test_traditional_words_find_simplified_ones(speak: Speak) -> None:
    voice = speak(text="村里的电线断了")
    assert list(Voice.objects.search("電線")) == [voice]


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.text())
def test_said_keeps_or_refuses(text: str) -> None:
    try:
        kept = said(text)
    except Refusal:
        return
    assert kept.strip()
    assert len(kept) <= TEXT_MAX
    assert "\x00" not in kept
    kept.encode()
    assert said(kept) == kept


@pytest.mark.parametrize("reason", ["", " ", "a", "\x00\x00"])
def test_a_reason_is_needed(reason: str) -> None:
    with pytest.raises(actions.TooShort):
        why(reason)

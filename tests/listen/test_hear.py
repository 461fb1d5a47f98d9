"""Hearing: number, code, identity, idempotency, messages, and the words that stay."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from lianxin.kit.clock import ZONE
from lianxin.kit.reference import is_reference
from lianxin.ledger.models import Event
from lianxin.listen import actions
from lianxin.listen.actions import voices
from lianxin.listen.models import Item, Voice, code_of
from lianxin.listen.rules import MODE_OF, Channel, Identity
from lianxin.outbox.models import Message
from lianxin.people.models import Limit, User, forget_all, phone_index
from tests.cast import Cast
from tests.listen.conftest import Speak

WORDS = "和平村三组停水三天了，水管爆了没人修。"


def _hear(at: datetime, **said: Any) -> actions.Heard:
    return actions.hear(**{"channel": "web", "text": WORDS, "identity": "signed", "at": at, **said})


def test_a_voice_gets_a_number_a_code_and_one_item(cast: Cast, templates: None, at: datetime) -> None:
    voice, code, again = _hear(at)
    assert is_reference(voice.number)
    assert voice.number.startswith("YX-")
    assert len(code) == 6
    assert code.isdigit()
    assert not again
    item = voice.items.get()
    assert (item.number, item.text, item.outcome) == (1, WORDS, "")


def test_receipt_and_code_open_the_voice_and_nothing_else_does(speak: Speak) -> None:
    voice, other = speak(), speak()
    find = Voice.objects.with_code
    code = code_of(voice.number)
    assert find(voice.number, code) == voice
    assert find(f" {voice.number.lower().replace('-', '')} ", f"{code[:3]} {code[3:]}") == voice
    assert find(voice.number, code_of(other.number)) is None or code == code_of(other.number)
    assert find("YX-222-222-222", code) is None
    assert find("", "") is None
    assert find(voice.number, "") is None
    assert find("\x00' OR 1=1 --", "1" * 100_000) is None


def test_the_code_is_not_stored(speak: Speak) -> None:
    voice = speak()
    assert code_of(voice.number) not in voice.code_digest
    assert len(voice.code_digest) == 64


@pytest.mark.parametrize("channel", Channel.values)
def test_every_channel_has_its_mode_and_one_numbering(channel: str, speak: Speak) -> None:
    first, second = speak(channel=channel), speak(channel=channel)
    assert first.mode == MODE_OF[channel]
    assert first.number != second.number


def test_who_spoke_is_sealed(speak: Speak) -> None:
    voice = speak(name="张三", phone="138 0000 0001", email="z@example.com", address="和平村三组")
    voice.refresh_from_db()
    assert "张三".encode() not in bytes(voice.contact or b"")
    contact = voice.opened_contact()
    assert contact
    assert (contact.name, contact.phone, contact.email, contact.address) == (
        "张三",
        "138 0000 0001",
        "z@example.com",
        "和平村三组",
    )
    assert voice.phone_index == phone_index("+86 13800000001") != ""


def test_an_anonymous_speaker_leaves_no_trace_even_when_typed(speak: Speak) -> None:
    voice = speak(identity="anonymous", name="张三", phone="13800000001", email="z@example.com", address="三组")
    assert voice.contact is None
    assert voice.phone_index == ""
    assert voice.opened_contact() is None
    assert not Message.objects.exists()


def test_the_person_is_told_by_phone_and_mail(speak: Speak) -> None:
    voice = speak(phone="13800000001", email="z@example.com")
    messages = Message.objects.order_by("way")
    assert [message.way for message in messages] == ["email", "sms"]
    assert all(voice.number in message.text for message in messages)
    assert not any("停水" in message.text for message in messages)


def test_a_landline_takes_no_message(speak: Speak) -> None:
    speak(phone="0914-1234567")
    assert not Message.objects.exists()


def test_it_must_be_sorted_by_a_counted_date(cast: Cast, templates: None, calendar: None, at: datetime) -> None:
    Limit.objects.create(key="triage", name="", value=1, unit="workday", start_fact="", legal_basis="")
    forget_all()
    assert _hear(at).voice.triage_due_at == datetime(2026, 9, 30, 17, 30, tzinfo=ZONE)


def test_without_a_limit_there_is_no_date(speak: Speak) -> None:
    assert speak().triage_due_at is None


def test_the_event_names_no_person(speak: Speak) -> None:
    voice = speak(name="张三", phone="13800000001")
    event = Event.objects.get(kind="listen.voice", key=voice.pk)
    assert event.verb == "voice.heard"
    assert "张三" not in str(event.data)
    assert "138" not in str(event.data)


def test_no_event_no_voice(cast: Cast, templates: None, at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("lianxin.listen.actions.voices.ledger.note", fail)
    with pytest.raises(RuntimeError), transaction.atomic():
        _hear(at)
    assert not Voice.objects.exists()
    assert not Item.objects.exists()


def test_the_same_key_and_body_is_the_same_voice(cast: Cast, templates: None, at: datetime) -> None:
    first = _hear(at, phone="13800000001", idempotency_key="k1")
    again = _hear(at + timedelta(seconds=3), phone="13800000001", idempotency_key="k1")
    assert again == (first.voice, first.code, True)
    assert Voice.objects.count() == 1
    assert Message.objects.count() == 1


def test_the_same_key_and_another_body_is_refused(cast: Cast, templates: None, at: datetime) -> None:
    _hear(at, idempotency_key="k1")
    with pytest.raises(actions.AlreadyUsed):
        _hear(at, idempotency_key="k1", text="另一件事")
    with pytest.raises(actions.AlreadyUsed):
        _hear(at, idempotency_key="k1", phone="13800000001")
    assert _hear(at, idempotency_key="k2").again is False


def test_the_body_digest_of_the_caller_counts(cast: Cast, templates: None, at: datetime) -> None:
    first = _hear(at, idempotency_key="k1", body_digest="a")
    assert _hear(at, idempotency_key="k1", body_digest="a").voice == first.voice
    with pytest.raises(actions.AlreadyUsed):
        _hear(at, idempotency_key="k1", body_digest="b")


@pytest.mark.parametrize("key", ["x" * 10_000, "键\x00\ud800", "'; DROP TABLE"])
def test_a_strange_key_is_only_a_key(key: str, cast: Cast, templates: None, at: datetime) -> None:
    first = _hear(at, idempotency_key=key)
    assert _hear(at, idempotency_key=key).voice == first.voice


def test_the_same_row_of_a_list_is_the_same_voice(cast: Cast, templates: None, at: datetime) -> None:
    first = _hear(at, source_key="row-1")
    assert _hear(at, source_key="row-1") == (first.voice, first.code, True)


def test_a_number_that_exists_is_not_given_twice(speak: Speak, at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = speak().number
    numbers = iter([taken, taken, "YX-222-222-222"])
    monkeypatch.setattr(voices, "new_reference", lambda _prefix: next(numbers))
    assert _hear(at).voice.number == "YX-222-222-222"


def test_who_entered_it_needs_the_power(speak: Speak, cast: Cast, registrar: User, neighbour: User) -> None:
    office = cast.offices["town_office"]
    voice = speak(channel="counter", recorder=registrar, office=office)
    assert voice.recorder == registrar
    for stranger, elsewhere in [(neighbour, office), (registrar, cast.offices["water"])]:
        with pytest.raises(Exception) as refused:
            speak(channel="counter", recorder=stranger, office=elsewhere)
        assert getattr(refused.value, "status", None) == 403


def test_the_substitute_enters_with_both_names(speak: Speak, cast: Cast, registrar: User, at: datetime) -> None:
    from lianxin.people.models import Substitution

    helper = cast.officers["neighbour"]
    Substitution.objects.create(
        absent=registrar, substitute=helper, starts=at - timedelta(days=1), ends=at + timedelta(days=1), reason="休假"
    )
    helper.forget_standing()
    voice = speak(channel="counter", recorder=helper, office=cast.offices["town_office"])
    event = Event.objects.get(kind="listen.voice", key=voice.pk)
    assert (event.by_name, event.behalf_name) == (helper.name, registrar.name)


@pytest.mark.parametrize("wrong", [{"channel": "x"}, {"identity": "x"}, {"kind": "x"}, {"identity": ""}])
def test_what_is_not_offered_is_refused(wrong: dict[str, str], speak: Speak) -> None:
    with pytest.raises(actions.NotOffered):
        speak(**wrong)


def test_nobody_speaks_tomorrow(speak: Speak, at: datetime) -> None:
    assert speak(received_at=at - timedelta(days=400)).received_at == at - timedelta(days=400)
    with pytest.raises(actions.NotYet):
        speak(received_at=at + timedelta(seconds=1))


def test_the_words_are_never_written_again(speak: Speak) -> None:
    voice = speak()
    voice.text = "改过的话"
    with pytest.raises(TypeError):
        voice.save()
    with pytest.raises(TypeError):
        voice.save(update_fields=["text"])
    voice.refresh_from_db()
    assert voice.text != "改过的话"


def test_an_addition_while_it_waits_stands_beside_it(speak: Speak, at: datetime) -> None:
    voice = speak()
    actions.add(voice, text="今天又停了。", at=at)
    assert voice.additions.get().text == "今天又停了。"
    assert voice.items.count() == 1
    assert Event.objects.filter(verb="voice.added", key=voice.pk).exists()


def test_an_addition_after_sorting_brings_it_back_to_the_desk(item: Item, dispatcher: User, at: datetime) -> None:
    actions.answer(item, text="已通水。", by=dispatcher, at=at)
    voice = item.voice
    assert not Voice.objects.waiting().filter(pk=voice.pk).exists()
    actions.add(voice, text="又停了。", at=at)
    assert Voice.objects.waiting().filter(pk=voice.pk).exists()
    assert [one.outcome for one in voice.items.order_by("number")] == ["answered", ""]


def test_hearing_is_a_handful_of_statements(cast: Cast, templates: None, at: datetime) -> None:
    _hear(at)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        _hear(at, phone="13800000001", idempotency_key="k")
    statements = [query["sql"] for query in asked if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(statements) <= 8, statements


def test_identity_choices_are_three() -> None:
    assert Identity.values == ["signed", "confidential", "anonymous"]


def test_office_that_is_closed_cannot_be_asked_for(cast: Cast, at: datetime) -> None:
    office = cast.offices["water"]
    office.valid_to = at.astimezone(ZONE).date()
    with pytest.raises(actions.NotOpen):
        actions.hear(channel="web", identity="signed", text="晚上停水", to_office=office, at=at)
    assert not Voice.objects.exists()

"""The ways out, against real servers."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from lianxin.outbox import transports
from lianxin.outbox.actions import recover, send_ready
from lianxin.outbox.models import Message
from lianxin.outbox.rules import ASK_AFTER, State
from lianxin.outbox.transports import NotNow, NotTaken, Parcel, Unclear, sms_http, smtp
from lianxin.outbox.transports.sms_http import SmsHttp
from lianxin.outbox.transports.smtp import Smtp
from lianxin.outbox.transports.spool import Spool
from tests.outbox.conftest import MORNING
from tests.outbox.gateway import Gateway

KEY = "ab" * 32


def parcel(**more: str) -> Parcel:
    usual = {
        "key": KEY,
        "way": "sms",
        "to": "13812345678",
        "hint": "138****5678",
        "subject": "题",
        "text": "您好，办好了。",
    }
    return Parcel(**usual | more)


# Spool


def test_spool_writes_one_readable_file_and_shows_no_address(settings: Any, capsys: Any) -> None:
    spool = Spool()
    assert spool.known(KEY) is False
    name = spool.hand_over(parcel())
    file = settings.DATA / "spool" / name
    assert json.loads(file.read_text(encoding="utf-8"))["to"] == "13812345678"
    assert spool.known(KEY) is True
    assert file.stat().st_mode & 0o077 == 0
    shown = capsys.readouterr().out
    assert "138****5678" in shown and "13812345678" not in shown


def test_spool_takes_a_key_once_even_from_many_at_once(settings: Any) -> None:
    texts = [f"第{number}个" for number in range(16)]
    threads = [threading.Thread(target=Spool().hand_over, args=(parcel(text=text),)) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    files = list((settings.DATA / "spool").iterdir())
    assert [file.name for file in files] == [f"{KEY}.json"]
    first = files[0].read_bytes()
    Spool().hand_over(parcel(text="再来"))
    assert files[0].read_bytes() == first


def test_spool_that_cannot_write_has_not_taken_it(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path / "file"
    settings.DATA.write_text("")
    with pytest.raises(NotTaken) as answer:
        Spool().hand_over(parcel())
    assert not answer.value.permanent


# SMTP


class Mailbox:
    """What a mail server does; `reply` instead of taking the mail."""

    def __init__(self) -> None:
        self.mails: list[Envelope] = []
        self.rcpt = self.reply = ""
        self.logins: list[bytes] = []

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if not self.rcpt:
            envelope.rcpt_tos.append(address)
        return self.rcpt or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.reply == "hang up":
            self.mails.append(envelope)
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
            return "250 never seen"
        if not self.reply:
            self.mails.append(envelope)
        return self.reply or "250 OK"

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, login: Any
    ) -> AuthResult:
        assert isinstance(login, LoginPassword)
        self.logins.append(login.login)
        return AuthResult(success=login.password == b"p w")


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Mailbox]:
    box = Mailbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Controller(box, "127.0.0.1", port, authenticator=box.authenticate, auth_require_tls=False)
    server.start()
    settings.SMTP_URL, settings.MAIL_FROM = f"smtp://127.0.0.1:{port}", "连心桥 <bridge@county.example>"
    yield box
    server.stop()


def mail(**more: str) -> Parcel:
    return parcel(way="email", to="zhang@example.com", **more)


def test_mail_arrives_with_an_id_made_from_its_key(mailbox: Mailbox) -> None:
    reference = Smtp().hand_over(mail())
    envelope = mailbox.mails[0]
    assert isinstance(envelope.content, bytes)
    found = message_from_bytes(envelope.content, policy=policy.default)
    assert found["Message-ID"] == reference == f"<{KEY}@county.example>"
    assert found["Subject"] == "题" and found.get_content().strip() == "您好，办好了。"
    assert envelope.mail_from == "bridge@county.example" and envelope.rcpt_tos == ["zhang@example.com"]
    assert Smtp().known(KEY) is None


def test_mail_with_a_password(mailbox: Mailbox, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "TIMEOUT", 1)  # after a wrong one this server falls silent
    server = settings.SMTP_URL.removeprefix("smtp://")
    settings.SMTP_URL = f"smtp://bridge:p%20w@{server}"
    Smtp().hand_over(mail())
    assert mailbox.logins == [b"bridge"]
    settings.SMTP_URL = f"smtp://bridge:wrong@{server}"
    with pytest.raises(NotTaken) as answer:
        Smtp().hand_over(mail())
    assert not answer.value.permanent and len(mailbox.mails) == 1


@pytest.mark.parametrize("where", ["rcpt", "reply"])
@pytest.mark.parametrize(
    ("words", "permanent"), [("550 5.1.1 <zhang@example.com> unknown", True), ("451 4.3.0 later", False)]
)
def test_mail_that_is_refused(mailbox: Mailbox, where: str, words: str, permanent: bool) -> None:
    setattr(mailbox, where, words)
    with pytest.raises(NotTaken) as answer:
        Smtp().hand_over(mail())
    assert answer.value.permanent is permanent and "zhang" not in str(answer.value)


def test_line_that_breaks_after_the_words_is_unclear(mailbox: Mailbox) -> None:
    mailbox.reply = "hang up"
    with pytest.raises(Unclear):
        Smtp().hand_over(mail())


def test_mail_server_that_is_away_has_not_taken_it(settings: Any) -> None:
    settings.SMTP_URL = "smtp://127.0.0.1:1"
    with pytest.raises(NotTaken) as answer:
        Smtp().hand_over(mail())
    assert not answer.value.permanent


def test_mail_server_that_says_nothing(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "TIMEOUT", 0.2)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        settings.SMTP_URL = f"smtp://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(NotTaken):
            Smtp().hand_over(mail())


def test_no_address_breaks_out_of_its_header(mailbox: Mailbox) -> None:
    with pytest.raises((NotTaken, ValueError)):
        Smtp().hand_over(parcel(way="email", to="a@b.cn\r\nBcc: all@b.cn"))
    assert not mailbox.mails


# SMS


def test_gateway_takes_it(gateway: Gateway) -> None:
    assert SmsHttp().known(KEY) is False
    assert SmsHttp().hand_over(parcel()) == f"g-{KEY[:8]}"
    assert gateway.bodies == [{"key": KEY, "to": "13812345678", "text": "您好，办好了。"}]
    assert SmsHttp().known(KEY) is True


@pytest.mark.parametrize(
    ("status", "permanent"), [(400, True), (404, True), (422, True), (429, False), (503, False), (302, False)]
)
def test_gateway_refuses(gateway: Gateway, status: int, permanent: bool) -> None:
    gateway.answers = [status]
    with pytest.raises(NotTaken) as answer:
        SmsHttp().hand_over(parcel())
    assert answer.value.permanent is permanent and not gateway.taken


@pytest.mark.parametrize("what", [408, 500, 502, 504, "drop", "take-drop"])
def test_gateway_is_unclear(gateway: Gateway, what: int | str) -> None:
    gateway.answers = [what]
    with pytest.raises(Unclear):
        SmsHttp().hand_over(parcel())
    assert SmsHttp().known(KEY) is (what == "take-drop")


def test_gateway_is_slow(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sms_http, "TIMEOUT", 0.1)
    gateway.slow = 0.6
    with pytest.raises(Unclear):
        SmsHttp().hand_over(parcel())


def test_gateway_is_away(settings: Any) -> None:
    settings.SMS_URL = "http://127.0.0.1:1/send"
    with pytest.raises(NotTaken) as answer:
        SmsHttp().hand_over(parcel())
    assert not answer.value.permanent
    with pytest.raises(NotNow):
        SmsHttp().known(KEY)


@pytest.mark.parametrize(("status", "known"), [(405, None), (501, None), (403, None)])
def test_gateway_without_a_list_cannot_be_asked(gateway: Gateway, status: int, known: bool | None) -> None:
    gateway.answers = [status]
    assert SmsHttp().known(KEY) is known


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_gateway_in_trouble_is_asked_later(gateway: Gateway, status: int) -> None:
    gateway.answers = [status]
    with pytest.raises(NotNow):
        SmsHttp().known(KEY)


@pytest.mark.django_db
def test_lost_answer_is_found_again_and_the_message_not_repeated(gateway: Gateway, say: Callable[..., Message]) -> None:
    message, other = say(), say(address="13800000002")
    gateway.answers = ["take-drop", "drop"]
    assert send_ready(at=MORNING) == 2
    recover(at=MORNING + ASK_AFTER)
    message.refresh_from_db()
    other.refresh_from_db()
    assert message.state == State.SENT and other.state == State.WRITTEN and message.transport == "sms_http"
    send_ready(at=other.not_before)
    assert set(gateway.taken.values()) == {1} and len(gateway.taken) == 2


def test_each_way_has_its_transport(settings: Any) -> None:
    assert transports.transport_for("sms") == transports.transport_for("email") == "spool"
    settings.SMS_URL, settings.SMTP_URL = "http://x", "smtp://x"
    assert (transports.transport_for("sms"), transports.transport_for("email")) == ("sms_http", "smtp")

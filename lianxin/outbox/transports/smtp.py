"""By e-mail to an SMTP server."""

from __future__ import annotations

import smtplib
from contextlib import suppress
from email.message import EmailMessage
from email.utils import formatdate, parseaddr
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings

from lianxin.outbox.transports.parcel import NotTaken, Parcel, Unclear

TIMEOUT = 15  # seconds for each answer of the server


class Smtp:
    """Hands a mail to settings.SMTP_URL. The Message-ID comes from the key, so that a mailbox can tell a repetition."""

    keeps_list = False

    def hand_over(self, parcel: Parcel) -> str:
        mail = _mail(parcel)
        try:
            server = _connect()
        except (OSError, smtplib.SMTPException, ValueError) as problem:
            raise NotTaken(f"smtp: {type(problem).__name__}") from problem
        try:
            _envelope(server, parcel)
            _content(server, mail)
        finally:
            with suppress(OSError, smtplib.SMTPException):
                server.quit()
        return str(mail["Message-ID"])

    def known(self, key: str) -> bool | None:
        return None  # a mail server keeps no list that could be asked


def _connect() -> smtplib.SMTP:
    url = urlsplit(settings.SMTP_URL)
    host = url.hostname or "localhost"
    if url.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, url.port or 465, timeout=TIMEOUT)
    else:
        server = smtplib.SMTP(host, url.port or 25, timeout=TIMEOUT)
    try:
        if url.scheme != "smtps" and parse_qs(url.query).get("tls") == ["1"]:
            server.starttls()
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
        server.ehlo_or_helo_if_needed()
    except BaseException:
        server.close()
        raise
    return server


def _envelope(server: smtplib.SMTP, parcel: Parcel) -> None:
    """Say from whom and to whom. Nothing has been handed over yet, whatever goes wrong."""
    try:
        for code, answer in (server.mail(parseaddr(settings.MAIL_FROM)[1]), server.rcpt(parcel.to)):
            _refuse(code, answer)
    except (OSError, smtplib.SMTPException) as problem:
        raise NotTaken(f"smtp: {type(problem).__name__}") from problem
    except UnicodeError as problem:
        raise NotTaken("smtp: no such address", permanent=True) from problem


def _content(server: smtplib.SMTP, mail: EmailMessage) -> None:
    """Say what. If the line breaks now, the server may have the mail or not."""
    try:
        code, answer = server.data(mail.as_bytes())
    except smtplib.SMTPDataError as problem:
        _refuse(problem.smtp_code, problem.smtp_error)
        raise Unclear(f"smtp: {problem.smtp_code}") from problem
    except (OSError, smtplib.SMTPException) as problem:
        raise Unclear(f"smtp: {type(problem).__name__}") from problem
    _refuse(code, answer)


def _refuse(code: int, answer: bytes | str) -> None:
    # Only the code and the extended code are kept: servers like to repeat the whole address in their words.
    if code >= 400:
        words = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
        extended = words.split(" ", 1)[0] if words[:1] in {"4", "5"} else ""
        raise NotTaken(f"smtp: {code} {extended}".rstrip(), permanent=code >= 500)


def _mail(parcel: Parcel) -> EmailMessage:
    mail = EmailMessage()
    sender = settings.MAIL_FROM
    mail["From"], mail["To"], mail["Subject"] = sender, parcel.to, parcel.subject
    mail["Date"] = formatdate(localtime=True)
    mail["Message-ID"] = f"<{parcel.key}@{parseaddr(sender)[1].partition('@')[2] or 'localhost'}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(parcel.text, charset="utf-8", cte="base64")
    return mail

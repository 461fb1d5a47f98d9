"""By text message through a gateway that speaks HTTP; the contract is in docs/outbox.md."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote, urlsplit

from django.conf import settings

from lianxin.outbox.transports.parcel import NotNow, NotTaken, Parcel, Unclear

TIMEOUT = 10  # seconds for the connection and for each answer

_NOT_TAKEN_NOW = {429, 503}  # the gateway says itself that it has not taken it
_UNCLEAR = {408, 500, 502, 504}  # something between us and the gateway speaks
_REFERENCE_MAX = 120


class SmsHttp:
    """Posts {key, to, text} to settings.SMS_URL and can ask there which keys were taken."""

    keeps_list = True

    def hand_over(self, parcel: Parcel) -> str:
        body = json.dumps({"key": parcel.key, "to": parcel.to, "text": parcel.text}, ensure_ascii=False).encode()
        with _connection() as line:
            try:
                line.connect()
            except OSError as problem:
                raise NotTaken(f"sms: {type(problem).__name__}") from problem
            try:
                line.request("POST", _path(), body, _headers() | {"Idempotency-Key": parcel.key})
                answer = line.getresponse()
                content = answer.read()
            except (OSError, http.client.HTTPException) as problem:
                raise Unclear(f"sms: {type(problem).__name__}") from problem
        _judge(answer.status)
        return _reference(content)

    def known(self, key: str) -> bool | None:
        try:
            with _connection() as line:
                line.request("GET", f"{_path().rstrip('/')}/{quote(key, safe='')}", headers=_headers())
                status = line.getresponse().status
        except (OSError, http.client.HTTPException) as problem:
            raise NotNow(f"sms: {type(problem).__name__}") from problem
        if status in _NOT_TAKEN_NOW | _UNCLEAR:
            raise NotNow(f"sms: {status}")
        return {200: True, 404: False}.get(status)


@contextmanager
def _connection() -> Iterator[http.client.HTTPConnection]:
    url = urlsplit(settings.SMS_URL)
    kind = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
    line = kind(url.hostname or "localhost", url.port, timeout=TIMEOUT)
    try:
        yield line
    finally:
        line.close()


def _path() -> str:
    return urlsplit(settings.SMS_URL).path or "/"


def _headers() -> dict[str, str]:
    given = {"Content-Type": "application/json; charset=utf-8", "Accept": "application/json"}
    return given | ({"Authorization": f"Bearer {settings.SMS_TOKEN}"} if settings.SMS_TOKEN else {})


def _judge(status: int) -> None:
    if 200 <= status < 300:
        return
    if status in _UNCLEAR:
        raise Unclear(f"sms: {status}")
    raise NotTaken(f"sms: {status}", permanent=400 <= status < 500 and status not in _NOT_TAKEN_NOW)


def _reference(content: bytes) -> str:
    """Return the gateway's own number of the message, where it gives one."""
    try:
        found = json.loads(content)
    except ValueError:
        return ""
    return str(found.get("id", ""))[:_REFERENCE_MAX] if isinstance(found, dict) else ""

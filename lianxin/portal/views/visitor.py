"""The visitor of a page: how often they may ask, and which receipts they have opened. No account, no name."""

from __future__ import annotations

from datetime import UTC, datetime
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, NamedTuple, TypedDict

from django.http import Http404, HttpRequest
from django.utils import timezone

from lianxin.ledger.models.sentence import Sentence
from lianxin.listen.models import Voice
from lianxin.people.actions import allow
from lianxin.people.models import Office
from lianxin.record.models import Household
from lianxin.serve.models import Application, Badge, Reception

if TYPE_CHECKING:

    class Request(HttpRequest):
        """A request as it has come through the middleware."""

        at: datetime
        visitor: str

else:
    Request = HttpRequest

OPEN_SECONDS = 3600  # a receipt stays open in this browser as long after it was opened
BADGE_SECONDS = 1800  # so long what is said is about the window whose badge was scanned
RECEIPT_SECONDS = 1800  # the code can be seen and printed again as long after speaking


class Receipt(TypedDict):
    """What is shown once after speaking."""

    number: str
    code: str
    until: int


def may_go_on(request: Request, deed: str, limit: int, seconds: int) -> bool:
    """Count one more try of this visitor at a deed and tell whether it is still within the limit.

    The machine itself is never slowed down: if it is the visitor, everybody comes through a proxy that is not named in
    TRUSTED_PROXIES, and one person's haste must not shut out all others.
    """
    return is_loopback(request.visitor) or allow(f"{deed}:{request.visitor}", limit, seconds)


def is_loopback(address: str) -> bool:
    """Tell whether an address is this machine."""
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def hand_over(request: Request, voice: Voice, code: str) -> None:
    """Put number and code into this browser's session, so that the next page can show them."""
    until = int(request.at.timestamp()) + RECEIPT_SECONDS
    request.session["receipt"] = Receipt(number=voice.number, code=code, until=until)
    unlock(request, voice)


def receipt_in_hand(request: Request) -> Receipt | None:
    """Return the receipt just handed over, while it may still be shown."""
    receipt: Receipt | None = request.session.get("receipt")
    return receipt if receipt and receipt["until"] > request.at.timestamp() else None


def unlock(request: Request, voice: Voice | Application | Reception | Household) -> None:
    """Let this browser see the progress of a voice or an application, or a household's own file, for a while."""
    now = int(request.at.timestamp())
    opened = {
        number: since for number, since in request.session.get("opened", {}).items() if now - since < OPEN_SECONDS
    }
    request.session["opened"] = {**opened, voice.number: now}


def is_open(request: Request, number: str) -> bool:
    """Tell whether this browser has opened the receipt with its code."""
    since: int | None = request.session.get("opened", {}).get(number)
    return since is not None and request.at.timestamp() - since < OPEN_SECONDS


def opened_voice(request: Request, number: str) -> Voice:
    """Return the voice that this browser has opened with its code, or whose phone is signed in. Raises Http404."""
    voice = _OF_NUMBER.first(number=number)
    if voice and (is_open(request, number) or (voice.phone_index and voice.phone_index == phone_in_hand(request))):
        return voice
    raise Http404


_OF_NUMBER = Sentence(
    lambda number: (
        Voice.objects.filter(number=number)
        .select_related("area", "addressee__office", "to_office")
        .defer("grams", "area__outline")
    )
)


class BadgeInHand(NamedTuple):
    """A badge whose code this browser has just scanned: window, title and moment in words, and its office."""

    words: str
    office: Office


def take_badge(request: Request, badge: Badge) -> None:
    """Remember that this browser has scanned a badge, and when; the first time within the hours counts."""
    held = request.session.get("badge", {})
    if held.get("key") != badge.key or badge_in_hand(request) is None:
        request.session["badge"] = {"key": badge.key, "at": int(request.at.timestamp())}


def badge_in_hand(request: Request) -> BadgeInHand | None:
    """Return the badge that was scanned here in the last hours; the person may put it away (`?badge=no`)."""
    if request.GET.get("badge") == "no":
        request.session.pop("badge", None)
    held: dict[str, Any] = request.session.get("badge", {})
    if not held or request.at.timestamp() - held["at"] > BADGE_SECONDS:
        return None
    found = Badge.objects.filter(key=held["key"]).select_related("post__office", "window").first()
    if found is None:
        return None
    when = timezone.localtime(datetime.fromtimestamp(held["at"], tz=UTC)).strftime("%Y-%m-%d %H:%M")
    parts = (str(found.window) if found.window else "", found.title, when)
    return BadgeInHand(" · ".join(part for part in parts if part), found.post.office)


def phone_in_hand(request: Request) -> str:
    """Return the blind index of the phone that is signed in to this browser; empty when there is none."""
    phone: dict[str, object] = request.session.get("phone", {})
    until = phone.get("until")
    return str(phone.get("index", "")) if isinstance(until, int) and until > request.at.timestamp() else ""

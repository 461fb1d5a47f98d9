"""Letters to a leader: opened by the addressee, unedited; instructed, handed on, sent to the right desk."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.contrib import messages
from django.db.models import Count, F, Min, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.desk.forms.letters import InstructForm, ReaddressForm
from lianxin.desk.forms.triage import RevealForm
from lianxin.desk.views.officer import Request, not_here
from lianxin.desk.views.rows import linked, page_of
from lianxin.kit.refusal import Refusal
from lianxin.kit.text import cut
from lianxin.ledger.models import Event
from lianxin.listen import actions as listen
from lianxin.listen.models import Voice, clerk_of
from lianxin.listen.triage import headline
from lianxin.people.models import Post, User
from lianxin.people.rules import Power, power
from lianxin.resolve import actions as resolve

ON_A_PAGE = 30
UNREAD_NEAR, UNREAD_LATE = timedelta(days=1), timedelta(days=3)
LETTER_POWERS = (Power.READ_LETTERS, Power.INSTRUCT)


class LetterRow(NamedTuple):
    """One letter in the list."""

    href: str
    key: str
    title: str
    said: str
    light: str
    light_text: str
    facts: str


@power(*LETTER_POWERS)
@never_cache
@require_safe
def letters(request: Request) -> HttpResponse:
    """Show the letters to this officer, or to his office if he registers them: unread ones first."""
    return _show(request, None, shape="browse")


@power(*LETTER_POWERS)
@never_cache
@require_safe
def letter(request: Request, number: str) -> HttpResponse:
    """Show one letter: as an envelope until this officer opens it, then word for word."""
    return _show(request, _letter(request, number))


@power(*LETTER_POWERS)
@never_cache
@require_POST
def read_letter(request: Request, number: str) -> HttpResponse:
    """Open a letter: the time at which its addressee does so is kept."""
    voice = _letter(request, number)
    listen.read_letter(voice, by=request.user, at=request.at)
    return redirect("desk:letter", voice.number)


@power(Power.INSTRUCT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def instruct_letter(request: Request, number: str) -> HttpResponse:
    """Give a written order on a letter; it opens a case for which the addressee answers."""
    voice = _letter(request, number)
    form = InstructForm(request.POST if request.method == "POST" else None, initial={"title": headline(voice.text)})
    if request.method == "POST" and form.is_valid():
        try:
            case = resolve.instruct_letter(voice, **form.cleaned_data, by=request.user, at=request.at)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                gettext("The instruction is given; case %(number)s is open in your name.") % {"number": case.number},
            )
            return redirect("desk:letter", voice.number)
    return _show(request, voice, deed="instruct_letter", form=form)


@power(*LETTER_POWERS)
@never_cache
@require_POST
def hand_on(request: Request, number: str) -> HttpResponse:
    """Let others work on the letter."""
    voice = _letter(request, number)
    try:
        listen.hand_on(voice, by=request.user, at=request.at)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, gettext("Handed on: the letter is in the queue to be sorted."))
    return redirect("desk:letter", voice.number)


@power(*LETTER_POWERS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def readdress(request: Request, number: str) -> HttpResponse:
    """Send a letter to the addressee it should have gone to; the sender is told."""
    voice = _letter(request, number)
    form = ReaddressForm(request.POST if request.method == "POST" else None, voice=voice, at=request.at)
    if request.method == "POST" and form.is_valid():
        try:
            listen.readdress(voice, **form.cleaned_data, by=request.user, at=request.at)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                gettext("The letter now lies with %(name)s; the sender is told.") % {"name": form.cleaned_data["to"]},
            )
            return redirect("desk:letters")
    return _show(request, voice, deed="readdress", form=form)


@power(Power.OVERSEE)
@never_cache
@require_safe
def unread(request: Request) -> HttpResponse:
    """Show how many letters there are per tier, and which wait unread how long: not a word of them."""
    found = Voice.objects.letters()
    standing = request.user.standing
    if not standing.everywhere(Power.OVERSEE):
        found = found.filter(addressee__office__in=standing.offices(Power.OVERSEE))
    waiting = (
        found.unread()
        .order_by("received_at")
        .values(
            "number", "received_at", "addressee__title", "addressee__tier", office_name=F("addressee__office__name")
        )
    )
    page = page_of(waiting, request.GET.get("page"), ON_A_PAGE)
    rows = [
        {
            **row,
            "tier": Post.Tier(row["addressee__tier"]).label if row["addressee__tier"] else "",
            **_age(row["received_at"], request.at),
        }
        for row in page
    ]
    return render(request, "desk/letters/unread.html", {"tiers": _tiers(found), "rows": rows, "page": page})


def _tiers(found: QuerySet[Voice]) -> list[dict[str, Any]]:
    """Count the letters of each tier: received, unread, handed on, and since when the oldest waits."""
    unread = Q(read_at=None)
    counted = found.values("addressee__tier").annotate(
        received=Count("id"),
        unread=Count("id", filter=unread),
        oldest=Min("received_at", filter=unread),
        handed_on=Count("id", filter=Q(handed_on_at__isnull=False)),
    )
    by_tier = {row["addressee__tier"]: row for row in counted}
    empty = {"received": 0, "unread": 0, "handed_on": 0, "oldest": None}
    return [{"name": tier.label, **by_tier.get(tier.value, empty)} for tier in Post.Tier]


def _mine(request: Request) -> QuerySet[Voice]:
    """Return the letters to this officer, to whom he stands in for, and to the office whose letters he registers."""
    standing = request.user.standing
    own = Q(addressee__in=standing.posts()) | Q(addressee__office__in=clerk_of(standing))
    return Voice.objects.letters().filter(own)


def _letter(request: Request, number: str) -> Voice:
    found = (
        _mine(request)
        .select_related("addressee__office", "area", "read_by")
        .prefetch_related("attachments", "additions")
    )
    return found.filter(number=number).first() or not_here()


def _show(
    request: Request, voice: Voice | None, *, deed: str = "", form: Any = None, shape: str = "open"
) -> HttpResponse:
    found = _mine(request)
    unread_only = request.GET.get("unread") == "1"
    listed = found.filter(read_at=None) if unread_only else found
    ordered = listed.order_by(F("read_at").asc(nulls_first=True), "-received_at").select_related("addressee__office")
    page = page_of(ordered, request.GET.get("page"), ON_A_PAGE)
    opened = _opened_by(request.user, page)
    context: dict[str, Any] = {
        "page": page,
        "rows": [_row(each, opened, request) for each in page],
        "shape": shape,
        "voice": voice,
        "deed": deed,
        "form": form,
        "unread_only": unread_only,
    }
    if voice:
        context |= _facts(request, voice)
    status = 422 if form is not None and form.errors else 200
    return render(request, "desk/letters/letters.html", context, status=status)


def _facts(request: Request, voice: Voice) -> dict[str, Any]:
    is_addressee = voice.addressee_id in request.user.standing.posts()
    items = list(voice.items.select_related("join__case", "settled_by").order_by("number"))
    return {
        "is_addressee": is_addressee,
        "is_open": _is_open(voice, _opened_by(request.user, [voice]), request.user),
        "title": headline(voice.text),
        "may_instruct": is_addressee and request.user.standing.may(Power.INSTRUCT, anywhere=True),
        "may_hand_on": voice.is_closed_letter
        and (is_addressee or (voice.addressee is not None and voice.addressee.holder_id is None)),
        "items": items,
        "linked": linked(items, request.user),
        "reveal_form": RevealForm(),
        **_age(voice.received_at, request.at),
    }


def _opened_by(user: User, voices: Iterable[Voice]) -> set[int]:
    """Return which of these letters this officer has opened as a clerk."""
    kind = Voice._meta.label_lower
    opened = Event.objects.filter(kind=kind, key__in=[voice.pk for voice in voices], by_id=user.pk)
    return set(opened.filter(verb__in=("letter.opened", "letter.read")).values_list("key", flat=True))


def _is_open(voice: Voice, opened: set[int], user: User) -> bool:
    """Tell whether the words may be shown: this officer has opened the letter, or it has been handed on."""
    read_by_addressee = voice.read_at is not None and voice.addressee_id in user.standing.posts()
    return read_by_addressee or voice.pk in opened or not voice.is_closed_letter


def _row(voice: Voice, opened: set[int], request: Request) -> LetterRow:
    is_open = _is_open(voice, opened, request.user)
    age = _age(voice.received_at, request.at)
    light, words = (age["light"], age["words"]) if voice.read_at is None else ("ok", gettext("read"))
    addressee = voice.addressee.title if voice.addressee else ""
    return LetterRow(
        reverse("desk:letter", args=[voice.number]),
        voice.number,
        headline(voice.text) if is_open else gettext("Letter, not opened"),
        cut(" ".join(voice.text[:300].split()), 80) if is_open else "",
        light,
        words,
        f"{voice.number} · {addressee}",
    )


def _age(received: datetime, at: datetime) -> dict[str, str]:
    """Say how long a letter has been waiting, and with which light."""
    age = at - received
    light = "late" if age >= UNREAD_LATE else "near" if age >= UNREAD_NEAR else "ok"
    return {"light": light, "words": _waits(age)}


def _waits(age: timedelta) -> str:
    hours = age.seconds // 3600
    if age.days:
        return ngettext("waits %(n)s day", "waits %(n)s days", age.days) % {"n": age.days}
    if hours:
        return ngettext("waits %(n)s hour", "waits %(n)s hours", hours) % {"n": hours}
    return gettext("came within the hour")

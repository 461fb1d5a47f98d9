"""The register of voices: everything an officer may see of what was said, and what became of it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from lianxin.desk.forms.triage import RevealForm
from lianxin.desk.forms.voices import VoicesForm
from lianxin.desk.views.officer import Request, not_here
from lianxin.desk.views.queue import COLUMNS, TEXT_SHOWN, VoiceRow
from lianxin.desk.views.rows import is_part, linked, page_of
from lianxin.kit.refusal import Refusal
from lianxin.kit.text import cut
from lianxin.ledger.actions import open_file
from lianxin.ledger.models import Event
from lianxin.listen import actions as listen
from lianxin.listen.models import Subject, Voice
from lianxin.listen.rules import Channel, Identity
from lianxin.listen.triage import headline
from lianxin.outbox.models import Message
from lianxin.outbox.rules import State
from lianxin.people.rules import Power, power

ON_A_PAGE = 30
EVENTS_SHOWN = 60
SEES_VOICES = (Power.HEAR, Power.TRIAGE, Power.READ_LETTERS)


@power(*SEES_VOICES)
@never_cache
@require_safe
def voices(request: Request) -> HttpResponse:
    """Show the register, newest first, narrowed as the address says."""
    return render(request, "desk/voices/voices.html", {**_listed(request), "shape": "browse"})


@power(*SEES_VOICES)
@never_cache
@require_safe
def voice(request: Request, number: str) -> HttpResponse:
    """Show one voice: words, points and what became of them, files, messages, and its line of the ledger."""
    found = _seen(request).select_related("area", "addressee__office", "to_office", "office", "recorder", "read_by")
    spoken = found.prefetch_related("attachments", "additions").filter(number=number).first() or not_here()
    if spoken.is_closed_letter:
        return redirect("desk:letter", spoken.number)
    may = request.user.standing
    items = list(spoken.items.select_related("subject", "area", "settled_by", "join__case").order_by("number"))
    context = {
        **_listed(request),
        "shape": "open",
        "voice": spoken,
        "title": headline(spoken.text),
        "items": items,
        "linked": linked(items, request.user),
        "events": list(Event.objects.about(spoken).order_by("-id")[:EVENTS_SHOWN]),
        "messages_sent": _messages(spoken),
        "reveal_form": RevealForm(),
        "may_sort": spoken.sorted_at is None and may.may(Power.TRIAGE, spoken.office_id),
    }
    return render(request, "desk/voices/voices.html", context)


@power(*SEES_VOICES)
@require_safe
def attachment(request: Request, number: str, pk: int) -> FileResponse:
    """Give a file that came with a voice, to be saved: nothing that strangers send is opened inside our pages."""
    spoken = _seen(request).filter(number=number).first() or not_here()
    if spoken.is_closed_letter and not _has_opened(request, spoken):
        not_here()
    kept = spoken.attachments.filter(pk=pk).first() or not_here()
    response = FileResponse(open_file(kept), as_attachment=True, filename=kept.name, content_type=kept.mime)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox"
    return response


@power(Power.REVEAL, Power.HEAR, Power.TRIAGE)
@never_cache
@require_POST
def reveal(request: Request, number: str) -> HttpResponse:
    """Show who spoke to who may know it and says why; it stands in the answer to this request and nowhere else."""
    voice = _seen(request).filter(number=number).first() or not_here()
    form = RevealForm(request.POST)
    context: dict[str, Any] = {"voice": voice, "reveal_form": form}
    status = 422
    if form.is_valid():
        try:
            context["contact"] = listen.reveal(
                voice, reason=form.cleaned_data["reason"], by=request.user, at=request.at
            )
            status = 200
        except Refusal as refusal:
            context["refusal"], status = str(refusal), refusal.status
    template = "desk/voices/contact.html" if is_part(request) else "desk/voices/revealed.html"
    # htmx swaps in only what came back well; the words say what is wrong.
    return render(request, template, context, status=200 if is_part(request) else status)


def _seen(request: Request) -> QuerySet[Voice]:
    return Voice.objects.visible_to(request.user)


def _has_opened(request: Request, spoken: Voice) -> bool:
    if spoken.read_at is not None and spoken.addressee_id in request.user.standing.posts():
        return True
    return Event.objects.about(spoken).filter(verb__in=("letter.opened", "letter.read"), by_id=request.user.pk).exists()


def _listed(request: Request) -> dict[str, Any]:
    """Return what the list pane shows; letters that are not handed on stand with the letters, not here."""
    form = VoicesForm(request.GET)
    chosen = form.chosen()
    found = _seen(request).filter(Q(addressee=None) | Q(handed_on_at__isnull=False))
    found = _narrowed(found, chosen).order_by("-id")
    page = page_of(found.values(*COLUMNS, "sorted_at", "identity"), request.GET.get("page"), ON_A_PAGE)
    given = request.GET.copy()
    given.pop("page", None)
    tail = f"?{request.GET.urlencode()}" if request.GET else ""
    rows = [_row(row, tail) for row in page.object_list]
    return {
        "form": form,
        "page": page,
        "rows": rows,
        "query": given.urlencode(),
        "narrowed": len([key for key in chosen if key != "q"]),
    }


def _narrowed(found: Any, chosen: dict[str, Any]) -> Any:
    if words := chosen.get("q"):
        found = found.search(words)
    if waiting := chosen.get("waiting"):
        found = found.filter(sorted_at__isnull=waiting == "yes")
    for name in ("channel", "identity"):
        if name in chosen:
            found = found.filter(**{name: chosen[name]})
    if subject := chosen.get("subject"):
        found = found.filter(items__subject__in=Subject.objects.within(subject).values("pk")).distinct()
    if area := chosen.get("area"):
        found = found.filter(area__path__startswith=area.path)
    if since := chosen.get("since"):
        found = found.filter(received_at__gte=_morning(since))
    if until := chosen.get("until"):
        found = found.filter(received_at__lt=_morning(until + timedelta(days=1)))
    return found


def _morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _row(row: dict[str, Any], tail: str) -> VoiceRow:
    waits = row["sorted_at"] is None
    facts = [row["number"], Channel(row["channel"]).label, Identity(row["identity"]).label, row["area__name"]]
    return VoiceRow(
        f"/desk/voices/{row['number']}/{tail}",
        row["number"],
        headline(row["text"]),
        cut(" ".join(row["text"][:400].split()), TEXT_SHOWN),
        "near" if waits else "ok",
        gettext("waits") if waits else gettext("sorted"),
        " · ".join(str(fact) for fact in facts if fact),
    )


def _messages(spoken: Voice) -> list[dict[str, Any]]:
    """Return the messages written about a voice, with their state in words."""
    found = Message.objects.filter(about_kind=Voice._meta.label_lower, about_key=spoken.pk).order_by("id")
    rows = found.values(
        "way", "address_hint", "written_at", "sent_at", "delivered_at", "state", name=F("template__key")
    )
    return [{**row, "light": light_of(row["state"]), "words": words_of(row["state"])} for row in rows]


def light_of(state: str) -> str:
    """Return the light of a message."""
    return {State.FAILED: "late", State.UNSURE: "near", State.DELIVERED: "ok", State.SENT: "ok"}.get(
        State(state), "wait"
    )


def words_of(state: str) -> str:
    """Return the state of a message in words."""
    return {
        State.WRITTEN: gettext("waits to be sent"),
        State.SENDING: gettext("is being sent"),
        State.SENT: gettext("sent"),
        State.DELIVERED: gettext("arrived"),
        State.FAILED: gettext("did not arrive"),
        State.UNSURE: gettext("unsure whether it arrived"),
        State.SETTLED: gettext("reached another way"),
    }[State(state)]

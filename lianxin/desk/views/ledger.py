"""The ledger, for those who audit: who did what, when, in whose place; and whether the log is whole."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lianxin.desk.forms.voices import LedgerForm
from lianxin.desk.noted import WORDS
from lianxin.desk.views.officer import Request
from lianxin.desk.views.timeline import FACTS
from lianxin.kit.reference import tidy
from lianxin.ledger import figures
from lianxin.ledger.models import Event, Seal, Verification
from lianxin.listen.models import Voice
from lianxin.listen.rules import Channel, Identity
from lianxin.people.models import User
from lianxin.people.rules import Power, power
from lianxin.resolve.models import Case
from lianxin.resolve.rules import BESIDE, Deed, said, verb
from lianxin.resolve.rules import Result as CaseResult
from lianxin.serve.rules.application import Result

ON_A_PAGE = 60
SEAL_DAYS = 7
DATE_LENGTH = 10  # a text that is longer may be a moment
LABELS: dict[str, str | Promise] = {
    "channel": _("channel"),
    "identity": _("known as"),
    "reason": _("reason"),
    "count": _("how many"),
    "role": _("role"),
    "code": _("code"),
    "before": _("before"),
    "after": _("after"),
}
CHOSEN: dict[str, dict[str, str | Promise]] = {
    "channel": {choice.value: choice.label for choice in Channel},
    "identity": {choice.value: choice.label for choice in Identity},
    "result": {choice.value: choice.label for choices in (CaseResult, Result) for choice in choices},
}


@power(Power.AUDIT)
@never_cache
@require_safe
def ledger(request: Request) -> HttpResponse:
    """Show the newest events that fit, and the seals of the last days; a page costs the same however old it is."""
    form = LedgerForm(request.GET)
    chosen = form.chosen()
    found = _narrowed(Event.objects.order_by("-id"), chosen)
    if before := chosen.get("before"):
        found = found.filter(id__lt=before)
    events = list(found[: ON_A_PAGE + 1])
    more = events[ON_A_PAGE - 1].pk if len(events) > ON_A_PAGE else None
    given = {key: value for key, value in request.GET.items() if key != "before" and value}
    today = timezone.localdate(request.at)
    waiting, oldest = figures.waiting(request.at)
    context: dict[str, Any] = {
        "form": form,
        "events": [(event, [_fact(*each) for each in event.data.items()]) for event in events[:ON_A_PAGE]],
        "older": urlencode({**given, "before": more}) if more else "",
        "newest": urlencode(given),
        "is_later": bool(before),
        "narrowed": bool(given),
        "verbs": VERBS,
        "seals": [
            _seal(seal) for seal in figures.daily_roots(today - timedelta(days=back) for back in range(SEAL_DAYS))
        ],
        "waiting": waiting,
        "oldest": oldest,
        "verified": Verification.objects.last(),
    }
    return render(request, "desk/ledger/ledger.html", context)


def _fact(key: str, value: Any) -> tuple[str, str | Promise, Any]:
    """Return a fact as (code, label, value); what has no words stays the code that it is."""
    if isinstance(value, bool):
        value = _("yes") if value else _("no")
    elif isinstance(value, str) and key in CHOSEN:
        value = CHOSEN[key].get(value, value)
    elif isinstance(value, str) and (moment := parse_datetime(value) if len(value) > DATE_LENGTH else None):
        value = date_format(timezone.localtime(moment), "Y-m-d H:i")
    elif isinstance(value, list):
        value = ", ".join(map(str, value))
    return key, FACTS.get(key) or LABELS.get(key, ""), value


def _narrowed(found: QuerySet[Event], chosen: dict[str, Any]) -> QuerySet[Event]:
    if thing := chosen.get("thing"):
        found = found.filter(_about(thing))
    if who := chosen.get("who"):
        ids = list(User.objects.filter(Q(name=who) | Q(username=who)).values_list("pk", flat=True))
        found = found.filter(Q(by_id__in=ids) | Q(behalf_id__in=ids)) if ids else found.filter(by_name=who)
    if deed := chosen.get("verb"):
        found = found.filter(verb__startswith=deed) if deed.endswith(".") else found.filter(verb=deed)
    if day := chosen.get("day"):
        start = timezone.make_aware(datetime.combine(day, time.min))
        found = found.filter(at__gte=start, at__lt=start + timedelta(days=1))
    return found


def _about(thing: str) -> Q:
    """Return the events about a voice or case of this number (found by the index), else about whatever is called so."""
    number = tidy(thing)
    for model in (Voice, Case):
        key = model.objects.filter(number=number).values_list("pk", flat=True).first()
        if key is not None:
            return Q(kind=model._meta.label_lower, key=key)
    return Q(label=thing)


def _seal(seal: Seal) -> dict[str, Any]:
    return {"at": seal.at, "size": seal.size, "root": bytes(seal.root).hex()}


# What is offered while a verb is typed.
VERBS = [(verb(deed), said(verb(deed))) for deed in Deed] + list(BESIDE.items()) + list(WORDS.items())

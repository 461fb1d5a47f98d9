"""What telephones have sent and nobody could take in: refused, set aside, or changed by two."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lianxin.field.deeds import entry_of
from lianxin.field.deeds.file import MASKS, deed_of_mine
from lianxin.field.forms import ChoiceForm, DropForm, TakeInForm
from lianxin.field.views.officer import Request, ask, not_here, page_of, posted
from lianxin.people.rules import Power, power
from lianxin.record import actions
from lianxin.record.models import Conflict, Sent
from lianxin.record.rules import FIELDS, Outcome, Subject

KEEPS = (Power.VISIT, Power.ARCHIVE)


@power(*KEEPS)
@never_cache
@require_safe
def waiting(request: Request) -> HttpResponse:
    """List what waits for somebody, oldest first."""
    rows = Sent.objects.visible_to(request.user).open().select_related("handset__user", "household")
    return render(request, "field/waiting.html", {"page": page_of(request, rows.order_by("received_at", "id"))})


@power(*KEEPS)
@never_cache
@require_safe
def entry(request: Request, pk: int) -> HttpResponse:
    """Show what was sent, and what can be done about it."""
    sent = _mine(request, pk)
    conflicts = [{"row": each, **_told(each)} for each in sent.conflicts.order_by("id")]
    context = {"sent": sent, "said": _said(sent), "conflicts": conflicts, "can_take": not conflicts and sent.content}
    return render(request, "field/entry.html", context)


@power(Power.ARCHIVE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def take_in(request: Request, pk: int) -> HttpResponse:
    """Do for the cadre what was refused or set aside, as of the day on which it was."""
    sent = _mine(request, pk)

    def deed() -> None:
        actions.take_in(sent, deed=entry_of(sent, by=request.user, at=request.at), by=request.user, at=request.at)

    return ask(
        request, TakeInForm(posted(request)), deed, title=pgettext("field", "Take it in"),
        submit=pgettext("field", "Take it in"),
        done=gettext("Taken in, under its own day."), back=reverse("field:waiting"),
        intro=gettext("It is entered by you, with the day and hour on which it was."),
    )  # fmt: skip


@power(*KEEPS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def drop(request: Request, pk: int) -> HttpResponse:
    """Leave out what was sent, with a reason."""
    sent, form = _mine(request, pk), DropForm(posted(request))
    return ask(
        request, form, lambda: actions.drop(sent, **form.cleaned_data, by=request.user, at=request.at),
        title=gettext("Leave it out"), submit=gettext("Leave it out"), back=reverse("field:waiting"),
        done=gettext("Left out; the reason is on record."), intro=gettext("What it said is not kept."),
    )  # fmt: skip


@power(*KEEPS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def settle(request: Request, pk: int) -> HttpResponse:
    """Let stand one of two values."""
    seen = Sent.objects.visible_to(request.user).open()
    found = Conflict.objects.select_related("sent").filter(pk=pk, sent__in=seen).first() or not_here()
    form, told = ChoiceForm(posted(request)), _told(found)

    def deed() -> None:
        mine = deed_of_mine(found, by=request.user, at=request.at)
        actions.settle(found, choice=form.cleaned_data["choice"], deed=mine, by=request.user, at=request.at)

    return ask(
        request, form, deed, title=told["label"], submit=gettext("Let it stand"), done=gettext("Settled."),
        back=reverse("field:waiting"),
        intro=gettext("In the file: %(theirs)s. The telephone sent: %(mine)s. It had seen: %(base)s.") % told,
    )  # fmt: skip


def _mine(request: Request, pk: int) -> Sent:
    rows = Sent.objects.visible_to(request.user).open().select_related("handset__user", "household")
    return rows.filter(pk=pk).first() or not_here()


def _told(conflict: Conflict) -> dict[str, Any]:
    """Return the three values as they may be shown."""
    values = {key: str(value or "–") for key, value in conflict.opened.items()}
    if conflict.field in MASKS:
        values["mine"] = MASKS[conflict.field](values["mine"])
    return {"label": _label(conflict.field), **values}


def _said(sent: Sent) -> list[tuple[str, str]]:
    """Return what a person needs to judge an entry, with its labels; never a number that says who somebody is."""
    body = sent.opened.get("body", {})
    labels = {
        "outcome": gettext("What became of it"), "text": gettext("What was heard"), "notes": gettext("Notes"),
        "place": gettext("Place"), "name": gettext("Said by"),
    }  # fmt: skip
    found = [(labels[key], _shown(key, body[key])) for key in labels if body.get(key)]
    values = body.get("values") if isinstance(body.get("values"), dict) else {}
    return found + [(_label(key), _shown(key, value)) for key, value in values.items() if value not in ("", None)]


def _shown(key: str, value: Any) -> str:
    if key == "outcome":
        return str(dict(Outcome.choices).get(value, value))
    return MASKS[key](str(value)) if key in MASKS else str(value)


def _label(field: str) -> str:
    for subject in (Subject.RESIDENT, Subject.HOUSEHOLD):
        if field in FIELDS[subject]:
            return str(FIELDS[subject][field])
    return field

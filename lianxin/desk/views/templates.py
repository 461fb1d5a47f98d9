"""The words of messages: what is in use, how it reads, and new versions of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from lianxin.desk.forms.templates import WordsForm
from lianxin.desk.views.officer import Request, not_here
from lianxin.kit.refusal import Refusal
from lianxin.outbox import actions as outbox
from lianxin.outbox import rules
from lianxin.outbox.models import Template
from lianxin.people.rules import Power, power


class Row(NamedTuple):
    """A kind of message as the list shows it."""

    key: str
    label: str
    words: str
    versions: list[tuple[str, int]]  # language and number of the version in use


@power(Power.REFERENCE)
@never_cache
@require_safe
def templates(request: Request) -> HttpResponse:
    """Show every kind of message with the versions in use."""
    return render(request, "desk/templates/templates.html", {"rows": _rows(), "shape": "browse"})


@power(Power.REFERENCE)
@never_cache
@require_safe
def template(request: Request, key: str) -> HttpResponse:
    """Show one kind of message: its words in use, what may stand in them, and every version."""
    return _show(request, key, _language(request.GET))


@power(Power.REFERENCE)
@never_cache
@require_POST
def new_version(request: Request, key: str) -> HttpResponse:
    """Show how new words would read, and put them into use if that was asked for."""
    form, language = WordsForm(request.POST), _language(request.POST)
    if key not in rules.KINDS:
        not_here()
    if not form.is_valid():
        return _show(request, key, language, form=form, status=422)
    words = form.cleaned_data
    try:
        if "keep" in request.POST:
            outbox.new_template_version(key=key, **words, by=request.user, at=request.at)
        else:
            outbox.check_words(key=key, subject=words["subject"], body=words["body"])
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _show(request, key, language, form=form, status=refusal.status)
    if "keep" not in request.POST:
        return _show(request, key, language, form=form, reading=rules.reading(**words, possible=outbox.possible(key)))
    messages.success(request, gettext("The new words go out from now on. What is written already keeps its own."))
    return redirect(f"{reverse('desk:template', args=[key])}?language={language}")


def _show(
    request: Request,
    key: str,
    language: str,
    *,
    form: WordsForm | None = None,
    reading: rules.Reading | None = None,
    status: int = 200,
) -> HttpResponse:
    versions = list(Template.objects.filter(key=key).order_by("-version", "id")) if key in rules.KINDS else []
    if not versions:
        not_here()
    own = [version for version in versions if version.language == language]
    used = own[0] if own else next((version for version in versions if version.language == "zh-hans"), versions[0])
    possible = outbox.possible(key)
    initial = {"language": language, "subject": used.subject, "body": used.body}
    context = {
        "rows": _rows(),
        "shape": "open",
        "key": key,
        "label": rules.KINDS[key],
        "language": language,
        "languages": settings.LANGUAGES,
        "used": used,
        "versions": own,
        "now": rules.reading(subject=used.subject, body=used.body, language=used.language, possible=possible),
        "form": form or WordsForm(initial=initial),
        "reading": reading,
        "values": [(name, rules.VALUES[name]) for name in sorted(possible)],
    }
    return render(request, "desk/templates/template.html", context, status=status)


def _rows() -> list[Row]:
    found: dict[str, list[Template]] = {}
    for version in Template.objects.newest():
        found.setdefault(version.key, []).append(version)
    kinds, names = list(rules.KINDS), dict(settings.LANGUAGES)
    languages = list(names)
    return [
        Row(
            key,
            str(rules.KINDS[key]),
            _first(found[key]),
            [(names[v.language], v.version) for v in sorted(found[key], key=lambda v: languages.index(v.language))],
        )
        for key in sorted(found, key=kinds.index)
    ]


def _first(versions: list[Template]) -> str:
    """Return the words to show in a list: simplified Chinese where there are any."""
    return max(versions, key=lambda version: version.language == "zh-hans").body


def _language(asked: Mapping[str, Any]) -> str:
    language, known = str(asked.get("language", "")), [code for code, _name in settings.LANGUAGES]
    return language if language in known else known[0]

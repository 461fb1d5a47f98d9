"""The words of messages."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from django.db import IntegrityError, transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from lianxin.kit.refusal import Refusal
from lianxin.ledger.actions import note, note_each
from lianxin.outbox.models import Template
from lianxin.outbox.rules import is_broken, placeholders
from lianxin.people.actions import need
from lianxin.people.models import User, forget_all
from lianxin.people.rules import Power

_SEEDS = Path(__file__).parent.parent / "data" / "templates.json"


class UnknownPlaceholder(Refusal):
    """The new words ask for something that messages of this kind are not given."""


class BrokenPlaceholder(Refusal):
    """Braces stand in the words for which nothing can be put in."""

    status = 422


class TemplateChanged(Refusal):
    """Somebody else has changed the same words meanwhile."""


@transaction.atomic
def seed_templates(*, at: datetime) -> int:
    """Add the first words of each kind of message where there are none yet, and return how many were added."""
    there = set(Template.objects.values_list("key", "language"))
    seeds = [
        seed for seed in json.loads(_SEEDS.read_text(encoding="utf-8")) if (seed["key"], seed["language"]) not in there
    ]
    made = Template.objects.bulk_create(Template(**seed, made_at=at) for seed in seeds)
    note_each("template.seeded", made, by=None, at=at)
    forget_all()
    return len(seeds)


@transaction.atomic
def new_template_version(*, key: str, language: str, subject: str, body: str, by: User, at: datetime) -> Template:
    """Put new words into use for messages written from now on; those already written keep theirs.

    Raises NotAllowed, UnknownPlaceholder, BrokenPlaceholder, and TemplateChanged where a colleague was quicker.
    """
    holding = need(by, Power.REFERENCE, at=at, anywhere=True)
    check_words(key=key, subject=subject, body=body)
    newest = Template.objects.filter(key=key, language=language).order_by("-version").first()
    version = newest.version + 1 if newest else 1
    try:
        with transaction.atomic():
            template = Template.objects.create(
                key=key, language=language, version=version, subject=subject, body=body, made_at=at
            )
    except IntegrityError as taken:
        raise TemplateChanged(_("A colleague has just changed these words. Please look at them again.")) from taken
    forget_all()
    note("template.changed", template, by=by, behalf=holding.behalf, at=at, data={"version": version})
    return template


def possible(key: str) -> frozenset[str]:
    """Return the placeholders that messages of this kind are given. Raises Template.DoesNotExist."""
    first = Template.objects.filter(key=key).order_by("version", "id").first()
    if first is None:
        raise Template.DoesNotExist(key)
    return placeholders(first.subject + first.body)


def check_words(*, key: str, subject: str, body: str) -> None:
    """Refuse words that could not be sent as they are meant.

    Raises UnknownPlaceholder, BrokenPlaceholder, Template.DoesNotExist.
    """
    given = possible(key)
    unknown = placeholders(subject + body) - given
    if unknown:
        raise UnknownPlaceholder(
            format_lazy(
                _("There is nothing to put in for {names}. Possible here: {possible}."),
                names=", ".join(sorted(unknown)),
                possible=", ".join(sorted(given)),
            )
        )
    if is_broken(subject) or is_broken(body):
        raise BrokenPlaceholder(_("A placeholder is two braces, its name in small letters, two braces: {{number}}."))

"""The subjects one by one: added, edited, ended and replaced by dates; never deleted."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lianxin.kit.clock import local
from lianxin.kit.refusal import Refusal
from lianxin.ledger import actions as ledger
from lianxin.listen.models import Subject
from lianxin.listen.models.subject import SubjectQuerySet
from lianxin.people import actions as people
from lianxin.people.actions.words import line, said
from lianxin.people.models import Limit, Office, User
from lianxin.people.rules import Power

DEPTH_MAX = 4
NAME_MAX = 60
KEYWORDS_MAX = 500  # characters; more words make a suggestion slower, not better
_SCHEME = re.compile(r"[a-z0-9][a-z0-9_-]{0,29}")


class BadSubject(Refusal):
    """A subject, or a row of a taxonomy, that cannot be taken."""

    status = 422


class AlreadyThere(Refusal):
    """A subject of this name stands in the same place."""


class AlreadyEnded(Refusal):
    """The subject has an end date."""


@transaction.atomic
def add_subject(
    *,
    name: str,
    by: User,
    at: datetime,
    scheme: str = "county",
    parent: Subject | None = None,
    keywords: str = "",
    office: Office | None = None,
    limit_key: str = "case.ordinary",
    starts: date | None = None,
) -> Subject:
    """Write a new subject below another one, or at the top of its scheme; `starts` None: it has always been there.

    Raises BadSubject, AlreadyThere, AlreadyEnded, NotAllowed.
    """
    holding = people.need(by, Power.REFERENCE, at=at, anywhere=True)
    scheme, name, day = clean_scheme(parent.scheme if parent else scheme), clean_name(name), local(at).date()
    _need_room_below(parent)
    _need_new_name(name, Subject.objects.filter(scheme=scheme, parent=parent).not_over(day))
    _need_limit(limit_key, day)
    subject = write_subject(
        scheme, name, parent, keywords=clean_keywords(keywords), valid_from=starts, office=office, limit_key=limit_key
    )
    data = {"scheme": scheme, **_facts(subject), "from": starts.isoformat() if starts else None}
    ledger.note("subject.added", subject, by=by, at=at, behalf=holding.behalf, data=data)
    return subject


@transaction.atomic
def edit_subject(
    subject: Subject, *, keywords: str, office: Office | None, limit_key: str, by: User, at: datetime
) -> Subject:
    """Change what suggests a subject, who usually leads, and which limit its cases have; what is open keeps its date.

    The event holds what was before and what is after; where nothing differs, nothing is written. Raises BadSubject,
    AlreadyEnded, NotAllowed.
    """
    holding = people.need(by, Power.REFERENCE, at=at, anywhere=True)
    subject, day = _held(subject), local(at).date()
    if subject.valid_to and subject.valid_to <= day:
        raise AlreadyEnded(_("This subject has ended. What was sorted by it stays as it is."))
    if limit_key != subject.limit_key:
        _need_limit(limit_key, day)
    before = _facts(subject)
    subject.keywords, subject.office, subject.limit_key = clean_keywords(keywords), office, limit_key
    after = _facts(subject)
    changed = [key for key in after if after[key] != before[key]]
    if changed:
        subject.save(update_fields=["keywords", "office", "limit_key"])
        data = {"before": {key: before[key] for key in changed}, "after": {key: after[key] for key in changed}}
        ledger.note("subject.edited", subject, by=by, at=at, behalf=holding.behalf, data=data)
    return subject


@transaction.atomic
def end_subject(subject: Subject, *, on: date, by: User, at: datetime) -> Subject:
    """Let a subject and those below it be chosen no more from that day, today or later; what was sorted by it stays so.

    Raises AlreadyEnded, BadSubject, NotAllowed.
    """
    holding = people.need(by, Power.REFERENCE, at=at, anywhere=True)
    subject = _held(subject)
    if subject.valid_to:
        raise AlreadyEnded(_("This subject has an end date already."))
    if on < local(at).date():
        raise BadSubject(_("A subject cannot end in the past: points were sorted by it. Choose today or a later day."))
    if subject.valid_from and subject.valid_from >= on:
        raise BadSubject(_("A subject cannot end before it begins."))
    Subject.objects.within(subject).filter(valid_to=None).update(valid_to=on)
    subject.refresh_from_db()
    ledger.note("subject.ended", subject, by=by, at=at, behalf=holding.behalf, data={"on": on.isoformat()})
    return subject


@transaction.atomic
def replace_subject(subject: Subject, *, name: str, on: date, by: User, at: datetime, keywords: str = "") -> Subject:
    """End a subject and begin another in its place on the same day, so that no day has both or neither.

    Raises AlreadyEnded, AlreadyThere, BadSubject, NotAllowed.
    """
    ended, name = end_subject(subject, on=on, by=by, at=at), clean_name(name)
    _need_new_name(name, Subject.objects.filter(scheme=ended.scheme, parent=ended.parent).not_over(on))
    fresh = write_subject(
        ended.scheme,
        name,
        ended.parent,
        keywords=clean_keywords(keywords) or ended.keywords,
        valid_from=on,
        office=ended.office,
        limit_key=ended.limit_key,
    )
    behalf = people.need(by, Power.REFERENCE, at=at, anywhere=True).behalf
    ledger.note("subject.replaced", fresh, by=by, at=at, behalf=behalf, data={"former": ended.pk, "on": on.isoformat()})
    return fresh


def write_subject(
    scheme: str,
    name: str,
    parent: Subject | None,
    *,
    keywords: str = "",
    valid_from: date | None = None,
    office: Office | None = None,
    limit_key: str = "case.ordinary",
) -> Subject:
    """Write the row itself, for the actions of this room."""
    full = f"{parent.full_name}/{name}" if parent else name
    subject = Subject.objects.create(
        scheme=scheme,
        name=name,
        parent=parent,
        full_name=full,
        keywords=keywords,
        valid_from=valid_from,
        office=office,
        limit_key=limit_key,
    )
    subject.path = f"{parent.path if parent else '/'}{subject.pk}/"
    subject.save(update_fields=["path"])
    return subject


def clean_name(name: str) -> str:
    """Return a name as it is kept; the slash stands between levels. Raises NothingSaid and TooLong."""
    return said(line(name, most=NAME_MAX - 20), empty=_("A subject needs a name.")).replace("/", "／")


def clean_keywords(keywords: str) -> str:
    """Return words with one blank between them, whatever stood there. Raises TooLong."""
    return line(re.sub(r"[,，、;；]", " ", keywords), most=KEYWORDS_MAX)


def clean_scheme(scheme: str) -> str:
    """Return the short name of a taxonomy. Raises BadSubject."""
    if not _SCHEME.fullmatch(scheme):
        raise BadSubject(_("The short name of a taxonomy has small letters, digits, hyphens; 30 at most."))
    return scheme


def _facts(subject: Subject) -> dict[str, Any]:
    return {
        "keywords": subject.keywords,
        "office": subject.office.name if subject.office else None,
        "limit": subject.limit_key,
    }


def _held(subject: Subject) -> Subject:
    """Return the row as it is now, kept from others until the deed is done."""
    return Subject.objects.select_for_update().get(pk=subject.pk)


def _need_new_name(name: str, brothers: SubjectQuerySet) -> None:
    if brothers.filter(name=name).exists():
        raise AlreadyThere(_("There is a subject of this name here already."))


def _need_limit(key: str, day: date) -> None:
    if not Limit.objects.on(day).filter(key=key).exists():
        raise BadSubject(_("There is no time limit “%(key)s” today.") % {"key": key[:40]})


def _need_room_below(parent: Subject | None) -> None:
    if parent is None:
        return
    if parent.valid_to:
        raise AlreadyEnded(_("The subject above it has an end date. Choose one that goes on."))
    if parent.path.count("/") - 1 >= DEPTH_MAX:
        raise BadSubject(_("A subject has %(most)s levels at most.") % {"most": DEPTH_MAX})

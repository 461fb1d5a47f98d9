"""What a clerk can do with what was said: each way of settling a point with its form, for one voice or for many.

The pages and the API read this same table, so that neither can do what the other cannot.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianxin.desk.forms.triage import (
    AnswerForm,
    ClassifyForm,
    DeclineForm,
    JoinForm,
    ManyForm,
    PointForm,
    RegisterForm,
    TransferForm,
)
from lianxin.kit.refusal import Refusal
from lianxin.listen import actions as listen
from lianxin.listen.models import Item, Subject, Voice
from lianxin.listen.rules import Decline
from lianxin.listen.triage import headline, suggest
from lianxin.people.models import User
from lianxin.people.models.remembered import Remembered
from lianxin.resolve import actions as resolve
from lianxin.resolve.models import Case

Given = dict[str, Any]


class UnknownCase(Refusal):
    """No case of this number that the officer may see."""

    status = 404


class NothingSuggested(Refusal):
    """No subject speaks for the voice; a person has to look."""

    status = 422


class Sorting(NamedTuple):
    """One thing that can be done with a point: its words, key, form, and what is called."""

    label: str | Promise
    what: str | Promise
    key: str
    form: type[PointForm]
    call: Callable[[Item, Given, User, datetime], str]


class Told(NamedTuple):
    """What came of one voice among many."""

    number: str
    title: str
    words: str
    is_done: bool


_subjects: Remembered[list[Subject]] = Remembered(
    lambda: list(Subject.objects.leaves().select_related("office").in_order())
)


def settle(item: Item, deed: str, given: Mapping[str, Any], *, by: User, at: datetime) -> str:
    """Do a deed to a point, and say what came of it: what it is about and what becomes of it, both or neither."""
    with transaction.atomic():
        return SORTINGS[deed].call(item, dict(given), by, at)


def settle_one_of_many(voice: Voice, given: Mapping[str, Any], *, case: Case | None, by: User, at: datetime) -> Told:
    """Do a deed to all points of a voice that wait, and tell what came of it; a refusal is no reason to stop."""
    items = list(voice.items.waiting().select_related("voice", "subject").order_by("number"))
    try:
        with transaction.atomic():
            words = _MANY[given["deed"]](items, given, case, by, at)
    except Refusal as refusal:
        return Told(voice.number, headline(voice.text), str(refusal), is_done=False)
    return Told(voice.number, headline(voice.text), words, is_done=True)


def find_case(number: str, *, by: User) -> Case:
    """Return the case of this number. Raises UnknownCase where the officer can see none."""
    case: Case | None = Case.objects.visible_to(by).filter(number=number).first()
    if case is None:
        raise UnknownCase(_("There is no case of this number that you can see. Please look whether it is typed right."))
    return case


def subject_for(item: Item, *, at: datetime) -> tuple[Subject | None, tuple[str, ...], int]:
    """Return the subject of a point, the words of the text that speak for it, and how clearly (percent).

    One that was chosen before stays, and needs no words.
    """
    if item.subject_id:
        return item.subject, (), 100
    found = suggest(item.text, subjects(at))
    return (found.subject, found.because, round(found.confidence * 100)) if found else (None, (), 0)


def subjects(at: datetime) -> list[Subject]:
    """Return the subjects of the day."""
    day = timezone.localdate(at)
    return [
        subject
        for subject in _subjects()
        if (subject.valid_from is None or subject.valid_from <= day)
        and (subject.valid_to is None or subject.valid_to > day)
    ]


def _register(item: Item, given: Given, by: User, at: datetime) -> str:
    case = resolve.register(items=[item], by=by, at=at, **given)
    return gettext("Registered as case %(number)s.") % {"number": case.number}


def _join(item: Item, given: Given, by: User, at: datetime) -> str:
    case = resolve.join(find_case(given["case"], by=by), items=[item], by=by, at=at)
    return gettext("Joined to case %(number)s.") % {"number": case.number}


def _answer(item: Item, given: Given, by: User, at: datetime) -> str:
    _classify_as(item, given.pop("subject"), by=by, at=at)
    listen.answer(item, by=by, at=at, **given)
    return gettext("Answered on the spot.")


def _decline(item: Item, given: Given, by: User, at: datetime) -> str:
    _classify_as(item, given.pop("subject"), by=by, at=at)
    listen.decline(item, by=by, at=at, **given)
    return gettext("Not taken on; the person is told why.")


def _transfer(item: Item, given: Given, by: User, at: datetime) -> str:
    _classify_as(item, given.pop("subject"), by=by, at=at)
    listen.transfer(item, by=by, at=at, **given)
    return gettext("Handed to %(name)s; the person is told.") % {"name": given["to"]}


def _classify(item: Item, given: Given, by: User, at: datetime) -> str:
    listen.classify(item, by=by, at=at, **given)
    return gettext("Classified.")


def _classify_as(item: Item, subject: Subject, *, by: User, at: datetime) -> None:
    """Say what a point is about before it is settled, where nobody has: until then it would stay in the queue."""
    if subject.pk != item.subject_id:
        listen.classify(item, subject=subject, by=by, at=at)


SORTINGS: dict[str, Sorting] = {
    "register": Sorting(
        _("Change, then register"), _("a case of its own, with a title you choose"), "e", RegisterForm, _register
    ),
    "join": Sorting(
        _("Join to a case"), _("by its number; the people behind it are answered together"), "j", JoinForm, _join
    ),
    "answer": Sorting(
        _("Answer on the spot"), _("settled at once, and counted all the same"), "a", AnswerForm, _answer
    ),
    "transfer": Sorting(
        _("Hand over, with notice"),
        _("not for this county: to whom and why, the person sees it"),
        "t",
        TransferForm,
        _transfer,
    ),
    "decline": Sorting(
        _("Do not take on"),
        _("only for one of the six legal reasons; the person is told"),
        "x",
        DeclineForm,
        _decline,
    ),
    "classify": Sorting(_("Classify again"), _("subject, place, how far it reaches"), "c", ClassifyForm, _classify),
}


def _register_many(items: list[Item], given: Mapping[str, Any], case: Case | None, by: User, at: datetime) -> str:
    subject = _subject(items, given, at)
    made = resolve.register(items=items, title=headline(items[0].text), subject=subject, by=by, at=at)
    return gettext("case %(number)s, %(subject)s") % {"number": made.number, "subject": subject}


def _join_many(items: list[Item], given: Mapping[str, Any], case: Case | None, by: User, at: datetime) -> str:
    assert case is not None
    resolve.join(case, items=items, by=by, at=at)
    for item in items:  # a case without a subject gives none to those who join
        item.refresh_from_db()
        if item.subject_id is None:
            listen.classify(item, subject=_subject([item], given, at), by=by, at=at)
    return gettext("joined to %(number)s") % {"number": case.number}


def _decline_many(items: list[Item], given: Mapping[str, Any], case: Case | None, by: User, at: datetime) -> str:
    for item in items:
        if item.subject_id is None:
            listen.classify(item, subject=_subject([item], given, at), by=by, at=at)
        listen.decline(item, reason=Decline.REPEATED, text=given["text"], by=by, at=at)
    return gettext("not taken on: repeated")


_MANY = {ManyForm.REGISTER: _register_many, ManyForm.JOIN: _join_many, ManyForm.DECLINE: _decline_many}


def _subject(items: list[Item], given: Mapping[str, Any], at: datetime) -> Subject:
    """Return the subject of the first point, chosen or suggested, else that for such cases. Raises NothingSuggested."""
    subject = subject_for(items[0], at=at)[0] if items else None
    found: Subject | None = subject or given["subject"]
    if found is None:
        raise NothingSuggested(_("No subject is suggested. It stays in the queue for you to look at."))
    return found

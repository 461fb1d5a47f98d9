"""Beginning an application, keeping it while it is not sent, and handing it in."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianxin.kit.identity import tidy_phone
from lianxin.kit.reference import new_reference, tidy
from lianxin.ledger import actions as ledger
from lianxin.listen.models import code_of, digest_of, fingerprint
from lianxin.listen.rules import Contact
from lianxin.people import actions as people
from lianxin.people.models import County, Office, User
from lianxin.people.rules import Power
from lianxin.serve.actions import clock
from lianxin.serve.actions.deed import ApplicationRefusal, begin_deed, keep, lock, refuse_past, tidy_words
from lianxin.serve.actions.documents import owe
from lianxin.serve.actions.handing import Given, hand, required
from lianxin.serve.actions.telling import day, tell
from lianxin.serve.models.application import NUMBER_MARK, Application, open_draft, seal_draft, seal_person
from lianxin.serve.models.course import Handed, Spare
from lianxin.serve.models.service import Service
from lianxin.serve.rules.application import Channel, Deed, Paper, State
from lianxin.sheets import actions as sheets
from lianxin.sheets.models import Sheet

TRIES = 5
PHONE_MOST, NAME_MOST = 40, 60
FILES_PER_MATERIAL = 5
ANSWERS_MOST = 60_000  # characters of a draft


class NotApplicable(ApplicationRefusal):
    """The service cannot be applied for here on this day: abolished, not published, or without form and process."""

    words = _("“%(service)s” cannot be applied for on this day. Please look at its page: it says what to do instead.")


class MaterialMissing(ApplicationRefusal):
    """A required material was not handed in; each is named."""

    status = 422
    words = _("These are still missing: %(names)s.")


class AnswersWrong(ApplicationRefusal):
    """The form is not filled in as it must be."""

    status = 422
    words = _("Please look at the form again: %(troubles)s")


class PersonMissing(ApplicationRefusal):
    """Nobody can be written to, or nobody is named."""

    status = 422
    words = _("Please give the name of the person, and a phone number that can be reached.")


class AuthorisationMissing(ApplicationRefusal):
    """Somebody applies for another without showing that he may."""

    status = 422
    words = _("Who applies for somebody else gives the own name and phone, and hands in the authorisation.")


class KeyUsed(ApplicationRefusal):
    """The idempotency key was used for something else."""

    words = _("This was sent before with other contents under the same key. Please begin anew.")


class NotYetDay(ApplicationRefusal):
    """A day of receipt that lies in the future."""

    status = 422
    words = _("The day of receipt lies in the future.")


class NumberUsed(ApplicationRefusal):
    """A number from the sheet for outages that was not given to this office, or was used already."""

    status = 422
    words = _("The number %(number)s was not kept for this office, or is used already.")


class Begun(NamedTuple):
    """The application, and the code that opens it."""

    application: Application
    code: str
    again: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks, and who applies for the person, if somebody does."""

    contact: Contact = field(default_factory=Contact)
    agent: Contact | None = None
    unit: str = ""


@transaction.atomic
def begin(
    service: Service, *, at: datetime, channel: str = Channel.WEB, by: User | None = None, office: Office | None = None
) -> Begun:
    """Begin a draft and give its number and code, so that it can be gone on with on another device.

    At a counter `by` and `office` are the clerk and the counter. Raises NotApplicable and NotAllowed.
    """
    holding = people.need(by, Power.RECEIVE, office_id=_counter(service, office), at=at) if by else None
    application = _made(service, channel=channel, at=at, by=by, office=office)
    ledger.note(
        "application.begin", application, by=by, at=at, behalf=holding.behalf if holding else None,
        data={"service": service.number, "version": service.version, "channel": channel},
    )  # fmt: skip
    return Begun(application, code_of(application.number))


@transaction.atomic
def save(
    application: Application, *, answers: Mapping[str, Any], at: datetime, person: Person | None = None
) -> Application:
    """Keep what was entered so far; nothing is checked yet. Raises NotPossibleNow, ClockSetBack and AnswersWrong."""
    held = begin_deed(application, Deed.SUBMIT, by=None, at=at).application
    _put(held, answers, person)
    keep(held, "draft", "contact", "phone_index", "agent", "unit", at=at)
    ledger.note("application.save", held, by=None, at=at)
    return held


@transaction.atomic
def keep_draft(
    draft: Application | None,
    *,
    service: Service,
    answers: Mapping[str, Any],
    person: Person,
    materials: Iterable[Given],
    at: datetime,
) -> Begun:
    """Keep everything that was entered, in a draft that is begun where there is none yet.

    Raises what `begin`, `save` and `attach` raise.
    """
    begun = Begun(draft, code_of(draft.number)) if draft else begin(service, at=at)
    held = save(begun.application, answers=answers, person=person, at=at)
    for material in materials:
        attach(held, material=material.key, content=material.content, name=material.name, at=at)
    return begun._replace(application=held)


@transaction.atomic
def attach(application: Application, *, material: str, content: Any, name: str, at: datetime) -> Handed:
    """Keep a file for a material of a draft; a new one takes the place of the old.

    Raises NoSuchMaterial, NotPossibleNow, ClockSetBack and what keep_file raises.
    """
    held = begin_deed(application, Deed.SUBMIT, by=None, at=at).application
    handed = hand(held, Given(material, content, name), by=None, at=at)
    keep(held, at=at)
    ledger.note("application.save", held, by=None, at=at, data={"material": material})
    return handed


@transaction.atomic
def submit(
    application: Application,
    *,
    at: datetime,
    answers: Mapping[str, Any] | None = None,
    materials: Iterable[Given] = (),
    person: Person | None = None,
    idempotency_key: str | None = None,
) -> Begun:
    """Hand an application in: the form is right, every required material is there, somebody can be told.

    Handing in twice under one key gives the first again. Raises NotApplicable, AnswersWrong, MaterialMissing (each
    named), PersonMissing, AuthorisationMissing, KeyUsed, NotPossibleNow and ClockSetBack.
    """
    held = lock(application)
    if idempotency_key and held.idempotency_key == _key(idempotency_key) and held.state != State.DRAFT:
        return Begun(held, code_of(held.number), True)
    begin_deed(application, Deed.SUBMIT, by=None, at=at)
    _put(held, open_draft(held) if answers is None else answers, person)
    for material in materials:
        hand(held, material, by=None, at=at)
    held.idempotency_key = _key(idempotency_key) if idempotency_key else None
    return _handed_in(held, received_at=at, by=None, at=at)


@transaction.atomic
def apply(
    service: Service,
    *,
    at: datetime,
    answers: Mapping[str, Any],
    person: Person,
    materials: Iterable[Given] = (),
    channel: str = Channel.API,
    idempotency_key: str | None = None,
) -> Begun:
    """Begin and hand in at once; under one key and with the same contents the first is given again.

    Raises what `begin` and `submit` raise, and KeyUsed.
    """
    given = list(materials)
    digest = fingerprint(
        service.number, json.dumps(dict(answers), sort_keys=True, default=str), repr(person),
        *(f"{material.key}:{_fingerprint(material.content)}" for material in given),
    )  # fmt: skip
    if idempotency_key and (first := Application.objects.filter(idempotency_key=_key(idempotency_key)).first()):
        if first.body_digest != digest:
            raise KeyUsed()
        return Begun(first, code_of(first.number), True)
    held = lock(begin(service, at=at, channel=channel).application)
    _put(held, answers, person)
    for material in given:
        hand(held, material, by=None, at=at)
    held.idempotency_key, held.body_digest = (_key(idempotency_key), digest) if idempotency_key else (None, "")
    return _handed_in(held, received_at=at, by=None, at=at)


@transaction.atomic
def receive(
    service: Service,
    *,
    answers: Mapping[str, Any],
    person: Person,
    materials: Iterable[Given] = (),
    by: User,
    at: datetime,
    office: Office | None = None,
    received_at: datetime | None = None,
    number: str = "",
) -> Begun:
    """Take an application in at a counter, or enter one that came on paper before.

    `received_at` is when it was handed over (the clock counts from then), `at` when it is entered; both are kept.
    `number` is one of those kept for an outage. Needs RECEIVE over the service's office or the counter.

    Raises NotAllowed, NotApplicable, NotYetDay, NumberUsed, AnswersWrong, MaterialMissing, PersonMissing and
    AuthorisationMissing.
    """
    people.need(by, Power.RECEIVE, office_id=_counter(service, office), at=at)
    received = received_at or at
    if received > at:
        raise NotYetDay()
    channel = Channel.PAPER if received_at else Channel.COUNTER
    application = _made(service, channel=channel, at=received, by=by, office=office, number=number, entered_at=at)
    held = lock(application)
    _put(held, answers, person)
    for material in materials:
        hand(held, material, by=by, at=received)
    return _handed_in(held, received_at=received, by=by, at=at)


def _counter(service: Service, office: Office | None) -> int | None:
    return office.pk if office else service.office_id


def _made(
    service: Service, *, channel: str, at: datetime, by: User | None, office: Office | None, number: str = "",
    entered_at: datetime | None = None,
) -> Application:  # fmt: skip
    """Write the row of a draft. Raises NotApplicable and NumberUsed."""
    if not service.counts_on(timezone.localdate(at)) or not service.can_be_applied_for or service.office is None:
        raise NotApplicable(service=service.name)
    spare = _spare(number, office or service.office) if number else None
    for left in reversed(range(TRIES)):
        chosen = spare.number if spare else new_reference(f"{County.now().prefix}{NUMBER_MARK}")
        application = Application(
            number=chosen, code_digest=digest_of(code_of(chosen), chosen), service=service, office=service.office,
            taken_in=office, clerk=by, channel=channel, begun_at=at, touched_at=entered_at or at,
        )  # fmt: skip
        try:
            with transaction.atomic():
                application.save(force_insert=True)
            break
        except IntegrityError:
            if spare:
                raise NumberUsed(number=number[:24]) from None
            if not left:
                raise
    if spare:
        Spare.objects.filter(pk=spare.pk).update(application=application)
    return application


def _spare(number: str, office: Office) -> Spare:
    found = Spare.objects.unused().filter(number=tidy(number[:60]), office=office).first()
    if found is None:
        raise NumberUsed(number=number[:24])
    return found


def _put(held: Application, answers: Mapping[str, Any], person: Person | None) -> None:
    """Put answers and person into the application in hand; the caller saves them. Raises AnswersWrong if too long."""
    raw = {str(key): value for key, value in answers.items()}
    if len(json.dumps(raw, ensure_ascii=False, default=str)) > ANSWERS_MOST:
        raise AnswersWrong(troubles=_("there are more words than there is room for"))
    held.draft = seal_draft(raw)
    if person is None:
        return
    contact = person.contact
    tidied = Contact(_line(contact.name, NAME_MOST), _line(contact.phone, PHONE_MOST), contact.email, contact.address)
    held.contact, held.phone_index = seal_person(tidied)
    held.agent = seal_person(person.agent)[0] if person.agent else None
    held.unit = _line(person.unit, 120)


def _line(text: str, most: int) -> str:
    return " ".join(tidy_words(text).split())[:most]


def _handed_in(held: Application, *, received_at: datetime, by: User | None, at: datetime) -> Begun:
    """Check the draft in hand as a whole and send it on its road, with one event and one message."""
    if not held.service.counts_on(timezone.localdate(received_at)):
        raise NotApplicable(service=held.service.name)
    refuse_past(held, at=at)
    contact, agent = held.opened_contact(), held.opened_agent()
    if not contact.name or not (tidy_phone(contact.phone) or contact.email or by):
        raise PersonMissing()
    if agent is not None and not (agent.name and tidy_phone(agent.phone)):
        raise AuthorisationMissing()
    sheet = Sheet.objects.current(held.service.sheet_key, received_at)
    if sheet is None:
        raise NotApplicable(service=held.service.name)
    raw = open_draft(held)
    held.answer = sheets.answer(sheet, values={**known_of(sheet.fields, contact), **raw}, by=by, at=at)
    handed = list(Handed.objects.current().filter(application=held).select_related("material").order_by("id"))
    there = {one.material.key for one in handed}
    wanted = required(held.service, held.answer.values, for_another=agent is not None)
    if missing := [material.name for material in wanted if material.key not in there]:
        raise MaterialMissing(names="、".join(missing))
    held.draft, held.state = None, State.SUBMITTED
    held.submitted_at, held.recorded_at = received_at, at
    clock.start_telling(held, at=received_at)
    fields = [
        "answer", "draft", "state", "submitted_at", "recorded_at", "received_at", "tell_by", "contact", "phone_index",
        "agent", "unit", "idempotency_key", "body_digest",
    ]  # fmt: skip
    try:
        with transaction.atomic():
            keep(held, *fields, at=at)
    except IntegrityError:  # the key was taken in this very moment by another application
        raise KeyUsed() from None
    verb = {"counter": "application.receive", "paper": "application.enter"}.get(held.channel, "application.submit")
    data = {"to": held.state, "materials": len(there), "received": received_at.isoformat()}
    ledger.note(verb, held, by=by, at=at, data=data)
    owe(held, Paper.RECEIPT, at=received_at, handed=handed)
    code = code_of(held.number)
    tell(held, "application.submitted", event="submit", at=at, code=code, due=day(held.tell_by))
    return Begun(held, code)


def known_of(fields: Iterable[Mapping[str, Any]], contact: Contact) -> dict[str, str]:
    """Return the answers that are known from the person, so that nothing is asked twice."""
    known = {"name": contact.name, "phone": contact.phone}
    return {
        str(row["key"]): known[str(row["known"])]
        for row in fields
        if row.get("known") in known and known[str(row["known"])]
    }


def _key(text: str) -> str:
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()


def _fingerprint(content: Any) -> str:
    if content is None:
        return "paper"
    if isinstance(content, bytes):
        return hashlib.sha256(content).hexdigest()
    digest = hashlib.file_digest(content, "sha256").hexdigest()
    content.seek(0)
    return digest

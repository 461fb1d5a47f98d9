"""Hearing: a voice comes in, gets its number and is never changed again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianxin.kit.clock import due
from lianxin.kit.reference import new_reference
from lianxin.kit.refusal import Refusal
from lianxin.kit.text import TEXT_MAX, grams
from lianxin.ledger import actions as ledger
from lianxin.ledger.models import Attachment
from lianxin.listen.actions.reserving import use_reserved
from lianxin.listen.models import (
    Addition,
    Item,
    Voice,
    code_of,
    digest_of,
    fingerprint,
    seal_contact,
    triage_term,
)
from lianxin.listen.rules import MODE_OF, TRACK_PATH, Channel, Contact, Identity, Kind
from lianxin.outbox import actions as outbox
from lianxin.people import actions as people
from lianxin.people.actions.words import LINE_MAX, line, said
from lianxin.people.models import County, Office, OfficeHours, Post, User, calendar_now, phone_index
from lianxin.people.rules import Holding, Power
from lianxin.places.models import Area
from lianxin.record.models import Encounter, Household

TRIES = 5  # a number comes up twice once in billions


class AlreadyUsed(Refusal):
    """The idempotency key was used for something else."""


class NotAnAddressee(Refusal):
    """The post takes no letters."""

    status = 422


class NotOpen(Refusal):
    """The office asked for is not open on that day."""

    status = 422


class NotYet(Refusal):
    """A voice of tomorrow."""

    status = 422


class NotOffered(Refusal):
    """A channel, identity or kind that does not exist."""

    status = 422


class Heard(NamedTuple):
    """The voice, the code that opens it, and whether it had been heard before under the same key."""

    voice: Voice
    code: str
    again: bool


@dataclass(frozen=True, slots=True)
class Said:
    """One utterance as it came in, checked and tidied, before it has a number."""

    channel: Channel
    identity: Identity
    text: str
    received_at: datetime
    contact: Contact
    kind: str = ""
    area: Area | None = None
    place: str = ""
    wants_reply: bool = True
    addressee: Post | None = None
    to_office: Office | None = None
    office: Office | None = None
    recorder: User | None = None
    source_key: str | None = None
    encounter: Encounter | None = None
    household: Household | None = None


@transaction.atomic
def hear(
    *,
    channel: str,
    text: str,
    identity: str,
    at: datetime,
    received_at: datetime | None = None,
    name: str = "",
    phone: str = "",
    email: str = "",
    address: str = "",
    kind: str = "",
    area: Area | None = None,
    place: str = "",
    wants_reply: bool = True,
    addressee: Post | None = None,
    to_office: Office | None = None,
    office: Office | None = None,
    recorder: User | None = None,
    files: Iterable[Any] = (),
    source_key: str | None = None,
    idempotency_key: str | None = None,
    body_digest: str = "",
    same_as: str = "",
    encounter: Encounter | None = None,
    household: Household | None = None,
    number: str = "",
) -> Heard:
    """Take in what somebody said, give it a number and a code, and tell the person by phone or e-mail if there is one.

    The words are kept as they are. What an anonymous speaker typed about himself is dropped here and never stored. One
    item with all the words is made at once, so that a simple voice needs no splitting. The same `idempotency_key` with
    the same body gives the first voice again, and so does the same `source_key`. A `recorder` needs the power to hear.
    `same_as` is the number of a case that the person calls the same matter; triage decides.
    `to_office` is the office that the person asks for; whoever dispatches decides.
    At an `encounter`, or for a `household`, whoever may visit hears within his reach; when and where it was said is
    taken from there unless it is given. `number` is one that the recorder's telephone carries, and that the person
    holds in hand already. Raises NothingSaid, TooLong, NotOffered, NotYet, NotAnAddressee, NotOpen, AlreadyUsed,
    NotReserved, NotAllowed.
    """
    if encounter or household:
        household = household or (encounter.household if encounter else None)
        received_at = received_at or (encounter.starts_at if encounter else None)
        area = area or (encounter.area if encounter else None) or (household.area if household else None)
        office = office or (encounter.office if encounter else None)
    contact = Contact(line(name), line(phone), line(email), line(address, most=2 * LINE_MAX))
    utterance = utter(
        channel=channel,
        text=text,
        identity=identity,
        at=at,
        received_at=received_at,
        contact=contact,
        kind=kind,
        area=area,
        place=place,
        wants_reply=wants_reply,
        addressee=addressee,
        to_office=to_office,
        office=office,
        recorder=recorder,
        source_key=source_key,
        encounter=encounter,
        household=household,
    )
    key = hashlib.sha256(idempotency_key.encode(errors="replace")).hexdigest() if idempotency_key else None
    digest = _digest(utterance, body_digest) if key else ""
    holding = _may_hear(utterance, at=at) if recorder else None
    for left in reversed(range(TRIES)):
        chosen = number or new_reference(County.now().prefix)
        voice = put(utterance, number=chosen, at=at, due_at=triage_due(at))
        voice.idempotency_key, voice.body_digest, voice.same_as = key, digest, line(same_as, most=20)
        try:
            with transaction.atomic():
                voice.save(force_insert=True)
                if number:
                    use_reserved(number, by=recorder, at=at)
            break
        except IntegrityError:  # heard before under this key, perhaps just now by another process; or the number exists
            if first := _first(key, digest, source_key):
                return first
            if number or not left:
                raise
    Item.objects.bulk_create([first_item(voice)])
    if kept := [_kept(file, by=recorder, at=at) for file in files]:
        voice.attachments.add(*kept)
    ledger.note(
        "voice.heard", voice, by=recorder, at=at, behalf=holding.behalf if holding else None, data=facts(utterance)
    )
    code = code_of(voice.number)
    tell(voice, "voice.heard", "heard", contact=utterance.contact, at=at, code=code)
    return Heard(voice, code, False)


def utter(
    *,
    channel: str,
    text: str,
    identity: str,
    at: datetime,
    received_at: datetime | None,
    contact: Contact,
    kind: str,
    area: Area | None,
    place: str,
    wants_reply: bool,
    addressee: Post | None,
    office: Office | None,
    recorder: User | None,
    source_key: str | None,
    to_office: Office | None = None,
    encounter: Encounter | None = None,
    household: Household | None = None,
    most: int = TEXT_MAX,
) -> Said:
    """Return the utterance checked and tidied; refuse what cannot be taken in. See `hear`."""
    if channel not in Channel.values or identity not in Identity.values or (kind and kind not in Kind.values):
        raise NotOffered(_("This way of speaking is not offered. Please choose one from the list."))
    if received_at and received_at > at:
        raise NotYet(_("The date lies in the future. Please check when it was said."))
    if addressee and not _takes_letters(addressee, at):
        raise NotAnAddressee(_("This post does not receive letters at present. Please choose another addressee."))
    if to_office and not _is_open(to_office, at):
        raise NotOpen(
            _("This office is not open any more. Please choose another, or none: we will find the right one.")
        )
    return Said(
        channel=Channel(channel),
        identity=Identity(identity),
        text=said(text, most=most),
        received_at=received_at or at,
        contact=Contact() if identity == Identity.ANONYMOUS else contact,
        kind=kind,
        area=area,
        place=line(place),
        wants_reply=wants_reply,
        addressee=addressee,
        to_office=to_office,
        office=addressee.office if addressee else office,
        recorder=recorder,
        source_key=source_key,
        encounter=encounter,
        household=household,
    )


def put(said: Said, *, number: str, at: datetime, due_at: datetime | None) -> Voice:
    """Return the voice as it will be stored, under this number."""
    return Voice(
        number=number,
        code_digest=digest_of(code_of(number), number),
        channel=said.channel,
        mode=MODE_OF[said.channel],
        identity=said.identity,
        kind=said.kind,
        text=said.text,
        contact=seal_contact(said.contact),
        phone_index=phone_index(said.contact.phone),
        area=said.area,
        place=said.place,
        wants_reply=said.wants_reply,
        addressee=said.addressee,
        to_office=said.to_office,
        office=said.office,
        recorder=said.recorder,
        encounter=said.encounter,
        household=said.household,
        received_at=said.received_at,
        recorded_at=at,
        triage_due_at=due_at,
        source_key=said.source_key,
        grams=grams(said.text),
    )


def first_item(voice: Voice) -> Item:
    """Return the one item that a voice begins with: all of its words."""
    return Item(voice=voice, number=1, text=voice.text, kind=voice.kind, area=voice.area)


def facts(said: Said) -> dict[str, Any]:
    """Return what the ledger says of a voice: nothing about the person."""
    return {
        "channel": said.channel.value,
        "identity": said.identity.value,
        "office": said.office.pk if said.office else None,
    }


def triage_due(at: datetime) -> datetime | None:
    """Return by when a voice that is entered now must be sorted; None where the county has set no limit."""
    term = triage_term(timezone.localdate(at))
    return due(at, term, calendar_now(), hours=OfficeHours.of_county()) if term else None


def tell(voice: Voice, template: str, event: str, *, contact: Contact | None, at: datetime, **more: str) -> None:
    """Write a message to the person, by every way that was given. It holds numbers only, nothing of the matter."""
    context = {"number": voice.number, "url": f"{settings.PUBLIC_URL}{TRACK_PATH}?number={voice.number}", **more}
    for way, address in contact.ways if contact else ():
        outbox.write(
            template=template,
            way=way,
            address=address,
            about=voice,
            event=event,
            context=context,
            at=at,
            office=voice.office,
        )


@transaction.atomic
def add(voice: Voice, *, text: str, at: datetime) -> Addition:
    """Take what the person adds later, with receipt and code.

    Where the voice was sorted already, the addition becomes an item of its own and the voice waits to be sorted again.
    Raises NothingSaid and TooLong.
    """
    words = said(text)
    voice = Voice.objects.select_for_update().get(pk=voice.pk)
    addition = Addition.objects.create(voice=voice, text=words, at=at)
    was_sorted = voice.sorted_at is not None
    if was_sorted:
        last = voice.items.order_by("-number").values_list("number", flat=True)[0]
        Item.objects.create(voice=voice, number=last + 1, text=words, kind=voice.kind, area_id=voice.area_id)
        voice.sorted_at, voice.triage_due_at = None, triage_due(at)
        voice.save(update_fields=["sorted_at", "triage_due_at"])
    ledger.note("voice.added", voice, by=None, at=at, data={"addition": addition.pk, "again": was_sorted})
    return addition


def _may_hear(said: Said, *, at: datetime) -> Holding:
    """Return the holding by which the recorder hears: at a door by visiting within reach, elsewhere by office."""
    assert said.recorder
    if said.encounter is None and said.household is None and said.channel != Channel.VISIT:
        office = said.office.pk if said.office else None
        return people.need(said.recorder, Power.HEAR, office_id=office, at=at, anywhere=office is None)
    holding = people.need(said.recorder, Power.VISIT, at=at, anywhere=True)
    at_the_door = said.encounter is None or Encounter.objects.visible_to(said.recorder).filter(pk=said.encounter.pk)
    of_the_house = said.household is None or Household.objects.visible_to(said.recorder).filter(pk=said.household.pk)
    if not at_the_door or not of_the_house:
        raise people.NotAllowed(_("You are not linked to this household. Ask who plans the visits."))
    return holding


def _takes_letters(post: Post, at: datetime) -> bool:
    return bool(post.tier) and _is_open(post, at)


def _is_open(row: Post | Office, at: datetime) -> bool:
    day = timezone.localdate(at)
    return (row.valid_from is None or row.valid_from <= day) and (row.valid_to is None or row.valid_to > day)


def _first(key: str | None, digest: str, source_key: str | None) -> Heard | None:
    """Find the voice that was heard under this key before. Raises AlreadyUsed if it said something else."""
    if key and (voice := Voice.objects.filter(idempotency_key=key).first()):
        if voice.body_digest != digest:
            raise AlreadyUsed(_("This has been sent before with other words. Please reload the page and send it anew."))
        return Heard(voice, code_of(voice.number), True)
    if source_key and (voice := Voice.objects.filter(source_key=source_key).first()):
        return Heard(voice, code_of(voice.number), True)
    return None


def _digest(said: Said, given: str) -> str:
    """Return the keyed digest of a request: of the body as it was sent, if the caller has it, else of what it says."""
    if given:
        return fingerprint(given)
    who = said.contact
    ids = [
        str(row.pk) if row else "" for row in (said.area, said.addressee, said.to_office, said.office, said.recorder)
    ]
    if said.encounter or said.household:  # not for others: what was sent before this was asked keeps its digest
        ids += [str(row.pk) if row else "" for row in (said.encounter, said.household)]
    return fingerprint(
        said.channel, said.identity, said.text, said.kind, said.place, who.name, who.phone, who.email, who.address, *ids
    )


def _kept(file: Any, *, by: User | None, at: datetime) -> Attachment:
    return file if isinstance(file, Attachment) else ledger.keep_file(content=file, name=file.name, by=by, at=at)

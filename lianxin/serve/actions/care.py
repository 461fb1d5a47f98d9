"""Who was asked first stays responsible; how one speaks; going to the homes of who cannot come."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lianxin.kit.clock import local
from lianxin.kit.identity import tidy_phone
from lianxin.kit.reference import new_reference
from lianxin.kit.refusal import NotAllowed, Refusal
from lianxin.ledger.actions import note
from lianxin.listen.models import code_of, seal_contact
from lianxin.listen.rules import Contact
from lianxin.outbox import actions as outbox
from lianxin.people.actions import behalf, need
from lianxin.people.actions.words import line, why
from lianxin.people.models import County, User
from lianxin.people.rules import Power
from lianxin.serve.models import Asked, Hall, HandOver, HomeVisit, Phrase
from lianxin.serve.rules.line import Reason


class NotYours(Refusal):
    """Somebody else is responsible, or was offered it."""

    status = 403


class AlreadyOffered(Refusal):
    """It is offered to somebody, or settled."""


class NotAClerk(Refusal):
    """The officer does not work with the people who come."""


class AlreadyListed(Refusal):
    """The phrase is on the list."""


class VisitElsewhere(Refusal):
    """The visit has gone on."""


class WhoAndWhere(Refusal):
    """A name, a phone, an address and a reason are needed."""

    status = 422


@transaction.atomic
def be_asked(hall: Hall, *, matter: str, told: str, by: User, at: datetime) -> Asked:
    """Note that `by` was asked first and what the person was told; `by` owns it until another accepts.

    Raises TooShort, TooLong, NotAllowed.
    """
    whose = need(by, Power.WINDOW, at=at, anywhere=True).behalf
    asked = Asked.objects.create(hall=hall, matter=why(matter), told=why(told), first=by, owner=by, at=at)
    note("asked.noted", asked, by=by, at=at, behalf=whose)
    return asked


@transaction.atomic
def hand_over(asked: Asked, *, to: User, by: User, at: datetime) -> HandOver:
    """Offer it to a colleague; until the colleague accepts, `by` stays responsible.

    Raises NotYours, AlreadyOffered, NotAClerk.
    """
    held = _owned(asked, by=by)
    colleagues = User.objects.holding(Power.WINDOW, local(at).date()) | User.objects.holding(
        Power.PROCESS, local(at).date()
    )
    if to.pk == by.pk or not colleagues.filter(pk=to.pk).exists():
        raise NotAClerk(_("Please choose a colleague who works with the people who come."))
    try:
        with transaction.atomic():
            offer = HandOver.objects.create(asked=held, by=by, to=to, at=at)
    except IntegrityError as open_one:
        raise AlreadyOffered(_("It is offered to somebody already. Wait for the answer.")) from open_one
    note("asked.offered", held, by=by, at=at, data={"to": to.pk})
    return offer


@transaction.atomic
def answer_hand_over(asked: Asked, *, accepted: bool, by: User, at: datetime, reason: str = "") -> Asked:
    """Accept what is offered, and own it from now; or not, with the reason, and it stays with the owner.

    Raises NotYours, TooShort.
    """
    held = Asked.objects.select_for_update(of=("self",)).get(pk=asked.pk)
    words = line(reason, most=200) if accepted else why(reason)
    open_one = HandOver.objects.filter(asked=held, to=by, answered_at=None, asked__closed_at=None)
    if not open_one.update(answered_at=at, accepted=accepted, reason=words):
        raise NotYours(_("This is not offered to you."))
    if accepted:
        held.owner = by
        held.save(update_fields=["owner"])
    note("asked.accepted" if accepted else "asked.not_accepted", held, by=by, at=at)
    return held


@transaction.atomic
def settle_asked(asked: Asked, *, outcome: str, by: User, at: datetime) -> Asked:
    """Say what came of it, as its owner. Raises NotYours, AlreadyOffered, TooShort."""
    held = _owned(asked, by=by)
    if held.hand_overs.filter(answered_at=None).exists():
        raise AlreadyOffered(_("It is offered to somebody already. Wait for the answer."))
    held.closed_at, held.outcome = at, why(outcome)
    held.save(update_fields=["closed_at", "outcome"])
    note("asked.settled", held, by=by, at=at)
    return held


def _owned(asked: Asked, *, by: User) -> Asked:
    held = Asked.objects.select_for_update(of=("self",)).get(pk=asked.pk)
    if held.closed_at:
        raise AlreadyOffered(_("It is settled already."))
    if held.owner_id != by.pk:
        raise NotYours(_("A colleague is responsible for this."))
    return held


@transaction.atomic
def add_phrase(*, kind: str, text: str, source: str, by: User | None, at: datetime, instead: str = "") -> Phrase:
    """Put a phrase on the list of what is said at windows, or never; needs HALL. Raises AlreadyListed, NotAllowed."""
    whose = _keeper(by, at)
    try:
        with transaction.atomic():
            phrase = Phrase.objects.create(
                kind=kind, text=why(text)[:80], source=line(source), instead=line(instead), valid_from=local(at).date()
            )
    except IntegrityError as there:
        raise AlreadyListed(_("This phrase is on the list already.")) from there
    note("phrase.added", phrase, by=by, at=at, behalf=whose, data={"kind": kind})
    return phrase


@transaction.atomic
def end_phrase(phrase: Phrase, *, by: User | None, at: datetime) -> None:
    """Take a phrase off the list from today on. Raises NotAllowed."""
    whose = _keeper(by, at)
    Phrase.objects.filter(pk=phrase.pk, valid_to=None).update(valid_to=local(at).date())
    note("phrase.ended", phrase, by=by, at=at, behalf=whose)


@transaction.atomic
def ask_home(
    hall: Hall, *, name: str, phone: str, address: str, reason: str, matter: str, at: datetime, relation: str = "",
    by: User | None = None,
) -> HomeVisit:  # fmt: skip
    """Ask that somebody who is old, ill or disabled be served at home; anybody may ask. Raises WhoAndWhere, TooLong."""
    person = Contact(line(name, most=40), tidy_phone(phone) or "", "", line(address))
    sealed = seal_contact(person)
    if not (sealed and person.name and person.phone and person.address) or reason not in Reason.values or not reason:
        raise WhoAndWhere(_("Please give a name, a phone, an address, and why the person cannot come."))
    visit = HomeVisit.objects.create(
        number=new_reference(County.now().prefix), hall=hall, person=sealed, relation=line(relation, most=40),
        reason=reason, matter=why(matter), asked_at=at,
    )  # fmt: skip
    note("home_visit.asked", visit, by=by, at=at, data={"reason": reason})
    return visit


@transaction.atomic
def plan_home(visit: HomeVisit, *, planned_for: datetime, team: Iterable[User], by: User, at: datetime) -> HomeVisit:
    """Say when a team comes, at least two of them. Raises VisitElsewhere, WhoAndWhere, NotAllowed."""
    whose = behalf(by, Power.HALL, office_id=visit.hall.office_id, at=at)
    held = _waiting(visit)
    people = list(team)
    if len(people) < 2 or planned_for <= at:
        raise WhoAndWhere(_("At least two people go together, and at a time to come."))
    held.planned_for = planned_for
    held.save(update_fields=["planned_for"])
    held.team.set(people)
    data = {"team": sorted(each.pk for each in people), "for": local(planned_for).isoformat()}
    note("home_visit.planned", held, by=by, at=at, behalf=whose, data=data)
    return held


@transaction.atomic
def finish_home(visit: HomeVisit, *, done: str, signed: bool, by: User, at: datetime) -> HomeVisit:
    """Say what was done at the home, by one of the team; it counts as done from door to door.

    Raises VisitElsewhere, NotAllowed, TooShort.
    """
    held = _waiting(visit)
    if not held.team.filter(pk=by.pk).exists():
        raise NotAllowed(_("Only who went can say what was done."))
    if held.planned_for is None or at < held.planned_for:
        raise VisitElsewhere(_("This visit is still to come."))
    held.done, held.done_at, held.signed = why(done), at, signed
    held.save(update_fields=["done", "done_at", "signed"])
    note("home_visit.finished", held, by=by, at=at, data={"channel": HomeVisit.CHANNEL, "signed": signed})
    _ask_for_rating(held, at=at)
    return held


@transaction.atomic
def decline_home(visit: HomeVisit, *, reason: str, by: User, at: datetime) -> HomeVisit:
    """Say why nobody comes, and what can be done instead. Raises VisitElsewhere, NotAllowed, TooShort."""
    whose = behalf(by, Power.HALL, office_id=visit.hall.office_id, at=at)
    held = _waiting(visit)
    held.declined_at, held.why = at, why(reason)
    held.save(update_fields=["declined_at", "why"])
    note("home_visit.declined", held, by=by, at=at, behalf=whose)
    return held


def _ask_for_rating(held: HomeVisit, *, at: datetime) -> None:
    """Write to the person how the visit can be rated: number and code."""
    context = {
        "number": held.number, "code": code_of(held.number), "url": f"{settings.PUBLIC_URL}/hall/rate/{held.number}/",
    }  # fmt: skip
    for way, address in held.opened().ways[:1]:
        outbox.write(
            template="contact.rate", way=way, address=address, about=held, event="rate", context=context, at=at,
            office=held.hall.office,
        )  # fmt: skip


def _waiting(visit: HomeVisit) -> HomeVisit:
    held = HomeVisit.objects.select_for_update(of=("self",)).get(pk=visit.pk)
    if held.done_at or held.declined_at:
        raise VisitElsewhere(_("This visit is done already, or was declined."))
    return held


def _keeper(by: User | None, at: datetime) -> User | None:
    found: User | None = need(by, Power.HALL, at=at, anywhere=True).behalf if by else None
    return found

"""One stop: a person is received once, whatever the person comes with; each matter goes its road and ends in words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from lianxin.kit.clock import local
from lianxin.kit.identity import tidy_phone
from lianxin.kit.reference import new_reference, tidy
from lianxin.kit.refusal import NotAllowed, Refusal
from lianxin.ledger.actions import note, note_each
from lianxin.listen.models import Voice, code_of, digest_of, seal_contact
from lianxin.listen.rules import Contact
from lianxin.people.actions import need
from lianxin.people.actions.words import line, why
from lianxin.people.models import County, Office, User, phone_index
from lianxin.people.rules import Holding, Power
from lianxin.serve.actions import clock
from lianxin.serve.models import Application, Appointment
from lianxin.serve.models.reception import AT_THE_DESK, WORKING, Function, Matter, PersonFile, Reception

TRIES = 5
NUMBER_MARK = "R"
OUTCOMES_MOST = 12
_SEEDS = Path(__file__).parent.parent / "data" / "functions.json"


class WhoComes(Refusal):
    """A name and a phone are needed: by the phone the file is found again."""

    status = 422


class NothingAsked(Refusal):
    """Nobody is received without a matter."""

    status = 422


class SettledAlready(Refusal):
    """The matter has its outcome."""


class NoSuchOutcome(Refusal):
    """Not one of the outcomes of this function."""

    status = 422


class NothingOfThatNumber(Refusal):
    """There is no voice, application or appointment of this number that the officer may see."""

    status = 422


class FunctionThere(Refusal):
    """A function of this key is in force."""


@transaction.atomic
def receive_person(
    *, name: str, phone: str, matters: Iterable[tuple[Function, str]], by: User, at: datetime
) -> Reception:
    """Receive somebody once with all matters: one number, one file of the person, one receipt. Needs WINDOW.

    Raises WhoComes, NothingAsked, TooShort, TooLong, NotAllowed.
    """
    holding = need(by, Power.WINDOW, at=at, anywhere=True)
    given = [(function, why(words)) for function, words in matters]
    if not given:
        raise NothingAsked(_("Please write under at least one function what the person comes with."))
    file = _file_of(line(name, most=60), tidy_phone(phone) or "", by=by, at=at)
    reception = _reception_of(file, Office.objects.get(pk=holding.office_id), by=by, at=at)
    for function, words in given:
        _matter_of(reception, function, words, at=at)
    data = {"file": file.number, "functions": [function.key for function, _words in given]}
    note("reception.opened", reception, by=by, at=at, behalf=holding.behalf, data=data)
    return reception


@transaction.atomic
def add_matter(reception: Reception, *, function: Function, words: str, by: User, at: datetime) -> Matter:
    """Add what the person mentions later in the same coming. Raises TooShort, TooLong, NotAllowed."""
    holding = need(by, Power.WINDOW, office_id=reception.office_id, at=at)
    matter = _matter_of(reception, function, why(words), at=at)
    note("matter.added", matter, by=by, at=at, behalf=holding.behalf, data={"function": function.key})
    return matter


@transaction.atomic
def link_matter(matter: Matter, *, number: str, by: User, at: datetime) -> Matter:
    """Say as which voice, application or appointment the matter goes on.

    Raises NothingOfThatNumber, SettledAlready, NotAllowed.
    """
    held, holding = _held_matter(matter, by=by, at=at)
    wanted = tidy(number[:60])
    held.voice = Voice.objects.visible_to(by).filter(number=wanted).first()
    held.application = Application.objects.visible_to(by).filter(number=wanted).first()
    held.appointment = Appointment.objects.visible_to(by).filter(number=wanted).first()
    if not held.goes_on_as:
        raise NothingOfThatNumber(_("No voice, application or appointment of this number is within your reach."))
    held.save(update_fields=["voice", "application", "appointment"])
    note("matter.linked", held, by=by, at=at, behalf=holding.behalf, data={"number": wanted})
    return held


@transaction.atomic
def settle_matter(matter: Matter, *, outcome: str, told: str, by: User, at: datetime) -> Matter:
    """Say how a matter ended, in one of the outcomes of its function, and what the person was told.

    Raises SettledAlready, NoSuchOutcome, TooShort, TooLong, NotAllowed.
    """
    held, holding = _held_matter(matter, by=by, at=at)
    if outcome not in held.function.outcomes:
        raise NoSuchOutcome(_("Please choose one of the outcomes of “%(name)s”.") % {"name": held.function.name})
    held.outcome, held.told, held.settled_at, held.settled_by = outcome, why(told), at, by
    held.save(update_fields=["outcome", "told", "settled_at", "settled_by"])
    note("matter.settled", held, by=by, at=at, behalf=holding.behalf, data={"outcome": outcome})
    return held


@transaction.atomic
def keep_function(
    function: Function | None, *, name: str, outcomes: Sequence[str], by: User | None, at: datetime,
    office: Office | None = None, days: int | None = None, basis: str = "",
) -> Function:  # fmt: skip
    """Write a function of the centre, a new one where none is given. Needs CATALOGUE.

    Raises NoSuchOutcome without an outcome, FunctionThere, TooShort, TooLong, NotAllowed.
    """
    behalf = need(by, Power.CATALOGUE, at=at, anywhere=True).behalf if by else None
    ends = [line(each, most=60) for each in outcomes if each.strip()][:OUTCOMES_MOST]
    if not ends:
        raise NoSuchOutcome(_("Please write at least one outcome, one a line."))
    told = {"name": why(name)[:40], "outcomes": ends, "office": office, "days": days, "basis": line(basis, most=200)}
    if function is None:
        last = Function.objects.aggregate(most=Max("place"))["most"] or 0
        function = Function(key=slugify(new_reference())[:40], place=last + 1)
    for key, value in told.items():
        setattr(function, key, value)
    try:
        with transaction.atomic():
            function.save()
    except IntegrityError as taken:
        raise FunctionThere(_("There is such a function already.")) from taken
    note("function.kept", function, by=by, at=at, behalf=behalf, data={"key": function.key, "outcomes": ends})
    return function


@transaction.atomic
def end_function(function: Function, *, by: User | None, at: datetime) -> Function:
    """Offer a function no longer from today; what was received under it goes on. Needs CATALOGUE. Raises NotAllowed."""
    behalf = need(by, Power.CATALOGUE, at=at, anywhere=True).behalf if by else None
    function.ended_on = local(at).date()
    function.save(update_fields=["ended_on"])
    note("function.ended", function, by=by, at=at, behalf=behalf)
    return function


@transaction.atomic
def seed_functions(*, at: datetime) -> int:
    """Add the six functions of a workers' service centre where there are none, and return how many were added."""
    if Function.objects.exists():
        return 0
    seeds: list[dict[str, Any]] = json.loads(_SEEDS.read_text(encoding="utf-8"))
    made = Function.objects.bulk_create(Function(**seed, place=place) for place, seed in enumerate(seeds, start=1))
    note_each("function.seeded", made, by=None, at=at)
    return len(made)


def _file_of(name: str, phone: str, *, by: User, at: datetime) -> PersonFile:
    """Return the person's file, opened where there is none. Raises WhoComes."""
    if not name or not phone:
        raise WhoComes(_("Please write the name and a phone: by the phone the file is found again."))
    index = phone_index(phone)
    found = PersonFile.objects.filter(phone_index=index).first()
    if found is not None:
        return found
    sealed = seal_contact(Contact(name, phone)) or b""
    number = new_reference(f"{County.now().prefix}{NUMBER_MARK}")
    file, made = PersonFile.objects.get_or_create(
        phone_index=index, defaults={"number": number, "contact": sealed, "opened_at": at, "opened_by": by}
    )
    if made:
        note("person_file.opened", file, by=by, at=at)
    return file


def _reception_of(file: PersonFile, office: Office, *, by: User, at: datetime) -> Reception:
    for left in reversed(range(TRIES)):
        number = new_reference(f"{County.now().prefix}{NUMBER_MARK}")
        made = Reception(
            number=number, code_digest=digest_of(code_of(number), number), file=file, office=office, by=by, at=at
        )
        try:
            with transaction.atomic():
                made.save(force_insert=True)
        except IntegrityError:
            if not left:
                raise
        else:
            return made
    raise AssertionError("not reached")


def _matter_of(reception: Reception, function: Function, words: str, *, at: datetime) -> Matter:
    due = clock.counted_plain(at, function.term) if function.term else None
    office = function.office_id or reception.office_id
    return Matter.objects.create(
        reception=reception, function=function, words=words, office_id=office, at=at, due_at=due
    )


def _held_matter(matter: Matter, *, by: User, at: datetime) -> tuple[Matter, Holding]:
    """Return the matter under the lock, and by what the officer works on it: the desk, or the office that has it."""
    held = Matter.objects.select_for_update(of=("self",)).select_related("function", "reception").get(pk=matter.pk)
    if held.settled_at:
        raise SettledAlready(_("This matter is settled already."))
    standing = by.stand(at)
    for powers, office in ((AT_THE_DESK, held.reception.office_id), (WORKING, held.office_id)):
        for power in powers:
            if holding := standing.find(power, office):
                return held, holding
    raise NotAllowed(_("This is not a matter of your office, or your post does not include it."))

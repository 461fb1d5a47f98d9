"""What cannot wait: a leader's written order (批示), on a case or on a letter, and the alarm of a major matter."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lianxin.kit.text import cut
from lianxin.ledger import actions as ledger
from lianxin.ledger.models import Event
from lianxin.listen import actions as listen
from lianxin.listen.models import Voice
from lianxin.people import actions as people
from lianxin.people.actions.words import said, why
from lianxin.people.models import Shift, User
from lianxin.people.rules import Holding, Power
from lianxin.resolve import rules
from lianxin.resolve.actions import clock
from lianxin.resolve.actions.deed import CaseRefusal, begin, iso, note, told
from lianxin.resolve.actions.notice import tell_duty, tell_of_new_date
from lianxin.resolve.actions.register import TITLE_MAX, hold_items, open_case
from lianxin.resolve.models import Case, Instruction
from lianxin.resolve.rules import Deed


class AlreadyMajor(CaseRefusal):
    """The alarm was raised before."""

    words = _("This is a major matter already. %(last)s")


class NothingWaits(CaseRefusal):
    """Every point of the letter has been settled."""

    words = _("Every point of this letter is settled already; give the instruction on its case.")


@transaction.atomic
def instruct(case: Case, *, text: str, by: User, at: datetime) -> Instruction:
    """Give a written order on a case (批示). Who gives the first one answers for the case until it is closed.

    Raises NothingSaid, TooLong, NoSuchMove, NotAllowed.
    """
    begun = begin(case, Deed.INSTRUCT, by=by, at=at)
    order = _order(begun.case, text, holding=begun.holding, by=by, at=at)
    if begun.case.sponsor_id is None:
        begun.case.sponsor = _sponsor(begun.holding, by)
        begun.case.save(update_fields=["sponsor"])
    note(begun, Deed.INSTRUCT, by=by, at=at, instruction=order.pk, post=begun.holding.post_id)
    return order


@transaction.atomic
def instruct_letter(voice: Voice, *, text: str, by: User, at: datetime, title: str = "") -> Case:
    """Give a written order on a letter as its addressee: it opens a case with him as sponsor, on all points that wait.

    The letter is marked read and handed on by the same deed. Who stands in for the addressee gives the order in his
    place: both names are on record, the addressee is the sponsor. Raises NothingWaits, listen's refusals, NotAllowed.
    """
    listen.read_letter(voice, by=by, at=at)
    voice = Voice.objects.select_related("addressee__office").get(pk=voice.pk)
    holding = _as_addressee(voice, by=by, at=at)
    if voice.is_closed_letter:
        voice = listen.hand_on(voice, by=by, at=at)
    waiting = list(voice.items.waiting())
    if not waiting:
        raise NothingWaits()
    held = hold_items(waiting)
    case = open_case(
        held, title=title or cut(" ".join(voice.text.split()), TITLE_MAX), holding=holding, by=by, at=at,
        sponsor=_sponsor(holding, by),
    )  # fmt: skip
    order = _order(case, text, holding=holding, by=by, at=at)
    data = {"instruction": order.pk, "post": holding.post_id, "letter": voice.number}
    ledger.note(rules.verb(Deed.INSTRUCT), case, by=by, at=at, behalf=holding.behalf, data=data)
    return case


@transaction.atomic
def alarm(case: Case, *, reason: str, by: User, at: datetime) -> Case:
    """Mark a major matter (重大事项): its clock runs in hours from this moment, the leader on duty is told at once.

    The limit `case.major` holds from now, unless the date in force is earlier still. Leaders on duty are called
    whatever the hour; if nobody is on duty or can be reached, the record says so and the alarm stands. Raises
    AlreadyMajor, NoLimit, TooShort, NoSuchMove, NotAllowed.
    """
    begun = begin(case, Deed.ALARM, by=by, at=at)
    case, given = begun.case, why(reason)
    if case.major:
        raised = Event.objects.about(case).filter(verb=rules.verb(Deed.ALARM)).order_by("-id").first()
        raise AlreadyMajor(last=told(raised, at=at) if raised else "")
    case.major, old = True, case.due_at
    term = clock.limit_term("case.major", at=at)
    end = clock.counted(at, term, office=case.lead_id)
    if old is None or end.due < old:
        clock.start(case, term=term, end=end, at=at, office=case.lead_id)
        clock.move_tasks(case)
    case.save(update_fields=["major", *clock.CLOCK])
    duty = list(Shift.objects.at(at).filter(duty=Shift.Duty.LEADER).select_related("user", "office").order_by("id"))
    reached = tell_duty(case, duty, at=at)
    note(
        begun, Deed.ALARM, by=by, at=at, reason=given, old_due=iso(old), due=iso(case.due_at),
        duty=[shift.user.name for shift in duty], reached=reached,
    )  # fmt: skip
    if old and case.due_at != old:
        tell_of_new_date(case, old=old, event="alarm", at=at)
    return case


def _order(case: Case, text: str, *, holding: Holding, by: User, at: datetime) -> Instruction:
    return Instruction.objects.create(case=case, text=said(text), post_id=holding.post_id, at=at, by=by)


def _sponsor(holding: Holding, by: User) -> User:
    sponsor: User = holding.behalf or by
    return sponsor


def _as_addressee(voice: Voice, *, by: User, at: datetime) -> Holding:
    """Return the post to which the letter is written, held now by this leader or in place of him. Raises NotAllowed."""
    people.need(by, Power.INSTRUCT, at=at, anywhere=True)
    held = [holding for holding in by.stand(at).holdings if holding.post_id == voice.addressee_id]
    held = [holding for holding in held if Power.INSTRUCT in holding.powers]
    if not held:
        raise people.NotAllowed(_("Only the person the letter is written to gives an instruction on it."))
    return min(held, key=lambda holding: holding.behalf is not None)

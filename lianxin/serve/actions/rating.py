"""Ratings (好差评): asked once for each contact and each application; bad ones must be taken care of by a day."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianxin.ledger import actions as ledger
from lianxin.people import actions as people
from lianxin.people.models import Limit, User
from lianxin.people.rules import Power
from lianxin.serve.actions import clock
from lianxin.serve.actions.deed import ApplicationRefusal, lock, tidy_words, words
from lianxin.serve.actions.telling import tell
from lianxin.serve.models.application import Application
from lianxin.serve.models.care import HomeVisit
from lianxin.serve.models.rating import Rating
from lianxin.serve.models.ticket import Ticket
from lianxin.serve.rules import application as rules
from lianxin.serve.rules.application import Grade, Moment, State
from lianxin.serve.rules.line import TicketState

WORDS_MOST = 1000
SILENT_AT_ONCE = 50
RATED_IN = (TicketState.SERVING, TicketState.DONE)


class RatedAlready(ApplicationRefusal):
    """One contact and one application are rated once."""

    words = _("This has been rated already. Thank you.")


class NotYetOver(ApplicationRefusal):
    """The application as a whole is rated when it is over."""

    words = _("The application as a whole can be rated when it is decided or over.")


class NotServedYet(ApplicationRefusal):
    """A contact is rated while it takes place or after."""

    words = _("This can be rated once you have been served.")


class NoGrade(ApplicationRefusal):
    """Not one of the five grades."""

    status = 422
    words = _("Please choose one of the five grades.")


class NotBad(ApplicationRefusal):
    """Nothing has to be taken care of."""

    words = _("Nothing has to be done about this rating, or a colleague has done it.")


@transaction.atomic
def rate(
    application: Application,
    *,
    grade: int,
    at: datetime,
    conduct: int | None = None,
    text: str = "",
    moment: str = Moment.WHOLE,
    contact: str = "",
) -> Rating:
    """Take a rating from who holds number and code: of one contact, or of the whole; conduct apart from the outcome.

    A bad one becomes a task with a day by which it is taken care of. Raises RatedAlready, NotYetOver, NoGrade, TooMuch.
    """
    held = lock(application)
    if grade not in Grade.values or (conduct is not None and conduct not in Grade.values):
        raise NoGrade()
    about = Moment(moment)
    if about is Moment.WHOLE and held.state not in (rules.FINAL | {State.DECIDED}):
        raise NotYetOver()
    said = words(text, _("own words"), least=0, most=WORDS_MOST)
    rating = Rating(
        application=held, moment=about, contact=tidy_words(contact)[:60], grade=grade, conduct=conduct, words=said,
        at=at,
    )  # fmt: skip
    if rating.is_bad:
        rating.answer_by = clock.counted_plain(at, clock.limit(rules.RATING_LIMIT, at=at, default=rules.RATING_TERM))
    try:
        with transaction.atomic():
            rating.save()
    except IntegrityError:
        found = Rating.objects.get(application=held, moment=about, contact=rating.contact)
        if not found.silent:
            raise RatedAlready() from None
        found.delete()  # silence was counted for them; what they say now counts instead
        rating.save()
    data = {"moment": about.value, "grade": grade, "conduct": conduct, "bad": rating.is_bad}
    ledger.note("application.rate", held, by=None, at=at, data=data)
    return rating


@transaction.atomic
def rate_contact(
    *,
    ticket: Ticket | None = None,
    home: HomeVisit | None = None,
    grade: int,
    at: datetime,
    conduct: int | None = None,
    text: str = "",
) -> Rating:
    """Take a rating of one contact, at a window or at a home, from who holds its key; once, and never by default.

    A bad one becomes a task of the hall with a day. Raises RatedAlready, NotYetOver, NoGrade, TooMuch.
    """
    contact = ticket or home
    assert contact  # of one thing
    if grade not in Grade.values or (conduct is not None and conduct not in Grade.values):
        raise NoGrade()
    if (ticket and ticket.state not in RATED_IN) or (home and home.done_at is None):
        raise NotServedYet()
    said = words(text, _("own words"), least=0, most=WORDS_MOST)
    rating = Rating(
        ticket=ticket, home=home, moment=Moment.CONTACT, grade=grade, conduct=conduct, words=said, at=at
    )  # fmt: skip
    if rating.is_bad:
        term = clock.limit(rules.RATING_LIMIT, at=at, default=rules.RATING_TERM)
        rating.answer_by = clock.counted_plain(at, term, office=rating.office_id)
    try:
        with transaction.atomic():
            rating.save()
    except IntegrityError:
        raise RatedAlready() from None
    data = {"grade": grade, "conduct": conduct, "bad": rating.is_bad}
    ledger.note("contact.rated", contact, by=None, at=at, data=data)
    return rating


@transaction.atomic
def answer_rating(rating: Rating, *, found: str, answer: str, by: User, at: datetime) -> Rating:
    """Say what was found about a bad rating and what was done; the person is told. Needs DECIDE over the office, or
    HALL where it is of a contact in the hall.

    Never by who was rated alone: it is for who signs decisions there. Raises NotBad, NothingGiven, TooMuch, NotAllowed.
    """
    held = Rating.objects.select_for_update(of=("self",)).get(pk=rating.pk)
    needed = Power.DECIDE if held.application else Power.HALL
    holding = people.need(by, needed, office_id=held.office_id, at=at)
    if not held.is_bad or held.answered_at is not None:
        raise NotBad()
    held.found = "mistaken" if found == "mistaken" else "true"
    held.answer = words(answer, _("what was done"), least=4, most=WORDS_MOST)
    held.answered_at, held.answered_by = at, by
    held.save(update_fields=["found", "answer", "answered_at", "answered_by"])
    data = {"rating": held.pk, "found": held.found}
    if held.application:
        ledger.note("application.answer_rating", held.application, by=by, at=at, behalf=holding.behalf, data=data)
        tell(held.application, "application.rating", event=f"rating:{held.pk}", at=at)
    else:
        ledger.note("contact.rating_answered", held, by=by, at=at, behalf=holding.behalf, data=data)
    return held


@transaction.atomic
def rate_silent(*, at: datetime) -> int:
    """Note of delivered applications that nobody rated them in time, apart from what people gave; return how many.

    Only where the county has set the limit for it; without one, silence is nothing at all.
    """
    limit = Limit.known(rules.RATING_DEFAULT, timezone.localdate(at))
    if limit is None:
        return 0
    unrated = Application.objects.filter(delivered_at__isnull=False).exclude(ratings__moment=Moment.WHOLE)
    counted = 0
    for held in unrated.order_by("delivered_at")[:SILENT_AT_ONCE]:
        delivered = held.delivered_at
        if delivered is None or clock.counted_plain(delivered, limit.term) > at:
            break
        Rating.objects.create(application=held, moment=Moment.WHOLE, grade=Grade.FAIR, silent=True, at=at)
        ledger.note("application.rate", held, by=None, at=at, data={"silent": True})
        counted += 1
    return counted

"""Who acts for an absent officer, and who is on duty."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from lianxin.kit.clock import local
from lianxin.kit.refusal import Refusal
from lianxin.ledger.actions import note
from lianxin.people.actions.need import behalf, need
from lianxin.people.actions.post import LeftOfficer, NotYourself
from lianxin.people.models import Office, Post, Shift, Substitution, User
from lianxin.people.rules import Power


class WrongSpan(Refusal):
    """The time is over, or ends before it begins."""


class AlreadyAbsent(Refusal):
    """Somebody already acts for this officer in that time."""


class NoChain(Refusal):
    """Powers lent are not lent on."""


class NoPost(Refusal):
    """There is nothing to stand in for."""


class TwoShifts(Refusal):
    """Nobody is on duty twice at once."""


@transaction.atomic
def substitute(
    *, absent: User, substitute: User, starts: datetime, ends: datetime, reason: str, by: User | None, at: datetime
) -> Substitution:
    """Let an officer use the powers of an absent colleague in [starts, ends), when they end by themselves.

    Done by the head of the absent officer's office or by the IT officer (SUBSTITUTE over each of the posts), never for
    oneself as the substitute. Powers that were lent are not lent on: an officer who stands in for somebody, or whom
    somebody stands in for, is refused for that time. Raises NotAllowed, NotYourself, LeftOfficer, WrongSpan, NoPost,
    AlreadyAbsent, NoChain.
    """
    list(User.objects.select_for_update().filter(pk__in=[absent.pk, substitute.pk]).order_by("pk"))
    whose = _need_over(absent, starts, by=by, at=at)
    _check_people(absent, substitute, by)
    if ends <= starts or ends <= at:
        raise WrongSpan(_("The time must end after it begins, and after now."))
    _check_overlaps(absent, substitute, starts, ends)
    made = Substitution.objects.create(
        absent=absent, substitute=substitute, starts=starts, ends=ends, reason=reason, made_by=by
    )
    substitute.forget_standing()
    data = {
        "absent": [absent.pk, absent.name],
        "substitute": [substitute.pk, substitute.name],
        "starts": local(starts).isoformat(),
        "ends": local(ends).isoformat(),
    }
    note("substitution.made", made, by=by, at=at, behalf=whose, data=data)
    return made


@transaction.atomic
def end_substitution(substitution: Substitution, *, by: User | None, at: datetime) -> None:
    """End a substitution at once, by the absent officer who is back or by who may make one.

    Raises WrongSpan, NotAllowed.
    """
    whose = None
    if by is None or by.pk != substitution.absent_id:
        whose = _need_over(substitution.absent, substitution.starts, by=by, at=at)
    open_ones = Substitution.objects.filter(pk=substitution.pk, ended_early_at=None, ends__gt=at)
    if not open_ones.update(ended_early_at=at):
        raise WrongSpan(_("This substitution has already ended."))
    substitution.ended_early_at = at
    substitution.substitute.forget_standing()
    note("substitution.ended", substitution, by=by, at=at, behalf=whose)


@transaction.atomic
def roster(
    *, duty: str, user: User, office: Office, starts: datetime, ends: datetime, by: User | None, at: datetime,
    phone: str = "",
) -> Shift:  # fmt: skip
    """Put an officer on duty in [starts, ends), to be reached at `phone`; needs ACCOUNTS.

    Raises WrongSpan, TwoShifts, LeftOfficer, NotAllowed.
    """
    whose = behalf(by, Power.ACCOUNTS, at=at)
    User.objects.select_for_update().get(pk=user.pk)
    if not user.is_active:
        raise LeftOfficer(_("The account of this officer is closed. Open it again first."))
    if ends <= starts:
        raise WrongSpan(_("The time must end after it begins."))
    if Shift.objects.filter(user=user, starts__lt=ends, ends__gt=starts).exists():
        raise TwoShifts(_("This officer is already on duty in that time."))
    shift = Shift.objects.create(duty=duty, user=user, office=office, starts=starts, ends=ends, phone=phone.strip())
    data = {"duty": duty, "starts": local(starts).isoformat(), "ends": local(ends).isoformat()}
    note("shift.made", shift, by=by, at=at, behalf=whose, data=data)
    return shift


@transaction.atomic
def drop_shift(shift: Shift, *, by: User | None, at: datetime) -> None:
    """Take a shift that has not begun off the rota; needs ACCOUNTS. Raises WrongSpan, NotAllowed."""
    whose = behalf(by, Power.ACCOUNTS, at=at)
    if shift.starts <= at:
        raise WrongSpan(_("This shift has begun. Who was on duty stays on record."))
    note("shift.dropped", shift, by=by, at=at, behalf=whose)
    shift.delete()


def _need_over(absent: User, starts: datetime, *, by: User | None, at: datetime) -> User | None:
    """Return for whom `by` stands in when deciding over all posts that the absent officer holds when it begins."""
    days = {local(at).date(), local(starts).date()}
    posts = [post for day in days for post in Post.objects.on(day).filter(holder=absent)]
    if not posts:
        raise NoPost(_("This officer holds no post in that time, so there is nothing to stand in for."))
    if by is None:
        return None
    found = [need(by, Power.SUBSTITUTE, office_id=post.office_id, at=at).behalf for post in posts]
    whose: User | None = next((each for each in found if each), None)
    return whose


def _check_people(absent: User, substitute: User, by: User | None) -> None:
    if absent.pk == substitute.pk:
        raise NotYourself(_("Nobody stands in for oneself."))
    if by is not None and by.pk == substitute.pk:
        raise NotYourself(_("Nobody gives oneself the powers of another. Ask the other person who may arrange this."))
    if not (absent.is_active and substitute.is_active):
        raise LeftOfficer(_("The account of this officer is closed. Open it again first."))


def _check_overlaps(absent: User, substitute: User, starts: datetime, ends: datetime) -> None:
    then: QuerySet[Substitution] = Substitution.objects.filter(starts__lt=ends, ends__gt=starts, ended_early_at=None)
    if then.filter(absent=absent).exists():
        raise AlreadyAbsent(_("Somebody already stands in for this officer in that time. End that first."))
    if then.filter(Q(absent=substitute) | Q(substitute=absent)).exists():
        raise NoChain(
            _("Powers that were lent are not lent on: one of the two is away, or stands in for another, then.")
        )

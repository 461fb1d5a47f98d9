"""Saying who is linked to whom, ending it, and handing it over when somebody goes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lianxin.kit.clock import local
from lianxin.kit.refusal import Refusal
from lianxin.ledger.actions import note
from lianxin.people.actions import behalf
from lianxin.people.actions.words import line, why
from lianxin.people.models import Office, Post, User
from lianxin.people.rules import Power
from lianxin.places.models import Area
from lianxin.record.models import Enterprise, Household, Link
from lianxin.record.rules import TIES, Tie


class WrongLink(Refusal):
    """Who and what do not fit together: nobody named, two things at once, days that do not fit."""

    status = 422


class AlreadyLinked(Refusal):
    """The same person is the same thing to it already."""


class LinkElsewhere(Refusal):
    """The link has ended meanwhile."""


@transaction.atomic
def link(
    *, tie: str, starts: date, by: User | None, at: datetime, user: User | None = None, office: Office | None = None,
    area: Area | None = None, household: Household | None = None, enterprise: Enterprise | None = None,
    ends: date | None = None, duties: str = "", follows: Link | None = None,
) -> Link:  # fmt: skip
    """Link a person, or an office, to one place, household or enterprise from a day on; needs LINK over the office.

    Without `office` it is that of the person's own post on that day. Raises WrongLink, AlreadyLinked, NotAllowed.
    """
    office = office or _office_of(user, starts)
    whose = behalf(by, Power.LINK, office_id=office.pk, at=at)
    to = {"area": area, "household": household, "enterprise": enterprise}
    _check(Tie(tie), user, to, starts, ends)
    if user:  # two links of one person are written one after the other
        User.objects.select_for_update().get(pk=user.pk)
    same = Link.objects.filter(tie=tie, user=user, **to) if user else Link.objects.filter(tie=tie, office=office, **to)
    if same.overlapping(starts, ends).exists():
        raise AlreadyLinked(_("This link exists already in these days. End it first, or choose other days."))
    made = Link.objects.create(
        tie=tie,
        user=user,
        office=office,
        starts=starts,
        ends=ends,
        duties=line(duties, most=200),
        follows=follows,
        **to,
    )
    data = {"tie": tie, "user": user.pk if user else None, "office": office.pk, "starts": starts.isoformat()}
    note("link.made", made, by=by, at=at, behalf=whose, data=data | _said(made))
    return made


@transaction.atomic
def unlink(link: Link, *, because: str, by: User | None, at: datetime, ends: date | None = None) -> Link:
    """End a link on a day, today without one, and say why; needs LINK over its office.

    A link that has not begun holds on no day: it ends on its first. Raises LinkElsewhere, WrongLink, TooShort,
    NotAllowed.
    """
    whose = behalf(by, Power.LINK, office_id=link.office_id, at=at)
    link = _held(link)
    day = ends or local(at).date()
    if day < link.starts or (link.ends and day > link.ends):
        raise WrongLink(_("The link would end before it begins, or has ended."))
    link.ends, link.ended_because = day, line(why(because), most=120)
    link.save(update_fields=["ends", "ended_because"])
    note("link.ended", link, by=by, at=at, behalf=whose, data={"ends": day.isoformat()} | _said(link))
    return link


@transaction.atomic
def hand_over(
    before: Link, *, to: User, starts: date, because: str, by: User | None, at: datetime, office: Office | None = None
) -> Link:
    """End a link on the day on which somebody else takes it up, and return the new one; needs LINK over both offices.

    Nothing is open in between, and the new one names which it follows. Raises what `link` and `unlink` raise.
    """
    before = unlink(before, ends=starts, because=because, by=by, at=at)
    # A link stays with its office, unless who takes it up has no post there.
    there = Post.objects.on(starts).filter(holder=to, office__in=before.office.branch).exists()
    return link(
        tie=before.tie, user=to, office=office or (before.office if there else None), area=before.area,
        household=before.household, enterprise=before.enterprise, starts=starts, duties=before.duties, follows=before,
        by=by, at=at,
    )  # fmt: skip


def _office_of(user: User | None, day: date) -> Office:
    post = Post.objects.on(day).filter(holder=user).select_related("office").order_by("id").first() if user else None
    if post is None:
        raise WrongLink(_("Say whose link it is: an officer who holds a post on that day, or an office."))
    return post.office


def _check(tie: Tie, user: User | None, to: dict[str, Any], starts: date, ends: date | None) -> None:
    named = [kind for kind, thing in to.items() if thing is not None]
    if len(named) != 1 or named[0] not in TIES[tie].to:
        raise WrongLink(_("This kind of link goes to something else: choose one place, household or enterprise."))
    if TIES[tie].person and user is None:
        raise WrongLink(_("This kind of link needs a person."))
    if user and not user.is_active:
        raise WrongLink(_("The account of this officer is closed."))
    if ends and ends <= starts:
        raise WrongLink(_("The link would end before it begins."))


def _held(link: Link) -> Link:
    found = Link.objects.select_for_update(of=("self",)).select_related("office").get(pk=link.pk)
    if found.ended_because:
        raise LinkElsewhere(_("This link has ended meanwhile. Please look at it again."))
    return found


def _said(link: Link) -> dict[str, Any]:
    return {"area": link.area_id, "household": link.household_id, "enterprise": link.enterprise_id}

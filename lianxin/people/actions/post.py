"""Posts: opened, held from a day to a day, vacated."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lianxin.kit.refusal import Refusal
from lianxin.ledger.actions import note
from lianxin.people.actions.need import behalf
from lianxin.people.models import Office, Post, User
from lianxin.people.rules import Power


class NotYourself(Refusal):
    """Nobody gives powers to oneself."""


class WrongDates(Refusal):
    """The post has ended, or would end before it begins."""


class LeftOfficer(Refusal):
    """The account of this officer is closed."""


@transaction.atomic
def open_post(
    *,
    office: Office,
    title: str,
    role: str,
    by: User | None,
    at: datetime,
    rank: str = "",
    tier: str = "",
    starts: date | None = None,
) -> Post:
    """Write a new post, still vacant; needs ACCOUNTS. Raises NotAllowed."""
    whose = behalf(by, Power.ACCOUNTS, at=at)
    post = Post.objects.create(office=office, title=title, role=role, rank=rank, tier=tier, valid_from=starts)
    note("post.opened", post, by=by, at=at, behalf=whose, data={"role": role, "office": office.pk, "tier": tier})
    return post


@transaction.atomic
def appoint(
    post: Post, *, holder: User, by: User | None, at: datetime, starts: date | None = None, ends: date | None = None
) -> Post:
    """Let an officer hold a post from the first day to before the last; needs ACCOUNTS.

    A vacant post is filled. A post that is held ends on that day for its holder, and the new holder gets a row of their
    own, which is returned. Without `starts` a vacant post is held as long as it exists. Raises NotYourself, WrongDates,
    LeftOfficer, NotAllowed.
    """
    whose = behalf(by, Power.ACCOUNTS, at=at)
    post = Post.objects.select_for_update().get(pk=post.pk)
    if by is not None and by.pk == holder.pk:
        raise NotYourself(_("Nobody appoints oneself. Ask another officer who looks after accounts."))
    if not holder.is_active:
        raise LeftOfficer(_("The account of this officer is closed. Open it again first."))
    _check_dates(post, starts, ends)
    if post.holder_id is not None or (starts and (post.valid_from is None or post.valid_from < starts)):
        post = _successor(post, starts, ends)
    elif ends:
        post.valid_to = ends
    post.holder = holder
    post.save()
    holder.forget_standing()
    data = {"holder": holder.pk, "starts": _iso(post.valid_from), "ends": _iso(post.valid_to), "role": post.role}
    note("post.appointed", post, by=by, at=at, behalf=whose, data=data)
    return post


@transaction.atomic
def vacate(post: Post, *, ends: date, by: User | None, at: datetime) -> Post:
    """End the holding of a post on a day, and return the vacant row that follows; needs ACCOUNTS.

    Raises WrongDates, NotAllowed.
    """
    whose = behalf(by, Power.ACCOUNTS, at=at)
    post = Post.objects.select_for_update().get(pk=post.pk)
    _check_dates(post, ends, None)
    if post.holder is None:
        raise WrongDates(_("Nobody holds this post."))
    holder = post.holder
    vacant = _successor(post, ends, None)
    vacant.save()
    holder.forget_standing()
    note("post.vacated", post, by=by, at=at, behalf=whose, data={"holder": holder.pk, "ends": ends.isoformat()})
    return vacant


@transaction.atomic
def close_post(post: Post, *, ends: date, by: User | None, at: datetime) -> None:
    """End a post for good on a day; needs ACCOUNTS. Raises WrongDates, NotAllowed."""
    whose = behalf(by, Power.ACCOUNTS, at=at)
    _check_dates(post, ends, None)
    post.valid_to = ends
    post.save(update_fields=["valid_to"])
    if post.holder:
        post.holder.forget_standing()
    note("post.closed", post, by=by, at=at, behalf=whose, data={"ends": ends.isoformat()})


def _successor(post: Post, starts: date | None, ends: date | None) -> Post:
    """End the row of a post on a day and return the next one, not yet saved."""
    if starts is None:
        raise WrongDates(_("Somebody holds this post. Say from which day the new holder does."))
    next_to = ends or post.valid_to
    post.valid_to = starts
    post.save(update_fields=["valid_to"])
    return Post(
        office=post.office, title=post.title, role=post.role, rank=post.rank, tier=post.tier,
        valid_from=starts, valid_to=next_to,
    )  # fmt: skip


def _check_dates(post: Post, starts: date | None, ends: date | None) -> None:
    begins = starts or post.valid_from
    wrong = (
        (starts and post.valid_from and starts < post.valid_from)
        or (starts and post.holder_id and starts == post.valid_from)
        or (starts and post.valid_to and starts >= post.valid_to)
        or (begins and ends and ends <= begins)
        or (ends and post.valid_to and ends > post.valid_to)
    )
    if wrong:
        raise WrongDates(_("These days do not fit: the post begins later, has ended, or would end before it begins."))


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None

"""Printing badges."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lianxin.kit.clock import local
from lianxin.kit.refusal import Refusal
from lianxin.ledger.actions import note
from lianxin.people.actions import need
from lianxin.people.actions.words import why
from lianxin.people.models import Post, User
from lianxin.people.rules import Power
from lianxin.serve.models import Badge, Window


class NobodyHolds(Refusal):
    """The post is vacant, or over."""


@transaction.atomic
def print_badge(
    post: Post, *, duties: str, by: User | None, at: datetime, window: Window | None = None, backup: User | None = None
) -> Badge:  # fmt: skip
    """Make the badge of whoever holds a post now; an earlier badge of that person is void. Needs HALL.

    Raises NobodyHolds, TooShort, NotAllowed.
    """
    whose = need(by, Power.HALL, at=at, anywhere=True).behalf if by else None
    post = Post.objects.select_related("holder").get(pk=post.pk)
    if post.holder is None or not post.is_on(local(at).date()):
        raise NobodyHolds(_("Nobody holds this post now."))
    Badge.objects.valid().filter(holder=post.holder).update(void_at=at)
    badge = Badge.objects.create(
        post=post, holder=post.holder, window=window, backup=backup, title=post.title, duties=why(duties),
        key=secrets.token_hex(8), printed_at=at, printed_by=by,
    )  # fmt: skip
    note("badge.printed", badge, by=by, at=at, behalf=whose, data={"post": post.pk})
    return badge

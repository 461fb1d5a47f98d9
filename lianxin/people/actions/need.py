"""Asking for a power before a deed."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from lianxin.kit.refusal import NotAllowed
from lianxin.people.models import User
from lianxin.people.rules import Holding, Power

__all__ = ["NotAllowed", "behalf", "need"]


def need(by: User, power: Power, *, office_id: int | None = None, at: datetime, anywhere: bool = False) -> Holding:
    """Return the holding by which `by` may do this at that moment, over `office_id` (or over any office if `anywhere`).

    Its `behalf` is the absent colleague whose powers are used, to be named in the ledger. Raises NotAllowed.
    """
    holding = by.stand(at).find(power, office_id, anywhere=anywhere)
    if holding is None:
        raise NotAllowed(_("Your post does not include this. Ask the person who looks after accounts in your office."))
    return holding


def behalf(by: User | None, power: Power, *, office_id: int | None = None, at: datetime) -> User | None:
    """Return for whom `by` stands in when using the power; None for an own post.

    Nobody (None) is the console: who commands the machine has founded the county and may do what its IT officer may.
    Raises NotAllowed.
    """
    if by is None:
        return None
    found: User | None = need(by, power, office_id=office_id, at=at).behalf
    return found

"""Saying what is required how often, ending it, and letting somebody off it with the reason."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lianxin.kit.clock import local
from lianxin.kit.refusal import Refusal
from lianxin.ledger.actions import note
from lianxin.people.actions import behalf
from lianxin.people.actions.words import line, why
from lianxin.people.models import Office, User
from lianxin.people.rules import Power
from lianxin.record.models import EncounterKind
from lianxin.supervise.models import Exemption, Obligation
from lianxin.supervise.rules import Period, Span, What, Who, WrongRecurrence, dates


class WrongObligation(Refusal):
    """What is said does not fit together; nothing could ever fulfil it, or nobody could owe it."""

    status = 422


@transaction.atomic
def set_obligation(
    *, key: str, name: str, basis: str, by: User | None, at: datetime, kinds: Iterable[EncounterKind] = (),
    **values: Any,
) -> Obligation:  # fmt: skip
    """Write down what is required how often, of whom, from when; needs LINK. A change is a new one, after the old ends.

    Raises WrongObligation, TooShort, NotAllowed.
    """
    whose = behalf(by, Power.LINK, at=at)
    made = Obligation(key=key, name=line(name, most=80), basis=why(basis), **values)
    counted = list(kinds)
    _check(made, counted)
    try:
        with transaction.atomic():
            made.full_clean()
            made.save(force_insert=True)
    except (ValidationError, IntegrityError) as wrong:
        raise WrongObligation(_("These details do not fit together, or the key is taken already.")) from wrong
    made.kinds.set(counted)
    data = {"who": made.who, "what": made.what, "times": made.times, "period": made.period}
    note("obligation.set", made, by=by, at=at, behalf=whose, data=data)
    return made


@transaction.atomic
def end_obligation(obligation: Obligation, *, ends: date, by: User | None, at: datetime) -> Obligation:
    """Let something be required no more from a day on; what was due before stays due. Needs LINK.

    Raises WrongObligation, NotAllowed.
    """
    whose = behalf(by, Power.LINK, at=at)
    obligation = Obligation.objects.select_for_update(of=("self",)).get(pk=obligation.pk)
    if obligation.ends or ends <= obligation.starts:
        raise WrongObligation(_("It has ended already, or would end before it begins."))
    obligation.ends = ends
    obligation.save(update_fields=["ends"])
    note("obligation.ended", obligation, by=by, at=at, behalf=whose, data={"ends": ends.isoformat()})
    return obligation


@transaction.atomic
def exempt(
    *, reason: str, starts: date, ends: date, by: User | None, at: datetime, user: User | None = None,
    office: Office | None = None, obligation: Obligation | None = None,
) -> Exemption:  # fmt: skip
    """Let a person or an office off in some days, with the reason; without `obligation` off every one.

    Needs LINK; nobody lets oneself off. Raises WrongObligation, TooShort, NotAllowed.
    """
    whose = behalf(by, Power.LINK, at=at)
    if (user is None) == (office is None) or ends <= starts:
        raise WrongObligation(_("Say who it is for, one person or one office, and from when to when."))
    if by is not None and user is not None and by.pk == user.pk:
        raise WrongObligation(_("Nobody lets oneself off. Ask another who keeps links."))
    made = Exemption.objects.create(
        obligation=obligation, user=user, office=office, starts=starts, ends=ends, reason=why(reason), by=by, at=at
    )
    data = {"user": user.pk if user else None, "office": office.pk if office else None, "starts": starts.isoformat()}
    note("exemption.made", made, by=by, at=at, behalf=whose, data=data)
    return made


@transaction.atomic
def withdraw_exemption(exemption: Exemption, *, by: User | None, at: datetime) -> Exemption:
    """Take an exemption back: what it let off is required again. Needs LINK. Raises WrongObligation, NotAllowed."""
    whose = behalf(by, Power.LINK, at=at)
    if not Exemption.objects.filter(pk=exemption.pk, withdrawn_at=None).update(withdrawn_at=at):
        raise WrongObligation(_("This exemption was taken back already."))
    exemption.withdrawn_at = at
    note("exemption.withdrawn", exemption, by=by, at=at, behalf=whose, data={"on": local(at).date().isoformat()})
    return exemption


def _check(made: Obligation, kinds: list[EncounterKind]) -> None:
    if made.what == What.DEED and not made.verbs:
        raise WrongObligation(_("Say which deeds of the ledger count."))
    if made.what == What.ENCOUNTER and not kinds:
        raise WrongObligation(_("Say which kinds of visit or meeting count."))
    if made.what == What.LINK and made.who != Who.POST:
        raise WrongObligation(_("How many links must be held is said of posts."))
    if made.period == Period.DATES:
        try:
            dates(made.recurrence, made.starts, Span(made.starts, made.starts + timedelta(days=365)))
        except WrongRecurrence as wrong:
            raise WrongObligation(_("The recurrence is not readable: write it as FREQ=MONTHLY;BYDAY=3FR.")) from wrong

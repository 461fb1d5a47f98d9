"""The lists that an office keeps for its visits: kinds, what is brought, occasions, marks, rules of conduct."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lianxin.kit import condition
from lianxin.kit.refusal import Refusal
from lianxin.ledger.actions import note
from lianxin.people.actions import behalf
from lianxin.people.actions.words import line, said
from lianxin.people.models import Campaign, Office, User
from lianxin.people.rules import Power
from lianxin.record.models import Discipline, EncounterKind, Mark, Occasion, Offer


class KindTaken(Refusal):
    """There is a kind of this key."""


class OddCondition(Refusal):
    """The condition cannot be read."""

    status = 422


class NotOnAList(Refusal):
    """It is out of use already."""


@transaction.atomic
def add_kind(
    *, key: str, name: str, of: str, by: User | None, at: datetime, sheet: str = "", asks: Sequence[str] = (),
    is_profile: bool = False, late_days: int = 3, basis: str = "",
) -> EncounterKind:  # fmt: skip
    """Add a kind of encounter; needs PLAN. Raises KindTaken, TooLong, NotAllowed."""
    whose = behalf(by, Power.PLAN, at=at)
    try:
        with transaction.atomic():
            made = EncounterKind.objects.create(
                key=line(key, most=40), name=line(name, most=40), of=of, sheet=line(sheet, most=60), asks=list(asks),
                is_profile=is_profile, late_days=late_days, basis=line(basis, most=200),
            )  # fmt: skip
    except IntegrityError as taken:
        raise KindTaken(_("There is a kind of this key already.")) from taken
    note("kind.added", made, by=by, at=at, behalf=whose, data={"key": made.key, "of": of})
    return made


@transaction.atomic
def add_offer(
    *, kind: str, name: str, starts: date, by: User | None, at: datetime, text: str = "", office: Office | None = None,
    campaign: Campaign | None = None, basis: str = "",
) -> Offer:  # fmt: skip
    """Add something that is brought to doors: a card, a letter, a policy, a small service; needs PLAN."""
    whose = behalf(by, Power.PLAN, at=at)
    made = Offer.objects.create(
        kind=kind, name=line(name, most=80), text=said(text) if text.strip() else "", office=office, campaign=campaign,
        basis=line(basis, most=200), starts=starts,
    )  # fmt: skip
    note("offer.added", made, by=by, at=at, behalf=whose, data={"kind": kind})
    return made


@transaction.atomic
def end_offer(offer: Offer, *, ends: date, by: User | None, at: datetime) -> Offer:
    """Bring it no longer from a day on; needs PLAN."""
    whose = behalf(by, Power.PLAN, at=at)
    offer.ends = max(ends, offer.starts)
    offer.save(update_fields=["ends"])
    note("offer.ended", offer, by=by, at=at, behalf=whose, data={"ends": offer.ends.isoformat()})
    return offer


@transaction.atomic
def add_occasion(
    *, must: str, name: str, days: int, by: User | None, at: datetime, sheet: str = "",
    when: Mapping[str, Any] | None = None, office: Office | None = None, basis: str = "",
) -> Occasion:  # fmt: skip
    """Add an occasion on which one must go, or report; needs PLAN. Raises OddCondition, TooLong, NotAllowed."""
    whose = behalf(by, Power.PLAN, at=at)
    try:
        condition.fields_of(when or {})
    except condition.BrokenConditionError as broken:
        raise OddCondition(_("This condition cannot be read.")) from broken
    made = Occasion.objects.create(
        must=must, name=line(name, most=60), days=days, sheet=line(sheet, most=60), when=dict(when or {}),
        office=office, basis=line(basis, most=200), order=Occasion.objects.count(),
    )  # fmt: skip
    note("occasion.added", made, by=by, at=at, behalf=whose, data={"must": must, "days": days})
    return made


@transaction.atomic
def add_mark(*, side: str, words: str, fields: Sequence[str], by: User | None, at: datetime, basis: str = "") -> Mark:
    """Add one of the things to know of every household, and the parts of the file that say it; needs PLAN."""
    whose = behalf(by, Power.PLAN, at=at)
    made = Mark.objects.create(
        side=side, words=line(words, most=60), fields=list(fields), basis=line(basis, most=200),
        order=Mark.objects.count(),
    )  # fmt: skip
    note("mark.added", made, by=by, at=at, behalf=whose, data={"side": side, "fields": list(fields)})
    return made


@transaction.atomic
def add_discipline(*, words: str, by: User | None, at: datetime, basis: str = "") -> Discipline:
    """Add a rule of conduct on visits; needs PLAN."""
    whose = behalf(by, Power.PLAN, at=at)
    made = Discipline.objects.create(words=line(words), basis=line(basis, most=200))
    note("discipline.added", made, by=by, at=at, behalf=whose)
    return made


Listed = EncounterKind | Occasion | Mark | Discipline


@transaction.atomic
def retire(row: Listed, *, by: User | None, at: datetime) -> Listed:
    """Take a line of these lists out of use; what was recorded by it stays. Needs PLAN. Raises NotOnAList."""
    whose = behalf(by, Power.PLAN, at=at)
    if not row.in_use:
        raise NotOnAList(_("This is out of use already."))
    row.in_use = False
    row.save(update_fields=["in_use"])
    note(f"{row._meta.model_name}.retired", row, by=by, at=at, behalf=whose)
    return row

"""Clues: what was missed so often in a row that somebody must ask why."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import groupby

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianxin.kit.refusal import Refusal
from lianxin.ledger.actions import note
from lianxin.people.actions import need
from lianxin.people.actions.words import why
from lianxin.people.models import User
from lianxin.people.rules import Power
from lianxin.supervise.models import Clue, Due, Obligation, dues
from lianxin.supervise.rules import Span, State, misses_at_end

LOOKED_BACK = timedelta(days=400)


class AlreadySettled(Refusal):
    """Somebody has settled it."""


def raise_clues(*, at: datetime) -> int:
    """Write a clue for each owner who missed an obligation as often in a row as its row says, and return how many.

    The same run of misses is one clue, however often this is asked.
    """
    today = timezone.localtime(at).date()
    raised = 0
    for obligation in Obligation.objects.filter(clue_after__gt=0):
        over = Span(today - LOOKED_BACK, today)
        over_now = [due for due in dues([obligation], over, at) if due.span.last < today]
        over_now.sort(key=lambda due: (due.owner.key, due.span.first))
        for _key, run in groupby(over_now, key=lambda due: due.owner.key):
            raised += _raise(obligation, list(run), at)
    return raised


def _raise(obligation: Obligation, run: list[Due], at: datetime) -> bool:
    missed = misses_at_end(due.state for due in run)
    if missed < obligation.clue_after:
        return False
    tail = _tail(run, missed)
    owner = tail[0].owner
    same = Clue.objects.filter(obligation=obligation, user=owner.user, office=owner.office, link=owner.link)
    if same.filter(since=tail[0].span.first).exists():
        return False
    try:
        with transaction.atomic():
            clue = Clue.objects.create(
                obligation=obligation, user=owner.user, office=owner.office, link=owner.link, since=tail[0].span.first,
                until=tail[-1].span.until, missed=missed, raised_at=at,
            )  # fmt: skip
            note("clue.raised", clue, by=None, at=at, data={"missed": missed, "since": tail[0].span.first.isoformat()})
    except IntegrityError:  # another worker was faster
        return False
    return True


def _tail(run: Iterable[Due], missed: int) -> list[Due]:
    return [due for due in run if due.state is State.MISSED][-missed:]


@transaction.atomic
def settle_clue(clue: Clue, *, words: str, by: User, at: datetime) -> Clue:
    """Say what came of a clue; needs OVERSEE over the office, and nobody settles one's own.

    Raises AlreadySettled, TooShort, NotAllowed.
    """
    whose = need(by, Power.OVERSEE, office_id=clue.office_id, at=at).behalf
    clue = Clue.objects.select_for_update(of=("self",)).get(pk=clue.pk)
    if clue.settled_at or clue.user_id == by.pk:
        raise AlreadySettled(_("This clue is settled already, or it is about you: somebody else must settle it."))
    clue.settled_at, clue.settled_by, clue.words = at, by, why(words)
    clue.save(update_fields=["settled_at", "settled_by", "words"])
    note("clue.settled", clue, by=by, at=at, behalf=whose)
    return clue

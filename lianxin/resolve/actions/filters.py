"""Ways of looking at the list that an officer wants to keep."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lianxin.ledger import actions as ledger
from lianxin.people import actions as people
from lianxin.people.actions.words import line, said
from lianxin.people.models import User
from lianxin.people.rules import Power
from lianxin.resolve.actions.deed import CaseRefusal
from lianxin.resolve.models import SavedFilter

NAME_MAX, QUERY_MAX, FILTERS_MAX = 40, 400, 30


class TooManyFilters(CaseRefusal):
    """Nobody finds anything among so many."""

    words = _("You keep %(most)s filters already. Please drop one first.")


class NotYourFilter(CaseRefusal):
    """A filter belongs to who saved it."""

    status = 404
    words = _("There is no such filter.")


@transaction.atomic
def save_filter(*, name: str, query: str, by: User, at: datetime) -> SavedFilter:
    """Keep a filter for this officer; one of the same name is replaced. Raises TooManyFilters, NothingSaid, TooLong."""
    holding = people.need(by, Power.SEE_CASES, at=at, anywhere=True)
    title = line(said(name, most=NAME_MAX), most=NAME_MAX)
    own = SavedFilter.objects.filter(user=by)
    if not own.filter(name=title).exists() and own.count() >= FILTERS_MAX:
        raise TooManyFilters(most=FILTERS_MAX)
    saved, _new = SavedFilter.objects.update_or_create(
        user=by, name=title, defaults={"query": line(query.lstrip("?"), most=QUERY_MAX)}
    )
    ledger.note("filter.save", saved, by=by, at=at, behalf=holding.behalf, data={"query": saved.query})
    return saved


@transaction.atomic
def drop_filter(saved: SavedFilter, *, by: User, at: datetime) -> None:
    """Drop a filter of this officer. Raises NotYourFilter."""
    kept = SavedFilter.objects.select_for_update().filter(pk=saved.pk, user=by).first()
    if kept is None:
        raise NotYourFilter()
    ledger.note("filter.drop", kept, by=by, at=at, data={"query": kept.query})
    kept.delete()

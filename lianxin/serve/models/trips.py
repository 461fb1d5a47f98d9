"""How often somebody had to come to a counter for one application (跑动次数, HAL-04): counted from the ledger.

A trip is a day on which the person stood at a counter: the application was taken in there, something that was missing
was brought, or the decision was fetched in person. Two of these on one day are one trip. What is done on this site, by
telephone or by post is none. More than one trip is what the hall wants to be rid of: the causes stand beside it.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, TruncDate
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianxin.kit.clock import ZONE, local
from lianxin.ledger.models import Event
from lianxin.serve.models.application import Application
from lianxin.serve.rules.application import Deed, verb

CAUSES: dict[str, str | Promise] = {
    "application.receive": _("handed in at a counter"),
    verb(Deed.SUPPLY): _("brought what was missing"),
    verb(Deed.DELIVER): _("fetched the decision"),
}
_AT_A_COUNTER = Q(verb__in=CAUSES, by_id__isnull=False) & (~Q(verb=verb(Deed.DELIVER)) | Q(data__came=True))


class Trip(NamedTuple):
    """A day on which the person came, and what for."""

    day: date
    causes: tuple[str | Promise, ...]


def trips_of(application: Application) -> list[Trip]:
    """Return when the person came to a counter for this application, in order."""
    found: dict[date, list[str | Promise]] = {}
    for event in Event.objects.about(application).filter(_AT_A_COUNTER).order_by("at", "id"):
        found.setdefault(local(event.at).date(), []).append(CAUSES[event.verb])
    return [Trip(day, tuple(dict.fromkeys(causes))) for day, causes in found.items()]


def with_trips(rows: QuerySet[Application]) -> QuerySet[Application]:
    """Return applications with `trips`: on how many days the person came for it."""
    events = Event.objects.filter(_AT_A_COUNTER, kind=Application._meta.label_lower, key=OuterRef("pk"))
    days = Count(TruncDate("at", tzinfo=ZONE), distinct=True)
    each = events.order_by().values("key").annotate(days=days).values("days")
    return rows.annotate(trips=Coalesce(Subquery(each), 0))

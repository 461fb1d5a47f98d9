"""What happened with a household, in one line of time: visits, what it said, what it was told, what its file says."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext

from lianxin.listen.models import Item
from lianxin.people.models import User
from lianxin.record.models import Change, Encounter, Household, Lead
from lianxin.record.rules import SEALED
from lianxin.resolve.models import Case, Confirmation, Reply

SHOWN = 60


class Happened(NamedTuple):
    """One line of the time of a household."""

    at: datetime
    what: str
    words: str = ""
    href: str = ""
    by: str = ""


def timeline(household: Household, user: User) -> list[Happened]:
    """Return what happened with the household, newest first: as much of it as the officer may see."""
    found = [*_visits(household, user), *_changes(household), *_leads(household), *_spoken(household, user)]
    if household.noticed_at:
        found.append(Happened(household.noticed_at, gettext("told why this file is kept")))
    found.append(Happened(household.opened_at, gettext("file opened"), household.source))
    return sorted(found, key=lambda each: each.at, reverse=True)[:SHOWN]


def _visits(household: Household, user: User) -> list[Happened]:
    rows = Encounter.objects.visible_to(user).done().filter(household=household).select_related("kind", "recorder")
    return [
        Happened(row.starts_at, f"{row.kind} · {row.get_outcome_display()}", row.notes, by=str(row.recorder))
        for row in rows.order_by("-starts_at")[:SHOWN]
    ]


def _changes(household: Household) -> list[Happened]:
    rows = Change.objects.filter(household=household) | Change.objects.filter(resident__household=household)
    return [
        Happened(
            row.at,
            gettext("%(field)s changed") % {"field": row.label},
            "" if row.field in SEALED else f"{row.before or '–'} → {row.after or '–'}",
            by=str(row.by or ""),
        )
        for row in rows.select_related("by", "household", "resident").order_by("-at")[:SHOWN]
    ]


def _leads(household: Household) -> list[Happened]:
    found = []
    for lead in Lead.objects.filter(fact__household=household).select_related("office", "fact__kind", "opened_by"):
        words = gettext("%(what)s handed to %(office)s") % {"what": lead.fact.kind, "office": lead.office}
        found.append(Happened(lead.opened_at, words, lead.words, by=str(lead.opened_by)))
        if lead.settled_at:
            found.append(Happened(lead.settled_at, lead.get_state_display(), lead.outcome, by=str(lead.office)))
    return found


def _spoken(household: Household, user: User) -> list[Happened]:
    """Return what the household said, and what it was told and said of the matter; cases it is led to if visible."""
    found = []
    said = Item.objects.filter(voice__household=household).select_related("voice", "join__case")
    items = list(said.order_by("-id")[:SHOWN])
    cases = {item.join.case for item in items if hasattr(item, "join")}
    mine = set(Case.objects.visible_to(user).filter(pk__in=[case.pk for case in cases]).values_list("pk", flat=True))
    for item in items:
        case = item.join.case if hasattr(item, "join") else None
        href = reverse("desk:case", args=[case.number]) if case and case.pk in mine else ""
        level = f" · {item.get_level_display()}" if item.level else ""
        found.append(Happened(item.voice.received_at, gettext("said") + level, item.text, href))
        if item.answer and item.settled_at:
            found.append(Happened(item.settled_at, gettext("answered"), item.answer))
    for reply in Reply.objects.filter(case__in=cases).select_related("by"):
        found.append(Happened(reply.at, gettext("was told"), reply.text, by=str(reply.by)))
    for asked in Confirmation.objects.filter(join__item__voice__household=household):
        found.append(Happened(asked.at, gettext("says: %(what)s") % {"what": asked.get_solved_display()}, asked.words))
    return found

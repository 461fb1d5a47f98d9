"""Files, links and encounters as tests need them, written in a line each."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from lianxin.kit.clock import local
from lianxin.places.models import Area
from lianxin.record import actions
from lianxin.record.models import Encounter, EncounterKind, Enterprise, Household, VillageFile
from lianxin.record.rules import Tie
from lianxin.sheets import actions as sheets
from lianxin.sheets.models import Sheet
from tests.cast import Cast


def household(area: Area, called: str, at: datetime) -> Household:
    """Write the file of a household."""
    number = f"H{Household.objects.count() + 1:05d}"
    return Household.objects.create(number=number, area=area, called=called, opened_at=at)


def enterprise(area: Area, name: str, at: datetime, **values: Any) -> Enterprise:
    """Write the file of a key enterprise."""
    values = {"unit": "enterprise", "is_key": True, **values}
    return Enterprise.objects.create(name=name, area=area, opened_at=at, **values)


def village(area: Area, at: datetime) -> VillageFile:
    """Write the file of a village."""
    return VillageFile.objects.create(area=area, opened_at=at)


def kind(key: str, of: str = EncounterKind.Of.ENTERPRISE, name: str = "") -> EncounterKind:
    """Find or write a kind of encounter."""
    return EncounterKind.objects.get_or_create(key=key, defaults={"name": name or key, "of": of})[0]


def met(cast: Cast, who: str, at: datetime, *, kind: EncounterKind, **to: Any) -> Encounter:
    """Write an encounter that was handed in."""
    user = cast.officers[who]
    return Encounter.objects.create(
        kind=kind, number=f"E{Encounter.objects.count() + 1:05d}", starts_at=at, recorded_at=at, submitted_at=at,
        office=cast.posts[who].office, recorder=user, **to,
    )  # fmt: skip


def day(at: datetime) -> date:
    """Return the day of a moment, in Beijing time."""
    return local(at).date()


def open_village(cast: Cast, area: str, at: datetime, *, who: str = "cadre") -> None:
    """Link a cadre to a village from the week before."""
    actions.link(
        tie=Tie.VILLAGE, user=cast.officers[who], area=cast.areas[area], starts=day(at - timedelta(days=7)),
        by=cast.officer("organiser"), at=at,
    )  # fmt: skip


def checklist(cast: Cast, key: str, at: datetime) -> Sheet:
    """Publish a checklist: a canteen looked at or explained, and whether somebody looks for work."""
    fields: list[dict[str, Any]] = [
        {"key": "canteen", "label": "食堂", "kind": "yesno", "required": True},
        {
            "key": "why_not", "label": "没看食堂的原因", "kind": "text", "required": True,
            "when": {"field": "canteen", "is": "equals", "value": False},
        },
        {"key": "wants_work", "label": "未就业、想就业", "kind": "yesno"},
    ]  # fmt: skip
    by = cast.officer("cataloguer")
    made = sheets.draft_sheet(key=key, title="走访清单", purpose="checklist", fields=fields, by=by, at=at)
    return sheets.publish_sheet(made, by=by, at=at)

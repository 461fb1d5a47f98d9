"""What a telephone is given to carry: the files its officer reaches, as it will show them without a network."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import pgettext

from lianxin.field.deeds.file import MASKS, shown
from lianxin.kit.clock import local
from lianxin.listen.models import Item, Voice
from lianxin.people.models import Limit, Office, User
from lianxin.people.rules import Power
from lianxin.places.models import Area
from lianxin.record.actions import value_of
from lianxin.record.actions.upload import PIECE_MOST
from lianxin.record.models import Encounter, EncounterKind, Household, Offer, Outing, Resident
from lianxin.record.rules import FIELDS, KEPT_WITHIN, Presence, Sex, Subject
from lianxin.sheets.models import Sheet

PAGE = 200  # things in one answer: some 200 kB, which a poor line can carry
MATTERS_MOST = 5  # open matters shown at one door
SAYS_MOST = 40  # characters of what was said, to know the matter again
CONTACT_DAYS = 7  # where the county has set no limit
LOCK_MINUTES = 5
FLAGS = frozenset({"is_registered", "is_here"})
CHOICES = {"presence": Presence, "sex": Sex}
Thing = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """What goes into one answer."""

    things: list[Thing]
    gone: list[str]
    more: bool


NOTHING = Page([], [], False)


def page(user: User, *, held: Mapping[str, str], at: datetime) -> Page:
    """Return what the telephone does not hold as it is now, and what it holds and may not hold any more.

    What it holds is compared by digest and not by a date of the last contact: so nothing is missed that was written
    while another contact ran, and an answer that got lost is simply given again.
    """
    things = {thing["key"]: thing for thing in _things(user, at)}
    fresh = [thing for key, thing in things.items() if held.get(key) != thing["digest"]]
    return Page(fresh[:PAGE], sorted(set(held) - set(things)), len(fresh) > PAGE)


def terms(at: datetime) -> dict[str, int]:
    """Return by what the telephone keeps itself."""
    limit = Limit.known("field.contact", timezone.localdate(at))
    return {
        "contact_days": limit.value if limit else CONTACT_DAYS, "lock_minutes": LOCK_MINUTES, "piece": PIECE_MOST // 4,
    }  # fmt: skip


def _things(user: User, at: datetime) -> Iterator[Thing]:
    yield from _kinds(user, at)
    yield from _fields()
    yield from _households(user, at)


def _kinds(user: User, at: datetime) -> Iterator[Thing]:
    kinds = list(EncounterKind.objects.offered())
    for kind in kinds:
        yield _thing(f"kind:{kind.key}", {"name": kind.name, "of": kind.of, "sheet": kind.sheet})
    for sheet in Sheet.objects.live(at).filter(key__in={kind.sheet for kind in kinds if kind.sheet}).order_by("key"):
        value = {"version": sheet.version, "title": sheet.title, "fields": list(sheet.fields)}
        yield _thing(f"sheet:{sheet.key}", value)
    holding = user.standing.find(Power.VISIT, anywhere=True)
    office = Office.objects.filter(pk=holding.office_id).first() if holding else None
    for offer in Offer.objects.on(local(at).date()).for_office(office) if office else ():
        yield _thing(f"offer:{offer.pk}", {"name": offer.name, "kind": offer.kind, "text": offer.text})


def _fields() -> Iterator[Thing]:
    """Which lines of a file can be put right at a door, and how each is asked."""
    for subject in (Subject.HOUSEHOLD, Subject.RESIDENT):
        asked = [
            {"key": key, "label": str(label), **_kind_of(key)}
            for key, label in FIELDS[subject].items()
            if key not in KEPT_WITHIN
        ]
        yield _thing(f"fields:{subject}", {"fields": asked})


def _kind_of(key: str) -> dict[str, Any]:
    if key in CHOICES:
        options = [{"key": value, "label": str(label)} for value, label in CHOICES[key].choices]
        return {"kind": "choice", "options": options}
    return {"kind": "yesno" if key in FLAGS else key if key in MASKS else "date" if key == "born_on" else "text"}


def _households(user: User, at: datetime) -> Iterator[Thing]:
    year = local(at).replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
    found = list(
        Household.objects.visible_to(user).open().select_related("area")
        .defer("grams", "area__outline").order_by("area__path", "door", "id")
    )  # fmt: skip
    keys = [household.pk for household in found]
    met = set(
        Encounter.objects.met().filter(household__in=keys, starts_at__gte=year).values_list("household", flat=True)
    )
    people, last, matters = _people(keys), _last(keys), _matters(user, keys)
    planned = _planned(user, at)
    for place, household in enumerate(found):
        yield _thing(
            f"household:{household.pk}",
            {
                "number": household.number, "area": household.area.full_name, "place": household.area.name,
                "door": household.door, "called": household.called, "presence": household.presence, "order": place,
                "noticed": household.noticed_at is not None, "declined": household.declined_at is not None,
                "met": household.pk in met, "planned": household.area.path.startswith(planned),
                "values": _values(household, Subject.HOUSEHOLD), "people": people.get(household.pk, []),
                "last": last.get(household.pk), "matters": matters.get(household.pk, []),
            },
        )  # fmt: skip


def _people(households: Iterable[int]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    for person in Resident.objects.living().filter(household__in=households).order_by("-is_head", "id"):
        told = {
            "id": person.pk, "name": person.name, "relation": person.relation, "head": person.is_head,
            "born": person.born_on.isoformat() if person.born_on else "", "here": person.is_here,
            "values": _values(person, Subject.RESIDENT),
        }  # fmt: skip
        found.setdefault(person.household_id, []).append(told)
    return found


def _values(row: Household | Resident, subject: Subject) -> dict[str, Any]:
    keys = [key for key in FIELDS[subject] if key not in KEPT_WITHIN]
    return {key: shown(key, value_of(row, key)) for key in keys}


def _last(households: Iterable[int]) -> dict[int, dict[str, Any]]:
    """When somebody was last at each door, and what came of it."""
    rows = Encounter.objects.done().filter(household__in=households).order_by("starts_at")
    return {
        household: {"at": moment.isoformat(), "mode": mode, "outcome": outcome}
        for household, moment, mode, outcome in rows.values_list("household", "starts_at", "mode", "outcome")
    }


def _matters(user: User, households: Iterable[int]) -> dict[int, list[dict[str, Any]]]:
    """What each household has said, newest first, and how far it is: what a cadre tells it at the next visit."""
    voices = Voice.objects.visible_to(user).filter(household__in=households, items__isnull=False).distinct()
    found: dict[int, list[dict[str, Any]]] = {}
    for voice in voices.prefetch_related("items__join__case").defer("grams").order_by("-received_at"):
        told = found.setdefault(voice.household_id or 0, [])
        if len(told) < MATTERS_MOST:
            tone, words = _how_far(list(voice.items.all()))
            told.append({"number": voice.number, "says": voice.text[:SAYS_MOST], "tone": tone, "words": words})
    return found


def _how_far(items: list[Item]) -> tuple[str, str]:
    """Return the light and the words for the point that is least far."""
    waiting = [item for item in items if not item.outcome]
    if waiting:
        return "wait", pgettext("what a household said", "waits to be sorted")
    cases = [item.join.case for item in items if hasattr(item, "join")]
    open_ = [case for case in cases if case.closed_at is None]
    if open_:
        return "near", pgettext("what a household said", "being worked on")
    return "ok", pgettext("what a household said", "answered")


def _planned(user: User, at: datetime) -> tuple[str, ...]:
    """Where this officer is to go today."""
    outings = Outing.objects.visible_to(user).filter(on=local(at).date()).values("area")
    return tuple(Area.objects.filter(pk__in=outings).values_list("path", flat=True))


def _thing(key: str, value: dict[str, Any]) -> Thing:
    packed = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return {"key": key, "digest": hashlib.sha256(packed.encode()).hexdigest()[:16], "value": value}

"""How much of a household is known: which parts of its file are filled in (四知四清楚)."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianxin.record.models.fact import Fact
from lianxin.record.models.household import Household, Resident
from lianxin.record.models.occasion import Mark
from lianxin.record.rules import FIELDS, Of, Subject

MEMBERS = "members"
# What a mark, or a kind of visit, can ask of a file: what one of its people must have, and lines by their sort.
ASKED = ("phone", "identity", "born_on", "sex", "relation")
PARTS: dict[str, str | Promise] = {
    MEMBERS: _("members of the household"),
    **{name: FIELDS[Subject.RESIDENT][name] for name in ASKED},
    **dict(Of.choices),
}


def filled_of(households: Iterable[Household]) -> dict[int, frozenset[str]]:
    """Return by number of the file which parts of it are filled in; three statements, however many files."""
    keys = [household.pk for household in households]
    has = {
        "phone": ~Q(phone_index=""), "identity": ~Q(identity_index=""), "born_on": Q(born_on__isnull=False),
        "sex": ~Q(sex=""), "relation": ~Q(relation=""), MEMBERS: Q(),
    }  # fmt: skip
    counts = {f"n_{name}": Count("pk", filter=condition) for name, condition in has.items()}
    people = Resident.objects.filter(household__in=keys).living().values("household").annotate(**counts).order_by()
    found: dict[int, set[str]] = {key: set() for key in keys}
    for household, *numbers in people.values_list("household", *counts):
        found[household] |= {name for name, number in zip(has, numbers, strict=True) if number}
    facts = Fact.objects.filter(household__in=keys, ends=None).values_list("household", "kind__of").distinct()
    for household, of in facts.order_by():
        found[household].add(of)
    return {key: frozenset(parts) for key, parts in found.items()}


def missing_of(household: Household, parts: Iterable[str]) -> list[str]:
    """Return those of the parts that the file does not hold yet."""
    filled = filled_of([household])[household.pk]
    return [part for part in parts if part not in filled]


def marks_of(household: Household) -> list[tuple[Mark, bool]]:
    """Return the marks in use, each with whether the household is known in it (VIS-25)."""
    filled = filled_of([household])[household.pk]
    marks = Mark.objects.filter(in_use=True).order_by("order", "pk")
    return [(mark, filled.issuperset(mark.fields)) for mark in marks]


def all_known(households: Iterable[Household]) -> int:
    """Return how many of the households are known in every mark in use."""
    asked = {part for fields in Mark.objects.filter(in_use=True).values_list("fields", flat=True) for part in fields}
    return sum(asked <= parts for parts in filled_of(households).values())

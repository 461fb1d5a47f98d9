"""The county, its offices, what they answer for and when they are open."""

from __future__ import annotations

from datetime import date, time
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxin.kit.clock import OFFICE, Hours
from lianxin.people.models.remembered import Remembered
from lianxin.places.models import Area


class County(models.Model):
    """The one county (or district, or city) that this installation serves."""

    name = models.CharField(max_length=40)
    prefix = models.CharField(max_length=4, help_text=_("Begins every receipt number, as YX."))
    hotline = models.CharField(max_length=20, default="12345")
    area = models.ForeignKey(Area, models.PROTECT, null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="county_is_one")]

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def now() -> County:
        """Return the county, remembered for some seconds; a nameless one until `found` has been run."""
        return _county_now()


def _read_county() -> County:
    return County.objects.first() or County(name="", prefix="LX")


_county_now: Remembered[County] = Remembered(_read_county)


class OfficeQuerySet(models.QuerySet["Office"]):
    def on(self, day: date) -> Self:
        return self.filter(Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gt=day))

    def within(self, office: Office) -> Self:
        """The office itself and those below it."""
        return self.filter(path__startswith=office.path)

    def not_over(self, day: date) -> Self:
        """Offices of that day, and those that open later."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=day))

    def to_be_asked(self) -> Self:
        """Offices that a resident may ask to deal with a matter."""
        return self.filter(kind__in=(Office.Kind.BUREAU, Office.Kind.AGENCY, Office.Kind.TOWN, Office.Kind.VILLAGE))

    def in_tree_order(self) -> Self:
        """Each office before those below it."""
        return self.order_by("path")


class Office(models.Model):
    """A unit that can owe something: a bureau, a section, a town, a village committee, a station, a window."""

    class Kind(models.TextChoices):
        COUNTY = "county", _("county leadership")
        HUB = "hub", _("hotline and dispatch centre")
        BUREAU = "bureau", _("bureau")
        SECTION = "section", _("section")
        AGENCY = "agency", _("handling agency")
        TOWN = "town", _("town or street office")
        STATION = "station", _("township labour station")
        CENTRE = "centre", _("community service centre")
        VILLAGE = "village", _("village or community committee")
        WINDOW = "window", _("window")
        PARTY = "party", _("Party committee or branch")

    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=12, choices=Kind)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=200, db_index=True)
    phone = models.CharField(max_length=30, blank=True)
    address = models.CharField(max_length=120, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="predecessors")

    objects = OfficeQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    @property
    def branch(self) -> frozenset[int]:
        """The numbers of this office and those below it."""
        return branch_of(self.path)

    @property
    def own_hours(self) -> list[OfficeHours]:
        """When this office is open, where that is not as in the whole county."""
        return sorted(self.officehours_set.all(), key=lambda period: period.opens)

    @property
    def set_in(self) -> str:
        """The name, set in as deep as the office lies in the tree."""
        return "　" * (self.path.count("/") - 2) + self.name


def _read_tree() -> list[tuple[int, str]]:
    return list(Office.objects.values_list("id", "path"))


_tree: Remembered[list[tuple[int, str]]] = Remembered(_read_tree)


def branch_of(path: str) -> frozenset[int]:
    """Return the offices at and below that path; one opened by another process is seen after some seconds."""
    return frozenset(pk for pk, own in _tree() if own.startswith(path))


class Jurisdiction(models.Model):
    """An area for which an office answers."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="jurisdictions")
    area = models.ForeignKey(Area, models.PROTECT)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.office}: {self.area}"


class OfficeHours(models.Model):
    """One open period of a working day; an office without rows keeps those of the county."""

    office = models.ForeignKey(Office, models.PROTECT, null=True, blank=True)
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(opens__lt=models.F("closes")), name="hours_order")]

    def __str__(self) -> str:
        return f"{self.opens:%H:%M}-{self.closes:%H:%M}"

    @staticmethod
    def of_county() -> Hours:
        """Return the county's own office hours, or the usual ones where no row says otherwise."""
        return OfficeHours.of(None)

    @staticmethod
    def of(office: int | None) -> Hours:
        """Return when an office is open; one without hours of its own keeps those of the county."""
        known = _hours()
        return known.get(office) or known.get(None) or OFFICE

    @staticmethod
    def own_of(office: int) -> Hours | None:
        """Return the hours that an office keeps of its own; None where it keeps those of the county."""
        return _hours().get(office)


def _read_hours() -> dict[int | None, Hours]:
    periods: dict[int | None, list[tuple[time, time]]] = {}
    for office, opens, closes in OfficeHours.objects.order_by("opens").values_list("office", "opens", "closes"):
        periods.setdefault(office, []).append((opens, closes))
    return {office: Hours(tuple(rows)) for office, rows in periods.items()}


_hours: Remembered[dict[int | None, Hours]] = Remembered(_read_hours)

"""Places: one dated tree from province to building."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class AreaQuerySet(models.QuerySet["Area"]):
    def on(self, day: date) -> Self:
        """Areas that exist on this day; the end date is the first day it no longer does."""
        return self.filter(Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gt=day))

    def within(self, area: Area) -> Self:
        """The area itself and all below it."""
        return self.filter(path__startswith=area.path)

    def in_tree_order(self) -> Self:
        """Each area before those that lie in it, as a list to choose from is read."""
        return self.order_by("path")


class Area(models.Model):
    """A place: province, city, county, town, village, natural village, group, grid, compound or building."""

    class Kind(models.TextChoices):
        PROVINCE = "province", _("province")
        CITY = "city", _("city")
        COUNTY = "county", _("county")
        TOWN = "town", _("town or street")
        VILLAGE = "village", _("village or community")
        NATURAL = "natural", _("natural village")
        GROUP = "group", _("villager group")
        GRID = "grid", _("grid")
        COMPOUND = "compound", _("compound")
        BUILDING = "building", _("building")

    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=12, choices=Kind)
    code = models.CharField(
        max_length=20, blank=True, db_index=True, help_text=_("Administrative code, where one is known.")
    )
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=200, db_index=True, help_text=_("Numbers from the root, /1/5/9/."))
    full_name = models.CharField(max_length=200, blank=True, help_text=_("County and below, as one would say it."))
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=120, blank=True)
    outline = models.JSONField(null=True, blank=True, help_text=_("GeoJSON polygon for the map."))

    objects = AreaQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_from__lt=models.F("valid_to")),
                name="area_dates",
            ),
        ]
        indexes = [models.Index(fields=["kind", "name"], name="area_kind")]

    def __str__(self) -> str:
        return self.full_name or self.name

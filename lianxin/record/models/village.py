"""One base per village (一村一库): the file of a place as a whole."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from lianxin.people.models import User
from lianxin.places.models import Area
from lianxin.record.models.reach import reach_of


class VillageFileQuerySet(models.QuerySet["VillageFile"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(reach_of(user).areas("area__"))


class VillageFile(models.Model):
    """The file of one village, natural village, community or compound; a place has one."""

    area = models.OneToOneField(Area, models.PROTECT, related_name="village_file")
    opened_at = models.DateTimeField()
    completed_at = models.DateTimeField(
        null=True, help_text=_("When its profile was said to be complete; no door is asked for before (VIS-36).")
    )

    notes = models.TextField(blank=True)

    objects = VillageFileQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.area)

"""Receipt numbers that a telephone carries, to be given at a door without a network."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxin.kit.crypto import same
from lianxin.kit.reference import tidy, tidy_code
from lianxin.listen.models.contact import digest_of
from lianxin.record.models import Handset

DOOR_MARK = "D"  # after the county's letters, so that no number is given out here while a telephone carries it


class ReservedQuerySet(models.QuerySet["Reserved"]):
    def carried_by(self, handset: Handset) -> Self:
        """Those that this telephone has not used, as far as is known here."""
        return self.filter(handset=handset, used_at=None)

    def with_code(self, number: str, code: str) -> Reserved | None:
        """Find what was given at a door and has not reached the county yet, if the code is its code."""
        number = tidy(number[:60])
        found = self.filter(number=number, used_at=None).first()
        given = digest_of(tidy_code(code[:60]), number)
        return found if same(given, found.code_digest if found else digest_of("", number)) and found else None


class Reserved(models.Model):
    """One receipt number in the hands of an officer."""

    number = models.CharField(max_length=20, unique=True)
    code_digest = models.CharField(max_length=64)
    handset = models.ForeignKey(Handset, models.PROTECT, related_name="reserved")
    reserved_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, help_text=_("When the voice that bears it arrived."))

    objects = ReservedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["handset"], name="reserved_carried", condition=Q(used_at=None))]

    def __str__(self) -> str:
        return self.number

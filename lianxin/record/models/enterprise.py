"""Files of enterprises, projects, schools, institutions and social organisations."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxin.people.models import User
from lianxin.places.models import Area
from lianxin.record.models.reach import reach_of
from lianxin.record.rules import Unit


class EnterpriseQuerySet(models.QuerySet["Enterprise"]):
    def visible_to(self, user: User) -> Self:
        """Those of the places one reaches, and those one is linked to."""
        reach = reach_of(user)
        return self.filter(reach.areas("area__") | Q(pk__in=reach.enterprises))

    def open(self) -> Self:
        return self.filter(closed_at=None)


class Enterprise(models.Model):
    """One organisation that is visited: enterprise, project, school, institution, social organisation."""

    unit = models.CharField(max_length=12, choices=Unit)
    name = models.CharField(max_length=120)
    code = models.CharField(
        max_length=18, blank=True, help_text=_("Unified social credit code (GB 32100), where it has one.")
    )
    area = models.ForeignKey(Area, models.PROTECT)
    address = models.CharField(max_length=120, blank=True)
    contact = models.CharField(max_length=60, blank=True, help_text=_("Who is spoken to there."))
    phone = models.BinaryField(null=True, help_text=_("Sealed."))
    is_key = models.BooleanField(default=False, help_text=_("One of the county's key enterprises or projects."))
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    objects = EnterpriseQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code"], condition=~Q(code=""), name="enterprise_code")]

    def __str__(self) -> str:
        return self.name

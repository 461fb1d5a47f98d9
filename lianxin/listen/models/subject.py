"""The configurable taxonomy."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxin.people.models import Office


class SubjectQuerySet(models.QuerySet["Subject"]):
    def on(self, day: date) -> Self:
        return self.filter(Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gt=day))

    def not_over(self, day: date) -> Self:
        """Subjects of that day, and those that begin later."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=day))

    def leaves(self, day: date | None = None) -> Self:
        """Subjects that are chosen for a point: with nothing below them that still holds on the day (has no end)."""
        below = Subject.objects.filter(parent=models.OuterRef("pk"))
        below = below.not_over(day) if day else below.filter(valid_to=None)
        return self.filter(~models.Exists(below))

    def in_order(self) -> Self:
        return self.order_by("scheme", "path")

    def within(self, subject: Subject) -> Self:
        return self.filter(path__startswith=subject.path)


class Subject(models.Model):
    """What an item is about. Several schemes may live side by side: the county's own, one per campaign."""

    scheme = models.SlugField(max_length=30, default="county")
    name = models.CharField(max_length=60)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=200, db_index=True)
    full_name = models.CharField(max_length=160, blank=True)
    keywords = models.TextField(blank=True, help_text=_("Words that suggest it, separated by spaces."))
    office = models.ForeignKey(Office, models.PROTECT, null=True, blank=True, help_text=_("Who usually leads."))
    limit_key = models.CharField(max_length=40, default="case.ordinary")
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    objects = SubjectQuerySet.as_manager()

    def __str__(self) -> str:
        return self.full_name or self.name

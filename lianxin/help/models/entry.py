"""Households in need, dated: in, out, in again. A label nobody sees who does not help."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianxin.help.rules import Part, missing_parts
from lianxin.people.models import User
from lianxin.people.rules import Power
from lianxin.record.models import Household, Link
from lianxin.record.rules import Tie


class Register(models.Model):
    """A list of households in need, by the document that says who belongs on it."""

    key = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    basis = models.CharField(max_length=200)
    sheet = models.CharField(max_length=60, blank=True, help_text=_("Key of the sheet of what is ticked for each."))

    def __str__(self) -> str:
        return self.name


class EntryQuerySet(models.QuerySet["Entry"]):
    def visible_to(self, user: User) -> Self:
        """Of households one reaches and helps; all of them for who sees that every one has a helper (POV-09)."""
        if user.standing.everywhere(Power.HELP):
            return self
        if Power.HELP not in user.standing.powers:
            return self.none()
        return self.filter(household__in=Household.objects.visible_to(user).values("pk"))

    def on(self, day: date) -> Self:
        return self.filter(Q(entered_on__lte=day), Q(left_on=None) | Q(left_on__gt=day))

    def helped(self, day: date) -> Self:
        """Those whose household has a helper on that day, who is still there."""
        links = Link.objects.held(day).filter(tie=Tie.HELPER).values("household")
        return self.filter(household__in=links)


class Entry(models.Model):
    """One household on a register from a day to a day. Coming back is a new row."""

    register = models.ForeignKey(Register, models.PROTECT, related_name="entries")
    household = models.ForeignKey(Household, models.PROTECT, related_name="hardships")
    entered_on = models.DateField()
    entered_because = models.CharField(max_length=200)
    left_on = models.DateField(null=True, help_text=_("The first day on which it is no longer on it."))
    left_because = models.CharField(max_length=200, blank=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["register", "household"], condition=Q(left_on=None), name="help_entry_once_at_a_time"
            ),
            models.CheckConstraint(condition=Q(left_on=None) | Q(entered_on__lt=F("left_on")), name="help_entry_dates"),
            models.CheckConstraint(condition=Q(left_on=None) | ~Q(left_because=""), name="help_entry_left_with_reason"),
        ]
        indexes = [models.Index(fields=["register", "entered_on"], name="help_entry_register")]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def lacks(self) -> list[Part]:
        """What its plan still lacks; a skill and a project belong to it, both."""
        return missing_parts(self.parts.values_list("part", flat=True))

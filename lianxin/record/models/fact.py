"""Lines of a household's file: housing, work, income, insurance, difficulties, benefits; each kind a row."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianxin.people.models import Office, User
from lianxin.people.rules import Power
from lianxin.record.models.household import Household, Resident
from lianxin.record.models.reach import reach_of
from lianxin.record.rules import LeadState, Need, Of

WORKS = {Power.HANDLE, Power.PROCESS, Power.RECEIVE}  # by which one works on the matters of an office


class FactKind(models.Model):
    """One thing that a county writes down of households: "out of work", "minimum living allowance"."""

    of = models.CharField(max_length=12, choices=Of)
    key = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    need = models.CharField(max_length=12, choices=Need, blank=True, help_text=_("Which help a difficulty asks for."))
    service = models.CharField(max_length=60, blank=True, help_text=_("Code of the service of the catalogue, if any."))
    is_private = models.BooleanField(default=False, help_text=_("Illness and the like: masked until revealed."))
    basis = models.CharField(max_length=200, blank=True, help_text=_("Document on which it rests."))
    in_use = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class FactQuerySet(models.QuerySet["Fact"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(reach_of(user).homes("household__"))

    def on(self, day: date) -> Self:
        """What is so on this day."""
        return self.filter(Q(starts=None) | Q(starts__lte=day), Q(ends=None) | Q(ends__gt=day))


class Fact(models.Model):
    """One line of a household's file, of the whole household or of one of its people, between two days."""

    household = models.ForeignKey(Household, models.PROTECT, related_name="facts")
    resident = models.ForeignKey(Resident, models.PROTECT, null=True, related_name="facts")
    kind = models.ForeignKey(FactKind, models.PROTECT)
    words = models.CharField(max_length=200, blank=True)
    amount = models.DecimalField(
        max_digits=12, decimal_places=2, null=True, help_text=_("Yuan a year, or m² of a house.")
    )
    starts = models.DateField(null=True)
    ends = models.DateField(null=True, help_text=_("The first day on which it is no longer so."))
    ended_because = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    encounter = models.ForeignKey("record.Encounter", models.PROTECT, null=True, related_name="facts")
    client_id = models.UUIDField(null=True, unique=True, help_text=_("Given by the phone, so that twice is once."))

    objects = FactQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(starts=None) | Q(ends=None) | Q(starts__lte=F("ends")), name="fact_dates"
            )
        ]
        indexes = [models.Index(fields=["kind", "ends"], name="fact_kind")]

    def __str__(self) -> str:
        return f"{self.household} {self.kind}"


class LeadQuerySet(models.QuerySet["Lead"]):
    def visible_to(self, user: User) -> Self:
        """Leads of the households one reaches, and those handed to offices in which one works on matters.

        To go from door to door for an office is not to work on its matters: who does reads none of another's doors.
        """
        reached = reach_of(user).homes("fact__household__")
        works = {holding.office_id for holding in user.standing.holdings if holding.powers & WORKS}
        return self.filter(reached | Q(office__in=works))


class Lead(models.Model):
    """A difficulty handed, by consent, to the office that can help; its outcome comes back to the file."""

    fact = models.ForeignKey(Fact, models.PROTECT, related_name="leads")
    need = models.CharField(max_length=12, choices=Need)
    office = models.ForeignKey(Office, models.PROTECT)
    consented_at = models.DateTimeField(help_text=_("When the person agreed that it be handed on."))
    words = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=8, choices=LeadState, default=LeadState.OPEN)
    outcome = models.CharField(max_length=200, blank=True)
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    objects = LeadQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fact"], condition=Q(state="open"), name="lead_one_open"),
            models.CheckConstraint(
                condition=Q(state="open", settled_at=None) | ~Q(state="open") & Q(settled_at__isnull=False),
                name="lead_settled",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fact} {self.get_need_display()}"

"""One reception for everything a person comes with: the person's file, the matters of one coming, the functions."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxin.kit.clock import Term, Unit
from lianxin.kit.crypto import same
from lianxin.kit.reference import tidy, tidy_code
from lianxin.listen.models import Voice, digest_of, open_contact
from lianxin.listen.rules import Contact
from lianxin.people.models import Office, User
from lianxin.people.rules import Power
from lianxin.serve.models.application import Application
from lianxin.serve.models.appointment import Appointment

AT_THE_DESK = (Power.WINDOW, Power.HALL)
WORKING = (Power.PROCESS, Power.DECIDE)


class FunctionQuerySet(models.QuerySet["Function"]):
    def on(self, day: date) -> Self:
        return self.filter(Q(ended_on=None) | Q(ended_on__gt=day)).order_by("place", "id")


class Function(models.Model):
    """What a one-stop centre does for people: hardship relief, legal aid …, with its own limit and outcomes."""

    key = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=40)
    outcomes = models.JSONField(default=list, help_text=_("How a matter of it can end, in words."))
    office = models.ForeignKey(Office, models.PROTECT, null=True, related_name="+", help_text=_("Who works on it."))
    days = models.PositiveSmallIntegerField(null=True, help_text=_("Within how many working days; empty: no limit."))
    basis = models.CharField(max_length=200, blank=True, help_text=_("Document on which it rests."))
    place = models.PositiveSmallIntegerField(default=0)
    ended_on = models.DateField(null=True)

    objects = FunctionQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    @property
    def term(self) -> Term | None:
        return Term(self.days, Unit.WORKDAY) if self.days is not None else None


class PersonFile(models.Model):
    """One person's file at the centre: known by the phone, the name sealed; every coming is added to it."""

    number = models.CharField(max_length=24, unique=True)
    contact = models.BinaryField(help_text=_("Sealed name and phone."))
    phone_index = models.CharField(max_length=64, unique=True)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.number

    def opened_contact(self) -> Contact:
        return open_contact(self.contact) or Contact()


class ReceptionQuerySet(models.QuerySet["Reception"]):
    def visible_to(self, user: User) -> Self:
        """Receptions of the own desk, and those with a matter that the own office works on."""
        standing = user.standing
        matters = Matter.objects.filter(office__in=standing.offices(*WORKING)).values("reception")
        return self.filter(Q(office__in=standing.offices(*AT_THE_DESK)) | Q(pk__in=matters))

    def with_code(self, number: str, code: str) -> Reception | None:
        """The reception of this number, if the code is its code; an unknown number takes as long as a wrong code."""
        number = tidy(number[:60])
        found = self.filter(number=number).first()
        given, nothing = digest_of(tidy_code(code[:60]), number), digest_of("", number)
        is_code = same(given, found.code_digest if found else nothing)
        return found if found and is_code else None


class Reception(models.Model):
    """One coming of one person (接待): one number and one receipt for all that the person came with."""

    number = models.CharField(max_length=24, unique=True)
    code_digest = models.CharField(max_length=64)
    file = models.ForeignKey(PersonFile, models.PROTECT, related_name="receptions")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", help_text=_("At whose desk it was."))
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = ReceptionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["office", "-id"], name="reception_office")]

    def __str__(self) -> str:
        return self.number


class MatterQuerySet(models.QuerySet["Matter"]):
    def open(self) -> Self:
        return self.filter(settled_at=None)

    def owed_by(self, user: User) -> Self:
        """Open matters on which the officer's offices work, the next date first."""
        mine = self.open().filter(office__in=user.standing.offices(*WORKING))
        return mine.order_by(models.F("due_at").asc(nulls_last=True), "id")


class Matter(models.Model):
    """One of the things that the person came with, under one function; it may go on as a voice or an application."""

    reception = models.ForeignKey(Reception, models.PROTECT, related_name="matters")
    function = models.ForeignKey(Function, models.PROTECT, related_name="matters")
    words = models.CharField(max_length=200)
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", help_text=_("Who works on it."))
    at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    voice = models.ForeignKey(Voice, models.PROTECT, null=True, related_name="+")
    application = models.ForeignKey(Application, models.PROTECT, null=True, related_name="+")
    appointment = models.ForeignKey(Appointment, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=60, blank=True)
    told = models.CharField(max_length=200, blank=True, help_text=_("What the person was told."))
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = MatterQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["office", "due_at"], name="matter_open", condition=Q(settled_at=None)),
            models.Index(fields=["function", "at"], name="matter_function"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(settled_at=None, outcome="", settled_by=None)
                | Q(settled_at__isnull=False, settled_by__isnull=False) & ~Q(outcome=""),
                name="matter_settled_with_outcome",
            )
        ]

    def __str__(self) -> str:
        return f"{self.reception} {self.function}"

    @property
    def goes_on_as(self) -> str:
        """The number under which it goes on, if it does."""
        found = self.voice or self.application or self.appointment
        return found.number if found else ""

"""Times that may be booked, and who has booked one."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianxin.kit import crypto
from lianxin.kit.clock import local
from lianxin.kit.reference import tidy, tidy_code
from lianxin.listen.models import code_of, digest_of, open_contact
from lianxin.listen.rules import Contact
from lianxin.people.models import User
from lianxin.people.rules import Power
from lianxin.serve.models.hall import Line
from lianxin.serve.models.ticket import Ticket
from lianxin.serve.rules.line import Booking


class SlotQuerySet(models.QuerySet["Slot"]):
    def free(self, at: datetime) -> Self:
        """Times to come in which somebody may still be booked."""
        return self.filter(starts__gt=at, booked__lt=F("capacity"), line__closed_on=None).order_by("starts", "line")


class Slot(models.Model):
    """A stretch of a line's day for which so many people may book."""

    line = models.ForeignKey(Line, models.PROTECT, related_name="slots")
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    capacity = models.PositiveSmallIntegerField()
    booked = models.PositiveSmallIntegerField(default=0)

    objects = SlotQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "starts"], name="slot_once"),
            models.CheckConstraint(condition=Q(booked__lte=F("capacity")), name="slot_not_overbooked"),
            models.CheckConstraint(condition=Q(starts__lt=F("ends")), name="slot_order"),
        ]
        indexes = [models.Index(fields=["starts"], name="slot_starts")]

    def __str__(self) -> str:
        return f"{self.line} {local(self.starts):%Y-%m-%d %H:%M}"


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def with_code(self, number: str, code: str) -> Appointment | None:
        """Return the appointment that number and code open, or nothing."""
        number = tidy(number[:60])
        found = self.filter(number=number).select_related("slot__line__hall__office").first()
        given, nothing = digest_of(tidy_code(code[:60]), number), digest_of("", number)
        is_code = crypto.same(given, found.code_digest if found else nothing)
        return found if found and is_code else None

    def booked(self) -> Self:
        return self.filter(state=Booking.BOOKED)

    def visible_to(self, user: User) -> Self:
        """Those of the halls that the officer keeps."""
        return self.filter(slot__line__hall__office__in=user.standing.offices(Power.HALL))


class Appointment(models.Model):
    """Somebody comes at a time. Who, is sealed; number and code open it."""

    number = models.CharField(max_length=20, unique=True)
    code_digest = models.CharField(max_length=64)
    slot = models.ForeignKey(Slot, models.PROTECT, related_name="appointments")
    state = models.CharField(max_length=10, choices=Booking, default=Booking.BOOKED)
    contact = models.BinaryField(help_text=_("Sealed name and phone."))
    phone_index = models.CharField(max_length=32)
    matter = models.CharField(max_length=80, blank=True)
    made_at = models.DateTimeField()
    moves = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    ticket = models.OneToOneField(Ticket, models.PROTECT, null=True, related_name="appointment")

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["slot", "phone_index"], condition=Q(state="booked"), name="appointment_once_a_slot"
            )
        ]
        indexes = [models.Index(fields=["phone_index", "state"], name="appointment_phone")]

    def __str__(self) -> str:
        return self.number

    @property
    def code(self) -> str:
        """The code that opens it: derived, never stored."""
        return code_of(self.number)

    def opened_contact(self) -> Contact:
        """Return who it is. Raises kit.crypto.UnsealError."""
        found = open_contact(self.contact)
        assert found is not None
        return found

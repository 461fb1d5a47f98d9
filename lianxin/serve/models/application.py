"""The application itself: who asks for which service, where it is, and by when it must be decided."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianxin.flow.models import Run, Step
from lianxin.kit.crypto import same
from lianxin.kit.reference import tidy, tidy_code
from lianxin.listen.models import digest_of, open_contact, seal_contact
from lianxin.listen.rules import Contact
from lianxin.people.models import Office, User, phone_index
from lianxin.people.rules import Power
from lianxin.serve.models.service import Service
from lianxin.serve.rules import application as rules
from lianxin.serve.rules.application import Channel, Result, State
from lianxin.serve.rules.catalogue import InFlight
from lianxin.sheets.models import Answer

NUMBER_MARK = "B"  # 办件: after the county's letters, so that a receipt of a voice and one of these are told apart


class ApplicationQuerySet(models.QuerySet["Application"]):
    def visible_to(self, user: User) -> Self:
        """Applications that the officer's offices took in, answer for, or have or had a step of; never a draft."""
        standing = user.standing
        return self.of_offices(
            standing.offices(Power.RECEIVE, Power.DECIDE), standing.offices(Power.PROCESS, Power.DECIDE)
        )

    def of_offices(self, own: Collection[int], steps: Collection[int]) -> Self:
        """Applications that `own` took in or answer for, or of which `steps` have or had a step; never a draft."""
        sent = self.exclude(state=State.DRAFT)
        if not own and not steps:
            return self.none()
        worked = Step.objects.filter(office__in=steps).values("run")
        return sent.filter(Q(office__in=own) | Q(taken_in__in=own) | Q(run__in=worked))

    def with_code(self, number: str, code: str) -> Application | None:
        """The application of this number, if the code is its code; an unknown number takes as long as a wrong code."""
        number = tidy(number[:60])
        found = self.filter(number=number).first()
        given, nothing = digest_of(tidy_code(code[:60]), number), digest_of("", number)
        is_code = same(given, found.code_digest if found else nothing)
        return found if found and is_code else None

    def open(self) -> Self:
        return self.filter(state__in=[s.value for s in rules.OPEN])

    def to_receive(self) -> Self:
        """Handed in, and nobody has said yet whether it is complete."""
        return self.filter(state=State.SUBMITTED)

    def with_clock(self) -> Self:
        return self.filter(state__in=[s.value for s in rules.WORKING], promised_at__isnull=False)

    def overdue(self, at: datetime) -> Self:
        """Past the promised date and not decided."""
        return self.with_clock().filter(promised_at__lte=at)

    def due_soon(self, at: datetime, *, hours: int = 24) -> Self:
        return self.with_clock().filter(promised_at__gt=at, promised_at__lte=at + timedelta(hours=hours))

    def untold(self, at: datetime) -> Self:
        """Handed in so long ago that, untold, they count as accepted."""
        return self.filter(state=State.SUBMITTED, tell_by__lte=at)

    def stale_drafts(self, before: datetime) -> Self:
        return self.filter(state=State.DRAFT, touched_at__lt=before)

    def left_behind(self, day: date) -> Self:
        """Still open, though their service has been abolished and they were to end with it."""
        gone = Service.objects.filter(in_flight=InFlight.WITHDRAW, valid_to__lte=day).values("number")
        live = Service.objects.live(day).values("number")
        undecided = self.filter(state__in=[s.value for s in rules.BEFORE_DECISION - {State.DRAFT}])
        return undecided.filter(service__number__in=gone).exclude(service__number__in=live)

    def newest(self) -> Self:
        return self.order_by("-id")


class Application(models.Model):
    """One request under one version of a service (办件)."""

    number = models.CharField(max_length=24, unique=True)
    code_digest = models.CharField(max_length=64)
    service = models.ForeignKey(Service, models.PROTECT, related_name="applications")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", help_text=_("Who answers for it."))
    taken_in = models.ForeignKey(
        Office, models.PROTECT, null=True, related_name="+", help_text=_("The counter that took it in.")
    )
    clerk = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    channel = models.CharField(max_length=8, choices=Channel)
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    result = models.CharField(max_length=8, choices=Result, blank=True)
    stage = models.CharField(max_length=80, blank=True, help_text=_("The public stage of its process."))

    run = models.OneToOneField(
        Run, models.PROTECT, null=True, related_name="application", help_text=_("Its course along the process.")
    )
    answer = models.ForeignKey(Answer, models.PROTECT, null=True, related_name="+")

    contact = models.BinaryField(null=True, help_text=_("Sealed name, phone, e-mail and address."))
    phone_index = models.CharField(max_length=64, blank=True)
    agent = models.BinaryField(null=True, help_text=_("Sealed name and phone of who applies for the person."))
    unit = models.CharField(max_length=120, blank=True, help_text=_("The unit in whose name it is."))
    draft = models.BinaryField(null=True, help_text=_("Sealed answers while it is not sent yet."))

    begun_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, help_text=_("When it was handed in; the day of the paper."))
    recorded_at = models.DateTimeField(null=True, help_text=_("When it was entered here."))
    received_at = models.DateTimeField(null=True, help_text=_("When the last material was handed in."))
    tell_by = models.DateTimeField(null=True, help_text=_("Untold by then, it counts as accepted."))
    accepted_at = models.DateTimeField(null=True, help_text=_("The clock starts here."))
    deemed = models.BooleanField(default=False, help_text=_("Accepted because nobody said anything in time."))
    promised_at = models.DateTimeField(null=True)
    first_promised_at = models.DateTimeField(null=True, help_text=_("The date first promised, kept for ever."))
    promised_provisional = models.BooleanField(default=False)
    legal_at = models.DateTimeField(null=True)
    legal_provisional = models.BooleanField(default=False)
    decided_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_why = models.CharField(max_length=300, blank=True)
    refusal_basis = models.CharField(max_length=200, blank=True)
    refusal_go_to = models.CharField(max_length=200, blank=True)
    refusal_remedy = models.CharField(max_length=300, blank=True)
    corrections_count = models.PositiveSmallIntegerField(default=0)
    touched_at = models.DateTimeField(help_text=_("The last moment on record; nothing may lie before it."))
    idempotency_key = models.CharField(max_length=80, null=True, unique=True)
    body_digest = models.CharField(max_length=64, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["state", "-id"], name="application_state"),
            models.Index(fields=["office", "-id"], name="application_office"),
            models.Index(fields=["taken_in", "-id"], name="application_taken_in"),
            models.Index(fields=["state", "promised_at"], name="application_clock"),
            models.Index(fields=["state", "tell_by"], name="application_tell"),
            models.Index(fields=["service", "decided_at"], name="application_service"),
            models.Index(fields=["phone_index"], name="application_phone"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"]) | Q(submitted_at__isnull=False),
                name="application_submitted",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "suspended", "deciding", "decided", "delivered"])
                | Q(accepted_at__isnull=False),
                name="application_accepted",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["decided", "delivered"]) | Q(decided_at__isnull=False) & ~Q(result=""),
                name="application_decided",
            ),
            models.CheckConstraint(
                condition=Q(promised_at=None) | Q(first_promised_at__isnull=False), name="application_promise_kept"
            ),
            models.CheckConstraint(
                condition=Q(submitted_at=None) | Q(submitted_at__lte=F("recorded_at")), name="application_entered_after"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def opened_contact(self) -> Contact:
        """Return who asks, for messages and papers made by the system; a person asks `actions.reveal`."""
        return open_contact(self.contact) or Contact()

    def opened_agent(self) -> Contact | None:
        return open_contact(self.agent)

    def ways(self) -> list[tuple[str, str]]:
        """The ways a message can take: to the person, else to who applies for the person."""
        agent = self.opened_agent()
        return self.opened_contact().ways or (agent.ways if agent else [])

    @property
    def is_open(self) -> bool:
        return self.state in rules.OPEN

    def light(self, at: datetime) -> str:
        """Return ok, near, late or wait, as rules.light judges it now."""
        if self.state in (State.SUBMITTED, State.CORRECTION):
            return rules.light(self.tell_by if self.state == State.SUBMITTED else None, at)
        done = self.state not in rules.OPEN or self.state == State.DECIDED
        due = None if self.state == State.SUSPENDED else self.promised_at
        return rules.light(due, at, start=self.accepted_at, done=done)

    @property
    def timeliness(self) -> rules.Timeliness | None:
        """How the decision stands to the date promised; None while either is missing."""
        if self.decided_at is None or self.promised_at is None:
            return None
        return rules.timeliness(self.decided_at, self.promised_at)

    @property
    def is_same_day(self) -> bool:
        return bool(self.submitted_at and self.decided_at and rules.same_day(self.submitted_at, self.decided_at))

    @property
    def minutes(self) -> int | None:
        """Whole minutes from handing in to decision."""
        if self.submitted_at is None or self.decided_at is None:
            return None
        return rules.minutes_between(self.submitted_at, self.decided_at)


def seal_person(contact: Contact) -> tuple[bytes | None, str]:
    """Return a contact sealed, and the blind index of its phone."""
    return seal_contact(contact), phone_index(contact.phone)


def seal_draft(values: dict[str, Any]) -> bytes | None:
    """Return unsent answers sealed as one text: they may hold anything."""
    return seal_contact(Contact(address=json.dumps(values, ensure_ascii=False))) if values else None


def open_draft(application: Application) -> dict[str, Any]:
    """Return the unsent answers."""
    found = open_contact(application.draft)
    values: dict[str, Any] = json.loads(found.address) if found else {}
    return values

"""Encounters: people met at a time and a place. One model; kinds are rows."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianxin.people.models import Campaign, Office, User
from lianxin.people.rules import Power
from lianxin.places.models import Area
from lianxin.record.models.enterprise import Enterprise
from lianxin.record.models.household import Household
from lianxin.record.models.reach import reach_of
from lianxin.record.rules import Mode, Outcome, counts_as_met
from lianxin.sheets.models import Answer


class EncounterKindQuerySet(models.QuerySet["EncounterKind"]):
    def offered(self) -> Self:
        """Those that can be recorded today, in the order of their names."""
        return self.filter(in_use=True).order_by("of", "name")


class EncounterKind(models.Model):
    """A kind of encounter as a county names it: household visit, reconnaissance, chat-and-talk session, study, talk."""

    class Of(models.TextChoices):
        """Whom it is with: decides what is asked, and by which measure word it is counted."""

        HOUSEHOLD = "household", _("a household")
        ENTERPRISE = "enterprise", _("an enterprise or other unit")
        PLACE = "place", _("a place as a whole")
        SESSION = "session", _("a session with several people")

    key = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=40)
    of = models.CharField(max_length=12, choices=Of)
    sheet = models.CharField(max_length=60, blank=True, help_text=_("Key of the checklist that is filled in with it."))
    asks = models.JSONField(
        default=list,
        blank=True,
        help_text=_("Parts of the file that must be filled in, or said to be unchanged, before it is handed in."),
    )
    is_profile = models.BooleanField(default=False, help_text=_("Makes known a place before its doors are visited."))
    late_days = models.PositiveSmallIntegerField(
        default=3, help_text=_("Calendar days after which an entry counts as made late.")
    )
    basis = models.CharField(max_length=200, blank=True, help_text=_("Document on which it rests."))
    in_use = models.BooleanField(default=True)

    objects = EncounterKindQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class EncounterQuerySet(models.QuerySet["Encounter"]):
    def visible_to(self, user: User) -> Self:
        """One's own and those one was part of; those at places, households and enterprises one reaches."""
        if user.standing.everywhere(Power.PLAN):
            return self
        reach = reach_of(user)
        if reach.everywhere:
            return self
        reached = (
            Q(area__in=Area.objects.filter(reach.areas()).values("pk"))
            | Q(household__in=reach.households)
            | Q(enterprise__in=reach.enterprises)
        )
        return self.filter(
            reached
            | Q(recorder=user)
            | Q(pk__in=Encounter.members.through.objects.filter(user=user).values("encounter"))
        )

    def done(self) -> Self:
        """Those that were handed in: what counts."""
        return self.filter(submitted_at__isnull=False)

    def met(self) -> Self:
        """Households really met, face to face (rules.counts_as_met)."""
        return self.done().filter(mode=Mode.FACE, outcome__in=(Outcome.MET, Outcome.REFUSED))

    def between(self, start: datetime, end: datetime) -> Self:
        """Those that were held in [start, end), whenever they were written down."""
        return self.filter(starts_at__gte=start, starts_at__lt=end)

    def for_campaign(self, campaign: Campaign) -> Self:
        """Those that served the campaign; each once, however many campaigns it served."""
        return self.filter(pk__in=Encounter.campaigns.through.objects.filter(campaign=campaign).values("encounter"))


class Encounter(models.Model):
    """One going to somebody, or one sitting together: when, where, who, what was heard and conveyed."""

    kind = models.ForeignKey(EncounterKind, models.PROTECT)
    number = models.CharField(max_length=20, unique=True)
    starts_at = models.DateTimeField(help_text=_("When it was, by the clock of who was there."))
    ends_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(help_text=_("When the county learned of it."))
    submitted_at = models.DateTimeField(null=True, help_text=_("When it was handed in; a draft until then."))
    mode = models.CharField(max_length=8, choices=Mode, default=Mode.FACE)
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.MET)
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True)
    household = models.ForeignKey(Household, models.PROTECT, null=True, blank=True, related_name="encounters")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, null=True, blank=True, related_name="encounters")
    place = models.CharField(max_length=120, blank=True, help_text=_("In words, where no place of the tree fits."))
    office = models.ForeignKey(Office, models.PROTECT, help_text=_("For which office it was."))
    recorder = models.ForeignKey(User, models.PROTECT, related_name="+")
    members = models.ManyToManyField(User, related_name="encounters", help_text=_("Officers who were there."))
    team = models.ForeignKey("record.Team", models.PROTECT, null=True, blank=True, related_name="encounters")
    outing = models.ForeignKey("record.Outing", models.PROTECT, null=True, blank=True, related_name="encounters")
    campaigns = models.ManyToManyField(Campaign, blank=True, related_name="encounters")
    planned = models.BooleanField(default=False)
    headcount = models.PositiveIntegerField(
        null=True, blank=True, help_text=_("How many people were met (person-times).")
    )
    come_back_on = models.DateField(null=True, blank=True, help_text=_("When somebody should go there again."))
    notes = models.TextField(blank=True)
    answer = models.ForeignKey(
        Answer, models.PROTECT, null=True, blank=True, related_name="+", help_text=_("The checklist, filled in.")
    )
    kept = models.BinaryField(null=True, help_text=_("The checklist of a draft, sealed."))
    client_id = models.UUIDField(null=True, unique=True, help_text=_("Given by the phone, so that twice is once."))

    objects = EncounterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at=None) | Q(starts_at__lte=F("ends_at")), name="encounter_times"),
            models.CheckConstraint(
                condition=Q(household=None) | Q(enterprise=None), name="encounter_household_or_enterprise"
            ),
        ]
        indexes = [
            # All that coverage asks: whether a door was met is told without the rows.
            models.Index(
                fields=["household", "starts_at", "mode", "outcome", "submitted_at"], name="encounter_household"
            ),
            models.Index(fields=["area", "starts_at"], name="encounter_area"),
            models.Index(fields=["recorder", "starts_at"], name="encounter_recorder"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_draft(self) -> bool:
        return self.submitted_at is None

    @property
    def counts_as_met(self) -> bool:
        """Whether the household was met, in the sense of “no household omitted”."""
        return not self.is_draft and counts_as_met(self.mode, self.outcome)

    @property
    def is_late(self) -> bool:
        """Whether it was written down long after it was held (I-30); both dates stay."""
        return self.recorded_at - self.starts_at > timedelta(days=self.kind.late_days)


class Amendment(models.Model):
    """One value of an encounter changed after it was handed in: what stood there, what stands there, and why."""

    encounter = models.ForeignKey(Encounter, models.PROTECT, related_name="amendments")
    field = models.CharField(max_length=20)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    because = models.CharField(max_length=200)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.encounter} {self.field}"

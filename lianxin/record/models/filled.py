"""Sheets kept on files: which are asked of what, and what was answered."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxin.ledger.models import Attachment
from lianxin.people.models import User
from lianxin.record.models.change import About, AboutQuerySet
from lianxin.record.models.enterprise import Enterprise
from lianxin.record.models.household import Household, Resident
from lianxin.record.models.village import VillageFile
from lianxin.record.rules import Subject
from lianxin.sheets.models import Answer


class Survey(models.Model):
    """A sheet that is kept on files of one kind: dilapidated houses on households, river reaches on villages."""

    sheet = models.CharField(max_length=60, unique=True, help_text=_("Key of the sheet; its live version is asked."))
    name = models.CharField(max_length=60)
    of = models.CharField(max_length=12, choices=[(subject.value, subject.value) for subject in Subject])
    named_by = models.CharField(
        max_length=40, blank=True, help_text=_("Field that names the thing, where one file holds several: the reach.")
    )
    alarm = models.JSONField(
        default=dict, blank=True, help_text=_("Condition on the answers that must be reported: grade is D.")
    )
    is_profile = models.BooleanField(default=False, help_text=_("It says what a village or community is as a whole."))
    basis = models.CharField(max_length=200, blank=True, help_text=_("Document on which it rests."))
    in_use = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class FilledQuerySet(AboutQuerySet["Filled"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(
            Q(household__in=Household.objects.visible_to(user).values("pk"))
            | Q(resident__in=Resident.objects.visible_to(user).values("pk"))
            | Q(village__in=VillageFile.objects.visible_to(user).values("pk"))
            | Q(enterprise__in=Enterprise.objects.visible_to(user).values("pk"))
        )

    def now(self) -> Self:
        """The last that was said of each thing."""
        return self.filter(is_last=True)

    def saying(self, field: str, value: Any) -> Self:
        """Those that answered so to a field that lies open."""
        return self.filter(**{f"answer__open__{field}": value})


class Filled(About):
    """One sheet answered of one file; the last of each thing is the present one, the others its history."""

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="filled")
    answer = models.OneToOneField(Answer, models.PROTECT, related_name="+")
    called = models.CharField(
        max_length=120, blank=True, help_text=_("The thing of which it is, where there are several.")
    )
    is_last = models.BooleanField(default=True)
    alarms = models.BooleanField(default=False, help_text=_("It must be reported."))
    files = models.ManyToManyField(Attachment, blank=True)
    client_id = models.UUIDField(null=True, unique=True, help_text=_("Given by the phone, so that twice is once."))

    objects = FilledQuerySet.as_manager()

    class Meta(About.Meta):
        constraints = [
            *About.Meta.constraints,
            *(
                models.UniqueConstraint(
                    fields=["survey", subject.value, "called"],
                    condition=Q(is_last=True, **{f"{subject.value}__isnull": False}),
                    name=f"filled_one_last_{subject.value}",
                )
                for subject in Subject
            ),
        ]
        indexes = [models.Index(fields=["survey", "is_last"], name="filled_survey")]

    def __str__(self) -> str:
        return f"{self.survey} {self.subject}"

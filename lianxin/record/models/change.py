"""The history of every value of a file: what it was, what it became, who said so, when, and at which visit."""

from __future__ import annotations

import json
from typing import Self, TypeVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxin.people.models import User
from lianxin.record.models.encounter import Encounter
from lianxin.record.models.enterprise import Enterprise
from lianxin.record.models.household import Household, Resident
from lianxin.record.models.sealed import unseal
from lianxin.record.models.village import VillageFile
from lianxin.record.rules import FIELDS, Subject

T = TypeVar("T", bound="About")
SubjectRow = Household | Resident | VillageFile | Enterprise


def subject_of(thing: SubjectRow) -> Subject:
    """Return of what a row is the file."""
    return _SUBJECTS[type(thing)]


_SUBJECTS: dict[type[models.Model], Subject] = {
    Household: Subject.HOUSEHOLD,
    Resident: Subject.RESIDENT,
    VillageFile: Subject.VILLAGE,
    Enterprise: Subject.ENTERPRISE,
}


def about_one() -> models.CheckConstraint:
    """Return the promise that a row names exactly one subject."""
    names = [subject.value for subject in Subject]
    one = Q()
    for name in names:
        one |= Q(**{f"{other}__isnull": other != name for other in names})
    return models.CheckConstraint(condition=one, name="%(class)s_about_one")


class AboutQuerySet(models.QuerySet[T]):
    def about(self, thing: SubjectRow) -> Self:
        return self.filter(**{subject_of(thing).value: thing})


class About(models.Model):
    """What says something of one file: of a village, a household, a resident or an enterprise."""

    village = models.ForeignKey(VillageFile, models.PROTECT, null=True, related_name="%(class)ss")
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="%(class)ss")
    resident = models.ForeignKey(Resident, models.PROTECT, null=True, related_name="%(class)ss")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, null=True, related_name="%(class)ss")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(help_text=_("When it was said."))
    recorded_at = models.DateTimeField(help_text=_("When it was entered: later, where a notebook was keyed in (I-30)."))
    encounter = models.ForeignKey(Encounter, models.PROTECT, null=True, related_name="%(class)ss")

    class Meta:
        abstract = True
        constraints = [about_one()]

    @property
    def subject(self) -> SubjectRow:
        found = self.village or self.household or self.resident or self.enterprise
        assert found  # the table promises it
        return found


class ChangeQuerySet(AboutQuerySet["Change"]):
    """The lines of history of files."""


class Change(About):
    """One value of a file became another. Never changed itself."""

    field = models.CharField(max_length=30)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    sealed = models.BinaryField(null=True, help_text=_("Both values, where they say who somebody is; sealed."))
    client_id = models.UUIDField(null=True, db_index=True, help_text=_("Given by the phone, so that twice is once."))

    objects = ChangeQuerySet.as_manager()

    class Meta(About.Meta):
        indexes = [models.Index(fields=["at"], name="change_at")]

    def __str__(self) -> str:
        return f"{self.subject} {self.field}"

    @property
    def label(self) -> str:
        """The field as the page calls it."""
        return str(FIELDS[subject_of(self.subject)].get(self.field, self.field))

    def opened(self) -> tuple[str, str]:
        """Return both values; who looks has been asked for the reason."""
        return tuple(json.loads(unseal(self.sealed))) if self.sealed else (self.before, self.after)


class Lineage(models.Model):
    """One file that came out of another: split off, merged into, moved to."""

    earlier = models.ForeignKey(Household, models.PROTECT, related_name="later")
    later = models.ForeignKey(Household, models.PROTECT, related_name="earlier")
    how = models.CharField(max_length=8)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["earlier", "later"], name="lineage_once")]

    def __str__(self) -> str:
        return f"{self.earlier} → {self.later}"

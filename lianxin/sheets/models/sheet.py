"""A sheet in its versions: questions, and what it answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianxin.people.models import User
from lianxin.people.rules import Power
from lianxin.sheets.rules import Definition, Field, Outcome, Purpose, fields_of, outcome

# What a published sheet says. Answers were given to these words, so they stay as they were.
WORDS = frozenset({"key", "version", "title", "purpose", "basis", "fields", "outcomes", "published_at"})


class SheetQuerySet(models.QuerySet["Sheet"]):
    def live(self, at: datetime) -> Self:
        """The versions in use at this moment, one per key."""
        return self.filter(Q(published_at__lte=at), Q(retired_at=None) | Q(retired_at__gt=at))

    def drafts(self) -> Self:
        return self.filter(published_at=None)

    def current(self, key: str, at: datetime) -> Sheet | None:
        """Return the version in use at this moment; None where there is none."""
        return self.live(at).filter(key=key).first()

    def versions_of(self, key: str) -> Self:
        """Every version of one sheet, newest first."""
        return self.filter(key=key).order_by("-version")

    def newest_versions(self) -> Self:
        """The last version of every sheet, a draft before the live one it is to follow."""
        last = Sheet.objects.filter(key=models.OuterRef("key")).order_by("-version").values("pk")[:1]
        return self.filter(pk=models.Subquery(last)).order_by("key")

    def visible_to(self, user: User) -> Self:
        """Sheets, drafts among them, are the matter of whoever keeps the catalogue."""
        return self if user.standing.everywhere(Power.CATALOGUE) else self.none()


class Sheet(models.Model):
    """One version of a form. A published one is never changed: what was answered was answered to its words."""

    key = models.CharField(max_length=60, help_text=_("By which services and pages call it, the same in all versions."))
    version = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=120)
    purpose = models.CharField(max_length=12, choices=Purpose, default=Purpose.APPLICATION)
    basis = models.CharField(max_length=200, blank=True, help_text=_("Law, article and number on which it rests."))
    fields = models.JSONField(default=list, blank=True)
    outcomes = models.JSONField(default=list, blank=True)
    edits = models.PositiveIntegerField(default=0, help_text=_("How often the draft was kept: two hands are noticed."))
    made_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = SheetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "version"], name="sheet_version"),
            models.UniqueConstraint(fields=["key"], condition=Q(published_at=None), name="sheet_one_draft"),
            models.UniqueConstraint(
                fields=["key"], condition=Q(published_at__isnull=False, retired_at=None), name="sheet_one_live"
            ),
            models.CheckConstraint(
                condition=Q(retired_at=None) | Q(published_at__lte=F("retired_at")), name="sheet_dates"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} v{self.version}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refuse to write over a published sheet; actions update named fields only."""
        fields = kwargs.get("update_fields")
        if self.pk and self.published_at and (fields is None or WORDS & set(fields) - {"published_at"}):
            raise TypeError("A published sheet is never changed.")
        super().save(*args, **kwargs)

    @property
    def is_draft(self) -> bool:
        return self.published_at is None

    @property
    def is_live(self) -> bool:
        """In use, as far as is known now: it was published and nobody has retired it."""
        return self.published_at is not None and self.retired_at is None

    @property
    def questions(self) -> tuple[Field, ...]:
        """The fields, read. Raises KeyError, TypeError or ValueError for a draft with faults (see rules.faults)."""
        return fields_of(self.fields)

    @property
    def definition(self) -> Definition:
        """What a file keeps of it."""
        return Definition(self.key, self.title, self.purpose, self.basis, self.fields, self.outcomes)

    def outcome(self, values: dict[str, Any]) -> Outcome | None:
        """Return what the sheet answers to these values; None where it answers nothing."""
        return outcome(self.outcomes, values)

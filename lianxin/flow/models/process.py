"""Processes as they are written, in versions."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianxin.flow import rules
from lianxin.people.models import User


class FrozenError(RuntimeError):
    """A published process is never changed: applications are on their way along it."""


class ProcessQuerySet(models.QuerySet["Process"]):
    def in_force(self, at: datetime) -> Self:
        """The versions by which new runs start at that moment, one of each key."""
        return self.filter(Q(retired_at=None) | Q(retired_at__gt=at), published_at__lte=at)

    def current(self, key: str, at: datetime) -> Process | None:
        """Return the version by which a new run starts at that moment; None where none is in force."""
        return self.in_force(at).filter(key=key).order_by("-version").first()

    def drafts(self) -> Self:
        return self.filter(published_at=None)

    def newest_first(self) -> Self:
        return self.order_by("key", "-version")


class Process(models.Model):
    """One version of a process. A run is pinned to the version it started with."""

    key = models.CharField(max_length=60)
    version = models.PositiveIntegerField(default=1)
    title = models.CharField(max_length=80)
    basis = models.CharField(max_length=200, blank=True, help_text=_("The rule that this road rests on."))
    definition = models.JSONField(default=dict)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    retired_at = models.DateTimeField(null=True)

    objects = ProcessQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "version"], name="process_version"),
            models.UniqueConstraint(fields=["key"], condition=Q(published_at=None), name="process_one_draft"),
            models.UniqueConstraint(
                fields=["key"], condition=Q(published_at__isnull=False, retired_at=None), name="process_one_in_force"
            ),
            models.CheckConstraint(
                condition=Q(retired_at=None) | Q(retired_at__gte=F("published_at")), name="process_published_first"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} v{self.version}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save a draft. Raises FrozenError for what has been published."""
        if self.pk and Process.objects.filter(pk=self.pk, published_at__isnull=False).exists():
            raise FrozenError(f"{self} is published")
        super().save(*args, **kwargs)

    @property
    def is_draft(self) -> bool:
        return self.published_at is None

    @property
    def state(self) -> str:
        """Where the version is in its life: draft, live or retired."""
        if self.published_at is None:
            return "draft"
        return "retired" if self.retired_at else "live"

    @cached_property
    def parsed(self) -> rules.Definition:
        """The definition, read. Of a draft, as far as it can be read; what is published is read once, it is frozen."""
        if self.is_draft:
            return rules.read(self.definition).definition
        known = _READ.get(self.pk)
        if known is None or known[0] != self.definition:
            if len(_READ) >= MOST_READ:
                _READ.clear()
            known = _READ[self.pk] = (self.definition, rules.read(self.definition).definition)
        return known[1]


MOST_READ = 500  # published definitions that a process keeps as it has read them
_READ: dict[int, tuple[dict[str, Any], rules.Definition]] = {}

"""The Merkle log over the events: its nodes, and the seals that say how it stood."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class NodeQuerySet(models.QuerySet["Node"]):
    def at_places(self, places: Iterable[tuple[int, int]]) -> Self:
        """Nodes at these (level, index)."""
        by_level: dict[int, list[int]] = {}
        for level, index in places:
            by_level.setdefault(level, []).append(index)
        wanted = Q(pk__in=[])
        for level, indexes in by_level.items():
            wanted |= Q(level=level, index__in=indexes)
        return self.filter(wanted)

    def hashes(self) -> dict[tuple[int, int], bytes]:
        """Return the hash at each place."""
        return {(level, index): bytes(found) for level, index, found in self.values_list("level", "index", "hash")}


class Node(models.Model):
    """A hash of the Merkle log: level 0 is a leaf, higher levels are complete subtrees (RFC 9162, 2.1)."""

    level = models.PositiveSmallIntegerField()
    index = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    objects = NodeQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["level", "index"], name="node_place")]

    def __str__(self) -> str:
        return f"{self.level}/{self.index}"


class SealQuerySet(models.QuerySet["Seal"]):
    def newest(self) -> Seal | None:
        """Return the seal over the most events."""
        return self.order_by("-size").first()

    def last_of(self, days: Iterable[date]) -> Self:
        """The last seal of each of these days (Asia/Shanghai), newest first; a day without any has none."""
        return self.filter(size__in=[models.Subquery(self._of(day).values("size")[:1]) for day in days]).order_by(
            "-size"
        )

    def _of(self, day: date) -> Self:
        begins = timezone.make_aware(datetime.combine(day, time.min))
        ends = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
        return self.filter(at__gte=begins, at__lt=ends).order_by("-at", "-size")


class Seal(models.Model):
    """A tree head: the root over the first `size` events. The last one of each day is public."""

    size = models.BigIntegerField(unique=True)
    root = models.BinaryField(max_length=32)
    at = models.DateTimeField()
    through = models.DateTimeField(
        null=True,
        help_text=_("Everything written down by then is inside; empty when more was waiting for the next seal."),
    )

    objects = SealQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["at", "size"], name="seal_at")]

    def __str__(self) -> str:
        return f"{self.size} {bytes(self.root).hex()}"


class VerificationQuerySet(models.QuerySet["Verification"]):
    def last(self) -> Verification | None:
        """Return the one that ended last."""
        return self.order_by("-at", "-id").first()


class Verification(models.Model):
    """A passage through the whole log, from its first line to the last one sealed: when, how far, what it found."""

    begun_at = models.DateTimeField()
    at = models.DateTimeField(db_index=True, help_text=_("When it ended."))
    size = models.BigIntegerField(help_text=_("How many sealed lines it looked at."))
    root = models.BinaryField(max_length=32)
    findings = models.PositiveIntegerField(default=0, help_text=_("How many were not as they were sealed."))

    objects = VerificationQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.size} {bytes(self.root).hex()[:12]}"

    @property
    def is_whole(self) -> bool:
        """Whether nothing was found altered, missing or put in."""
        return not self.findings

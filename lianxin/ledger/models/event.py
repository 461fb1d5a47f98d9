"""Events, each written in the transaction of the deed."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from lianxin.ledger.rules import microseconds


class EventQuerySet(models.QuerySet["Event"]):
    def about(self, thing: models.Model) -> Self:
        return self.filter(kind=thing._meta.label_lower, key=thing.pk)

    def unsealed(self) -> Self:
        return self.filter(position=None)

    def sealed(self) -> Self:
        return self.exclude(position=None)

    def settled_by(self, moment: datetime) -> Self:
        """Events written down so long before that those beside them are committed too."""
        return self.filter(recorded_at__lte=moment)

    def in_order(self) -> Self:
        return self.order_by("at", "id")


class Event(models.Model):
    """Something that was done: who, what, to what, when. Written in the transaction of the deed, never changed.

    Who did it is kept as the number and the name of that moment, not as a foreign key: a record must still read the
    same after a person has left, and the ledger must stand below the app that owns people (ADR 0002).
    """

    verb = models.CharField(max_length=60)
    kind = models.CharField(max_length=60)
    key = models.BigIntegerField()
    label = models.CharField(max_length=120, blank=True)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=80, blank=True)
    behalf_id = models.BigIntegerField(null=True)
    behalf_name = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField(help_text=_("When it happened."))
    recorded_at = models.DateTimeField(help_text=_("When it was written down."))
    data = models.JSONField(default=dict)
    position = models.BigIntegerField(
        null=True, unique=True, help_text=_("Its leaf in the Merkle log; empty until sealed.")
    )

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["kind", "key", "at"], name="event_about"),
            models.Index(fields=["id"], name="event_unsealed", condition=models.Q(position=None)),
            models.Index(fields=["by_id", "at"], name="event_by"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.label}"

    def facts(self) -> dict[str, Any]:
        """Return everything that the seal covers, in a form that reads the same on every database."""
        return {
            "id": self.pk,
            "verb": self.verb,
            "kind": self.kind,
            "key": self.key,
            "label": self.label,
            "by": [self.by_id, self.by_name],
            "behalf": [self.behalf_id, self.behalf_name],
            "at": microseconds(self.at),
            "recorded_at": microseconds(self.recorded_at),
            "data": self.data,
        }

"""Files that people hand in."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Attachment(models.Model):
    """A file as it was received: sniffed, measured, stripped of what a camera adds, stored by its hash."""

    class Trust(models.TextChoices):
        """How far a file is to be believed (State Council guide 国办函〔2016〕108号, levels A to D)."""

        ISSUED = "A", _("issued by an office")
        SEEN = "B", _("checked at a counter")
        GIVEN = "C", _("handed in, not checked")
        MADE = "D", _("made by the person")

    sha256 = models.CharField(max_length=64, db_index=True)
    name = models.CharField(max_length=200)
    mime = models.CharField(max_length=80)
    size = models.BigIntegerField()
    trust = models.CharField(max_length=1, choices=Trust, default=Trust.GIVEN)
    stored = models.CharField(max_length=200)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        # Not the name: people put their own into it, and what is said here is kept in the ledger for ever.
        return f"{self.mime} {self.sha256[:12]}"

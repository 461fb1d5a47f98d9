"""What was answered to one version of a sheet; what says who somebody is lies sealed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from lianxin.kit import crypto
from lianxin.people.models import User, key_of
from lianxin.places.models import Area
from lianxin.sheets.models.sheet import Sheet
from lianxin.sheets.rules import Kind, Line, fields_of, lines


def seal_values(values: Mapping[str, Any]) -> bytes | None:
    """Return values sealed for the database, or nothing where there are none."""
    if not values:
        return None
    return crypto.seal(json.dumps(dict(values), ensure_ascii=False), key=key_of("sheets.answer"))


def open_values(sealed: bytes | memoryview | None) -> dict[str, Any]:
    """Return the values that were sealed. Raises kit.crypto.UnsealError when altered, or when the key is another."""
    if not sealed:
        return {}
    found: dict[str, Any] = json.loads(crypto.unseal(bytes(sealed), key=key_of("sheets.answer")))
    return found


def names_of(fields: list[dict[str, Any]], values: Mapping[str, Any]) -> dict[str, str]:
    """Return the names of the places among the values, by their numbers."""
    found = [values[each.key] for each in fields_of(fields) if each.kind is Kind.AREA and each.key in values]
    if not found:
        return {}
    return {str(area.pk): str(area) for area in Area.objects.filter(pk__in=found).defer("outline")}


class Answer(models.Model):
    """One sheet filled in. A correction is a new answer; this one stays what it was."""

    sheet = models.ForeignKey(Sheet, models.PROTECT, related_name="answers")
    open = models.JSONField(default=dict, blank=True, help_text=_("Values that say nothing of who somebody is."))
    sealed = models.BinaryField(null=True, help_text=_("Values that do, sealed."))
    by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", help_text=_("None: the person, without a clerk.")
    )
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.sheet} #{self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refuse any second writing."""
        if self.pk:
            raise TypeError("An answer is never changed; a correction is a new one.")
        super().save(*args, **kwargs)

    @property
    def values(self) -> dict[str, Any]:
        """Everything that was answered, opened, in the order of the sheet. Raises kit.crypto.UnsealError."""
        found = self.open | open_values(self.sealed)
        return {each["key"]: found[each["key"]] for each in self.sheet.fields if each["key"] in found}

    def lines(self, *, masked: bool = True) -> list[Line]:
        """Return the answers in words; what says who somebody is hidden, unless asked for by who may see it."""
        values = self.values
        return lines(self.sheet.fields, values, areas=names_of(self.sheet.fields, values), masked=masked)

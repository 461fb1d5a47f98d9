"""Keys to the house: tokens of machines, and residents' phone codes."""

from __future__ import annotations

from django.db import models

from lianxin.people.models.officer import User


class Token(models.Model):
    """A key with which a machine acts as an officer; only its digest is kept."""

    user = models.ForeignKey(User, models.PROTECT)
    digest = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=60, blank=True)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class PhoneCode(models.Model):
    """A code sent to a resident's phone to sign in; neither the phone nor the code is kept readable."""

    phone_index = models.CharField(max_length=64, db_index=True)
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d %H:%M}"

"""Badges of who sits at the windows: what the person answers for, and who stands in."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from lianxin.people.models import Post, User
from lianxin.serve.models.hall import Window


class BadgeQuerySet(models.QuerySet["Badge"]):
    def valid(self) -> Self:
        """Badges that no later one has replaced."""
        return self.filter(void_at=None)


class Badge(models.Model):
    """A badge as it was printed; a change of the post makes it outdated until another is printed."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="badges")
    holder = models.ForeignKey(User, models.PROTECT, related_name="badges")
    window = models.ForeignKey(Window, models.PROTECT, null=True, related_name="badges")
    backup = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", help_text=_("Who stands in."))
    title = models.CharField(max_length=60)
    duties = models.CharField(max_length=200, help_text=_("What one may ask this person for."))
    key = models.CharField(max_length=16, unique=True, help_text=_("In the code on the badge."))
    printed_at = models.DateTimeField()
    printed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    void_at = models.DateTimeField(null=True)

    objects = BadgeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder"], condition=models.Q(void_at=None), name="badge_one_each")
        ]

    def __str__(self) -> str:
        return f"{self.holder} {self.title}"

    def is_outdated(self, on: date) -> bool:
        """Tell whether the post, its holder, its title or the window is no longer what the badge says."""
        moved = self.post.holder_id != self.holder_id or not self.post.is_on(on) or self.post.title != self.title
        gone = self.window is not None and self.window.closed_on is not None
        return bool(self.void_at) or moved or gone or not self.holder.is_active

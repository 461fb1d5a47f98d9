"""The diary of who goes from door to door: private until shared."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxin.ledger.models import Attachment
from lianxin.people.models import Office, User
from lianxin.people.rules import Power
from lianxin.record.models.encounter import Encounter


class DiaryQuerySet(models.QuerySet["Diary"]):
    def visible_to(self, user: User) -> Self:
        """One's own; what was shared, also for who plans visits over that office. What is private stays private."""
        if user.standing.everywhere(Power.PLAN):
            return self.filter(Q(author=user) | Q(shared_at__isnull=False))
        over = Q(shared_at__isnull=False, office__in=user.standing.offices(Power.PLAN, Power.OVERSEE))
        return self.filter(Q(author=user) | over)


class Diary(models.Model):
    """One entry. A growth note is never counted or scored (VIS-41)."""

    author = models.ForeignKey(User, models.PROTECT, related_name="diary")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", help_text=_("Where the author worked then."))
    on = models.DateField()
    place = models.CharField(max_length=120, blank=True)
    text = models.TextField()
    encounter = models.ForeignKey(Encounter, models.PROTECT, null=True, blank=True, related_name="diary")
    photos = models.ManyToManyField(Attachment, blank=True)
    is_growth = models.BooleanField(default=False)
    written_at = models.DateTimeField()
    shared_at = models.DateTimeField(null=True, help_text=_("When it was handed in; private until then."))
    comment = models.CharField(max_length=500, blank=True)
    commented_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    commented_at = models.DateTimeField(null=True)

    objects = DiaryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(comment="", commented_at=None) | Q(commented_at__isnull=False, shared_at__isnull=False),
                name="diary_commented_once_shared",
            ),
        ]
        indexes = [models.Index(fields=["author", "on"], name="diary_author")]

    def __str__(self) -> str:
        return f"{self.author} {self.on}"

"""Who is linked to whom: a cadre to a village, a leader to an enterprise, a helper to a household."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from lianxin.people.models import Office, Post, User
from lianxin.people.rules import Power
from lianxin.places.models import Area
from lianxin.record.models.enterprise import Enterprise
from lianxin.record.models.household import Household
from lianxin.record.models.reach import reach_of
from lianxin.record.rules import Tie


class LinkQuerySet(models.QuerySet["Link"]):
    def on(self, day: date) -> Self:
        return self.filter(Q(starts__lte=day), Q(ends=None) | Q(ends__gt=day))

    def overlapping(self, starts: date, ends: date | None) -> Self:
        """Those that hold on some day of [starts, ends)."""
        begun = self.filter(starts__lt=ends) if ends else self
        return begun.filter(Q(ends=None) | Q(ends__gt=starts)).exclude(ends=F("starts"))

    def of(self, *users: User) -> Self:
        return self.filter(user__in=users)

    def held(self, day: date) -> Self:
        """Those of that day whose person is still there: active, with a post in the office whose link it is.

        An office's own link is held as long as it runs.
        """
        posts = Post.objects.on(day).filter(holder=OuterRef("user"), office__path__startswith=OuterRef("office__path"))
        return self.on(day).filter(Q(user=None) | Q(user__is_active=True) & Exists(posts))

    def orphaned(self, day: date) -> Self:
        """Those that still run although their person has gone: to be handed over (I-15)."""
        return self.on(day).exclude(pk__in=self.model.objects.held(day).values("pk"))

    def visible_to(self, user: User) -> Self:
        """One's own, those of the places one reaches, and all of them for who keeps links."""
        if user.standing.everywhere(Power.LINK):
            return self
        reach = reach_of(user)
        places = reach.areas("area__") | reach.areas("household__area__") | reach.areas("enterprise__area__")
        kept = Q(office__in=user.standing.offices(Power.LINK))
        return self.filter(places | kept | Q(user=user)).distinct()


class Link(models.Model):
    """One person, or one office, linked to one place, household or enterprise between two dates."""

    tie = models.CharField(max_length=12, choices=Tie)
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="links")
    office = models.ForeignKey(Office, models.PROTECT, help_text=_("Whose link it is: of the person, or its own."))
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="links")
    household = models.ForeignKey(Household, models.PROTECT, null=True, blank=True, related_name="links")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, null=True, blank=True, related_name="links")
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True, help_text=_("The first day on which it no longer holds."))
    duties = models.CharField(max_length=200, blank=True)
    ended_because = models.CharField(max_length=120, blank=True)
    follows = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="followers", help_text=_("The link that was handed over.")
    )

    objects = LinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(area__isnull=False, household=None, enterprise=None)
                | Q(area=None, household__isnull=False, enterprise=None)
                | Q(area=None, household=None, enterprise__isnull=False),
                name="link_to_one",
            ),
            models.CheckConstraint(condition=Q(ends=None) | Q(starts__lte=F("ends")), name="link_dates"),
        ]
        indexes = [models.Index(fields=["user", "ends"], name="link_now")]

    def __str__(self) -> str:
        return f"{self.user or self.office} {self.get_tie_display()}"

    @property
    def to(self) -> Area | Household | Enterprise:
        """To what it goes."""
        found = self.area or self.household or self.enterprise
        assert found is not None
        return found

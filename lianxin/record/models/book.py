"""Paper books of a village's files (民情档案本): volumes, the villages they cover, and pages scanned back."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from lianxin.ledger.models import Attachment
from lianxin.people.models import User
from lianxin.places.models import Area
from lianxin.record.models.reach import reach_of


class BookQuerySet(models.QuerySet["Book"]):
    def visible_to(self, user: User) -> Self:
        """Books of which a village is reached."""
        reach = reach_of(user)
        if reach.everywhere:
            return self
        within = Book.areas.through.objects.filter(area__in=Area.objects.filter(reach.areas()).values("pk"))
        return self.filter(pk__in=within.values("book"))


class Book(models.Model):
    """One volume. A village may fill several, and a volume may hold several villages: each is counted for itself."""

    number = models.CharField(max_length=40, unique=True, help_text=_("As it stands on the cover."))
    title = models.CharField(max_length=120)
    areas = models.ManyToManyField(Area, related_name="books", help_text=_("Villages that it covers."))
    pages = models.PositiveSmallIntegerField(null=True)
    begun_on = models.DateField(null=True)
    kept_at = models.CharField(max_length=120, blank=True, help_text=_("Where the paper lies."))

    objects = BookQuerySet.as_manager()

    def __str__(self) -> str:
        return self.number


class Scan(models.Model):
    """One page of a book as a picture, looked at by a second pair of eyes before it counts as kept."""

    book = models.ForeignKey(Book, models.PROTECT, related_name="scans")
    page = models.PositiveSmallIntegerField()
    file = models.ForeignKey(Attachment, models.PROTECT)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    checked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["book", "page"], name="scan_page")]

    def __str__(self) -> str:
        return f"{self.book} {self.page}"

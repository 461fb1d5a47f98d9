"""One file per household (一户一档), and who lives there."""

from __future__ import annotations

from datetime import date, datetime
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from lianxin.kit.identity import check_id
from lianxin.kit.text import query_grams
from lianxin.ledger.models import GramsField
from lianxin.people.models import User, phone_index
from lianxin.places.models import Area
from lianxin.record.models.book import Book
from lianxin.record.models.reach import reach_of
from lianxin.record.models.sealed import identity_index
from lianxin.record.rules import Ending, Gone, Of, Presence, Sex

FOUND_MOST = 200  # households under one telephone


class HouseholdQuerySet(models.QuerySet["Household"]):
    def visible_to(self, user: User) -> Self:
        """Files of the places and households this officer reaches."""
        return self.filter(reach_of(user).homes())

    def open(self) -> Self:
        return self.filter(closed_at=None)

    def within(self, area: Area) -> Self:
        """Households of the area and of all that lies in it."""
        return self.filter(area__in=Area.objects.within(area).values("pk"))

    def search(self, words: str) -> Self:
        """Households that hold all these words: names of who lives there, the door, the number; in either script."""
        tokens = query_grams(words)
        return self.filter(grams__holds=tokens) if tokens else self.none()

    def find(self, words: str) -> Self:
        """Households by name, door or number; a phone or an identity number is looked up by its index, unread."""
        index = phone_index(words)
        number = identity_index(words) if check_id(words).is_valid else ""
        if not index and not number:
            return self.search(words)
        who = Q(phone_index=index) if index and not number else Q(identity_index=number)
        # A few at most: by their numbers they are looked up, not sought among all that are reached.
        living = Resident.objects.living().filter(who).values_list("household", flat=True)[:FOUND_MOST]
        found = self.filter(pk__in=list(living))
        return found if number or len(words) > 6 else found | self.search(words)

    def unverified_since(self, moment: datetime) -> Self:
        """Live files that nobody has said to be right since then."""
        return self.open().filter(Q(verified_at__lt=moment) | Q(verified_at=None, opened_at__lt=moment))

    def in_difficulty(self, day: date) -> Self:
        """Households of which a difficulty is written down and has not ended."""
        held = Q(facts__starts=None) | Q(facts__starts__lte=day), Q(facts__ends=None) | Q(facts__ends__gt=day)
        named = Household.objects.filter(*held, facts__kind__of=Of.DIFFICULTY, pk=OuterRef("pk"))
        return self.filter(Exists(named))


class Household(models.Model):
    """The one live file of a household."""

    number = models.CharField(max_length=24, unique=True, help_text=_("Number of the file."))
    area = models.ForeignKey(Area, models.PROTECT, help_text=_("The lowest place known: group, compound or building."))
    door = models.CharField(max_length=80, blank=True, help_text=_("House number, door."))
    called = models.CharField(max_length=40, help_text=_("The name of its head, as the file is called by."))
    presence = models.CharField(max_length=8, choices=Presence, default=Presence.LIVING)
    noticed_at = models.DateTimeField(
        null=True, help_text=_("When the household was told why this is kept, who sees it and how long (PIPL art. 35).")
    )
    declined_at = models.DateTimeField(null=True, help_text=_("When it said that it would rather not be asked."))
    verified_at = models.DateTimeField(null=True, help_text=_("When somebody last said that all of it is right."))
    verified_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    code_digest = models.CharField(
        max_length=64, blank=True, help_text=_("Of the code by which the household sees its own file.")
    )
    book = models.ForeignKey(Book, models.PROTECT, null=True, related_name="households")
    page = models.PositiveSmallIntegerField(null=True, help_text=_("Page of the book."))
    source = models.CharField(max_length=120, blank=True, help_text=_("Paper book and page, or list and row."))
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    ending = models.CharField(max_length=8, choices=Ending, blank=True)
    grams = GramsField(default="")

    objects = HouseholdQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at=None, ending="") | Q(closed_at__isnull=False) & ~Q(ending=""),
                name="household_closed_with_reason",
            ),
            models.UniqueConstraint(
                fields=["area", "door", "called"], condition=Q(closed_at=None), name="household_one_live_file"
            ),
        ]
        indexes = [
            models.Index(fields=["area", "door", "id"], name="household_area"),
            models.Index(fields=["verified_at"], name="household_verified", condition=Q(closed_at=None)),
        ]

    def __str__(self) -> str:
        return self.number


class ResidentQuerySet(models.QuerySet["Resident"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(reach_of(user).homes("household__"))

    def living(self) -> Self:
        """Those who still belong to their household."""
        return self.filter(left_on=None)


class Resident(models.Model):
    """One person of a household. Who a person is lies sealed but for the name; officers see it masked (domain §6.4)."""

    household = models.ForeignKey(Household, models.PROTECT, related_name="residents")
    name = models.CharField(max_length=60)
    relation = models.CharField(max_length=20, blank=True, help_text=_("To the head of the household."))
    is_head = models.BooleanField(default=False)
    sex = models.CharField(max_length=6, choices=Sex, blank=True)
    born_on = models.DateField(null=True)
    is_registered = models.BooleanField(default=True, help_text=_("Registered here; tenants and guests are not."))
    is_here = models.BooleanField(default=True, help_text=_("Lives here now; away for work or study if not."))
    identity = models.BinaryField(null=True, help_text=_("Identity number, sealed."))
    identity_index = models.CharField(max_length=64, blank=True)
    identity_reason = models.CharField(
        max_length=120, blank=True, help_text=_("Why a number that fails its check is kept all the same.")
    )
    phone = models.BinaryField(null=True, help_text=_("Sealed."))
    phone_index = models.CharField(max_length=64, blank=True)
    more = models.BinaryField(null=True, help_text=_("Political status and health, sealed."))
    joined_on = models.DateField(null=True)
    left_on = models.DateField(null=True)
    left_because = models.CharField(max_length=8, choices=Gone, blank=True)
    before = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="after", help_text=_("The same person in an earlier household.")
    )

    objects = ResidentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["household"], condition=Q(is_head=True, left_on=None), name="household_one_head"
            ),
        ]
        indexes = [
            # Whole indexes, not partial ones: SQLite cannot match a condition to a bound parameter.
            models.Index(fields=["identity_index"], name="resident_identity"),
            models.Index(fields=["phone_index"], name="resident_phone"),
        ]

    def __str__(self) -> str:
        return f"{self.household} #{self.pk}"

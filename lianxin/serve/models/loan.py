"""Files lent out: the rule of the day, the ledger of loans, and its weekly review."""

from __future__ import annotations

from datetime import date, datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianxin.kit.clock import local
from lianxin.listen.models import open_contact
from lianxin.listen.rules import Contact
from lianxin.people.models import Office, Post, User
from lianxin.people.rules import Holding, Power


class LoanRuleQuerySet(models.QuerySet["LoanRule"]):
    def on(self, day: date) -> Self:
        return self.filter(Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gt=day))

    def naming(self, user: User) -> Self:
        """Rules that name a post of this officer, or of whom the officer stands in for, to sign or to review."""
        named = [rule.pk for rule in self.select_related("approver", "reviewer") if rule.names(user)]
        return self.filter(pk__in=named)


class LoanRule(models.Model):
    """Whose signature lends a file, for how long, and who looks at the ledger each week; a change is a new row."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="loan_rules")
    approver = models.ForeignKey(Post, models.PROTECT, related_name="+")
    reviewer = models.ForeignKey(
        Post, models.PROTECT, null=True, related_name="+", help_text=_("Looks at the ledger each week.")
    )
    delegated = models.BooleanField(default=False, help_text=_("The signature was handed down to this post."))
    days = models.PositiveSmallIntegerField(help_text=_("Calendar days until the file is due back."))
    basis = models.CharField(max_length=200)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    objects = LoanRuleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["office"], condition=Q(valid_to=None), name="loan_rule_one_open"),
            models.CheckConstraint(condition=Q(delegated=False) | Q(reviewer__isnull=False), name="loan_rule_control"),
            models.CheckConstraint(condition=Q(reviewer=None) | ~Q(reviewer=F("approver")), name="loan_rule_two_posts"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="loan_rule_dates"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office} {self.valid_from}"

    def names(self, user: User) -> bool:
        """Tell whether the rule names a post that the officer holds, or stands in for."""
        return any(post is not None and holding_as(user, post) for post in (self.approver, self.reviewer))


class LoanReview(models.Model):
    """One week's look at the ledger, signed; also where the week had no entry."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="loan_reviews")
    week = models.DateField(help_text=_("Its Monday."))
    entries = models.PositiveIntegerField()
    remark = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "week"], name="loan_review_week")]

    def __str__(self) -> str:
        return f"{self.office} {self.week}"


class LoanQuerySet(models.QuerySet["Loan"]):
    def visible_to(self, user: User) -> Self:
        """Those of the offices in which one works on files, and those whose signature or review is one's own."""
        standing = user.standing
        rules = LoanRule.objects.naming(user)
        return self.filter(Q(office__in=standing.offices(Power.PROCESS, Power.DECIDE)) | Q(rule__in=rules))

    def out(self) -> Self:
        return self.filter(lent_at__isnull=False, returned_at=None)

    def overdue(self, at: datetime) -> Self:
        return self.out().filter(due_on__lt=local(at).date())

    def unreviewed(self) -> Self:
        """Files that went out by a rule that asks for a review, and that nobody has reviewed yet."""
        return self.filter(lent_at__isnull=False, review=None, rule__reviewer__isnull=False)


class Loan(models.Model):
    """One file lent to one borrower. Whose file it is and who fetches it is sealed."""

    number = models.CharField(max_length=20, unique=True)
    office = models.ForeignKey(Office, models.PROTECT, related_name="loans")
    rule = models.ForeignKey(LoanRule, models.PROTECT, related_name="loans")
    file_no = models.CharField(max_length=40)
    subject = models.BinaryField(help_text=_("Sealed: whose file it is."))
    unit = models.CharField(max_length=80, help_text=_("Which office or firm borrows it."))
    borrower = models.BinaryField(help_text=_("Sealed: who fetches it, with phone."))
    purpose = models.CharField(max_length=200)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    granted = models.BooleanField(null=True)
    words = models.CharField(max_length=200, blank=True)
    lent_at = models.DateTimeField(null=True)
    due_on = models.DateField(null=True)
    pages = models.PositiveIntegerField(null=True)
    returned_at = models.DateTimeField(null=True)
    pages_back = models.PositiveIntegerField(null=True)
    condition = models.CharField(max_length=200, blank=True)
    review = models.ForeignKey(LoanReview, models.PROTECT, null=True, related_name="loans")

    objects = LoanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["office", "file_no"],
                condition=Q(returned_at=None) & (Q(granted=True) | Q(granted=None)),
                name="loan_one_at_once",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")), name="loan_no_self_approval"
            ),
            models.CheckConstraint(condition=Q(lent_at=None) | Q(granted=True), name="loan_granted_first"),
        ]
        indexes = [models.Index(fields=["office", "-id"], name="loan_office")]

    def __str__(self) -> str:
        return self.number

    def opened(self) -> tuple[Contact, Contact]:
        """Return whose file it is and who fetches it. Raises kit.crypto.UnsealError."""
        subject, borrower = open_contact(self.subject), open_contact(self.borrower)
        assert subject is not None
        assert borrower is not None
        return subject, borrower


def holding_as(user: User, post: Post) -> Holding | None:
    """Return by which holding the officer is what a post names, own posts first.

    A new holder of a post is a new row, so the post is known by its office, its title and its role.
    """
    own = sorted(user.standing.holdings, key=lambda holding: holding.behalf is not None)
    same = Post.objects.filter(pk__in=[h.post_id for h in own], office=post.office_id, title=post.title, role=post.role)
    pks = set(same.values_list("pk", flat=True))
    return next((holding for holding in own if holding.post_id in pks), None)

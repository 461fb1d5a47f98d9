"""The case itself, what feeds it, what offices owe on it (账), and when its clock stood still."""

from __future__ import annotations

from datetime import datetime, timedelta
from heapq import nlargest
from typing import Self

from django.db import models
from django.db.models import F, Min, Q
from django.utils.translation import gettext_lazy as _

from lianxin.kit.clock import ZONE, Term, Unit
from lianxin.kit.text import grams, query_grams, similarity
from lianxin.ledger.models import GramsField
from lianxin.listen.models import Item, Subject
from lianxin.listen.rules import Kind, Level
from lianxin.people.models import Office, User
from lianxin.people.rules import Power
from lianxin.places.models import Area
from lianxin.resolve import rules
from lianxin.resolve.rules import Part, Result, State, TaskState

SIMILAR_AMONG = 1000  # open cases that are compared with what somebody is typing
SIMILAR_FROM = 0.2  # likeness from which two texts may be about one matter; measured on the demo county


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, user: User) -> Self:
        """Cases in which the officer's offices have or had a part; all of them for county-wide roles."""
        return self.within(user.standing.scope(Power.SEE_CASES))

    def within(self, offices: frozenset[int] | None) -> Self:
        """Cases in which these offices have or had a part; all of them for None."""
        if offices is None:
            return self
        if not offices:
            return self.none()
        return self.filter(Q(office__in=offices) | Q(pk__in=Task.objects.filter(office__in=offices).values("case")))

    def open(self) -> Self:
        return self.filter(state__in=[s.value for s in rules.OPEN])

    def with_clock(self) -> Self:
        """Cases whose clock runs; a reopened one runs again before it is dispatched."""
        return self.filter(state__in=[s.value for s in rules.RUNNING], due_at__isnull=False)

    def overdue(self, at: datetime) -> Self:
        return self.with_clock().filter(due_at__lte=at)

    def due_soon(self, at: datetime, *, hours: int = 24) -> Self:
        return self.with_clock().filter(due_at__gt=at, due_at__lte=at + timedelta(hours=hours))

    def search(self, words: str) -> Self:
        """Cases that hold all these words, in either script; also by number."""
        tokens = query_grams(words)
        return self.filter(grams__holds=tokens) if tokens else self.none()

    def similar_open(self, text: str, *, limit: int = 5) -> list[Case]:
        """Return the open cases most like this text, the likest first.

        Only the newest SIMILAR_AMONG open cases are compared, so that the cost does not grow with the years. What a
        stranger may see of them is subject, area and how many people said it (Case.shown), never a title or a word.
        """
        own = grams(text)
        among = self.open().order_by("-id").values_list("pk", "grams")[:SIMILAR_AMONG]
        alike = ((similarity(own, other), pk) for pk, other in among)
        best = [pk for likeness, pk in nlargest(limit, alike) if likeness >= SIMILAR_FROM]
        found = self.model.objects.select_related("subject", "area").in_bulk(best)
        return [found[pk] for pk in best]

    def newest(self) -> Self:
        return self.order_by("-id")


class Case(models.Model):
    """A matter to be settled, fed by the items of one or many voices."""

    number = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=120)
    summary = models.TextField(blank=True)
    subject = models.ForeignKey(Subject, models.PROTECT, null=True)
    kind = models.CharField(max_length=12, choices=Kind, blank=True)
    level = models.CharField(max_length=10, choices=Level, blank=True)
    area = models.ForeignKey(Area, models.PROTECT, null=True)
    place = models.CharField(max_length=120, blank=True)
    office = models.ForeignKey(
        Office, models.PROTECT, related_name="+", help_text=_("Who registered it and owns the road.")
    )
    state = models.CharField(max_length=12, choices=State, default=State.REGISTERED)
    result = models.CharField(max_length=12, choices=Result, blank=True)
    result_text = models.TextField(blank=True)
    root_cause = models.CharField(max_length=200, blank=True)
    since = models.DateField(
        null=True, blank=True, help_text=_("Since when the problem exists, where it is an old one.")
    )
    major = models.BooleanField(default=False)
    coordinator = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    sponsor = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", help_text=_("The leader who answers for it.")
    )
    lead = models.ForeignKey(Office, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    dispatched_at = models.DateTimeField(
        null=True, help_text=_("The clock starts here and is never started again by an edit.")
    )
    limit_value = models.PositiveSmallIntegerField(null=True)
    limit_unit = models.CharField(max_length=12, blank=True)
    limit_rolls = models.BooleanField(default=False)
    limit_basis = models.CharField(max_length=200, blank=True)
    clock_office = models.ForeignKey(
        Office, models.PROTECT, null=True, related_name="+", help_text=_("By whose hours the term is counted.")
    )
    first_due_at = models.DateTimeField(
        null=True, help_text=_("The date first promised; kept when a later one is approved.")
    )
    due_at = models.DateTimeField(null=True)
    due_provisional = models.BooleanField(default=False)
    finished_at = models.DateTimeField(null=True)
    effect_on = models.DateField(null=True, help_text=_("When the person felt it."))
    reexamined_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    reopened = models.PositiveSmallIntegerField(default=0)
    hops = models.PositiveSmallIntegerField(default=0, help_text=_("How often it was returned."))
    voices = models.PositiveIntegerField(default=0, help_text=_("How many items feed it."))
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    split_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="split")
    grams = GramsField(default="")

    objects = CaseQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["state", "-id"], name="case_state"),
            models.Index(fields=["office", "-id"], name="case_office"),
            models.Index(fields=["lead", "-id"], name="case_lead"),
            models.Index(fields=["area", "-id"], name="case_area"),
            models.Index(fields=["subject", "-id"], name="case_subject"),
            # Whole, not partial: SQLite cannot match a condition on state to a bound parameter.
            models.Index(fields=["state", "due_at"], name="case_clock"),
            models.Index(fields=["opened_at"], name="case_opened"),
            models.Index(fields=["state"], name="case_major", condition=Q(major=True)),  # few among very many
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_at=None) | Q(first_due_at__isnull=False), name="case_first_due_kept"
            ),
            models.CheckConstraint(
                condition=~Q(state="handling")
                | Q(dispatched_at__isnull=False, lead__isnull=False, coordinator__isnull=False),
                name="case_handling_has_owner",
            ),
            models.CheckConstraint(
                condition=Q(result="merged", merged_into__isnull=False) | ~Q(result="merged") & Q(merged_into=None),
                name="case_merged",
            ),
            models.CheckConstraint(condition=Q(closed_at__isnull=False) | ~Q(state="closed"), name="case_closed_at"),
            models.CheckConstraint(condition=Q(voices__gte=0), name="case_voices"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def term(self) -> Term | None:
        """The time limit as it was when the clock started."""
        if self.limit_value is None:
            return None
        return Term(self.limit_value, Unit(self.limit_unit), rolls=self.limit_rolls, basis=self.limit_basis)

    @property
    def heard_at(self) -> datetime:
        """When the first person behind it spoke; when it was registered, if it feeds on nobody's voice any more."""
        first: datetime | None = self.joins.aggregate(first=Min("item__voice__received_at"))["first"]
        return first or self.opened_at

    @property
    def days_to_effect(self) -> int | None:
        """Calendar days from the first word to the felt effect."""
        return self.days_from(self.heard_at) if self.effect_on else None

    def days_from(self, heard_at: datetime) -> int | None:
        """Calendar days from a moment that is known already to the felt effect."""
        return (self.effect_on - heard_at.astimezone(ZONE).date()).days if self.effect_on else None

    def light(self, at: datetime) -> str:
        """Return ok, near, late or wait, as rules.light judges it now."""
        done = self.state in (State.ANSWERED, State.CLOSED)
        return rules.light(None if self.state == State.SUSPENDED else self.due_at, at, done=done)


class TaskQuerySet(models.QuerySet["Task"]):
    def visible_to(self, user: User) -> Self:
        standing = user.standing
        if standing.everywhere(Power.SEE_CASES):
            return self
        return self.filter(office__in=standing.offices(Power.SEE_CASES))

    def owed_by(self, user: User) -> Self:
        """Open tasks that this officer, or someone he stands in for, has to do."""
        return self.filter(state=TaskState.OPEN, office__in=user.standing.offices(Power.HANDLE))

    def overdue(self, at: datetime) -> Self:
        """Open tasks past their date whose case's clock runs: who waits for an approved pause is not late."""
        return self.filter(state=TaskState.OPEN, due_at__lte=at, case__state__in=rules.RUNNING)


class Task(models.Model):
    """What one office owes on a case: lead or assist, with a due date."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="tasks")
    office = models.ForeignKey(Office, models.PROTECT, related_name="tasks")
    part = models.CharField(max_length=6, choices=Part)
    wish = models.TextField(blank=True, help_text=_("What is asked of the office."))
    handler = models.ForeignKey(User, models.PROTECT, null=True)
    state = models.CharField(max_length=10, choices=TaskState, default=TaskState.OPEN)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    report = models.TextField(blank=True)
    forced = models.BooleanField(default=False, help_text=_("The coordinator ruled; it may not be returned again."))

    objects = TaskQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["office", "state", "due_at"], name="task_open"),
            models.Index(fields=["office", "case"], name="task_office"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "office"], condition=Q(state="open"), name="task_one_open_per_office"
            ),
            models.UniqueConstraint(fields=["case"], condition=Q(state="open", part="lead"), name="task_one_lead"),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.office}"


class Join(models.Model):
    """An item feeds a case. Merging moves joins, so nobody who must be answered is lost."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="joins")
    item = models.OneToOneField(Item, models.PROTECT, related_name="join")
    first_case = models.ForeignKey(Case, models.PROTECT, related_name="+", help_text=_("Where it was joined first."))
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True)

    def __str__(self) -> str:
        return f"{self.item} → {self.case}"


class Pause(models.Model):
    """The clock stood still, by approval, with a date for review."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="pauses")
    starts = models.DateTimeField()
    ends = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200)
    approved_by = models.ForeignKey(User, models.PROTECT)
    review_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends=None) | Q(starts__lte=F("ends")), name="pause_order"),
            models.UniqueConstraint(fields=["case"], condition=Q(ends=None), name="pause_one_open"),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.starts:%Y-%m-%d}"


class SavedFilter(models.Model):
    """A way of looking at the list that an officer wants to keep."""

    user = models.ForeignKey(User, models.PROTECT)
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=400)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="filter_name")]

    def __str__(self) -> str:
        return self.name

"""Runs of processes. The open steps are the tokens: there is no other record of where something stands."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q

from lianxin.flow import rules
from lianxin.flow.models.process import Process
from lianxin.ledger.models.sentence import Sentence
from lianxin.people.models import Office, User


class Run(models.Model):
    """One thing on its way along a process."""

    process = models.ForeignKey(Process, models.PROTECT, related_name="runs")
    facts = models.JSONField(default=dict)
    offices = models.JSONField(default=dict)  # key of the definition to number of the office
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None, result="") | (Q(ended_at__gte=F("started_at")) & ~Q(result="")),
                name="run_ends_with_result",
            )
        ]

    def __str__(self) -> str:
        return f"{self.process} #{self.pk}"

    @property
    def is_over(self) -> bool:
        return self.ended_at is not None

    def open_nodes(self) -> set[str]:
        """Return where its tokens stand."""
        return {node for (node,) in _OPEN_NODES.rows(run=self.pk)}

    def done_nodes(self) -> set[str]:
        """Return the nodes whose last step was finished, not withdrawn; with the end where it is over."""
        closed = self.steps.filter(closed_at__isnull=False).exclude(outcome=rules.WITHDRAWN)
        return set(closed.values_list("node", flat=True)) - self.open_nodes()


class StepQuerySet(models.QuerySet["Step"]):
    def open(self) -> Self:
        return self.filter(closed_at=None)

    def for_office(self, *offices: Office) -> Self:
        """Steps that these offices owe."""
        return self.for_offices([office.pk for office in offices])

    def escalated(self) -> Self:
        """Open steps of which a timer has told the heads, the oldest first."""
        return self.open().filter(escalated_at__isnull=False).order_by("escalated_at", "id")

    def for_offices(self, numbers: Iterable[int]) -> Self:
        """Steps that the offices of these numbers owe."""
        return self.filter(office__in=list(numbers))

    def overdue(self, at: datetime) -> Self:
        return self.open().filter(due_at__lte=at)

    def ringing(self, at: datetime) -> Self:
        """Open steps with a timer whose time has come, the longest overdue first."""
        return self.open().filter(rings_at__lte=at).order_by("rings_at", "id")

    def most_urgent_first(self) -> Self:
        return self.order_by(F("due_at").asc(nulls_last=True), "id")


class Step(models.Model):
    """A token at a node: something that an office, the person or the calendar owes."""

    run = models.ForeignKey(Run, models.PROTECT, related_name="steps")
    node = models.CharField(max_length=40)
    title = models.CharField(max_length=60)
    stage = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=10, choices=rules.Kind)
    office = models.ForeignKey(Office, models.PROTECT, null=True, related_name="+")
    stops_clock = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    due_provisional = models.BooleanField(default=False)
    rings_at = models.DateTimeField(null=True)
    rung = models.PositiveSmallIntegerField(default=0)  # how many of its timers have rung
    warned_at = models.DateTimeField(null=True)  # when who owes it was reminded
    escalated_at = models.DateTimeField(null=True)  # when the heads were told
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=40, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = StepQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "node"], condition=Q(closed_at=None), name="step_one_token"),
            models.CheckConstraint(
                condition=Q(closed_at=None, outcome="", by=None)
                | (Q(closed_at__gte=F("opened_at"), rings_at=None) & ~Q(outcome="")),
                name="step_closed_with_outcome",
            ),
            models.CheckConstraint(condition=~Q(kind=rules.Kind.TASK.value, office=None), name="step_office"),
        ]
        indexes = [
            models.Index(fields=["office", "due_at"], name="step_inbox", condition=Q(closed_at=None)),
            models.Index(fields=["rings_at"], name="step_timer", condition=Q(rings_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.node} #{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def definition_node(self) -> rules.Node:
        """What the definition says of it."""
        return self.run.process.parsed.by_key[self.node]

    @property
    def outcomes(self) -> tuple[rules.Outcome, ...]:
        """How it can come out."""
        return self.definition_node.outcomes

    @property
    def decides(self) -> bool:
        """Whether who finishes it signs the decision."""
        return self.definition_node.decides

    @property
    def outcome_label(self) -> str:
        """How it came out, in the words of the definition."""
        found = self.definition_node.outcome(self.outcome)
        return found.label if found else ""


_OPEN_NODES = Sentence(lambda run: Step.objects.open().filter(run=run).values_list("node"))

"""Documents with number, code and fingerprint; what was decided; the words that documents are made of."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianxin.kit.reference import tidy
from lianxin.ledger.models import Attachment
from lianxin.people.models import Office, User
from lianxin.serve.models.application import Application
from lianxin.serve.rules.application import DECISIONS, Paper, Result, Verified


class Wording(models.Model):
    """The title and words of one kind of document, in one version; kept by the county, not by the program."""

    paper = models.CharField(max_length=12, choices=Paper)
    service_number = models.CharField(max_length=40, blank=True, help_text=_("Of one service only; empty: of all."))
    version = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=60)
    body = models.TextField(help_text=_("Paragraphs with {{placeholders}}."))
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["paper", "service_number", "version"], name="wording_version")]

    def __str__(self) -> str:
        return f"{self.title} {self.version}"

    @classmethod
    def in_use(cls, paper: str, service_number: str = "") -> Wording:
        """Return the newest words of a document, those of the service before those of all. Raises DoesNotExist."""
        fitting = cls.objects.filter(paper=paper, service_number__in=["", service_number])
        return fitting.latest("service_number", "version")


class DocumentQuerySet(models.QuerySet["Document"]):
    def with_code(self, code: str) -> Document | None:
        """The document of this verification code, however it was typed."""
        related = self.select_related("application__service", "office", "replaced_by")
        return related.filter(code=tidy(code[:60])).first()

    def decisions(self) -> Self:
        return self.filter(paper__in=[paper.value for paper in DECISIONS])

    def in_force(self) -> Self:
        return self.filter(revoked_at=None, replaced_by=None)


class Document(models.Model):
    """A document that left the house: its number, its code, and the fingerprint of the very file."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="documents")
    paper = models.CharField(max_length=12, choices=Paper)
    number = models.CharField(max_length=60, unique=True)
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField(help_text=_("Running number of the year."))
    title = models.CharField(max_length=60)
    code = models.CharField(max_length=24, unique=True, help_text=_("What the checking page asks for."))
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64, db_index=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    replaced_by = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaces")
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    revoked_why = models.CharField(max_length=300, blank=True)
    fetched_at = models.DateTimeField(null=True, help_text=_("When the person first fetched it."))

    objects = DocumentQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["application", "paper"], name="document_of")]
        constraints = [
            models.UniqueConstraint(fields=["year", "serial"], name="document_serial"),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_why="") | Q(revoked_at__isnull=False) & ~Q(revoked_why=""),
                name="document_revoked_why",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refuse to change what left the house; what became of it is written by named fields."""
        fields = kwargs.get("update_fields")
        if self.pk and (fields is None or not set(fields) <= _LATER):
            raise TypeError("A document that was issued is never changed.")
        super().save(*args, **kwargs)

    @property
    def standing(self) -> Verified:
        """Whether it is in force, replaced or revoked."""
        if self.revoked_at:
            return Verified.REVOKED
        return Verified.REPLACED if self.replaced_by_id else Verified.GENUINE


_LATER = {"replaced_by", "revoked_at", "revoked_by", "revoked_why", "fetched_at"}


class OwedPaper(models.Model):
    """A receipt that the person is owed since a moment: handing in does not wait for a printer, the worker makes it."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="owed_papers")
    paper = models.CharField(max_length=12, choices=Paper)
    at = models.DateTimeField(help_text=_("The day that will stand on it."))
    rows = models.JSONField(default=list, help_text=_("What it lists: name of the material, and how it came."))
    issued_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "paper", "at"], name="owed_paper_once")]
        indexes = [models.Index(fields=["id"], name="owed_paper_open", condition=Q(issued_at=None))]

    def __str__(self) -> str:
        return f"{self.application} {self.paper}"


class Decision(models.Model):
    """What was decided on an application: proposed by one, signed by one, two persons where the service asks for it."""

    application = models.OneToOneField(Application, models.PROTECT, related_name="decision")
    result = models.CharField(max_length=8, choices=Result)
    explanation = models.TextField(blank=True, help_text=_("What was examined and found; of a denial, why."))
    basis = models.CharField(max_length=300, blank=True)
    alternatives = models.TextField(blank=True, help_text=_("What the person can do instead."))
    remedy = models.TextField(blank=True, help_text=_("Where and until when one can object."))
    valid_from = models.DateField(null=True)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    two_person = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(two_person=False) | Q(signed_by=None) | ~Q(signed_by=F("proposed_by")),
                name="decision_two_people",
            ),
            models.CheckConstraint(
                condition=Q(signed_at=None, signed_by=None) | Q(signed_at__isnull=False, signed_by__isnull=False),
                name="decision_signed",
            ),
            models.CheckConstraint(
                condition=~Q(result="denied") | ~Q(explanation="") & ~Q(basis="") & ~Q(remedy=""),
                name="decision_denial_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application} {self.result}"

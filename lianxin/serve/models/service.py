"""A service of the catalogue in its versions, what must be brought for it, and what was decided about keeping it."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianxin.kit.clock import Term, Unit
from lianxin.kit.text import query_grams
from lianxin.ledger.models import Attachment, GramsField
from lianxin.people.models import Office, User
from lianxin.people.models.calendar import UNITS as UNIT_WORDS
from lianxin.serve.rules.catalogue import Form, InFlight, Kind, Necessity, Source, State, Verdict

UNITS = [(unit.value, unit.value) for unit in Unit]


class ServiceQuerySet(models.QuerySet["Service"]):
    def live(self, on: date) -> Self:
        """The versions that count on this day: one per number; what is abolished counts until the day it ends."""
        return self.exclude(state=State.DRAFT).filter(Q(valid_from__lte=on), Q(valid_to=None) | Q(valid_to__gt=on))

    def drafts(self) -> Self:
        return self.filter(state=State.DRAFT)

    def newest_versions(self) -> Self:
        """The last version of every service, a draft before the live one it is to follow."""
        last = Service.objects.filter(number=models.OuterRef("number")).order_by("-version").values("pk")[:1]
        return self.filter(pk=models.Subquery(last))

    def search(self, words: str) -> Self:
        """Services that hold all these words, in either script; also by number."""
        tokens = query_grams(words)
        return self.filter(grams__holds=tokens) if tokens else self.none()

    def asked_for(self, *, words: str = "", theme: str = "", office: str = "", way: str = "") -> Self:
        """What somebody looks for; `way` is apply, no_visit or on_the_spot."""
        found = self.search(words) if words else self
        if theme:
            found = found.filter(theme__contains=theme)
        if office:
            found = found.filter(office_name=office)
        if way == "apply":
            return found.exclude(Q(sheet_key="") | Q(process_key=""))
        if way == "no_visit":
            return found.filter(visits=0)
        return found.filter(kind=Kind.ON_THE_SPOT) if way == Kind.ON_THE_SPOT else found

    def published(self, number: str) -> Self:
        """Every version of one service that was ever published, the newest first."""
        return self.filter(number=number).exclude(state=State.DRAFT).order_by("-version")

    def shown(self, number: str, day: date, version: int | None = None) -> Service | None:
        """The version asked for, else the one of that day, else the newest one; None for what was never published."""
        versions = list(self.published(number)) if "\x00" not in number else []
        if version is not None:
            return next((each for each in versions if each.version == version), None)
        return next((each for each in versions if each.counts_on(day)), versions[0] if versions else None)

    def for_applying(self, on: date) -> Self:
        """Services that can be applied for here on this day: they have a form and a process."""
        return self.live(on).exclude(Q(sheet_key="") | Q(process_key=""))

    def in_order(self) -> Self:
        """As a list is read: by office, then by number."""
        return self.order_by("office_name", "number", "-version")


class Service(models.Model):
    """One version of a service (政务服务事项). What an application began under is never changed."""

    number = models.CharField(
        max_length=40, help_text=_("By which people and offices call it, the same in all versions.")
    )
    version = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True, help_text=_("The first day on which it no longer counts."))

    name = models.CharField(max_length=200)
    also_called = models.CharField(max_length=200, blank=True, help_text=_("What people call it."))
    base_code = models.CharField(max_length=12, blank=True, help_text=_("Code of the national catalogue."))
    code = models.CharField(max_length=36, blank=True, help_text=_("Code of the implementation list."))
    authority = models.CharField(max_length=40, blank=True, help_text=_("Kind of power: licence, public service, …"))
    level = models.CharField(max_length=20, blank=True, help_text=_("Level of government that exercises it."))
    theme = models.CharField(max_length=120, blank=True)
    audience = models.CharField(max_length=120, blank=True, help_text=_("Who it is for, as the list says it."))
    basis = models.TextField(blank=True, help_text=_("Law, article and number on which it rests."))
    basis_url = models.URLField(max_length=400, blank=True)

    office = models.ForeignKey(Office, models.PROTECT, null=True, blank=True, related_name="services")
    office_name = models.CharField(max_length=60, blank=True, help_text=_("As it was called when this was written."))
    partners = models.CharField(max_length=200, blank=True, help_text=_("Offices that take part."))

    kind = models.CharField(max_length=12, choices=Kind, blank=True)
    legal_value = models.PositiveSmallIntegerField(null=True, blank=True)
    legal_unit = models.CharField(max_length=12, choices=UNITS, blank=True)
    legal_basis = models.CharField(max_length=200, blank=True)
    promised_value = models.PositiveSmallIntegerField(null=True, blank=True)
    promised_unit = models.CharField(max_length=12, choices=UNITS, blank=True)
    promised_basis = models.CharField(max_length=200, blank=True)

    conditions = models.TextField(blank=True)
    course = models.TextField(blank=True, help_text=_("The way it goes, in words."))
    special = models.CharField(
        max_length=200, blank=True, help_text=_("Hearing, inspection, expertise: days not counted.")
    )
    quota = models.CharField(max_length=120, blank=True)
    is_free = models.BooleanField(null=True)
    fees = models.JSONField(default=list, blank=True, help_text=_("Rows of name, amount, basis."))
    places = models.JSONField(default=list, blank=True, help_text=_("Rows of name, address, hours, phone."))
    visits = models.PositiveSmallIntegerField(null=True, blank=True, help_text=_("How often one must come."))
    visits_reason = models.CharField(max_length=200, blank=True, help_text=_("Why one must come at all."))
    sends_by_post = models.BooleanField(null=True)
    online_url = models.URLField(max_length=400, blank=True, help_text=_("Where it is done on another site."))
    result = models.CharField(max_length=120, blank=True)
    result_sample = models.ForeignKey(Attachment, models.PROTECT, null=True, blank=True, related_name="+")
    remedies = models.TextField(blank=True)
    consult_phone = models.CharField(max_length=400, blank=True)
    complaint_phone = models.CharField(max_length=200, blank=True)
    questions = models.JSONField(default=list, blank=True, help_text=_("Rows of question, answer."))

    needs_no_material = models.BooleanField(default=False, help_text=_("Said, not merely left empty."))

    sheet_key = models.CharField(max_length=60, blank=True)
    process_key = models.CharField(max_length=60, blank=True)
    self_check_key = models.CharField(max_length=60, blank=True)
    lists = models.JSONField(default=list, blank=True, help_text=_("Keys of the dated lists that decide."))
    two_person = models.BooleanField(
        default=False, help_text=_("What is stated must be checked by two (licensing law).")
    )
    publishes_result = models.BooleanField(default=False)

    in_flight = models.CharField(
        max_length=10,
        choices=InFlight,
        blank=True,
        help_text=_("Of an abolished one: what becomes of open applications."),
    )
    source = models.CharField(max_length=120, blank=True, help_text=_("The list it was brought in from."))
    gaps = models.JSONField(default=list, blank=True)
    gap_count = models.PositiveSmallIntegerField(default=0)
    grams = GramsField(default="")
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = ServiceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number", "version"], name="service_version"),
            models.UniqueConstraint(fields=["number"], condition=Q(state="draft"), name="service_one_draft"),
            models.UniqueConstraint(
                fields=["number"], condition=~Q(state="draft") & Q(valid_to=None), name="service_one_open"
            ),
            models.CheckConstraint(condition=Q(valid_to=None) | Q(valid_from__lte=F("valid_to")), name="service_dates"),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(valid_from__isnull=False), name="service_live_has_day"
            ),
        ]
        indexes = [
            models.Index(fields=["office_name", "number"], name="service_order"),
            models.Index(fields=["state", "valid_to"], name="service_state"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def promised(self) -> Term | None:
        """Within which time the office says it will decide; None where nobody has said."""
        return _term(self.promised_value, self.promised_unit, self.promised_basis)

    @property
    def legal(self) -> Term | None:
        """Within which time the law says it must be decided; None where nobody has said."""
        return _term(self.legal_value, self.legal_unit, self.legal_basis)

    @property
    def promised_words(self) -> str:
        """The promised time limit as it is said; empty where nobody has said."""
        return self._said(self.promised)

    @property
    def legal_words(self) -> str:
        """The time limit of the law as it is said; empty where nobody has said."""
        return self._said(self.legal)

    def _said(self, term: Term | None) -> str:
        if self.kind == Kind.ON_THE_SPOT and not term:
            return gettext("on the spot")
        return f"{term.value} {UNIT_WORDS[term.unit]}" if term else ""

    @property
    def can_be_applied_for(self) -> bool:
        """It has a form and a process, so that it is done here and not only described."""
        return bool(self.sheet_key and self.process_key)

    def counts_on(self, day: date) -> bool:
        """Tell whether this version is the one that counts on that day."""
        if self.state == State.DRAFT or self.valid_from is None:
            return False
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


def _term(value: int | None, unit: str, basis: str) -> Term | None:
    return None if value is None or not unit else Term(value, Unit(unit), basis=basis)


class Material(models.Model):
    """Something that must be brought for a service."""

    service = models.ForeignKey(Service, models.CASCADE, related_name="materials")
    place = models.PositiveSmallIntegerField(default=0, help_text=_("Where it stands in the list."))
    key = models.SlugField(max_length=40)
    name = models.CharField(max_length=330)
    form = models.CharField(max_length=12, choices=Form, blank=True)
    copies = models.PositiveSmallIntegerField(null=True, blank=True)
    size = models.CharField(max_length=40, blank=True)
    necessity = models.CharField(max_length=12, choices=Necessity, blank=True)
    when = models.JSONField(default=dict, blank=True, help_text=_("On which answers it is needed; empty: always."))
    source = models.CharField(max_length=12, choices=Source, blank=True)
    issuer = models.CharField(max_length=80, blank=True)
    later = models.BooleanField(default=False, help_text=_("May be supplied later."))
    standard = models.CharField(max_length=300, blank=True, help_text=_("When it is taken."))
    basis = models.CharField(max_length=200, blank=True)
    sample = models.ForeignKey(Attachment, models.PROTECT, null=True, blank=True, related_name="+")
    blank_form = models.ForeignKey(Attachment, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["place", "id"]
        constraints = [models.UniqueConstraint(fields=["service", "key"], name="material_key")]

    def __str__(self) -> str:
        return self.name


class Review(models.Model):
    """What was decided when the catalogue was cleaned up: the service is kept, adjusted or abolished."""

    service = models.ForeignKey(Service, models.PROTECT, related_name="reviews", help_text=_("The version looked at."))
    verdict = models.CharField(max_length=10, choices=Verdict)
    reason = models.CharField(max_length=300)
    basis = models.CharField(max_length=200, blank=True)
    on = models.DateField(help_text=_("From which day it counts."))
    in_flight = models.CharField(max_length=10, choices=InFlight, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["on"], name="review_on")]

    def __str__(self) -> str:
        return f"{self.service.number}: {self.verdict}"

    @property
    def facts(self) -> dict[str, Any]:
        """What the ledger keeps of it."""
        return {"verdict": self.verdict, "on": self.on.isoformat(), "reason": self.reason, "in_flight": self.in_flight}

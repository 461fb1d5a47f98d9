"""Telephones that carry files from door to door, and what they send back."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.kit import crypto
from lianxin.ledger.models import Attachment
from lianxin.people.models import Post, User, key_of
from lianxin.people.rules import Power
from lianxin.record.models.household import Household
from lianxin.record.models.reach import reach_of

SLACK = timedelta(minutes=2)  # how far ahead of the county's clock a deed may seem to lie, for the way a message takes


def seal_entry(content: dict[str, Any]) -> bytes:
    """Return what a phone has sent, sealed: it is kept only until it is settled."""
    return crypto.seal(json.dumps(content, ensure_ascii=False), key=key_of("record.entry"))


def open_entry(sealed: bytes | memoryview) -> dict[str, Any]:
    """Return what was sealed. Raises kit.crypto.UnsealError where the key is another."""
    found: dict[str, Any] = json.loads(crypto.unseal(bytes(sealed), key=key_of("record.entry")))
    return found


class HandsetQuerySet(models.QuerySet["Handset"]):
    def visible_to(self, user: User) -> Self:
        """One's own; all of them for who keeps accounts; those of the own office for its head."""
        if user.standing.everywhere(Power.ACCOUNTS):
            return self
        offices = user.standing.offices(Power.ACCOUNTS, Power.SUBSTITUTE)
        return self.filter(Q(user=user) | Q(user__in=Post.objects.filter(office__in=offices).values("holder")))

    def carried(self) -> Self:
        """Those that nobody has asked to be emptied."""
        return self.filter(wipe_asked_at=None)


class Handset(models.Model):
    """A telephone on which an officer carries files, with a key of its own; only the digest of the key is kept."""

    client_id = models.UUIDField(unique=True, help_text=_("By which it knows itself before a PIN has opened it."))
    user = models.ForeignKey(User, models.PROTECT, related_name="handsets")
    name = models.CharField(max_length=60, help_text=_("As its officer calls it."))
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    seen_at = models.DateTimeField(help_text=_("When it was last heard of."))
    version = models.PositiveSmallIntegerField(default=0, help_text=_("Of the app that it runs."))
    waiting = models.PositiveIntegerField(default=0, help_text=_("How much waited on it to be sent, as it last said."))
    skew = models.BigIntegerField(default=0, help_text=_("Seconds by which its clock was behind when last heard of."))
    wipe_asked_at = models.DateTimeField(null=True)
    wipe_asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    wipe_reason = models.CharField(max_length=200, blank=True)
    wiped_at = models.DateTimeField(null=True, help_text=_("When it said that nothing is on it any more."))

    objects = HandsetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(wipe_asked_at=None, wipe_reason="") | Q(wipe_asked_at__isnull=False) & ~Q(wipe_reason=""),
                name="handset_wiped_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} #{self.pk}"

    def moment_of(self, made_at: datetime, *, skew: int | None, received_at: datetime) -> tuple[datetime, bool]:
        """Return when a deed was by the county's clock, and whether the phone's clock could not be believed.

        The phone says what its clock read, and by how much that clock was wrong when it had last been compared. Where
        this leads into the future or before the phone had its key, the comparison of this contact is tried; where that
        fails too, the deed is dated to its arrival and marked.
        """
        for seconds in (skew, self.skew):
            if seconds is None:
                continue
            moment = _shifted(made_at, seconds)
            if moment is not None and self.made_at - SLACK <= moment <= received_at + SLACK:
                return min(moment, received_at), False
        return received_at, True


def _shifted(moment: datetime, seconds: int) -> datetime | None:
    try:
        return moment + timedelta(seconds=seconds)
    except OverflowError:
        return None


class SentQuerySet(models.QuerySet["Sent"]):
    def visible_to(self, user: User) -> Self:
        """One's own; those about files that one keeps; those of handsets one may look after that are of no file yet."""
        if user.standing.everywhere(Power.ARCHIVE):
            return self
        reach = reach_of(user)
        kept = Household.objects.filter(reach.areas("area__")).values("pk")
        own = Q(handset__user=user)
        if not user.standing.may(Power.ARCHIVE, anywhere=True):
            return self.filter(own)
        colleagues = Post.objects.filter(office__in=user.standing.offices(Power.ARCHIVE)).values("holder")
        return self.filter(own | Q(household__in=kept) | Q(household=None, handset__user__in=colleagues))

    def open(self) -> Self:
        """What waits for somebody: refused, set aside, or in conflict."""
        return self.filter(settled_at=None).exclude(state=Sent.State.DONE)


class Sent(models.Model):
    """One entry that a phone has sent, and what came of it: whoever sends it again is told the same."""

    class State(models.TextChoices):
        DONE = "done", pgettext_lazy("what a phone sent", "taken")
        CONFLICT = "conflict", pgettext_lazy("what a phone sent", "two have changed the same")
        REFUSED = "refused", pgettext_lazy("what a phone sent", "could not be taken")
        ASIDE = "aside", pgettext_lazy("what a phone sent", "set aside: its officer may not visit any more")

    class Kind(models.TextChoices):
        VISIT = "visit", pgettext_lazy("what a phone sent", "visit")
        VOICE = "voice", pgettext_lazy("what a phone sent", "what was heard")
        CHANGE = "change", pgettext_lazy("what a phone sent", "change in a file")
        RESIDENT = "resident", pgettext_lazy("what a phone sent", "new resident")
        ANSWER = "answer", pgettext_lazy("what a phone sent", "checklist")
        DIARY = "diary", pgettext_lazy("what a phone sent", "diary")
        SETTLE = "settle", pgettext_lazy("what a phone sent", "choice between two changes")

    client_id = models.UUIDField(unique=True)
    handset = models.ForeignKey(Handset, models.PROTECT, related_name="sent")
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=10, choices=State)
    digest = models.CharField(max_length=64)
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(help_text=_("What the clock of the phone read."))
    deed_at = models.DateTimeField(help_text=_("When it was, by the county's clock."))
    doubtful = models.BooleanField(default=False, help_text=_("The clock of the phone could not be believed."))
    received_at = models.DateTimeField()
    thing = models.CharField(max_length=40, blank=True)
    key = models.BigIntegerField(null=True)
    result = models.JSONField(default=dict)
    words = models.CharField(max_length=500, blank=True)
    content = models.BinaryField(null=True, help_text=_("What was sent, sealed, until it is settled."))
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    settled_how = models.CharField(max_length=200, blank=True)

    objects = SentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["handset", "received_at"], name="sent_handset"),
            models.Index(fields=["received_at"], name="sent_open", condition=Q(settled_at=None) & ~Q(state="done")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.client_id}"

    @property
    def opened(self) -> dict[str, Any]:
        """What was sent, as long as it is kept."""
        return open_entry(self.content) if self.content else {}


class ConflictQuerySet(models.QuerySet["Conflict"]):
    def open(self) -> Self:
        return self.filter(settled_at=None)


class Conflict(models.Model):
    """One field that a phone wanted to change while somebody else had changed it; nothing was overwritten."""

    class Choice(models.TextChoices):
        MINE = "mine", _("what the phone sent")
        THEIRS = "theirs", _("what stands in the file")

    sent = models.ForeignKey(Sent, models.PROTECT, related_name="conflicts")
    field = models.CharField(max_length=60)
    content = models.BinaryField(help_text=_("What the phone had seen, what stands there, what it sent; sealed."))
    choice = models.CharField(max_length=6, choices=Choice, blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = ConflictQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sent", "field"], name="conflict_field"),
            models.CheckConstraint(
                condition=Q(settled_at=None, choice="") | Q(settled_at__isnull=False) & ~Q(choice=""),
                name="conflict_settled_with_choice",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sent} {self.field}"

    @property
    def opened(self) -> dict[str, Any]:
        """Base, theirs and mine."""
        return open_entry(self.content)


class Upload(models.Model):
    """A photo or a recording that comes in pieces; when the last one is here, it becomes an attachment."""

    client_id = models.UUIDField(unique=True)
    handset = models.ForeignKey(Handset, models.PROTECT, related_name="uploads")
    name = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    received = models.PositiveIntegerField(default=0)
    begun_at = models.DateTimeField()
    attachment = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(received__lte=F("size")), name="upload_within_size")]

    def __str__(self) -> str:
        return f"upload {self.client_id}"


class Piece(models.Model):
    """Some bytes of a file that is not whole yet."""

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="pieces")
    start = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["upload", "start"], name="piece_start")]

    def __str__(self) -> str:
        return f"{self.upload} from {self.start}"

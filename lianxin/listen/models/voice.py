"""The voice and its items."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianxin.kit.crypto import same
from lianxin.kit.reference import tidy, tidy_code
from lianxin.kit.text import query_grams
from lianxin.ledger.models import Attachment, GramsField
from lianxin.listen.models.contact import digest_of, open_contact
from lianxin.listen.models.subject import Subject
from lianxin.listen.rules import Channel, Contact, Decline, Identity, Kind, Level, Mode, Outcome
from lianxin.people.models import Office, Post, User
from lianxin.people.rules import Power, Standing
from lianxin.places.models import Area
from lianxin.record.models import Encounter, Household


class VoiceQuerySet(models.QuerySet["Voice"]):
    def visible_to(self, user: User) -> Self:
        """Voices that this officer may open; who spoke is a second question (rules.shows_identity).

        A letter is open to its addressee, or who stands in for him, and to the letter clerk of that very office, until
        it is handed on. After that, and with every other voice, it is open to who hears or sorts for its office; but
        what a household said at its door only to who recorded it, to who reaches it, and to who sorts for all.
        """
        standing = user.standing
        letters = Q(addressee__in=standing.posts()) | Q(addressee__office__in=clerk_of(standing))
        if standing.everywhere(Power.TRIAGE):
            own = Q()
        else:
            own = Q(office__in=standing.offices(Power.HEAR, Power.TRIAGE), household=None)
            if standing.may(Power.HEAR, anywhere=True) or standing.may(Power.VISIT, anywhere=True):
                own |= Q(recorder=user)
            if standing.powers & {Power.VISIT, Power.ARCHIVE}:
                own |= Q(household__in=Household.objects.visible_to(user).values("pk"))
        return self.filter(own & (Q(addressee=None) | Q(handed_on_at__isnull=False)) | letters)

    def with_code(self, number: str, code: str) -> Voice | None:
        """The voice of this receipt, if the code is its code; an unknown receipt takes as long as a wrong code."""
        number = tidy(number[:60])
        voice = self.filter(number=number).first()
        given, nothing = digest_of(tidy_code(code[:60]), number), digest_of("", number)
        is_code = same(given, voice.code_digest if voice else nothing)
        return voice if voice and is_code else None

    def search(self, words: str) -> Self:
        """Voices that hold all these words, in either script; also by number."""
        tokens = query_grams(words)
        if not tokens:
            return self.none()
        return self.filter(Q(grams__holds=tokens) | Q(number=tidy(words[:60])))

    def waiting(self) -> Self:
        """Voices with something still to be sorted."""
        return self.filter(sorted_at=None)

    def overdue(self, at: datetime) -> Self:
        """Voices that ought to have been sorted by now."""
        return self.waiting().filter(triage_due_at__lte=at)

    def letters(self) -> Self:
        return self.filter(addressee__isnull=False)

    def unread(self) -> Self:
        """Letters that neither the addressee nor who stands in for him has read."""
        return self.letters().filter(read_at=None)

    def heard(self, start: datetime, end: datetime) -> Self:
        """Voices received in [start, end)."""
        return self.filter(received_at__gte=start, received_at__lt=end)


def clerk_of(standing: Standing) -> set[int]:
    """Return the offices whose letters this person registers: the very offices, not those below them."""
    return {holding.office_id for holding in standing.holdings if Power.READ_LETTERS in holding.powers}


class Voice(models.Model):
    """What one person said once, through one channel. Its words are never changed."""

    number = models.CharField(max_length=20, unique=True, help_text=_("The receipt number."))
    code_digest = models.CharField(max_length=64)
    channel = models.CharField(max_length=12, choices=Channel)
    mode = models.CharField(max_length=6, choices=Mode)
    identity = models.CharField(max_length=12, choices=Identity)
    kind = models.CharField(max_length=12, choices=Kind, blank=True)
    text = models.TextField()
    contact = models.BinaryField(null=True, help_text=_("Sealed name, phone, e-mail and address."))
    phone_index = models.CharField(
        max_length=64, blank=True, help_text=_("Finds voices of one phone without reading it.")
    )
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True)
    place = models.CharField(max_length=120, blank=True)
    same_as = models.CharField(
        max_length=20, blank=True, help_text=_("The case that the person found and says is the same matter.")
    )
    wants_reply = models.BooleanField(default=True)
    addressee = models.ForeignKey(
        Post, models.PROTECT, null=True, blank=True, help_text=_("The leader a letter is written to.")
    )
    to_office = models.ForeignKey(
        Office, models.PROTECT, null=True, blank=True, related_name="+", help_text=_("The office the person asks for.")
    )
    office = models.ForeignKey(Office, models.PROTECT, null=True, blank=True, help_text=_("Where it was heard."))
    recorder = models.ForeignKey(User, models.PROTECT, null=True, blank=True)
    encounter = models.ForeignKey(
        Encounter, models.PROTECT, null=True, blank=True, related_name="voices", help_text=_("Where it was heard.")
    )
    household = models.ForeignKey(
        Household, models.PROTECT, null=True, blank=True, related_name="voices", help_text=_("Whose voice it is.")
    )
    received_at = models.DateTimeField(help_text=_("When it was said."))
    recorded_at = models.DateTimeField(help_text=_("When it was entered."))
    read_at = models.DateTimeField(null=True, help_text=_("When the addressee read the letter."))
    read_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    handed_on_at = models.DateTimeField(null=True, help_text=_("When the addressee let others work on the letter."))
    triage_due_at = models.DateTimeField(null=True)
    sorted_at = models.DateTimeField(null=True)
    source_key = models.CharField(max_length=120, null=True, unique=True, help_text=_("Row of an imported list."))
    idempotency_key = models.CharField(max_length=80, null=True, unique=True)
    body_digest = models.CharField(max_length=64, blank=True)
    attachments = models.ManyToManyField(Attachment, blank=True)
    grams = GramsField(default="")

    objects = VoiceQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["triage_due_at", "id"], name="voice_waiting", condition=Q(sorted_at=None)),
            models.Index(fields=["received_at"], name="voice_received"),
            models.Index(fields=["addressee", "read_at"], name="voice_letters", condition=Q(addressee__isnull=False)),
            models.Index(fields=["phone_index"], name="voice_phone"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(identity="anonymous") | Q(contact=None), name="voice_anonymous_has_no_contact"
            ),
            models.CheckConstraint(
                condition=Q(received_at__lte=F("recorded_at")), name="voice_received_before_recorded"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refuse any second writing of the words; actions update named fields only."""
        fields = kwargs.get("update_fields")
        if self.pk and (fields is None or "text" in fields):
            raise TypeError("The words of a voice are never changed.")
        super().save(*args, **kwargs)

    @property
    def is_closed_letter(self) -> bool:
        """A letter that its addressee has not yet let others work on."""
        return self.addressee_id is not None and self.handed_on_at is None

    def opened_contact(self) -> Contact | None:
        """Return who spoke, for notices written by the system; a person asks `actions.reveal`."""
        return open_contact(self.contact)


class ItemQuerySet(models.QuerySet["Item"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(voice__in=Voice.objects.visible_to(user))

    def waiting(self) -> Self:
        return self.filter(outcome="")

    def unsorted(self) -> Self:
        """Points that keep their voice in the queue: not settled, or nobody has said what they are about."""
        return self.filter(Q(outcome="") | Q(subject=None))


class Item(models.Model):
    """One point raised in a voice (条)."""

    voice = models.ForeignKey(Voice, models.PROTECT, related_name="items")
    number = models.PositiveSmallIntegerField()
    text = models.TextField(help_text=_("The clerk's summary; the words stay in the voice."))
    subject = models.ForeignKey(Subject, models.PROTECT, null=True, blank=True)
    kind = models.CharField(max_length=12, choices=Kind, blank=True)
    level = models.CharField(max_length=10, choices=Level, blank=True)
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True)
    outcome = models.CharField(max_length=12, choices=[(o.value, o.value) for o in Outcome], blank=True)
    answer = models.TextField(blank=True)
    decline = models.CharField(max_length=12, choices=Decline, blank=True)
    transferred_to = models.CharField(max_length=120, blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True)

    objects = ItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["voice", "number"], name="item_number"),
            models.CheckConstraint(
                condition=Q(outcome="", settled_at=None) | ~Q(outcome="") & Q(settled_at__isnull=False),
                name="item_settled",
            ),
        ]
        indexes = [
            models.Index(fields=["subject", "outcome"], name="item_subject"),
            models.Index(fields=["outcome", "settled_at"], name="item_outcome"),
        ]

    def __str__(self) -> str:
        return f"{self.voice.number}-{self.number}"


class Addition(models.Model):
    """Something the person added later, with receipt and code."""

    voice = models.ForeignKey(Voice, models.PROTECT, related_name="additions")
    text = models.TextField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.voice)

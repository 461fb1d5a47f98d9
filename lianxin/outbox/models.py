"""Messages with a life of their own."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxin.kit import crypto
from lianxin.outbox.rules import HIDDEN, STATE_NAMES, State
from lianxin.people.models import Office, Remembered, User, key_of
from lianxin.people.rules import Power


def seal_text(text: str) -> bytes:
    """Return an address or a text sealed for the database."""
    return crypto.seal(text, key=key_of("outbox"))


def open_text(sealed: bytes | memoryview) -> str:
    """Return what was sealed. Raises kit.crypto.CannotUnseal."""
    return crypto.unseal(bytes(sealed), key=key_of("outbox"))


def index_of(address: str) -> str:
    """Return the blind index of a tidied address."""
    return crypto.blind_index(address, key=key_of("outbox.recipient"))


class TemplateQuerySet(models.QuerySet["Template"]):
    def newest(self) -> Self:
        """The words in use: the last version of each kind in each language."""
        later = Template.objects.filter(
            key=models.OuterRef("key"), language=models.OuterRef("language"), version__gt=models.OuterRef("version")
        )
        return self.filter(~models.Exists(later)).order_by("key", "language")


class Template(models.Model):
    """The words of a kind of message, in one language; a change is a new version, sent messages keep theirs."""

    key = models.CharField(max_length=60)
    language = models.CharField(max_length=10, default="zh-hans")
    version = models.PositiveIntegerField(default=1)
    subject = models.CharField(max_length=120, blank=True)
    body = models.TextField(help_text=_("Placeholders in double braces: {{number}}."))
    made_at = models.DateTimeField()

    objects = TemplateQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "language", "version"], name="template_version")]

    def __str__(self) -> str:
        return f"{self.key} v{self.version}"

    @staticmethod
    def in_use(key: str, language: str) -> Template:
        """Return the words of this kind in this language, else in simplified Chinese, as remembered for some seconds.

        Raises Template.DoesNotExist.
        """
        known = _words_in_use()
        words = known.get((key, language)) or known.get((key, "zh-hans"))
        if words is None:
            raise Template.DoesNotExist(f"no words for {key}: seed the templates")
        return words


def _read_words() -> dict[tuple[str, str], Template]:
    return {(words.key, words.language): words for words in Template.objects.order_by("version")}


_words_in_use: Remembered[dict[tuple[str, str], Template]] = Remembered(_read_words)


class MessageQuerySet(models.QuerySet["Message"]):
    def ready(self, at: datetime) -> Self:
        """Written messages whose time has come, oldest first."""
        return self.filter(state=State.WRITTEN, not_before__lte=at).order_by("not_before", "id")

    def stuck(self, at: datetime) -> Self:
        """Claimed messages whose worker has not come back in time; those carried by another follow it."""
        return self.filter(state=State.SENDING, carrier=None, lease_until__lte=at).order_by("lease_until", "id")

    def waiting(self) -> Self:
        """Messages that will still go out by themselves."""
        return self.filter(state__in=[State.WRITTEN, State.SENDING])

    def troubled(self) -> Self:
        """Messages that need a person."""
        return self.filter(state__in=[State.FAILED, State.UNSURE])

    def due_since(self, moment: datetime) -> Self:
        """Messages that were to go out since then, whatever became of them."""
        return self.filter(state__in=list(State), not_before__gte=moment)

    def about(self, thing: models.Model) -> Self:
        return self.filter(about_kind=thing._meta.label_lower, about_key=thing.pk)

    def newest_first(self) -> Self:
        return self.order_by("-id")

    def visible_to(self, user: User) -> Self:
        """Messages that this officer may see and settle: those of the own offices, or all."""
        standing = user.standing
        if standing.everywhere(Power.MESSAGES):
            return self
        return self.filter(office__in=standing.offices(Power.MESSAGES))


class Message(models.Model):
    """Something that must reach a person, once. The text is evidence and is never changed."""

    class Way(models.TextChoices):
        SMS = "sms", _("text message")
        EMAIL = "email", _("e-mail")

    dedup_key = models.CharField(max_length=160, unique=True, help_text=_("thing:event:recipient:template"))
    outer = models.CharField(
        max_length=64, unique=True, help_text=_("The key by which the transport knows it; tells nothing of the matter.")
    )
    way = models.CharField(max_length=10, choices=Way)
    address = models.BinaryField(help_text=_("Sealed phone number or e-mail address."))
    recipient = models.CharField(
        max_length=32, help_text=_("Blind index of the address: who gets several is told so at once.")
    )
    address_hint = models.CharField(max_length=60, help_text=_("The address masked, for lists."))
    template = models.ForeignKey(Template, models.PROTECT)
    subject = models.CharField(max_length=120, blank=True)
    text = models.TextField(help_text=_("What the person reads; codes are hidden."))
    sealed_text = models.BinaryField(null=True, help_text=_("The text with its codes, sealed; erased once it is sent."))
    about_kind = models.CharField(max_length=60)
    about_key = models.BigIntegerField()
    about_label = models.CharField(max_length=120, blank=True)
    office = models.ForeignKey(
        Office, models.PROTECT, null=True, help_text=_("Who must settle it if it does not arrive.")
    )
    urgent = models.BooleanField(default=False, help_text=_("Does not wait for the end of quiet hours."))
    state = models.CharField(
        max_length=10, choices=[(state.value, name) for state, name in STATE_NAMES.items()], default=State.WRITTEN
    )
    written_at = models.DateTimeField()
    not_before = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    carrier = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        related_name="carried",
        help_text=_("The message under whose key this one was handed over."),
    )
    transport = models.CharField(max_length=30, blank=True)
    transport_ref = models.CharField(max_length=120, blank=True)
    trouble = models.CharField(max_length=200, blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True)
    settled_how = models.CharField(max_length=200, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        indexes = [
            # Whole indexes, not partial ones: SQLite cannot match a condition on state to a bound parameter.
            models.Index(fields=["state", "not_before", "id"], name="message_ready"),
            models.Index(fields=["state", "lease_until"], name="message_stuck"),
            models.Index(fields=["about_kind", "about_key"], name="message_about"),
            models.Index(fields=["recipient", "state"], name="message_merging"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(settled_at=None) | Q(settled_by__isnull=False), name="message_settled_by"
            )
        ]

    def __str__(self) -> str:
        return f"{self.way} {self.about_label}"

    @property
    def is_spent(self) -> bool:
        """Whether it carried a code that is erased by now: what is left is of no use to the person."""
        return self.sealed_text is None and HIDDEN in self.text

    @property
    def to(self) -> str:
        """The address in the clear: for transports only."""
        return open_text(self.address)

    @property
    def full_text(self) -> str:
        """The text with its codes: for transports only."""
        return open_text(self.sealed_text) if self.sealed_text else self.text

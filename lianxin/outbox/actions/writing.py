"""Writing a message in the transaction of the deed it tells of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, models, transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from lianxin.kit.refusal import Refusal
from lianxin.kit.text import mask_email, mask_phone
from lianxin.ledger.actions import note
from lianxin.outbox.models import Message, Template, index_of, seal_text
from lianxin.outbox.rules import SECRET, dedup_key, hide, out_of_quiet, outer_key, placeholders, render, tidy_address
from lianxin.people.models import Office


class MissingValue(Refusal):
    """The words of the template ask for something that was not given."""


class NoAddress(Refusal):
    """There is nothing to send the message to."""


@transaction.atomic
def write(
    *,
    template: str,
    way: str,
    address: str,
    about: models.Model,
    event: str,
    context: Mapping[str, str],
    at: datetime,
    office: Office | None = None,
    urgent: bool = False,
    language: str = "zh-hans",
    not_before: datetime | None = None,
) -> Message:
    """Write a message that the worker will send, and return it.

    `event` says what happened to `about`: a second message of the same template about the same event to the same
    recipient is not written, the first one is returned unchanged. `urgent` passes quiet hours. `office` is who must act
    if it does not arrive. Codes are sent but kept hidden. Raises MissingValue and NoAddress.
    """
    to = tidy_address(address)
    if not to:
        raise NoAddress(_("There is no address to send the message to."))
    kind, recipient = about._meta.label_lower, index_of(to)
    words = Template.in_use(template, language)
    text = _filled(words.body, hide(context))
    earliest = max(at, not_before) if not_before else at
    once = dedup_key(kind=kind, key=about.pk, event=event, recipient=recipient, template=template)
    message = Message(
        dedup_key=once,
        outer=outer_key(once),
        way=way,
        address=seal_text(to),
        address_hint=mask_email(to) if "@" in to else mask_phone(to),
        recipient=recipient,
        template=words,
        subject=_filled(words.subject, hide(context))[:120],
        text=text,
        sealed_text=seal_text(_filled(words.body, context)) if placeholders(words.body) & SECRET else None,
        about_kind=kind,
        about_key=about.pk,
        about_label=str(about)[:120],
        office=office,
        urgent=urgent,
        written_at=at,
        not_before=earliest if urgent else out_of_quiet(earliest),
    )
    try:
        with transaction.atomic():
            message.save(force_insert=True)
    except IntegrityError:  # written before; to look first would cost every message a query for the sake of a few
        return Message.objects.get(dedup_key=message.dedup_key)
    note("message.written", message, by=None, at=at, data={"template": template, "way": way, "about": [kind, about.pk]})
    return message


def _filled(text: str, values: Mapping[str, str]) -> str:
    try:
        return render(text, values)
    except KeyError as missing:
        raise MissingValue(
            format_lazy(_("The message cannot be written: it needs “{name}”."), name=missing.args[0])
        ) from missing

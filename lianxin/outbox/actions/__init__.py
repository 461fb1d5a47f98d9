"""Every write to the outbox, one deed per function."""

from lianxin.outbox.actions.receipts import take_receipt
from lianxin.outbox.actions.sending import SLICE, recover, send_ready
from lianxin.outbox.actions.settling import CodeErased, NotInTrouble, resend, settle
from lianxin.outbox.actions.templates import (
    BrokenPlaceholder,
    TemplateChanged,
    UnknownPlaceholder,
    check_words,
    new_template_version,
    possible,
    seed_templates,
)
from lianxin.outbox.actions.writing import MissingValue, NoAddress, write

__all__ = [
    "SLICE", "BrokenPlaceholder", "CodeErased", "MissingValue", "NoAddress", "NotInTrouble", "TemplateChanged",
    "UnknownPlaceholder", "check_words", "new_template_version", "possible", "recover", "resend",
    "seed_templates", "send_ready", "settle", "take_receipt", "write",
]  # fmt: skip

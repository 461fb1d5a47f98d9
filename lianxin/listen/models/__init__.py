"""Voices and their items, the subjects they are sorted by, and lists that were brought in."""

from lianxin.listen.models.contact import code_of, digest_of, fingerprint, open_contact, phone_index, seal_contact
from lianxin.listen.models.intake import Intake, IntakeError
from lianxin.listen.models.limit import triage_term
from lianxin.listen.models.subject import Subject
from lianxin.listen.models.voice import Addition, Item, Voice, clerk_of

__all__ = [
    "Addition", "Intake", "IntakeError", "Item", "Subject", "Voice", "clerk_of", "code_of", "digest_of", "fingerprint",
    "open_contact", "phone_index", "seal_contact", "triage_term",
]  # fmt: skip

"""Voices and their items, and the subjects they are sorted by."""

from lianxin.listen.models.contact import code_of, digest_of, fingerprint, open_contact, seal_contact
from lianxin.listen.models.limit import triage_term
from lianxin.listen.models.reserved import Reserved
from lianxin.listen.models.subject import Subject
from lianxin.listen.models.voice import Addition, Item, Voice, clerk_of

__all__ = [
    "Addition", "Item", "Reserved", "Subject", "Voice", "clerk_of", "code_of", "digest_of", "fingerprint",
    "open_contact", "seal_contact", "triage_term",
]  # fmt: skip

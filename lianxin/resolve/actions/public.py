"""A case told in public: drafted by one, read by another, without names; withdrawn with a trace."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lianxin.kit.text import cut, mask_text
from lianxin.people.actions.words import said, why
from lianxin.people.models import User
from lianxin.resolve.actions.deed import CaseRefusal, begin, note, selves
from lianxin.resolve.actions.notice import voices_behind
from lianxin.resolve.actions.register import TITLE_MAX
from lianxin.resolve.models import Case, Publication
from lianxin.resolve.rules import Deed


class AlreadyPublished(CaseRefusal):
    """It is public already."""

    words = _("This case is public already. To change it, withdraw it first.")


class NothingDrafted(CaseRefusal):
    """There is nothing to review."""

    words = _("There is no draft to publish. Propose it first.")


class NotPublished(CaseRefusal):
    """There is nothing to withdraw."""

    words = _("This case is not public.")


class OwnDraft(CaseRefusal):
    """Who drafted does not review."""

    status = 403
    words = _("Who wrote the draft cannot publish it. Somebody else must read it.")


@transaction.atomic
def draft_public(case: Case, *, title: str, question: str, answer: str, by: User, at: datetime) -> Publication:
    """Propose a case for the public pages; names of the people behind it, phones, addresses and numbers are masked.

    A draft that waits, or a withdrawn publication, is replaced. Raises AlreadyPublished, NothingSaid, TooLong,
    NoSuchMove, NotAllowed.
    """
    begun = begin(case, Deed.DRAFT_PUBLIC, by=by, at=at)
    case = begun.case
    publication = Publication.objects.filter(case=case).first() or Publication(case=case)
    if publication.published_at and not publication.withdrawn_at:
        raise AlreadyPublished()
    names = _names_behind(case)
    publication.title = cut(mask_text(said(title, most=TITLE_MAX), names=names), TITLE_MAX)
    publication.question = mask_text(said(question), names=names)
    publication.answer = mask_text(said(answer), names=names)
    publication.drafted_at, publication.drafted_by = at, by
    publication.published_at = publication.published_by = publication.withdrawn_at = publication.withdrawn_by = None
    publication.withdrawn_why = ""
    publication.save()
    note(begun, Deed.DRAFT_PUBLIC, by=by, at=at, title=publication.title)
    return publication


@transaction.atomic
def publish(case: Case, *, by: User, at: datetime) -> Publication:
    """Publish a draft, as somebody who did not write it. Raises NothingDrafted, OwnDraft, NoSuchMove, NotAllowed."""
    begun = begin(case, Deed.PUBLISH, by=by, at=at)
    draft = Publication.objects.waiting().filter(case=begun.case).first()
    if draft is None:
        raise NothingDrafted()
    if draft.drafted_by_id in selves(begun, by):
        raise OwnDraft()
    draft.published_at, draft.published_by = at, by
    draft.save(update_fields=["published_at", "published_by"])
    note(begun, Deed.PUBLISH, by=by, at=at, title=draft.title, drafted_by=draft.drafted_by_id)
    return draft


@transaction.atomic
def withdraw(case: Case, *, reason: str, by: User, at: datetime) -> Publication:
    """Take a publication or a draft off the public pages, with a reason; that it was there stays on record.

    Raises NotPublished, TooShort, NotAllowed.
    """
    begun = begin(case, Deed.WITHDRAW, by=by, at=at)
    publication = Publication.objects.filter(case=begun.case, withdrawn_at=None).first()
    if publication is None:
        raise NotPublished()
    publication.withdrawn_at, publication.withdrawn_by, publication.withdrawn_why = at, by, why(reason)
    publication.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_why"])
    note(begun, Deed.WITHDRAW, by=by, at=at, reason=publication.withdrawn_why, title=publication.title)
    return publication


def _names_behind(case: Case) -> list[str]:
    contacts = [voice.opened_contact() for voice in voices_behind(case)]
    return [contact.name for contact in contacts if contact and contact.name]

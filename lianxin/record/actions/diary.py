"""The diary: written for oneself, handed in when one likes, commented by a leader."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lianxin.kit.refusal import Refusal
from lianxin.ledger.actions import note
from lianxin.people.actions import NotAllowed, need
from lianxin.people.actions.words import line, said
from lianxin.people.models import User
from lianxin.people.rules import Power
from lianxin.record.models import Diary, Encounter

DIARY_MAX = 5000


class AlreadyShared(Refusal):
    """It was handed in; what a leader read stays as it was read."""


class NotShared(Refusal):
    """What is private is nobody else's."""


@transaction.atomic
def write_diary(
    *, on: date, text: str, by: User, at: datetime, place: str = "", encounter: Encounter | None = None,
    is_growth: bool = False,
) -> Diary:  # fmt: skip
    """Write an entry, for one's own eyes. Needs VISIT. Raises NothingSaid, TooLong, NotAllowed."""
    holding = need(by, Power.VISIT, at=at, anywhere=True)
    made = Diary.objects.create(
        author=by, office_id=holding.office_id, on=on, place=line(place), text=said(text, most=DIARY_MAX),
        encounter=encounter, is_growth=is_growth, written_at=at,
    )  # fmt: skip
    note("diary.written", made, by=by, at=at)
    return made


@transaction.atomic
def edit_diary(entry: Diary, *, text: str, by: User, at: datetime, place: str = "", is_growth: bool = False) -> Diary:
    """Change an entry that nobody else has read. Raises AlreadyShared, NothingSaid, TooLong, NotAllowed."""
    held = _own(entry, by=by)
    if held.shared_at:
        raise AlreadyShared(_("This entry was handed in and stays as it was read."))
    held.text, held.place, held.is_growth = said(text, most=DIARY_MAX), line(place), is_growth
    held.save(update_fields=["text", "place", "is_growth"])
    note("diary.edited", held, by=by, at=at)
    return held


@transaction.atomic
def share_diary(entry: Diary, *, by: User, at: datetime) -> Diary:
    """Hand an entry in; who plans visits may read it from now on. Raises AlreadyShared, NotAllowed."""
    held = _own(entry, by=by)
    if held.shared_at:
        raise AlreadyShared(_("This entry was handed in already."))
    held.shared_at = at
    held.save(update_fields=["shared_at"])
    note("diary.shared", held, by=by, at=at)
    return held


@transaction.atomic
def comment_diary(entry: Diary, *, words: str, by: User, at: datetime) -> Diary:
    """Write a word to an entry that was handed in; by a leader who may read it. Raises NotShared, NothingSaid."""
    held = Diary.objects.select_for_update().get(pk=entry.pk)
    standing = by.stand(at)
    if held.shared_at is None or held.author_id == by.pk:
        raise NotShared(_("Only an entry that somebody else handed in can be commented."))
    holding = standing.find(Power.PLAN, held.office_id) or standing.find(Power.OVERSEE, held.office_id)
    if holding is None:
        raise NotAllowed(_("Only who leads the visits of this office writes a comment."))
    held.comment, held.commented_by, held.commented_at = said(words, most=500), by, at
    held.save(update_fields=["comment", "commented_by", "commented_at"])
    note("diary.commented", held, by=by, at=at, behalf=holding.behalf)
    return held


def _own(entry: Diary, *, by: User) -> Diary:
    held = Diary.objects.select_for_update().get(pk=entry.pk)
    if held.author_id != by.pk:
        raise NotAllowed(_("A diary belongs to who writes it."))
    return held

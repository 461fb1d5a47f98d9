"""Sheets on files: which are kept on what, and one of them filled in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lianxin.kit import condition
from lianxin.kit.refusal import Refusal
from lianxin.ledger.actions import note
from lianxin.ledger.models import Attachment
from lianxin.people.actions import need
from lianxin.people.actions.words import line
from lianxin.people.models import User
from lianxin.people.rules import Power
from lianxin.record.actions.reached import as_writer
from lianxin.record.models import Encounter, Filled, SubjectRow, Survey, subject_of
from lianxin.record.rules import Subject
from lianxin.sheets import actions as sheets
from lianxin.sheets.models import Sheet


class NotAsked(Refusal):
    """No such sheet is kept on files of this kind, or none of its versions is in use."""

    status = 404


@transaction.atomic
def keep_survey(
    *, sheet: str, name: str, of: str, by: User | None, at: datetime, named_by: str = "", basis: str = "",
    alarm: Mapping[str, Any] | None = None, is_profile: bool = False, in_use: bool = True,
) -> Survey:  # fmt: skip
    """Keep a sheet on files from now on, or say anew how; needs PLAN. Raises NotAsked, NotAllowed."""
    whose = need(by, Power.PLAN, at=at, anywhere=True).behalf if by else None
    if of not in {subject.value for subject in Subject} or Sheet.objects.current(sheet, at) is None:
        raise NotAsked(_("There is no such sheet in use. Publish it first."))
    survey, _made = Survey.objects.update_or_create(
        sheet=sheet,
        defaults={
            "name": line(name, most=60), "of": of, "named_by": line(named_by, most=40), "alarm": dict(alarm or {}),
            "is_profile": is_profile, "basis": line(basis, most=200), "in_use": in_use,
        },
    )  # fmt: skip
    note("survey.kept", survey, by=by, at=at, behalf=whose, data={"sheet": sheet, "of": of, "in_use": in_use})
    return survey


@transaction.atomic
def fill(
    subject: SubjectRow, *, sheet_key: str, values: Mapping[str, Any], by: User, at: datetime,
    encounter: Encounter | None = None, files: Iterable[Attachment] = (), client_id: UUID | None = None,
    said_at: datetime | None = None, version: int | None = None,
) -> Filled:  # fmt: skip
    """Fill in one sheet of a file; the answers before it become its history.

    It was said at the encounter, at `said_at`, or now; what was said before the present answer (a notebook keyed in
    late) goes into the history at once. `version` is that of the sheet that was filled in, where a phone has not seen
    the present one. The same `client_id` once more returns what was filled in the first time. Needs VISIT and that the
    file is reached. Raises NotAsked, sheets.NotFilledIn, NotAllowed.
    """
    whose = as_writer(subject, by=by, at=at)
    if client_id and (earlier := Filled.objects.filter(client_id=client_id).first()):
        return earlier
    kind = subject_of(subject)
    survey = Survey.objects.select_for_update().filter(sheet=sheet_key, of=kind, in_use=True).first()
    sheet = _sheet(sheet_key, version, at) if survey else None
    if survey is None or sheet is None:
        raise NotAsked(_("This sheet is not kept on files of this kind."))
    answer = sheets.answer(sheet, values=values, by=by, at=at)
    called = str(answer.values.get(survey.named_by, ""))[:120] if survey.named_by else ""
    said = said_at or (encounter.starts_at if encounter else at)
    same = Filled.objects.about(subject).filter(survey=survey, called=called)
    is_last = not same.filter(is_last=True, at__gt=said).exists()
    if is_last:
        same.filter(is_last=True).update(is_last=False)
    filled = Filled.objects.create(
        **{kind.value: subject}, survey=survey, answer=answer, called=called, by=by, at=said, recorded_at=at,
        encounter=encounter, client_id=client_id, is_last=is_last,
        alarms=bool(survey.alarm) and condition.holds(survey.alarm, answer.values),
    )  # fmt: skip
    filled.files.add(*files)
    data = {"sheet": sheet_key, "version": sheet.version, "encounter": encounter.pk if encounter else None}
    note("file.filled", filled, by=by, at=at, behalf=whose, data=data)
    return filled


def _sheet(key: str, version: int | None, at: datetime) -> Sheet | None:
    if version is None:
        return Sheet.objects.current(key, at)
    return Sheet.objects.filter(key=key, version=version, published_at__isnull=False).first()

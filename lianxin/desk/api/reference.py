"""Subjects and the words of messages for programs."""

# No postponed annotations here: the framework reads them through a guard that stands in another module.
from datetime import date, datetime
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from lianxin.desk.api.asking import Asker, Body, body_of, filled, form_data, needs
from lianxin.desk.forms.subjects import (
    COUNTY,
    LARGEST_FILE,
    AddSubjectForm,
    EditSubjectForm,
    EndSubjectForm,
    ReplaceSubjectForm,
)
from lianxin.desk.forms.templates import WordsForm
from lianxin.kit.rows import UnreadableRowsError, read_rows
from lianxin.listen import actions as listen
from lianxin.listen import figures
from lianxin.listen.models import Subject
from lianxin.listen.rules import SubjectRow
from lianxin.outbox import actions as outbox
from lianxin.outbox import rules
from lianxin.outbox.models import Template
from lianxin.people.rules import Power

router = Router()

AddBody = body_of(AddSubjectForm, "AddSubjectIn")
EndBody = body_of(EndSubjectForm, "EndSubjectIn")
ReplaceBody = body_of(ReplaceSubjectForm, "ReplaceSubjectIn")
WordsBody = body_of(WordsForm, "WordsIn")
Scheme = Annotated[str, Query(max_length=30)]


class EditSubjectIn(Body):
    """What suggests a subject, who usually leads, which limit its cases have: all three, as they shall be."""

    keywords: str
    office: int | None
    limit_key: str


class SubjectOut(Schema):
    """A subject of a taxonomy."""

    id: int
    scheme: str
    name: str
    full_name: str
    parent: int | None
    keywords: str
    office: int | None
    office_name: str
    limit_key: str
    valid_from: date | None
    valid_to: date | None = Field(description="The first day on which it is chosen no more.")
    items: int = Field(description="How many points were sorted by it or by what lies below it.")


class SubjectListOut(Schema):
    """What a list of subjects would do, or has done."""

    dry: bool
    added: list[str]
    changed: list[str]
    known: int
    troubles: list[str] = Field(description="Why rows cannot be taken; with any, nothing is kept.")


class PlaceholderOut(Schema):
    """What may be put into the words."""

    name: str
    words: str
    sample: str


class VersionOut(Schema):
    """The words of a kind of message in one language."""

    key: str
    language: str
    version: int
    subject: str
    body: str
    made_at: datetime


class TemplateOut(Schema):
    """A kind of message: what may be put in, and every version, the newest first."""

    key: str
    meaning: str
    placeholders: list[PlaceholderOut]
    versions: list[VersionOut]


class ReadingOut(Schema):
    """How words read with examples put in."""

    subject: str
    text: str
    characters: int
    sms_parts: int = Field(description="As how many text messages it goes out.")
    left_out: list[str] = Field(description="Placeholders of the first words that these do not have.")


@router.get("/subjects", response=list[SubjectOut], operation_id="subjects", summary="The subjects of a taxonomy")
@needs(Power.REFERENCE, Power.TRIAGE, Power.HEAR)
def subjects(request: Asker, scheme: Scheme = COUNTY, ended: bool = False) -> list[dict[str, Any]]:
    """List the subjects of a taxonomy that are chosen today or later; with `ended`, those of earlier days too.

    The keywords by which subjects are suggested are told to who keeps them.
    """
    found = Subject.objects.filter(scheme=scheme).select_related("office").order_by("id")
    found = found if ended else found.not_over(timezone.localdate(request.at))
    uses = figures.uses_of_subjects(scheme)
    hidden = {} if request.user.standing.may(Power.REFERENCE, anywhere=True) else {"keywords": ""}
    return [_line(subject, uses) | hidden for subject in found]


@router.post("/subjects", response={201: SubjectOut}, operation_id="add_subject", summary="Add a subject")
@needs(Power.REFERENCE)
def add_subject(request: Asker, body: AddBody) -> Status[dict[str, Any]]:  # type: ignore[valid-type]
    """Write a new subject below another one, or at the top of a taxonomy."""
    data = form_data(body)
    form = filled(AddSubjectForm(data, at=request.at, scheme=data.get("scheme", COUNTY)))
    return Status(201, _one(listen.add_subject(**form.cleaned_data, by=request.user, at=request.at)))


@router.post("/subjects/list", response=SubjectListOut, operation_id="import_subjects", summary="Bring in a list")
@needs(Power.REFERENCE)
def import_subjects(
    request: Asker, file: File[UploadedFile], scheme: Form[str] = COUNTY, dry: Form[bool] = False
) -> dict[str, Any]:
    """Add the subjects of a CSV (columns subject, keywords, office), all rows or none; with `dry` only look at it."""
    if (file.size or 0) > LARGEST_FILE:
        raise ValidationError({"file": _("The file is larger than 1 MB. Please bring it in in parts.")})
    try:
        rows = [SubjectRow.of(row) for row in read_rows(file.read())]
    except UnreadableRowsError as unreadable:
        words = _("This file cannot be read. It must be CSV, in UTF-8 or GB 18030.")
        raise ValidationError({"file": words}) from unreadable
    outlook = listen.preview_subjects(rows, scheme=scheme, at=request.at)
    if not dry:
        listen.import_subjects(rows, scheme=scheme, by=request.user, at=request.at)
    return {"dry": dry, **{name: getattr(outlook, name) for name in ("added", "changed", "known", "troubles")}}


@router.get("/subjects/{int:pk}", response=SubjectOut, operation_id="subject", summary="One subject")
@needs(Power.REFERENCE)
def subject(request: Asker, pk: int) -> dict[str, Any]:
    """Read one subject."""
    return _one(_found(pk))


@router.post("/subjects/{int:pk}/edit", response=SubjectOut, operation_id="edit_subject", summary="Change a subject")
@needs(Power.REFERENCE)
def edit_subject(request: Asker, pk: int, body: EditSubjectIn) -> dict[str, Any]:
    """Change keywords, usual office and limit; cases that are dispatched keep their date."""
    found = _found(pk)
    form = filled(EditSubjectForm(form_data(body), at=request.at, subject=found))
    return _one(listen.edit_subject(found, **form.cleaned_data, by=request.user, at=request.at))


@router.post("/subjects/{int:pk}/end", response=SubjectOut, operation_id="end_subject", summary="End a subject")
@needs(Power.REFERENCE)
def end_subject(request: Asker, pk: int, body: EndBody) -> dict[str, Any]:  # type: ignore[valid-type]
    """Let a subject and those below it be chosen no more from a day on."""
    form = filled(EndSubjectForm(form_data(body)))
    return _one(listen.end_subject(_found(pk), **form.cleaned_data, by=request.user, at=request.at))


@router.post(
    "/subjects/{int:pk}/replace",
    response={201: SubjectOut},
    operation_id="replace_subject",
    summary="Replace a subject",
)
@needs(Power.REFERENCE)
def replace_subject(request: Asker, pk: int, body: ReplaceBody) -> Status[dict[str, Any]]:  # type: ignore[valid-type]
    """End a subject and begin another in its place on the same day; the answer is the new one."""
    form = filled(ReplaceSubjectForm(form_data(body)))
    fresh = listen.replace_subject(_found(pk), **form.cleaned_data, by=request.user, at=request.at)
    return Status(201, _one(fresh))


@router.get("/templates", response=list[VersionOut], operation_id="templates", summary="The words of messages in use")
@needs(Power.REFERENCE)
def templates(request: Asker) -> Any:
    """List the words in use: the newest version of each kind in each language."""
    return Template.objects.newest()


@router.get("/templates/{key}", response=TemplateOut, operation_id="template", summary="One kind of message")
@needs(Power.REFERENCE)
def template(request: Asker, key: str) -> dict[str, Any]:
    """Read what may be put into a kind of message, and every version of its words."""
    versions = _versions(key)
    values = [(name, rules.VALUES[name]) for name in sorted(outbox.possible(key))]
    return {
        "key": key,
        "meaning": str(rules.KINDS[key]),
        "placeholders": [
            {"name": name, "words": str(value.words), "sample": str(value.sample)} for name, value in values
        ],
        "versions": versions,
    }


@router.post(
    "/templates/{key}/read", response=ReadingOut, operation_id="read_words", summary="How new words would read"
)
@needs(Power.REFERENCE)
def read_words(request: Asker, key: str, body: WordsBody) -> dict[str, Any]:  # type: ignore[valid-type]
    """Put examples into words and count their text messages; nothing is kept."""
    _versions(key)
    words = filled(WordsForm(form_data(body))).cleaned_data
    outbox.check_words(key=key, subject=words["subject"], body=words["body"])
    read = rules.reading(**words, possible=outbox.possible(key))
    told = {"characters": len(read.text), "sms_parts": read.parts, "left_out": read.left_out}
    return {"subject": read.subject, "text": read.text, **told}


@router.post(
    "/templates/{key}/versions",
    response={201: VersionOut},
    operation_id="new_version",
    summary="Put new words into use",
)
@needs(Power.REFERENCE)
def new_version(request: Asker, key: str, body: WordsBody) -> Status[Template]:  # type: ignore[valid-type]
    """Put new words into use for messages written from now on; those already written keep theirs."""
    _versions(key)
    words = filled(WordsForm(form_data(body))).cleaned_data
    return Status(201, outbox.new_template_version(key=key, **words, by=request.user, at=request.at))


def _found(pk: int) -> Subject:
    return get_object_or_404(Subject.objects.select_related("office"), pk=pk)


def _one(subject: Subject) -> dict[str, Any]:
    return _line(subject, figures.uses_of_subjects(subject.scheme))


def _line(subject: Subject, uses: dict[int, int]) -> dict[str, Any]:
    plain = ("id", "scheme", "name", "full_name", "keywords", "limit_key", "valid_from", "valid_to")
    return {
        **{name: getattr(subject, name) for name in plain},
        "parent": subject.parent_id,
        "office": subject.office_id,
        "office_name": subject.office.name if subject.office else "",
        "items": uses.get(subject.pk, 0),
    }


def _versions(key: str) -> list[Template]:
    found = list(Template.objects.filter(key=key).order_by("-version", "language")) if key in rules.KINDS else []
    if not found:
        raise Http404
    return found

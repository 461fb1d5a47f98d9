"""Issuing documents: words filled in, set on paper, kept by their fingerprint, findable by their code."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from lianxin.kit.reference import new_reference
from lianxin.ledger import actions as ledger
from lianxin.ledger.models import Attachment
from lianxin.outbox.rules import is_broken, placeholders
from lianxin.people import actions as people
from lianxin.people.models import County, User
from lianxin.people.rules import Power
from lianxin.serve.actions.deed import ApplicationRefusal, words
from lianxin.serve.models.application import Application
from lianxin.serve.models.course import Handed
from lianxin.serve.models.document import Document, OwedPaper, Wording
from lianxin.serve.papers.document import LANGUAGE, PLACES, Sheet, made
from lianxin.serve.rules.application import Paper

CODE_MARK = "V"
TRIES = 5
OWED_AT_ONCE = 2
CAME = {"paper": _("on paper"), "file": _("as a file")}
_SEEDS = Path(__file__).parent.parent / "data" / "wordings.json"


class NoPrinter(ApplicationRefusal):
    """The library that sets documents is missing on this machine."""

    status = 503
    words = _("Documents cannot be made on this machine now. Please tell the IT officer: “make doctor” says why.")


class UnknownPlace(ApplicationRefusal):
    """The words of a document ask for something that such a document is not given."""

    status = 422
    words = _("There is nothing to put in for %(names)s. Possible: %(possible)s.")


class WordingChanged(ApplicationRefusal):
    """Somebody else has changed the same words meanwhile."""

    words = _("A colleague has just changed these words. Please look at them again.")


@transaction.atomic
def issue(
    application: Application,
    paper: Paper,
    *,
    by: User | None,
    at: datetime,
    values: Mapping[str, str],
    rows: Sequence[tuple[str, str]] = (),
) -> Document:
    """Make a document of this kind and keep it with number, code and fingerprint.

    `values` fill the words of the county, `rows` stand as a table below them. Raises NoPrinter.
    """
    wording = Wording.in_use(paper, application.service.number)
    county = County.now()
    year = timezone.localdate(at).year
    for left in reversed(range(TRIES)):
        code = new_reference(f"{county.prefix}{CODE_MARK}")
        serial = (Document.objects.filter(year=year).aggregate(most=Max("serial"))["most"] or 0) + 1
        number = f"{county.prefix}{year}-{serial:05d}"
        sheet = Sheet(
            title=wording.title, body=wording.body, number=number, code=code, office=application.office.name,
            county=county.name, at=at, values=_values(application, values), rows=tuple(rows),
        )  # fmt: skip
        try:
            content = made(sheet)
        except OSError as missing:
            raise NoPrinter() from missing
        try:
            with transaction.atomic():
                return _kept(application, paper, wording, sheet, content, year, serial, by=by, at=at)
        except IntegrityError:  # a colleague took the number in this very moment
            if not left:
                raise
    raise AssertionError("not reached")


def owe(application: Application, paper: Paper, *, at: datetime, handed: Sequence[Handed]) -> OwedPaper:
    """Note that a receipt is owed for these materials, within the transaction of handing in."""
    rows = [[one.material.name, "paper" if one.on_paper else "file"] for one in handed]
    return OwedPaper.objects.create(application=application, paper=paper, at=at, rows=rows)


def issue_owed(*, at: datetime) -> int:
    """Make the receipts that are owed, the oldest first, and return how many; each in a transaction of its own.

    Without the library that sets documents they go on being owed. Raises NoPrinter.
    """
    owed = OwedPaper.objects.filter(issued_at=None).select_related("application__service", "application__office")
    return sum(_issue_owed(one, at=at) for one in owed.order_by("id")[:OWED_AT_ONCE])


@transaction.atomic
def _issue_owed(owed: OwedPaper, *, at: datetime) -> bool:
    """Make one receipt, with the day on which the materials came; False where a colleague was faster."""
    if not OwedPaper.objects.filter(pk=owed.pk, issued_at=None).update(issued_at=at):
        return False
    with translation.override(LANGUAGE):
        rows = [(name, str(CAME[how])) for name, how in owed.rows]
    issue(owed.application, Paper(owed.paper), by=None, at=owed.at, values={}, rows=rows)
    return True


def _kept(
    application: Application, paper: Paper, wording: Wording, sheet: Sheet, content: bytes, year: int, serial: int,
    *, by: User | None, at: datetime,
) -> Document:  # fmt: skip
    attachment = ledger.keep_file(
        content=content, name=f"{sheet.number}.pdf", by=by, at=at, trust=Attachment.Trust.ISSUED
    )
    document = Document.objects.create(
        application=application, paper=paper, number=sheet.number, year=year, serial=serial, title=wording.title,
        code=sheet.code, office=application.office, attachment=attachment, sha256=attachment.sha256, at=at, by=by,
    )  # fmt: skip
    data = {"paper": paper, "application": application.pk, "sha256": attachment.sha256}
    ledger.note("document.issued", document, by=by, at=at, data=data)
    return document


def _values(application: Application, values: Mapping[str, str]) -> dict[str, str]:
    contact = application.opened_contact()
    known = {
        "application": application.number,
        "service": application.service.name,
        "name": application.unit or contact.name or contact.phone,
        "office": application.office.name,
        "submitted": _day(application.submitted_at),
        "accepted": _day(application.accepted_at),
        "promised": _day(application.promised_at),
        "legal": _day(application.legal_at),
    }
    return {**known, **values}


def _day(moment: datetime | None) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d") if moment else "—"


@transaction.atomic
def seed_wordings(*, at: datetime) -> int:
    """Add the first words of each kind of document where there are none yet, and return how many were added."""
    there = set(Wording.objects.filter(service_number="").values_list("paper", flat=True))
    seeds: list[dict[str, Any]] = json.loads(_SEEDS.read_text(encoding="utf-8"))
    fresh = Wording.objects.bulk_create(Wording(**seed, at=at) for seed in seeds if seed["paper"] not in there)
    ledger.note_each("wording.seeded", fresh, by=None, at=at)
    return len(fresh)


@transaction.atomic
def new_wording(
    *, paper: str, title: str, body: str, by: User | None, at: datetime, service_number: str = ""
) -> Wording:
    """Put new words of a document into use from now on; what was issued keeps its own. Needs CATALOGUE.

    With `service_number` they count for that service only. Raises NotAllowed, NothingGiven, TooMuch, UnknownPlace and
    WordingChanged.
    """
    behalf = people.need(by, Power.CATALOGUE, at=at, anywhere=True).behalf if by else None
    title = words(title, _("title"), most=60)
    body = words(body, _("words of the document"), most=4000)
    unknown = placeholders(title + body) - PLACES
    if unknown or is_broken(body) or placeholders(title):
        raise UnknownPlace(names=", ".join(sorted(unknown)) or "{{ }}", possible=", ".join(sorted(PLACES)))
    same = Wording.objects.filter(paper=paper, service_number=service_number)
    newest = same.aggregate(most=Max("version"))["most"] or 0
    try:
        with transaction.atomic():
            wording = Wording.objects.create(
                paper=Paper(paper),
                service_number=service_number,
                version=newest + 1,
                title=title,
                body=body,
                at=at,
                by=by,
            )
    except IntegrityError as taken:
        raise WordingChanged() from taken
    ledger.note("wording.changed", wording, by=by, at=at, behalf=behalf, data={"version": wording.version})
    return wording

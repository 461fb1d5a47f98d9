"""A whole taxonomy at once: seeded, or brought in from a list and looked at before."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files
from itertools import pairwise

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from lianxin.kit.clock import local
from lianxin.kit.refusal import Refusal
from lianxin.ledger import actions as ledger
from lianxin.listen.actions.subjects import (
    DEPTH_MAX,
    BadSubject,
    clean_keywords,
    clean_name,
    clean_scheme,
    write_subject,
)
from lianxin.listen.models import Subject
from lianxin.listen.rules import SubjectRow
from lianxin.people import actions as people
from lianxin.people.models import Office, User
from lianxin.people.rules import Holding, Power

COUNTY = "county"
ROWS_MAX = 3000  # of one list; the largest taxonomy known to us has 517


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a list of subjects would do, and in words why some of its rows cannot be taken."""

    added: list[str]
    changed: list[str]
    known: int
    troubles: list[str]


@dataclass(frozen=True, slots=True)
class _Fit:
    """A row that can be taken: clean names from the top down."""

    path: tuple[str, ...]
    keywords: str
    office: Office | None

    @property
    def branches(self) -> Iterator[str]:
        """The full names along the path, the top first."""
        return ("/".join(self.path[:depth]) for depth in range(1, len(self.path) + 1))

    def changes(self, leaf: Subject) -> bool:
        """Tell whether the row says something else of a subject than the table does; what it leaves out stays."""
        has_words = bool(self.keywords) and self.keywords != leaf.keywords
        return has_words or (self.office is not None and self.office.pk != leaf.office_id)


@transaction.atomic
def seed_subjects(*, at: datetime, leads: Mapping[str, Office] | None = None) -> int:
    """Write the county's own taxonomy as shipped and return how many subjects were new.

    Whatever was there once, changed or ended since, stays as it is. `leads` says by the name of a new subject which
    office usually leads.
    """
    tree = json.loads((files("lianxin.listen") / "data" / "subjects.json").read_text(encoding="utf-8"))
    there = set(Subject.objects.filter(scheme=COUNTY).values_list("full_name", flat=True))
    rows = [
        _Fit((top, name), keywords, (leads or {}).get(name))
        for top, below in tree.items()
        for name, keywords in below.items()
        if f"{top}/{name}" not in there
    ]
    return _take_in(rows, scheme=COUNTY, by=None, at=at, holding=None)


@transaction.atomic
def import_subjects(rows: Iterable[SubjectRow], *, scheme: str, by: User, at: datetime) -> int:
    """Add the subjects of a list to a scheme and return how many were new; what the list says of known ones is renewed.

    All rows or none: raises BadSubject naming the row, and NotAllowed.
    """
    holding = people.need(by, Power.REFERENCE, at=at, anywhere=True)
    day = local(at).date()
    offices, known = _offices(day), _known(scheme, day)
    fits = [_fit(row, number, offices, known) for number, row in enumerate(rows, start=1)]
    return _take_in(fits, scheme=clean_scheme(scheme), by=by, at=at, holding=holding)


def preview_subjects(rows: Iterable[SubjectRow], *, scheme: str, at: datetime) -> Outlook:
    """Tell what `import_subjects` would do with a list, and every row for which it would refuse; nothing is written.

    Raises BadSubject for the name of a scheme that cannot be one.
    """
    day = local(at).date()
    offices, known = _offices(day), _known(clean_scheme(scheme), day)
    found, looked = Outlook([], [], 0, []), set[str]()
    for number, row in enumerate(rows, start=1):
        try:
            fit = _fit(row, number, offices, known)
        except BadSubject as refusal:
            found.troubles.append(str(refusal))
            continue
        *_above, leaf = fit.branches
        found.added.extend(name for name in fit.branches if name not in known and name not in looked)
        if leaf in known and leaf not in looked and fit.changes(known[leaf]):
            found.changed.append(leaf)
        looked.update(fit.branches)
    return Outlook(found.added, found.changed, len(looked & set(known)) - len(found.changed), found.troubles)


def _take_in(rows: Iterable[_Fit], *, scheme: str, by: User | None, at: datetime, holding: Holding | None) -> int:
    known = _known(scheme, local(at).date())
    last: Subject | None = None
    before = len(known)
    for fit in rows:
        last = _branch(fit, scheme=scheme, known=known)
        if fit.changes(last):
            last.keywords, last.office = fit.keywords or last.keywords, fit.office or last.office
            last.save(update_fields=["keywords", "office"])
    count = len(known) - before
    if last:
        data = {"scheme": scheme, "added": count}
        ledger.note("subject.imported", last, by=by, at=at, behalf=holding.behalf if holding else None, data=data)
    return count


def _branch(fit: _Fit, *, scheme: str, known: dict[str, Subject]) -> Subject:
    """Return the subject at the end of a row's path, writing what is missing of the path."""
    parent: Subject | None = None
    for name, full in zip(fit.path, fit.branches, strict=True):
        if full not in known:
            known[full] = write_subject(scheme, name, parent)
        parent = known[full]
    assert parent is not None
    return parent


def _fit(row: SubjectRow, number: int, offices: Mapping[str, Office], known: Mapping[str, Subject]) -> _Fit:
    if number > ROWS_MAX:
        raise BadSubject(_("A list has %(most)s rows at most. Please bring it in in parts.") % {"most": ROWS_MAX})
    if not 1 <= len(row.path) <= DEPTH_MAX:
        words = _("Row %(row)s: a subject has one to %(most)s levels.")
        raise BadSubject(words % {"row": number, "most": DEPTH_MAX})
    if row.office and row.office not in offices:
        words = _("Row %(row)s: there is no office named “%(name)s”, or there are several.")
        raise BadSubject(words % {"row": number, "name": row.office[:60]})
    try:
        path, keywords = tuple(clean_name(name) for name in row.path), clean_keywords(row.keywords)
    except Refusal as refusal:
        raise BadSubject(_("Row %(row)s: %(trouble)s") % {"row": number, "trouble": refusal}) from refusal
    fit = _Fit(path, keywords, offices[row.office] if row.office else None)
    if any(known[above].valid_to for above, name in pairwise(fit.branches) if above in known and name not in known):
        raise BadSubject(_("Row %(row)s: the subject above it has an end date.") % {"row": number})
    return fit


def _known(scheme: str, day: date) -> dict[str, Subject]:
    """Return the subjects in use by their full names; of two of one name, that which goes on."""
    rows = Subject.objects.filter(scheme=scheme).not_over(day).order_by(F("valid_to").asc(nulls_last=True), "id")
    return {subject.full_name: subject for subject in rows}


def _offices(day: date) -> dict[str, Office]:
    """Return the offices of a day by their names, without those that share one."""
    found: dict[str, list[Office]] = {}
    for office in Office.objects.on(day):
        found.setdefault(office.name, []).append(office)
    return {name: offices[0] for name, offices in found.items() if len(offices) == 1}

"""The words of the catalogue, what a service must say, and how a day decides. Tables and pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Protocol

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.kit.clock import Unit


class State(models.TextChoices):
    """What a version of a service is. Which version counts on a day, its dates say."""

    DRAFT = "draft", pgettext_lazy("service", "draft")
    LIVE = "live", pgettext_lazy("service", "published")
    ABOLISHED = "abolished", pgettext_lazy("service", "abolished")


class Kind(models.TextChoices):
    """Whether one waits for it at the counter."""

    ON_THE_SPOT = "on_the_spot", _("done on the spot")  # 即办件
    PROMISED = "promised", _("done by a promised day")  # 承诺件


class Form(models.TextChoices):
    """In which form a material is wanted."""

    ORIGINAL = "original", _("original")
    COPY = "copy", _("copy")
    BOTH = "both", _("original and copy")
    ELECTRONIC = "electronic", _("electronic")


class Necessity(models.TextChoices):
    """Whether a material must be there."""

    REQUIRED = "required", _("required")
    CONDITIONAL = "conditional", _("required in some cases")
    OPTIONAL = "optional", _("not required")


class Source(models.TextChoices):
    """Where a material comes from."""

    SELF = "self", _("the applicant")
    GOVERNMENT = "government", _("another office")
    OTHER = "other", _("somebody else")


class Verdict(models.TextChoices):
    """What the clean-up decided about a service."""

    KEPT = "kept", _("kept")
    ADJUSTED = "adjusted", _("adjusted")
    ABOLISHED = "abolished", pgettext_lazy("service", "abolished")


class InFlight(models.TextChoices):
    """What becomes of applications that are under way when their service is abolished."""

    FINISH = "finish", _("they are finished under the old rules")
    WITHDRAW = "withdraw", _("they are ended, and the people are told")


class Governs(models.TextChoices):
    """The day by which a dated list decides."""

    APPLICATION = "application", _("day of the application")
    ADMISSION = "admission", _("day of admission to hospital")
    DISCHARGE = "discharge", _("day of discharge from hospital")
    BIRTH = "birth", _("day of birth")
    EVENT = "event", _("day on which it happened")


class Gap(models.TextChoices):
    """Something that the national implementation list asks for and nobody has said yet."""

    OFFICE = "office", _("which office of this county does it")
    CODE = "code", _("code of the implementation list")
    BASIS = "basis", _("legal basis")
    AUDIENCE = "audience", _("who it is for")
    KIND = "kind", _("on the spot, or by a promised day")
    LEGAL = "legal", _("time limit of the law")
    LEGAL_BASIS = "legal_basis", _("basis of the legal time limit")
    PROMISED = "promised", _("promised time limit")
    CONDITIONS = "conditions", _("conditions")
    MATERIALS = "materials", _("materials, or that none are needed")
    MATERIAL_FORM = "material_form", _("form, copies, necessity or source of materials")
    FEES = "fees", _("fees, or that it is free")
    PLACES = "places", _("places and hours")
    VISITS = "visits", _("how often one must come")
    VISITS_REASON = "visits_reason", _("why one must come")
    COURSE = "course", _("the way it goes")
    RESULT = "result", _("the result")
    REMEDIES = "remedies", _("remedies")
    CONSULT = "consult", _("phone for questions")
    COMPLAINT = "complaint", _("phone for complaints")


# A service may be shown with gaps that are marked; without these it may not be applied for here.
NEEDED_TO_APPLY = frozenset({Gap.OFFICE, Gap.KIND, Gap.PROMISED, Gap.MATERIALS, Gap.MATERIAL_FORM, Gap.CONDITIONS})


class Described(Protocol):
    """A service as far as its gaps are concerned."""

    office_id: Any
    code: str
    basis: str
    audience: str
    kind: str
    legal_value: int | None
    legal_basis: str
    promised_value: int | None
    conditions: str
    is_free: bool | None
    fees: Any
    places: Any
    visits: int | None
    visits_reason: str
    course: str
    process_key: str
    result: str
    remedies: str
    consult_phone: str
    complaint_phone: str
    needs_no_material: bool


class Listed(Protocol):
    """A material as far as its gaps are concerned."""

    form: str
    copies: int | None
    necessity: str
    source: str


def gaps(service: Described, materials: Iterable[Listed]) -> list[Gap]:
    """Return what is not said of a service, in the order of the list."""
    listed = list(materials)
    missing = {
        Gap.OFFICE: service.office_id is None,
        Gap.CODE: not service.code,
        Gap.BASIS: not service.basis,
        Gap.AUDIENCE: not service.audience,
        Gap.KIND: not service.kind,
        Gap.LEGAL: service.legal_value is None and service.kind != Kind.ON_THE_SPOT,
        Gap.LEGAL_BASIS: service.legal_value is not None and not service.legal_basis,
        Gap.PROMISED: service.promised_value is None and service.kind != Kind.ON_THE_SPOT,
        Gap.CONDITIONS: not service.conditions,
        Gap.MATERIALS: not listed and not service.needs_no_material,
        Gap.MATERIAL_FORM: any(not (m.form and m.copies is not None and m.necessity and m.source) for m in listed),
        Gap.FEES: service.is_free is None and not service.fees,
        Gap.PLACES: not service.places,
        Gap.VISITS: service.visits is None,
        Gap.VISITS_REASON: bool(service.visits) and not service.visits_reason,
        Gap.COURSE: not service.course and not service.process_key,
        Gap.RESULT: not service.result,
        Gap.REMEDIES: not service.remedies,
        Gap.CONSULT: not service.consult_phone,
        Gap.COMPLAINT: not service.complaint_phone,
    }
    return [gap for gap in Gap if missing[gap]]


def gap_words(found: Iterable[str]) -> list[str | Promise]:
    """Return gaps in words; one that is no longer known is left out."""
    return [Gap(key).label for key in found if key in Gap.values]


class ColumnKind(models.TextChoices):
    """What a column of a dated list holds."""

    TEXT = "text", _("words")
    YESNO = "yesno", _("yes or no")
    PERCENT = "percent", _("a share in percent")


def is_cell(kind: str, cell: str) -> bool:
    """Tell whether this can stand in a column of that kind."""
    if kind == ColumnKind.YESNO:
        return cell in ("yes", "no")
    if kind == ColumnKind.PERCENT:
        return cell.isascii() and cell.isdigit() and int(cell) <= 100
    return True


@dataclass(frozen=True, slots=True)
class Governed:
    """By which day a dated list decides for somebody."""

    governs: Governs
    day: date


def governing(governs: str, days: Mapping[str, date | None]) -> Governed | None:
    """Return the day that governs among those that are known; None where just that one is missing (I-31, I-84).

    Admitted on 30 August and discharged on 5 September: the list says which of the two counts, never the reader.
    """
    found = days.get(governs)
    return Governed(Governs(governs), found) if found else None


def holds_on(valid_from: date | None, valid_to: date | None, day: date) -> bool:
    """Tell whether a line holds on a day; the end is the first day on which it no longer does."""
    return (valid_from is None or valid_from <= day) and (valid_to is None or day < valid_to)


# What may be written of a service, with the most characters each may have; in the order of the page.
LINES: dict[str, int] = {
    "name": 200,
    "also_called": 200,
    "base_code": 12,
    "code": 36,
    "authority": 40,
    "level": 20,
    "theme": 120,
    "audience": 120,
    "office_name": 60,
    "partners": 200,
    "legal_basis": 200,
    "promised_basis": 200,
    "special": 200,
    "quota": 120,
    "visits_reason": 200,
    "result": 120,
    "consult_phone": 400,
    "complaint_phone": 200,
    "source": 120,
}
TEXTS: dict[str, int] = {"basis": 4000, "conditions": 4000, "course": 2000, "remedies": 1000}
KEYS = ("sheet_key", "process_key", "self_check_key")
LINKS = ("basis_url", "online_url")
CHOICES: dict[str, frozenset[str]] = {
    "kind": frozenset(Kind.values) | {""},
    "legal_unit": frozenset(Unit) | {""},
    "promised_unit": frozenset(Unit) | {""},
}
NUMBERS: dict[str, int] = {"legal_value": 7300, "promised_value": 7300, "visits": 99}
TRUTHS = ("is_free", "sends_by_post")  # yes, no, or nobody has said
MARKS = ("needs_no_material", "two_person", "publishes_result")
TABLES: dict[str, tuple[str, ...]] = {
    "fees": ("name", "amount", "basis"),
    "places": ("name", "address", "hours", "phone"),
    "questions": ("question", "answer"),
}
CELL_MAX = 400
ROWS_MAX = 40
FIELDS = (
    *LINES,
    *TEXTS,
    *KEYS,
    *LINKS,
    *CHOICES,
    *NUMBERS,
    *TRUTHS,
    *MARKS,
    *TABLES,
    "lists",
    "office",
    "result_sample",
)

MATERIAL_LINES: dict[str, int] = {"name": 330, "size": 40, "issuer": 80, "standard": 300, "basis": 200}
MATERIALS_MAX = 60


@dataclass(frozen=True, slots=True)
class MaterialRow:
    """A material as it is written down; what nobody has said is empty."""

    name: str
    key: str = ""
    form: str = ""
    copies: int | None = None
    size: str = ""
    necessity: str = ""
    when: Mapping[str, Any] | None = None
    source: str = ""
    issuer: str = ""
    later: bool = False
    standard: str = ""
    basis: str = ""


@dataclass(frozen=True, slots=True)
class ListedService:
    """One row of a list of services, in shape."""

    row: int
    number: str
    values: Mapping[str, Any]
    materials: tuple[str, ...] = ()
    says_materials: bool = False  # the list has a column for them


class Column(models.TextChoices):
    """What a column of a list of services can hold."""

    NUMBER = "number", _("number of the service")
    NAME = "name", _("name")
    ALSO = "also_called", _("what people call it")
    BASE_CODE = "base_code", _("code of the national catalogue")
    CODE = "code", _("code of the implementation list")
    AUTHORITY = "authority", _("kind of power")
    LEVEL = "level", _("level")
    THEME = "theme", _("theme")
    AUDIENCE = "audience", _("who it is for")
    OFFICE = "office_name", _("office")
    PARTNERS = "partners", _("offices that take part")
    BASIS = "basis", _("legal basis")
    KIND = "kind", _("on the spot, or by a promised day")
    LEGAL = "legal", _("time limit of the law")
    PROMISED = "promised", _("promised time limit")
    CONDITIONS = "conditions", _("conditions")
    COURSE = "course", _("the way it goes")
    FEES = "fees", _("fees")
    PLACE = "place", _("place")
    HOURS = "hours", _("office hours")
    VISITS = "visits", _("how often one must come")
    POST = "sends_by_post", _("sent by post")
    URL = "online_url", _("address on another site")
    RESULT = "result", _("the result")
    REMEDIES = "remedies", _("remedies")
    CONSULT = "consult_phone", _("phone for questions")
    COMPLAINT = "complaint_phone", _("phone for complaints")
    MATERIALS = "materials", _("materials")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a dated list, as far as a question is concerned."""

    name: str
    values: Mapping[str, str]
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a dated list says of one name on the day that governs."""

    governed: Governed
    is_listed: bool
    values: Mapping[str, str]


def ask(lines: Iterable[Line], name: str, governs: str, days: Mapping[str, date | None]) -> Answer | None:
    """Return what holds for a name: its own line of the day that governs, else the line for everybody not listed.

    None where the governing day is not known.
    """
    governed = governing(governs, days)
    if governed is None:
        return None
    holding = [line for line in lines if holds_on(line.valid_from, line.valid_to, governed.day)]
    own = next((line for line in holding if line.name == name and name), None)
    line = own or next((line for line in holding if not line.name), None)
    return Answer(governed, own is not None, line.values if line else {})


def share(cost: int, percent: str) -> Fraction:
    """Return the share of a cost, in the unit of the cost, exactly."""
    return Fraction(cost * int(percent), 100)

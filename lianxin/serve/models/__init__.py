"""The rows of this app: the catalogue of services, lists that count from day to day, applications, and the hall."""

from lianxin.serve.models.application import Application, open_draft, seal_draft, seal_person
from lianxin.serve.models.appointment import Appointment, Slot
from lianxin.serve.models.badge import Badge
from lianxin.serve.models.care import Asked, HandOver, HomeVisit, Phrase
from lianxin.serve.models.course import Correction, Fault, Handed, Remark, Seat, Spare, Standstill, pauses_of
from lianxin.serve.models.dated import DatedList, DatedRow
from lianxin.serve.models.document import Decision, Document, OwedPaper, Wording
from lianxin.serve.models.duty import DutyEntry, DutyLog, duties_of
from lianxin.serve.models.hall import Hall, Line, Roster, Skill, Turn, Window, stood_for
from lianxin.serve.models.loan import Loan, LoanReview, LoanRule, holding_as
from lianxin.serve.models.powers import deeds_of, holding_for
from lianxin.serve.models.rating import Rating
from lianxin.serve.models.reception import Function, Matter, PersonFile, Reception
from lianxin.serve.models.service import Material, Review, Service
from lianxin.serve.models.ticket import LineDay, Serving, Ticket

__all__ = [
    "Application",
    "Appointment",
    "Asked",
    "Badge",
    "Correction",
    "DatedList",
    "DatedRow",
    "Decision",
    "Document",
    "DutyEntry",
    "DutyLog",
    "Fault",
    "Function",
    "Hall",
    "HandOver",
    "Handed",
    "HomeVisit",
    "Line",
    "LineDay",
    "Loan",
    "LoanReview",
    "LoanRule",
    "Material",
    "Matter",
    "OwedPaper",
    "PersonFile",
    "Phrase",
    "Rating",
    "Reception",
    "Remark",
    "Review",
    "Roster",
    "Seat",
    "Service",
    "Serving",
    "Skill",
    "Slot",
    "Spare",
    "Standstill",
    "Ticket",
    "Turn",
    "Window",
    "Wording",
    "deeds_of",
    "duties_of",
    "holding_as",
    "holding_for",
    "open_draft",
    "pauses_of",
    "seal_draft",
    "seal_person",
    "stood_for",
]

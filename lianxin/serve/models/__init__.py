"""The rows of this app: the catalogue of services, lists that count from day to day, applications, and the hall."""

from lianxin.serve.models.appointment import Appointment, Slot
from lianxin.serve.models.dated import DatedList, DatedRow
from lianxin.serve.models.duty import DutyEntry, DutyLog
from lianxin.serve.models.hall import Hall, Line, Roster, Skill, Turn, Window, stood_for
from lianxin.serve.models.intake import CatalogueIntake
from lianxin.serve.models.service import Material, Review, Service
from lianxin.serve.models.ticket import LineDay, Serving, Ticket

__all__ = [
    "Appointment",
    "CatalogueIntake",
    "DatedList",
    "DatedRow",
    "DutyEntry",
    "DutyLog",
    "Hall",
    "Line",
    "LineDay",
    "Material",
    "Review",
    "Roster",
    "Service",
    "Serving",
    "Skill",
    "Slot",
    "Ticket",
    "Turn",
    "Window",
    "stood_for",
]

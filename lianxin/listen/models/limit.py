"""Within which time a voice must be sorted."""

from __future__ import annotations

from datetime import date

from lianxin.kit.clock import Term
from lianxin.people.models import Limit


def triage_term(day: date) -> Term | None:
    """Return the time limit for sorting a voice that is entered on this day; None where the county has set none."""
    limit = Limit.known("triage", day)
    return limit.term if limit else None

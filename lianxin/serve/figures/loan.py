"""The ledger of loans: which weeks nobody has looked at."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from lianxin.kit.clock import local
from lianxin.people.models import Office
from lianxin.serve.models import LoanReview, LoanRule

LOOKED_BACK = 12  # weeks


def weeks_missing(office: Office, at: datetime) -> list[date]:
    """Return the Mondays of the weeks that are over, in which a review was owed and none was signed; newest first."""
    today = local(at).date()
    monday = today - timedelta(days=today.weekday())
    signed = set(LoanReview.objects.filter(office=office).values_list("week", flat=True))
    rules = list(LoanRule.objects.filter(office=office, reviewer__isnull=False))
    weeks = [monday - timedelta(weeks=back) for back in range(1, LOOKED_BACK + 1)]
    return [week for week in weeks if week not in signed and any(_owed(rule, week) for rule in rules)]


def _owed(rule: LoanRule, week: date) -> bool:
    last = week + timedelta(days=6)
    return rule.valid_from <= last and (rule.valid_to is None or rule.valid_to > last)

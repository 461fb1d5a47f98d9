"""The rows of this app, and what is due by them."""

from lianxin.supervise.models.after import Clue, Declaration, RatingCode, Report, Usefulness, quarter_of
from lianxin.supervise.models.due import Due, Owner, dues, owners_of
from lianxin.supervise.models.evidence import Evidence
from lianxin.supervise.models.obligation import Exemption, Obligation

__all__ = [
    "Clue", "Declaration", "Due", "Evidence", "Exemption", "Obligation", "Owner", "RatingCode", "Report", "Usefulness",
    "dues", "owners_of", "quarter_of",
]  # fmt: skip

"""The rows of this app."""

from lianxin.govern.models.motion import Motion, Procedure, StepRecord
from lianxin.govern.models.project import Acceptance, Progress, Project
from lianxin.govern.models.voter import Objection, Tally, Voter

__all__ = [
    "Acceptance", "Motion", "Objection", "Procedure", "Progress", "Project", "StepRecord", "Tally", "Voter",
]  # fmt: skip

"""The rows of this app."""

from lianxin.record.models.book import Book, Scan
from lianxin.record.models.care import Objection, Risk, sees_risks
from lianxin.record.models.change import Change, Lineage, SubjectRow, subject_of
from lianxin.record.models.diary import Diary
from lianxin.record.models.encounter import Amendment, Encounter, EncounterKind
from lianxin.record.models.enterprise import Enterprise
from lianxin.record.models.fact import Fact, FactKind, Lead
from lianxin.record.models.filled import Filled, Survey
from lianxin.record.models.handset import Conflict, Handset, Piece, Sent, Upload
from lianxin.record.models.household import Household, Resident
from lianxin.record.models.known import all_known, filled_of, marks_of, missing_of
from lianxin.record.models.link import Link
from lianxin.record.models.occasion import Call, Mark, Occasion
from lianxin.record.models.offer import Given, Offer
from lianxin.record.models.outing import Discipline, Going, Outing
from lianxin.record.models.period import Period
from lianxin.record.models.programme import Action, ActionDone, Goal, Need, Target
from lianxin.record.models.reach import Reach, keeper_reach_of, reach_of
from lianxin.record.models.sealed import identity_index, seal, seal_all, unseal, unseal_all
from lianxin.record.models.session import Guest, Invitation, Topic
from lianxin.record.models.team import Chair, SignUp, Team, TeamArea, TeamMember, TeamRule
from lianxin.record.models.village import VillageFile

__all__ = [
    "Action", "ActionDone", "Amendment", "Book", "Call", "Chair", "Change", "Conflict", "Diary", "Discipline",
    "Encounter", "EncounterKind", "Enterprise", "Fact", "FactKind", "Filled", "Given", "Goal", "Going", "Guest",
    "Handset", "Household", "Invitation", "Lead", "Lineage", "Link", "Mark", "Need", "Objection", "Occasion", "Offer",
    "Outing", "Period", "Piece", "Reach", "Resident", "Risk", "Scan", "Sent", "SignUp", "SubjectRow", "Survey",
    "Target", "Team", "TeamArea", "TeamMember", "TeamRule", "Topic", "Upload", "VillageFile", "all_known", "filled_of",
    "identity_index", "keeper_reach_of", "marks_of", "missing_of", "reach_of", "seal", "seal_all", "sees_risks",
    "subject_of", "unseal", "unseal_all",
]  # fmt: skip

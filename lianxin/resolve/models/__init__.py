"""Cases: matters to be settled, what offices owe on them, and what the people say of it."""

from lianxin.resolve.models.case import Case, Join, Pause, SavedFilter, Task
from lianxin.resolve.models.course import Extension, Instruction, Progress, Reexamination, Return
from lianxin.resolve.models.feedback import Alike, Feedback, FeedbackLine, alike, raised_alike
from lianxin.resolve.models.powers import deeds_of, hands_on, holding_for, offices_of
from lianxin.resolve.models.reply import Attempt, Confirmation, Publication, Reply
from lianxin.resolve.models.road import CaseRoad, Clock, Point, Road, clock_of, road_of
from lianxin.resolve.models.steps import Step
from lianxin.resolve.models.window import window_of

__all__ = [
    "Alike", "Attempt", "Case", "CaseRoad", "Clock", "Confirmation", "Extension", "Feedback", "FeedbackLine",
    "Instruction", "Join", "Pause", "Point", "Progress", "Publication", "Reexamination", "Reply", "Return", "Road",
    "SavedFilter", "Step", "Task", "alike", "clock_of", "deeds_of", "hands_on", "holding_for", "offices_of",
    "raised_alike", "road_of", "window_of",
]  # fmt: skip

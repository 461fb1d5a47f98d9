"""The rules of processes: what they are made of, when they are sound, how tokens move, which ways there are."""

from lianxin.flow.rules.definition import (
    ANSWERED,
    CANCELLED,
    JOIN,
    OWN,
    PASSED,
    WAITING,
    WITHDRAWN,
    Automatic,
    Branch,
    Case,
    Definition,
    Fact,
    Join,
    Kind,
    Node,
    Outcome,
    Result,
    Ring,
    Stage,
    Timer,
    Way,
)  # fmt: skip
from lianxin.flow.rules.moves import Move, RunsWildError, begin, move, target
from lianxin.flow.rules.reading import NotSoundError, Reading, Trouble, definition_of, read
from lianxin.flow.rules.soundness import soundness, troubles_of
from lianxin.flow.rules.walks import Days, Stop, Walk, Walks, longest, walks_of

__all__ = [
    "ANSWERED", "CANCELLED", "JOIN", "OWN", "PASSED", "WAITING", "WITHDRAWN", "Automatic", "Branch", "Case", "Days",
    "Definition", "Fact", "Join", "Kind", "Move", "Node", "NotSoundError", "Outcome", "Reading", "Result", "Ring",
    "RunsWildError", "Stage", "Stop", "Timer", "Trouble", "Walk", "Walks", "Way", "begin", "definition_of", "longest",
    "move", "read", "soundness", "target", "troubles_of", "walks_of",
]  # fmt: skip

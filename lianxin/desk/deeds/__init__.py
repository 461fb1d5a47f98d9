"""What an officer can do to a case: each deed with its form, its one action and what is said when it is done.

The pages and the API read this same table, so that neither can do what the other cannot.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianxin.desk.forms import answer, road
from lianxin.desk.forms.deed import DeedForm
from lianxin.people.models import User
from lianxin.people.rules import Power
from lianxin.resolve import actions
from lianxin.resolve.models import Case, Extension, Task
from lianxin.resolve.models.powers import deeds_of
from lianxin.resolve.rules import MOVES, Deed, Part, State, TaskState, may


@dataclass(frozen=True, slots=True)
class Act:
    """How a deed is done from the desk."""

    form: type[DeedForm]
    action: Callable[..., Any]
    done: str | Promise
    named: bool = True  # False: the action knows from the form who does it

    def do(self, form: DeedForm, *, by: User, at: datetime) -> Any:
        """Call the one action with what the form holds."""
        who = {"by": by} if self.named else {}
        return self.action(form.thing(), at=at, **who, **form.given())


DEEDS: dict[Deed, Act] = {
    Deed.DIAGNOSE: Act(road.Diagnose, actions.diagnose, _("The first diagnosis has begun.")),
    Deed.CONSULT: Act(road.Consult, actions.consult, _("The consultation is called.")),
    Deed.DISPATCH: Act(
        road.Dispatch, actions.dispatch, _("Dispatched. The people behind it are told who does it until when.")
    ),
    Deed.TAKE: Act(road.Take, actions.take, _("You have taken it on.")),
    Deed.PROGRESS: Act(road.Progress, actions.progress, _("Your word is on the road of the case.")),
    Deed.RETURN: Act(
        road.Return, actions.return_, _("Returned. The coordinator rules who does it; the clock runs on.")
    ),
    Deed.RULE: Act(road.Rule, actions.rule, _("It is ruled who does it.")),
    Deed.EXTEND: Act(road.Extend, actions.extend, _("Asked. Until somebody decides, the old date holds.")),
    Deed.DECIDE_EXTENSION: Act(road.DecideExtension, actions.decide_extension, _("Decided.")),
    Deed.SUSPEND: Act(road.Suspend, actions.suspend, _("The clock stands still. The people behind it are told.")),
    Deed.RESUME: Act(road.Resume, actions.resume, _("The clock runs again.")),
    Deed.REPORT: Act(road.Report, actions.report, _("Your part is reported done.")),
    Deed.FINISH: Act(road.Finish, actions.finish, _("Done. Now somebody else looks whether it is so.")),
    Deed.REEXAMINE: Act(answer.Reexamine, actions.reexamine, _("Re-examined.")),
    Deed.REPLY: Act(answer.Reply, actions.reply, _("Answered. Everybody behind it who can be reached is told.")),
    Deed.ATTEMPT: Act(answer.Attempted, actions.attempt, _("The attempt is noted.")),
    Deed.CONFIRM: Act(answer.Confirm, actions.confirm, _("What the person says is noted."), named=False),
    Deed.CLOSE: Act(answer.Close, actions.close, _("Closed.")),
    Deed.REOPEN: Act(answer.Reopen, actions.reopen, _("Reopened. The people behind it are told.")),
    Deed.MERGE: Act(road.Merge, actions.merge, _("Merged. Everybody behind it will be answered with the other case.")),
    Deed.SPLIT: Act(road.Split, actions.split, _("Split. The new case waits to be dispatched.")),
    Deed.INSTRUCT: Act(road.Instruct, actions.instruct, _("The instruction is given.")),
    Deed.ALARM: Act(road.Alarm, actions.alarm, _("It is a major matter now. The leader on duty is told.")),
    Deed.DRAFT_PUBLIC: Act(
        answer.DraftPublic, actions.draft_public, _("Proposed. Somebody else reads it before it is public.")
    ),
    Deed.PUBLISH: Act(answer.Publish, actions.publish, _("It is public now.")),
    Deed.WITHDRAW: Act(answer.Withdraw, actions.withdraw, _("It is no longer public.")),
}


class Facts(NamedTuple):
    """What a page has read of a case already."""

    case: Case
    user: User
    tasks: Sequence[Task]
    extensions: Sequence[Extension]

    def owed(self, part: Part | None = None) -> list[Task]:
        """The open tasks of this officer's offices."""
        mine = self.user.standing.offices(Power.HANDLE)
        return [
            task
            for task in self.tasks
            if task.state == TaskState.OPEN and task.office_id in mine and part in (None, task.part)
        ]

    @property
    def is_public(self) -> bool:
        publication = getattr(self.case, "publication", None)
        return bool(publication and publication.published_at and not publication.withdrawn_at)

    @property
    def is_drafted(self) -> bool:
        publication = getattr(self.case, "publication", None)
        return bool(publication and not publication.published_at and not publication.withdrawn_at)


def _always(facts: Facts) -> bool:
    return True


# When a deed that table and powers allow can still only be refused.
SENSIBLE: dict[Deed, Callable[[Facts], bool]] = {
    Deed.TAKE: lambda f: any(task.handler_id != f.user.pk for task in f.owed()),
    Deed.RETURN: lambda f: any(not task.forced for task in f.owed()),
    Deed.REPORT: lambda f: bool(f.owed(Part.ASSIST)),
    Deed.EXTEND: lambda f: not any(each.granted is None for each in f.extensions),
    Deed.DECIDE_EXTENSION: lambda f: any(
        each.granted is None and each.asked_by_id != f.user.pk for each in f.extensions
    ),
    Deed.REEXAMINE: lambda f: f.case.reexamined_at is None,
    Deed.REPLY: lambda f: f.case.reexamined_at is not None,
    Deed.ALARM: lambda f: not f.case.major,
    Deed.SPLIT: lambda f: f.case.voices > 1,
    Deed.REOPEN: lambda f: f.case.merged_into_id is None,
    Deed.CONFIRM: lambda f: f.case.answered_at is not None,
    Deed.DRAFT_PUBLIC: lambda f: not f.is_public,
    Deed.PUBLISH: lambda f: f.is_drafted and f.case.publication.drafted_by_id != f.user.pk,
    Deed.WITHDRAW: lambda f: f.is_drafted or f.is_public,
}

# What mostly comes next, so that it stands first.
NEXT: dict[State, tuple[Deed, ...]] = {
    State.REGISTERED: (Deed.DISPATCH, Deed.DIAGNOSE, Deed.CONSULT, Deed.MERGE, Deed.INSTRUCT),
    State.DIAGNOSING: (Deed.FINISH, Deed.PROGRESS, Deed.DISPATCH, Deed.CONSULT),
    State.CONSULTING: (Deed.DISPATCH, Deed.PROGRESS),
    State.HANDLING: (
        Deed.DECIDE_EXTENSION,
        Deed.TAKE,
        Deed.FINISH,
        Deed.REPORT,
        Deed.PROGRESS,
        Deed.EXTEND,
        Deed.RETURN,
        Deed.RULE,
    ),
    State.REEXAMINING: (Deed.REPLY, Deed.REEXAMINE),
    State.ANSWERED: (Deed.CONFIRM, Deed.ATTEMPT, Deed.CLOSE, Deed.PUBLISH, Deed.DRAFT_PUBLIC),
    State.CLOSED: (Deed.PUBLISH, Deed.DRAFT_PUBLIC, Deed.REOPEN),
    State.SUSPENDED: (Deed.RESUME,),
    State.REOPENED: (Deed.DISPATCH, Deed.DIAGNOSE, Deed.CONSULT),
}


def open_deeds(case: Case, user: User, *, at: datetime) -> list[Deed]:
    """Return what this officer may do to the case now; the person's word is taken by asking."""
    open_now = deeds_of(case, user, at=at)
    if may(Deed.CONFIRM, case.state) and user.standing.may(Power.REPLY, case.office_id):
        open_now.append(Deed.CONFIRM)
    return open_now


def offered(
    case: Case, user: User, *, at: datetime, tasks: Sequence[Task], extensions: Sequence[Extension]
) -> list[Deed]:
    """Return the open deeds that make sense now, the likeliest first; what can only be refused is left out."""
    facts = Facts(case, user, tasks, extensions)
    found = [deed for deed in open_deeds(case, user, at=at) if SENSIBLE.get(deed, _always)(facts)]
    first = NEXT.get(State(case.state), ())
    return sorted(found, key=lambda deed: first.index(deed) if deed in first else len(first))


def powers_of(deed: Deed) -> tuple[Power, ...]:
    """Return the powers of which one is needed for a deed, in any state."""
    move = MOVES[deed]
    before = {Power.DIAGNOSE} if deed in (Deed.PROGRESS, Deed.FINISH) else set()
    return tuple(sorted({move.power or Power.REPLY, *move.also, *before}))

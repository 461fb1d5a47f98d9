"""From the decision to the work: started with no step missing, told in public, accepted by those who decided."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lianxin.govern.models import Acceptance, Motion, Progress, Project, Voter
from lianxin.govern.rules import Gate, State, Step, StepKind
from lianxin.kit.clock import local
from lianxin.kit.refusal import Refusal
from lianxin.ledger.actions import note
from lianxin.ledger.models import Attachment
from lianxin.people.actions import need
from lianxin.people.actions.words import line, said, why
from lianxin.people.models import User
from lianxin.people.rules import Power


class NotDecided(Refusal):
    """Nothing is built that was not decided."""


class MissingStep(Refusal):
    """A step of the procedure is missing."""


class TooFewVillagers(Refusal):
    """Work is accepted by those who decided it."""


@transaction.atomic
def start_project(
    motion: Motion, *, title: str, budget: int, sources: str, builder: str, starts: date, until: date, by: User,
    at: datetime,
) -> Project:  # fmt: skip
    """Start the work that was decided; refused while a step of the procedure is missing. Needs GOVERN.

    Raises NotDecided, MissingStep, TooShort, NotAllowed.
    """
    whose = need(by, Power.GOVERN, office_id=motion.office_id, at=at).behalf
    motion = Motion.objects.select_for_update(of=("self",)).select_related("procedure").get(pk=motion.pk)
    if motion.state != State.PASSED or Project.objects.filter(motion=motion).exists() or until < starts:
        raise NotDecided(_("Only what was decided is built, once, and it ends after it begins."))
    _need_steps(motion, Gate.START)
    made = Project.objects.create(
        motion=motion, title=line(why(title)), budget=budget, sources=why(sources), builder=line(why(builder)),
        started_on=starts, planned_until=until, started_by=by,
    )  # fmt: skip
    note("project.started", made, by=by, at=at, behalf=whose, data={"budget": budget})
    return made


@transaction.atomic
def progress(
    project: Project, *, day: date, percent: int, words: str, by: User, at: datetime, spent: int = 0,
    photos: Iterable[Attachment] = (),
) -> Progress:  # fmt: skip
    """Tell everybody how far the work is, with photographs. Needs GOVERN. Raises NotDecided, NothingSaid."""
    whose = need(by, Power.GOVERN, office_id=project.motion.office_id, at=at).behalf
    if not project.started_on <= day <= local(at).date() or not 0 <= percent <= 100:
        raise NotDecided(_("Progress is told of a day since the work began, and of at most a hundred percent."))
    made = Progress.objects.create(
        project=project, day=day, percent=percent, spent=spent, words=said(words), by=by, at=at
    )
    made.photos.set(photos)
    note("project.progress", made, by=by, at=at, behalf=whose, data={"percent": percent, "spent": spent})
    return made


@transaction.atomic
def accept_work(
    project: Project, *, accepted: bool, words: str, voters: Iterable[Voter], day: date, by: User, at: datetime
) -> Acceptance:
    """Write down that villagers looked at the work and whether they accept it; enough of them, from the list.

    Raises TooFewVillagers, MissingStep, NothingSaid, NotAllowed.
    """
    whose = need(by, Power.GOVERN, office_id=project.motion.office_id, at=at).behalf
    motion = Motion.objects.select_for_update(of=("self",)).select_related("procedure").get(pk=project.motion_id)
    looked = motion.voters.filter(pk__in=[voter.pk for voter in voters], struck_at=None)
    if looked.count() < motion.procedure.acceptors_least or project.acceptances.filter(accepted=True).exists():
        text = _("At least %(least)s people from the list of voters accept the work, once.")
        raise TooFewVillagers(text % {"least": motion.procedure.acceptors_least})
    if accepted:
        _need_steps(motion, Gate.ACCEPTANCE)
    made = Acceptance.objects.create(project=project, day=day, accepted=accepted, words=said(words), by=by, at=at)
    made.voters.set(looked)
    note("project.accepted" if accepted else "project.not_accepted", made, by=by, at=at, behalf=whose)
    return made


def missing_steps(motion: Motion, gate: str) -> list[Step]:
    """Return the steps that must be done before this, in order, and are not."""
    recorded = set(motion.records.values_list("key", flat=True))
    steps = [step for step in motion.procedure.read_steps if step.gate == Gate.START or step.gate == gate]
    return [step for step in steps if not is_done(motion, step, recorded)]


def is_done(motion: Motion, step: Step, recorded: set[str]) -> bool:
    """Tell whether a step is done, by what is on record and by nothing else."""
    if step.kind == StepKind.NOTICE:
        up = timedelta(days=motion.procedure.notice_days)
        return bool(motion.noticed_at and motion.vote_opened_at and motion.vote_opened_at >= motion.noticed_at + up)
    if step.kind == StepKind.LIST:
        return motion.vote_opened_at is not None and not motion.objections.filter(ruled_at=None).exists()
    return motion.state == State.PASSED if step.kind == StepKind.VOTE else step.key in recorded


def _need_steps(motion: Motion, gate: str) -> None:
    if missing := missing_steps(motion, gate):
        names = "、".join(step.title for step in missing)
        raise MissingStep(_("A step of the procedure is missing: %(steps)s.") % {"steps": names})

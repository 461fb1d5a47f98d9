"""What is done to a motion: each deed with its form, the states in which it is offered, and its action."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianxin.desk.forms import deciding as shapes
from lianxin.govern import actions
from lianxin.govern.models import Motion
from lianxin.govern.rules import State
from lianxin.ledger.actions import keep_file


class Deed(NamedTuple):
    """One deed on a motion: what it is called, what it asks, when it is offered."""

    title: str | Promise
    shape: type[forms.Form]
    states: frozenset[State]
    do: Callable[..., Any]


def _check_off(motion: Motion, *, voters: Any, **who: Any) -> None:
    for voter in voters:
        actions.check_off(voter, **who)


def _progress(motion: Motion, *, photo: Any, **given: Any) -> None:
    photos = [keep_file(content=photo, name=photo.name, by=given["by"], at=given["at"])] if photo else []
    actions.progress(motion.project, photos=photos, **given)


DRAFT, NOTICED, VOTING = frozenset({State.DRAFT}), frozenset({State.NOTICED}), frozenset({State.VOTING})
PASSED = frozenset({State.PASSED})
DEEDS: dict[str, Deed] = {
    "list-voters": Deed(_("Write the list of voters"), shapes.ListForm, DRAFT, actions.list_voters),
    "notice": Deed(_("Make it known"), shapes.NothingForm, DRAFT | {State.NO_QUORUM}, actions.notice),
    "record-step": Deed(
        _("Put a step on record"), shapes.StepForm, DRAFT | NOTICED | VOTING | PASSED, actions.record_step
    ),
    "object": Deed(_("Note an objection to the list"), shapes.ObjectForm, DRAFT | NOTICED, actions.object_to_list),
    "rule": Deed(
        _("Rule on an objection"), shapes.RuleForm, DRAFT | NOTICED,
        lambda motion, objection, **given: actions.rule_on_objection(objection, **given),
    ),
    "open-vote": Deed(_("Open the vote"), shapes.NothingForm, NOTICED, actions.open_vote),
    "give-proxy": Deed(
        _("Note a proxy"), shapes.ProxyForm, VOTING, lambda motion, voter, **given: actions.give_proxy(voter, **given)
    ),
    "check-off": Deed(_("Check off who took part"), shapes.CheckForm, VOTING, _check_off),
    "count-votes": Deed(
        _("Write down what was counted"), shapes.CountForm, VOTING,
        lambda motion, by, at, **counts: actions.count_votes(motion, counts=counts, by=by, at=at),
    ),
    "close-vote": Deed(_("Close the vote"), shapes.NothingForm, VOTING, actions.close_vote),
    "start-project": Deed(_("Start the work"), shapes.ProjectForm, PASSED, actions.start_project),
    "progress": Deed(_("Tell how far it is"), shapes.ProgressForm, PASSED, _progress),
    "accept-work": Deed(
        _("Acceptance by villagers"), shapes.AcceptForm, PASSED,
        lambda motion, **given: actions.accept_work(motion.project, **given),
    ),
    "withdraw": Deed(_("Take it back"), shapes.ReasonForm, DRAFT | NOTICED, actions.withdraw),
}  # fmt: skip
OF_PROJECT = frozenset({"progress", "accept-work"})

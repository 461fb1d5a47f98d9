"""What can be done to campaigns, teams, needs, diaries and lists of visits: form, action, words, and who may."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianxin.desk.forms import campaigns as forms
from lianxin.desk.forms import outings
from lianxin.listen import actions as listen
from lianxin.people.rules import Power
from lianxin.record import actions as record
from lianxin.record.models import Action, Discipline, EncounterKind, Mark, Occasion, Offer, Team

SEES = (Power.VISIT, Power.PLAN)


class Deed(NamedTuple):
    """A form and the action it feeds, with the words of both buttons."""

    form: type[forms.PlanForm]
    action: Callable[..., Any]
    title: str | Promise
    powers: tuple[Power, ...] = (Power.PLAN,)


def _own_idea(team: Team, **said: Any) -> Action:
    return record.set_action(team.campaign, team=team, **said)


def _report(team: Team, action: Action, **said: Any) -> object:
    return record.report_action(action, team=team, **said)


ON_CAMPAIGN: dict[str, Deed] = {
    "target": Deed(forms.TargetForm, record.set_target, _("Add a target")),
    "goal": Deed(forms.GoalForm, record.set_goal, _("Add a goal")),
    "action": Deed(forms.ActionForm, record.set_action, _("Add what all must do")),
    "team": Deed(forms.TeamForm, record.make_team, _("Add a team")),
    "rule": Deed(forms.RuleForm, record.set_team_rule, _("Say what teams are made of")),
    "seat": Deed(forms.SeatForm, record.seat, _("Seat of the leading group")),
    "need": Deed(forms.NeedForm, record.note_need, _("Note what a place needs"), SEES),
    "sign-up": Deed(forms.SignUpForm, record.sign_up, _("Offer to go"), (Power.VISIT,)),
}
ON_TEAM: dict[str, Deed] = {
    "join": Deed(forms.JoinForm, record.join_team, _("Put somebody into the team")),
    "lead": Deed(forms.LeadForm, record.lead_team, _("Say who leads it")),
    "give": Deed(forms.GiveAreaForm, record.give_area, _("Give it a place")),
    "own": Deed(forms.OwnActionForm, _own_idea, _("Add an idea of your own"), (Power.VISIT,)),
    "done": Deed(forms.DoneForm, _report, _("Say that something is done"), (Power.VISIT,)),
    "plan": Deed(outings.RhythmForm, record.plan_outings, _("Plan days"), SEES),
}
NEEDS: dict[str, Deed] = {
    "offer": Deed(forms.OfferNeedForm, record.offer_need, _("Who offers what")),
    "meet": Deed(forms.MeetNeedForm, record.meet_need, _("What came of it"), SEES),
}
ON_ENTRY: dict[str, tuple[type[forms.PlanForm], Callable[..., Any], Any]] = {
    "share": (forms.PlanForm, record.share_diary, _("Hand it in: who plans visits may read it")),
    "comment": (outings.CommentForm, record.comment_diary, _("Write a comment")),
    "promote": (outings.PromoteForm, listen.promote, _("Let a sentence be worked on")),
}
LISTS: dict[str, tuple[Any, type[forms.PlanForm], Callable[..., Any], Any, tuple[str, ...]]] = {
    "kinds": (_("Kinds of visits"), outings.KindForm, record.add_kind, EncounterKind, ("of", "name")),
    "offers": (_("What is brought to doors"), outings.BroughtForm, record.add_offer, Offer, ("kind", "name")),
    "occasions": (
        _("When one must go, or report"), outings.OccasionForm, record.add_occasion, Occasion, ("order", "pk")
    ),
    "marks": (_("What one knows of a household"), outings.MarkForm, record.add_mark, Mark, ("order", "pk")),
    "discipline": (_("Rules of conduct"), outings.DisciplineForm, record.add_discipline, Discipline, ("pk",)),
}  # fmt: skip

"""What is entered to plan visits: campaigns, teams, days, sessions, lists."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianxin.desk.forms.deed import YesNo, choose_offices, day, holders, office, officer, reason
from lianxin.desk.forms.places import AreaField
from lianxin.people.models import User
from lianxin.people.rules import Power
from lianxin.record.models import (
    Action,
    EncounterKind,
    Target,
    TeamMember,
    TeamRule,
)
from lianxin.record.rules import Indicator


class PlanForm(forms.Form):
    """A form of who plans: it knows the moment, the officer, and what it is about."""

    def __init__(self, *args: Any, user: User, at: datetime, about: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.officer, self.at, self.about = user, at, about
        if "office" in self.fields:
            choose_offices(self, "office", at=at)
        self.narrow()

    def narrow(self) -> None:
        """Restrict the choices to what fits what it is about."""

    def let(self, name: str, rows: Any) -> None:
        """Let a field choose among these rows."""
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = rows

    def given(self) -> dict[str, Any]:
        """Return what the action is given beside by and at."""
        return dict(self.cleaned_data)


class PlaceField(AreaField):
    """A place that must be named."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.required = True


class CampaignForm(PlanForm):
    """A campaign."""

    key = forms.SlugField(label=_("Short key, in Latin letters"), max_length=40)
    name = forms.CharField(label=_("Name"), max_length=60)
    office = office(_("Who runs it"))
    starts = day(_("First day"))
    ends = day(_("The day after the last"), required=False)
    goal = forms.CharField(label=_("What it is for"), max_length=200, required=False)
    basis = forms.CharField(label=_("Document that says so"), max_length=200, required=False)


class TargetForm(PlanForm):
    """One layer of targets."""

    name = forms.CharField(label=_("Name"), max_length=60)
    counts = forms.ChoiceField(label=_("What is counted"), choices=Target.Counts.choices)
    only = forms.CharField(
        label=_("Only of"), max_length=40, required=False, help_text=_("A rank, or a category of the roster.")
    )
    target = forms.IntegerField(label=_("How many are to be reached"), min_value=1, max_value=10_000_000)


class GoalForm(PlanForm):
    """One line of the scorecard."""

    words = forms.CharField(label=_("Goal"), max_length=60)
    indicator = forms.ChoiceField(label=_("The number that stands for it"), choices=Indicator.choices)


class ActionForm(PlanForm):
    """Something that every team must do."""

    name = forms.CharField(label=_("What is to be done"), max_length=60)
    kind = forms.ModelChoiceField(
        label=_("Shown by an encounter of this kind"), queryset=EncounterKind.objects.none(), required=False
    )
    each_member = forms.BooleanField(label=_("By every member"), required=False)

    def narrow(self) -> None:
        self.let("kind", EncounterKind.objects.offered())


class OwnActionForm(PlanForm):
    """Something that one team does on top."""

    name = forms.CharField(label=_("What you do on top"), max_length=60)


class DoneForm(PlanForm):
    """An action is done."""

    action = forms.ModelChoiceField(label=_("What is done"), queryset=Action.objects.none(), empty_label=None)
    words = reason(_("How"))

    def narrow(self) -> None:
        self.let("action", Action.objects.filter(campaign=self.about.campaign, each_member=False).order_by("order"))


class TeamForm(PlanForm):
    """A team."""

    number = forms.IntegerField(label=_("Number"), min_value=1, max_value=9_999)
    name = forms.CharField(label=_("Name"), max_length=60, required=False)
    office = office(_("Whose people it is made of"))


class RuleForm(PlanForm):
    """What teams must be made of."""

    asks = forms.ChoiceField(label=_("What is asked for"), choices=TeamRule.Asks.choices)
    rank = forms.CharField(label=_("Rank"), max_length=30, required=False)
    age = forms.IntegerField(label=_("Younger than"), min_value=18, max_value=99, required=False)
    least = forms.IntegerField(label=_("At least"), min_value=1, max_value=999, initial=1)
    each_team = YesNo(label=_("Of whom?"), yes=_("of every team"), no=_("of all teams together"))
    basis = forms.CharField(label=_("Document that says so"), max_length=200, required=False)


class SeatForm(PlanForm):
    """A seat of the leading group."""

    office = office(_("Office"))
    title = forms.CharField(label=_("Title of the post"), max_length=60)
    place = forms.CharField(label=_("Seat"), max_length=20, help_text=_("Head, deputy, member."))


class NeedForm(PlanForm):
    """What a community needs."""

    area = PlaceField(label=_("Place"))
    text = forms.CharField(label=_("What is needed"), max_length=200)


class OfferNeedForm(PlanForm):
    """Who offers what."""

    office = office(_("Who offers it"))
    offer = forms.CharField(label=_("What is offered"), max_length=200)
    on = day(_("When"))


class MeetNeedForm(PlanForm):
    """What came of it."""

    result = forms.CharField(label=_("What came of it"), max_length=300)


class SignUpForm(PlanForm):
    """Somebody offers to go."""

    rank = forms.CharField(label=_("Rank"), max_length=30, required=False, help_text=_("Empty: that of your post."))
    born = forms.IntegerField(label=_("Year of birth"), min_value=1930, max_value=2020, required=False)
    skills = forms.CharField(label=_("What you are good at"), max_length=120, required=False)


class ChooseForm(PlanForm):
    """Whether somebody goes."""

    chosen = YesNo(label=_("Does the person go?"), yes=_("Yes"), no=_("Not this time"))
    because = reason()


class JoinForm(PlanForm):
    """Somebody joins a team."""

    user = officer(_("Who"))
    starts = day(_("From"))
    rank = forms.CharField(
        label=_("Rank"), max_length=30, required=False, help_text=_("Empty: that of the offer, or of the post.")
    )
    born = forms.IntegerField(label=_("Year of birth"), min_value=1930, max_value=2020, required=False)

    def narrow(self) -> None:
        self.let("user", holders(Power.VISIT, at=self.at))


class EndForm(PlanForm):
    """From which day on no longer."""

    ends = day(_("The first day on which it no longer holds"))


class LeadForm(PlanForm):
    """Who leads a team."""

    user = officer(_("Who"))

    def narrow(self) -> None:
        members = TeamMember.objects.on(timezone.localdate(self.at)).filter(team=self.about).values("user")
        self.let("user", User.objects.filter(pk__in=members).order_by("name"))


class GiveAreaForm(PlanForm):
    """A place for a team."""

    area = PlaceField(label=_("Place"))
    starts = day(_("From"))

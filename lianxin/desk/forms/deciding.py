"""What is asked when a village decides."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.desk.forms.deed import YesNo, choose_offices, day, office, reason, text
from lianxin.govern.models import Motion, Objection, Procedure, Voter
from lianxin.govern.rules import Choice, Electorate, Manner, StepKind
from lianxin.people.forms.fields import SeveralField
from lianxin.people.models import Office, User
from lianxin.people.rules import Power
from lianxin.places.models import Area
from lianxin.record.models import Enterprise, keeper_reach_of

PHOTOS_MOST = 9


class MotionForm(forms.Form):
    """What is to be decided, where, by whom, how."""

    title = forms.CharField(label=pgettext_lazy("motion", "What it is about"), max_length=120)
    text = text(_("What is to be decided, word by word"))
    proposed_by = forms.CharField(label=_("Who brought it in"), max_length=80)
    office = office(pgettext_lazy("motion", "Office that keeps it"))
    procedure = forms.ModelChoiceField(label=_("Procedure"), queryset=Procedure.objects.none(), empty_label=None)
    area = forms.ModelChoiceField(label=_("Village or group"), queryset=Area.objects.none(), required=False)
    enterprise = forms.ModelChoiceField(label=_("or enterprise"), queryset=Enterprise.objects.none(), required=False)
    electorate = forms.ChoiceField(label=_("Who has a vote"), choices=Electorate.choices, widget=forms.RadioSelect)
    manner = forms.ChoiceField(label=_("How it is voted on"), choices=Manner.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, user: User, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_offices(self, "office", at=at)
        mine = self.fields["office"]
        assert isinstance(mine, forms.ModelChoiceField)
        offices = Office.objects.filter(pk__in=user.standing.offices(Power.GOVERN)).order_by("path")
        mine.queryset = offices
        mine.choices = [(row.pk, row.name) for row in offices]
        kinds = (Area.Kind.VILLAGE, Area.Kind.GROUP)
        today = timezone.localdate(at)
        kept = keeper_reach_of(user, at).areas()
        _rows(self, "area", Area.objects.on(today).filter(kept, kind__in=kinds).defer("outline").order_by("path"))
        _rows(self, "enterprise", Enterprise.objects.visible_to(user).open().order_by("name"))
        _rows(self, "procedure", Procedure.objects.filter(retired_at=None).order_by("name"))


class OfMotion(forms.Form):
    """A form about one motion."""

    def __init__(self, *args: Any, motion: Motion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.motion = motion
        self.narrow()

    def narrow(self) -> None:
        """Offer only what belongs to this motion."""
        listed = self.motion.voters.filter(struck_at=None).order_by("name", "id")
        for name in ("voter", "to", "voters"):
            if name in self.fields:
                _rows(self, name, listed)
                self.fields[name].label_from_instance = lambda one: one.name  # type: ignore[attr-defined]


class ListForm(OfMotion):
    """The list of voters: from the files, or by name."""

    names = text(
        _("Names, one a line"), required=False,
        help_text=_("Only for the workers of an enterprise; of a place the list comes from the files."),
    )  # fmt: skip

    def clean_names(self) -> list[str]:
        """Return the names, one by one."""
        return [line.strip() for line in self.cleaned_data["names"].splitlines() if line.strip()][:5000]


class NothingForm(OfMotion):
    """Nothing more is asked."""


class ReasonForm(OfMotion):
    """Why."""

    reason = reason()


class StepForm(OfMotion):
    """A step of the procedure, on record."""

    key = forms.ChoiceField(label=_("Which step"))
    day = day(_("Day"))
    words = text(_("Who met, and what was said"))

    def narrow(self) -> None:
        there = set(self.motion.records.values_list("key", flat=True))
        steps = [step for step in self.motion.procedure.read_steps if step.kind == StepKind.RECORD]
        field = self.fields["key"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(step.key, step.title) for step in steps if step.key not in there]


class ObjectForm(OfMotion):
    """Somebody says that the list is wrong."""

    wants = forms.ChoiceField(label=_("What is wrong"), choices=Objection.Wants.choices, widget=forms.RadioSelect)
    name = forms.CharField(label=_("Whose name"), max_length=60)
    words = reason(_("Why"))


class RuleForm(OfMotion):
    """A ruling on an objection."""

    objection = forms.ModelChoiceField(label=_("Objection"), queryset=Objection.objects.none(), empty_label=None)
    upheld = YesNo(label=_("Is it right?"), yes=_("Yes, the list is changed"), no=_("No, the list stays"))
    ruling = reason(_("Why"))

    def narrow(self) -> None:
        _rows(self, "objection", self.motion.objections.filter(ruled_at=None))
        self.fields["objection"].label_from_instance = (  # type: ignore[attr-defined]
            lambda one: f"{one.name}: {one.get_wants_display()} ({one.words})"
        )


class CheckForm(OfMotion):
    """Who took part."""

    voters = SeveralField(
        label=_("Who took part"), queryset=Voter.objects.none(), widget=forms.CheckboxSelectMultiple,
        help_text=_("Also those who vote by proxy. Each name can be ticked once."),
    )  # fmt: skip

    def narrow(self) -> None:
        super().narrow()
        field = self.fields["voters"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = self.motion.voters.filter(struck_at=None, voted=False).order_by("name", "id")


class ProxyForm(OfMotion):
    """Who votes in place of whom."""

    voter = forms.ModelChoiceField(label=_("Who cannot come"), queryset=Voter.objects.none())
    to = forms.ModelChoiceField(label=_("Who votes in his or her place"), queryset=Voter.objects.none())


class BallotForm(OfMotion):
    """Who gets a code for a ballot without coming."""

    voter = forms.ModelChoiceField(label=_("Who cannot come"), queryset=Voter.objects.none())


class CountForm(OfMotion):
    """What was counted."""

    yes = forms.IntegerField(label=Choice.YES.label, min_value=0, max_value=100_000, initial=0)
    no = forms.IntegerField(label=Choice.NO.label, min_value=0, max_value=100_000, initial=0)
    abstain = forms.IntegerField(label=Choice.ABSTAIN.label, min_value=0, max_value=100_000, initial=0)
    invalid = forms.IntegerField(label=Choice.INVALID.label, min_value=0, max_value=100_000, initial=0)


class ProjectForm(OfMotion):
    """The work that was decided."""

    title = forms.CharField(label=_("What is built"), max_length=120)
    budget = forms.IntegerField(label=_("Budget, yuan"), min_value=0, max_value=10**12)
    sources = forms.CharField(label=_("Where the money comes from"), max_length=200)
    builder = forms.CharField(label=_("Who does the work"), max_length=120)
    starts = day(_("First day"))
    until = day(_("Planned until"))


class ProgressForm(OfMotion):
    """How far the work is."""

    day = day(_("Day"))
    percent = forms.IntegerField(label=_("Per cent"), min_value=0, max_value=100)
    spent = forms.IntegerField(label=_("Spent so far, yuan"), min_value=0, max_value=10**12, initial=0)
    words = text(_("How it stands"))
    photo = forms.FileField(
        label=_("Photograph"), required=False, help_text=_("Everybody sees it: no faces, no number plates.")
    )


class AcceptForm(OfMotion):
    """Villagers look at the work."""

    day = day(_("Day"))
    accepted = YesNo(
        label=_("Do they accept it?"), yes=_("Yes, it is as decided"), no=_("No, something must be mended")
    )
    words = text(_("What they say of it"))
    voters = SeveralField(label=_("Who looked"), queryset=Voter.objects.none(), widget=forms.CheckboxSelectMultiple)


def _rows(form: forms.Form, name: str, rows: Any) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows

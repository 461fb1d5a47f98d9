"""What is entered of who was asked first, of phrases, and of visits to homes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianxin.desk.forms.deed import YesNo
from lianxin.people.forms.fields import MomentField, SeveralField
from lianxin.people.models import User
from lianxin.people.rules import Power
from lianxin.serve.models import Phrase


def _area(rows: int = 2) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class BeAskedForm(forms.Form):
    """What somebody asked, and what was told."""

    matter = forms.CharField(
        label=_("What you were asked"), max_length=200, widget=_area(), help_text=_("Without names and numbers.")
    )
    told = forms.CharField(
        label=_("What you told"), max_length=200, widget=_area(), help_text=_("The place, whom to ask, the phone.")
    )


class HandOverForm(forms.Form):
    """To whom it is offered."""

    to = forms.ModelChoiceField(label=_("To which colleague"), queryset=User.objects.none())

    def __init__(self, *args: Any, user: User, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        on = timezone.localdate(at)
        colleagues = User.objects.holding(Power.WINDOW, on) | User.objects.holding(Power.PROCESS, on)
        field = self.fields["to"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = colleagues.exclude(pk=user.pk).order_by("name", "pk")


class AnswerHandOverForm(forms.Form):
    """Whether it is taken on."""

    accepted = YesNo(label=_("Do you take it on?"), yes=_("Yes, I take it on"), no=_("No, it is not mine"))
    reason = forms.CharField(label=_("Why not"), max_length=200, required=False)


class SettleAskedForm(forms.Form):
    """What came of it."""

    outcome = forms.CharField(label=_("What came of it"), max_length=200, widget=_area())


class PhraseForm(forms.Form):
    """A phrase for the list."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Phrase.Kind.choices)
    text = forms.CharField(label=_("Phrase"), max_length=80)
    instead = forms.CharField(label=_("What to say instead"), max_length=120, required=False)
    source = forms.CharField(label=_("Document that lists it"), max_length=120)


class SpeechForm(forms.Form):
    """A text to be looked through."""

    text = forms.CharField(label=_("Your text"), max_length=2000, widget=_area(4))


class PlanHomeForm(forms.Form):
    """When a team comes, and who."""

    planned_for = MomentField(label=_("When"))
    team = SeveralField(
        label=_("Who goes"), queryset=User.objects.none(), widget=forms.CheckboxSelectMultiple,
        help_text=_("At least two."),
    )  # fmt: skip

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["team"]
        assert isinstance(field, SeveralField)
        field.queryset = User.objects.holding(Power.WINDOW, timezone.localdate(at)).order_by("name", "pk")


class FinishHomeForm(forms.Form):
    """What was done at the home."""

    done = forms.CharField(label=_("What was done"), max_length=500, widget=_area(3))
    signed = forms.BooleanField(label=_("The person has signed"), required=False)


class DeclineHomeForm(forms.Form):
    """Why nobody comes."""

    reason = forms.CharField(label=_("Why, and what can be done instead"), max_length=200, widget=_area())

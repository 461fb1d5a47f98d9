"""A ballot by code, an objection to the list of voters, and what an enterprise thinks of visits."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from lianxin.govern.models import Objection
from lianxin.govern.rules import Choice
from lianxin.portal.forms.fields import LineField
from lianxin.supervise.models import Usefulness

_ASKED = {"required": _("Please choose one."), "invalid_choice": _("Please choose one.")}


class BallotForm(forms.Form):
    """One secret ballot."""

    code = LineField(label=_("The code from your envelope"), max_length=40)
    choice = forms.ChoiceField(
        label=_("Your vote"), widget=forms.RadioSelect, error_messages=_ASKED,
        choices=[(choice.value, choice.label) for choice in (Choice.YES, Choice.NO, Choice.ABSTAIN)],
    )  # fmt: skip


class ListForm(forms.Form):
    """What is wrong with the list."""

    wants = forms.ChoiceField(
        label=_("What is wrong with the list?"), choices=Objection.Wants.choices, widget=forms.RadioSelect,
        error_messages=_ASKED,
    )  # fmt: skip
    name = LineField(label=_("Whose name"), max_length=60)
    words = LineField(label=_("Why"), max_length=200)


class UsefulnessForm(forms.Form):
    """What an enterprise thinks of the visits."""

    code = LineField(label=_("The code from your envelope"), max_length=40)
    grade = forms.TypedChoiceField(
        label=_("Were the visits of use?"), choices=Usefulness.Grade.choices, coerce=int, widget=forms.RadioSelect,
        error_messages=_ASKED,
    )  # fmt: skip

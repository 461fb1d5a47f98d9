"""What is asked about telephones and what they have sent."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.record.models import Conflict


class WipeForm(forms.Form):
    """Why a telephone is to forget everything."""

    reason = forms.CharField(
        label=_("Why"), max_length=200, help_text=_("Lost, stolen, given to somebody else, left the post.")
    )


class TakeInForm(forms.Form):
    """Nothing is asked: what was sent is taken in as it is."""


class DropForm(forms.Form):
    """Why what was sent is left out."""

    reason = forms.CharField(label=_("Why"), max_length=200)


class ChoiceForm(forms.Form):
    """Which of two values is to stand."""

    choice = forms.ChoiceField(
        label=pgettext_lazy("field", "Which is right?"), choices=Conflict.Choice, widget=forms.RadioSelect
    )

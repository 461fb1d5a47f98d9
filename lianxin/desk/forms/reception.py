"""One stop: who comes and with what, what it goes on as, how it ended; and the functions of the centre."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.people.models import Office
from lianxin.serve.models import Function

WORDS_MOST = 200


def _area(rows: int = 2) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class ReceivePersonForm(forms.Form):
    """Who comes, and a box for each function: what is left empty was not asked."""

    name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=60)
    phone = forms.CharField(
        label=_("Phone"), max_length=40, help_text=_("By it the file of this person is found again."),
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )  # fmt: skip

    def __init__(self, *args: Any, functions: Sequence[Function], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.functions = functions
        for function in functions:
            self.fields[f"words_{function.pk}"] = forms.CharField(
                label=function.name, required=False, max_length=WORDS_MOST, widget=_area()
            )

    def matters(self) -> list[tuple[Function, str]]:
        """Return what the person came with, by function."""
        said = [(function, self.cleaned_data[f"words_{function.pk}"].strip()) for function in self.functions]
        return [(function, words) for function, words in said if words]


class AddMatterForm(forms.Form):
    """One more matter of the same coming."""

    function = forms.ModelChoiceField(label=_("Function"), queryset=Function.objects.all())
    words = forms.CharField(label=_("What about"), max_length=WORDS_MOST, widget=_area())


class LinkMatterForm(forms.Form):
    """The number under which it goes on."""

    number = forms.CharField(
        label=_("Number"), max_length=60, help_text=_("Of a voice, an application or an appointment.")
    )


class SettleMatterForm(forms.Form):
    """How it ended, and what the person was told."""

    outcome = forms.ChoiceField(label=_("Outcome"))
    told = forms.CharField(label=_("What the person was told"), max_length=WORDS_MOST, widget=_area())

    def __init__(self, *args: Any, outcomes: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if outcomes:
            self.fields["outcome"] = forms.ChoiceField(label=_("Outcome"), choices=[(each, each) for each in outcomes])


class FunctionForm(forms.Form):
    """A function of the centre."""

    name = forms.CharField(label=_("Name"), max_length=40)
    outcomes = forms.CharField(label=_("Outcomes"), widget=_area(5), help_text=_("How it can end; one a line."))
    office = forms.ModelChoiceField(
        label=_("Office"), queryset=Office.objects.order_by("path"), required=False,
        help_text=_("Who works on it; empty: whoever receives."),
    )  # fmt: skip
    days = forms.IntegerField(label=_("Within so many working days"), required=False, min_value=0, max_value=400)
    basis = forms.CharField(label=_("Legal basis"), required=False, max_length=200)

"""What may be asked of a list of cases."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianxin.listen.models import Subject
from lianxin.people.forms.fields import DayField
from lianxin.people.models import Office
from lianxin.places.models import Area
from lianxin.resolve.models.duties import Duty
from lianxin.resolve.models.narrow import Wanted
from lianxin.resolve.rules import State

SORTS = [
    ("new", _("newest first")),
    ("old", _("oldest first")),
    ("due", _("due first")),
    ("voices", _("open ones, most voices first")),
]
LIGHTS = [("", _("any")), ("late", _("late")), ("near", _("due within a day"))]
ANY = ("", _("any"))


class Narrow(forms.Form):
    """The filters of the list; what cannot be read is left out rather than refused."""

    q = forms.CharField(label=_("Words, number or place"), required=False, max_length=100, strip=True)
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[ANY, ("open", _("all that are open")), *State.choices]
    )
    light = forms.ChoiceField(label=_("Light"), required=False, choices=LIGHTS)
    office = forms.ModelChoiceField(
        label=_("Office"), required=False, queryset=Office.objects.order_by("path"), empty_label=_("any")
    )
    subject = forms.ModelChoiceField(
        label=_("Subject"), required=False, queryset=Subject.objects.order_by("path"), empty_label=_("any")
    )
    area = forms.ModelChoiceField(
        label=_("Place"), required=False, queryset=Area.objects.order_by("path"), empty_label=_("any")
    )
    since = DayField(label=_("Registered from"), required=False)
    until = DayField(label=_("Registered until"), required=False)
    mine = forms.ChoiceField(
        required=False, choices=[(duty.value, duty.value) for duty in Duty], widget=forms.HiddenInput
    )
    sort = forms.ChoiceField(label=_("Order"), required=False, choices=SORTS)

    def wanted(self) -> Wanted:
        """Return what is asked for; a filter that makes no sense asks for nothing."""
        self.is_valid()
        given: dict[str, Any] = {name: value for name, value in self.cleaned_data.items() if value}
        return Wanted(**given)


class FilterName(forms.Form):
    """A name for a way of looking at the list."""

    name = forms.CharField(
        label=_("Keep this list as"), max_length=40, error_messages={"required": _("Please give the list a name.")}
    )
    query = forms.CharField(max_length=400, required=False, widget=forms.HiddenInput)

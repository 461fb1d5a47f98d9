"""What is asked when a household is helped."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.desk.forms.deed import day, reason, text, tick
from lianxin.help.models import Entry, Income, Programme, Register
from lianxin.help.rules import Part
from lianxin.people.models import User
from lianxin.people.rules import Power
from lianxin.record.models import Household, Resident


class EnterForm(forms.Form):
    """Which household comes onto a register."""

    register = forms.ModelChoiceField(label=_("Register"), queryset=Register.objects.none(), empty_label=None)
    household = forms.CharField(label=_("Number of the household's file"), max_length=24)
    day = day(_("From this day on"))
    because = reason()

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        _rows(self, "register", Register.objects.order_by("name"))

    def clean_household(self) -> Household:
        """Find the file by its number, among those within reach: another's is told to be none."""
        held = Household.objects.open()
        if not self.user.standing.everywhere(Power.HELP):
            held = held.visible_to(self.user)
        found = held.filter(number=self.cleaned_data["household"].strip()).first()
        if found is None:
            raise forms.ValidationError(_("There is no open file of this number."))
        return found


class OfEntry(forms.Form):
    """A form about one household on a register."""

    def __init__(self, *args: Any, entry: Entry, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Resident.objects.living().filter(household=entry.household).order_by("id")
        if "resident" in self.fields:
            _rows(self, "resident", people)
            self.fields["resident"].label_from_instance = lambda one: one.name  # type: ignore[attr-defined]
        if "programme" in self.fields:
            _rows(self, "programme", Programme.objects.filter(ended_on=None).order_by("name"))
        if "income" in self.fields:
            _rows(self, "income", Income.objects.filter(resident__in=people, until=None).order_by("id"))
            self.fields["income"].label_from_instance = (  # type: ignore[attr-defined]
                lambda one: f"{one.resident.name} {one.source} {one.monthly}"
            )


class LeaveForm(OfEntry):
    """When a household leaves the register, and why."""

    day = day(_("It leaves from this day on"))
    because = reason()


class PlanForm(OfEntry):
    """A part of the plan."""

    part = forms.ChoiceField(label=_("Which part"), choices=Part.choices, widget=forms.RadioSelect)
    words = forms.CharField(label=pgettext_lazy("plan", "What"), max_length=200)
    until = day(pgettext_lazy("day", "Until"), required=False)


class HelpForm(OfEntry):
    """Help that was given."""

    programme = forms.ModelChoiceField(label=_("Help project"), queryset=Programme.objects.none(), empty_label=None)
    resident = forms.ModelChoiceField(
        label=_("For whom"), queryset=Resident.objects.none(), required=False, empty_label=_("the whole household")
    )
    day = day(_("Day"))
    amount = forms.IntegerField(label=_("Yuan"), min_value=0, max_value=10**9, initial=0)
    words = forms.CharField(label=_("What was given"), max_length=200)
    application = forms.CharField(label=_("Number of the application"), max_length=20, required=False)
    twice_because = forms.CharField(
        label=_("Why beside other help of the month"), max_length=200, required=False,
        help_text=_("Only where the page says that they received other help."),
    )  # fmt: skip


class EarnForm(OfEntry):
    """What somebody earns a month."""

    resident = forms.ModelChoiceField(label=_("Who"), queryset=Resident.objects.none(), empty_label=None)
    source = forms.CharField(label=_("From what"), max_length=80)
    monthly = forms.IntegerField(label=_("Yuan a month"), min_value=0, max_value=10**7)
    first = day(_("From this day on"))
    until = day(_("No longer from"), required=False)


class EndIncomeForm(OfEntry):
    """An income that ends."""

    income = forms.ModelChoiceField(label=_("What they earn"), queryset=Income.objects.none(), empty_label=None)
    until = day(_("No longer from"))


class QuoteForm(OfEntry):
    """What the household says."""

    words = text(_("In their own words"))
    may_publish = tick(_("They agreed that others read it, without a name"))


def _rows(form: forms.Form, name: str, rows: Any) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows

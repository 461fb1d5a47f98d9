"""What is asked when somebody is linked, obliged, let off, or reports."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.desk.forms.deed import choose_offices, day, holders, office, officer, reason, text, tick
from lianxin.people.forms.fields import SeveralField
from lianxin.people.models import User
from lianxin.people.rules import ROLES, Power
from lianxin.places.models import Area
from lianxin.record.models import EncounterKind, Enterprise, Household
from lianxin.record.rules import Tie
from lianxin.supervise.models import Obligation, Usefulness
from lianxin.supervise.rules import Holiday, Partial, Period, What, Who

BLANK = ("", "—")


class LinkForm(forms.Form):
    """Who is linked to what, from when."""

    tie = forms.ChoiceField(label=_("As what"), choices=Tie.choices)
    user = officer(_("Who"), required=False, help_text=_("Not needed where an office as a whole is paired."))
    office = office(_("Office"), required=False, help_text=_("Empty: that of the person's own post."))
    area = forms.ModelChoiceField(label=_("Place"), queryset=Area.objects.none(), required=False)
    household = forms.CharField(label=_("Number of the household's file"), max_length=24, required=False)
    enterprise = forms.ModelChoiceField(label=_("Enterprise"), queryset=Enterprise.objects.none(), required=False)
    starts = day(_("From this day on"))
    duties = forms.CharField(label=_("What for"), max_length=200, required=False)

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_offices(self, "office", at=at)
        _choose(self, "user", holders(Power.VISIT, at=at))
        kinds = (Area.Kind.TOWN, Area.Kind.VILLAGE, Area.Kind.GROUP)
        today = timezone.localdate(at)
        _choose(self, "area", Area.objects.on(today).filter(kind__in=kinds).defer("outline").order_by("path"))
        _choose(self, "enterprise", Enterprise.objects.open().order_by("name"))

    def clean_household(self) -> Household | None:
        """Find the file by its number."""
        number = self.cleaned_data["household"].strip()
        found = Household.objects.open().filter(number=number).first() if number else None
        if number and found is None:
            raise forms.ValidationError(_("There is no open file of this number."))
        return found


class HandOverForm(forms.Form):
    """To whom a link goes, and why."""

    to = officer(_("Who takes it on"))
    starts = day(_("From this day on"))
    because = reason()

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "to", holders(Power.VISIT, at=at))


class EndLinkForm(forms.Form):
    """When a link ends, and why."""

    ends = day(_("It no longer holds from"))
    because = reason()


class ObligationForm(forms.Form):
    """What is required how often, of whom."""

    key = forms.SlugField(label=_("Key"), max_length=40, help_text=_("Small letters, digits and hyphens."))
    name = forms.CharField(label=_("Name"), max_length=80)
    basis = forms.CharField(label=_("Document it rests on"), max_length=200)
    who = forms.ChoiceField(label=_("Of whom"), choices=Who.choices)
    tie = forms.ChoiceField(label=_("Kind of link"), choices=[BLANK, *Tie.choices], required=False)
    role = forms.ChoiceField(
        label=_("Role of the post"), choices=[BLANK, *((key, role.name) for key, role in ROLES.items())], required=False
    )
    office = office(_("Office, with those below it"), required=False)
    what = forms.ChoiceField(label=_("What counts"), choices=What.choices)
    kinds = SeveralField(
        label=_("Kinds of visit or meeting that count"), queryset=EncounterKind.objects.all(), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    verbs = forms.CharField(
        label=_("Deeds of the ledger that count"), required=False, max_length=400, help_text=_("Separated by commas.")
    )
    with_report = tick(_("A visit counts only once its report is written"))
    by_substitute = tick(_("Who stands in may do it"))
    times = forms.IntegerField(label=_("How many"), min_value=1, max_value=400, initial=1)
    period = forms.ChoiceField(label=_("In"), choices=Period.choices, initial=Period.MONTH)
    recurrence = forms.CharField(
        label=_("Recurrence (RFC 5545)"), required=False, max_length=200,
        help_text=_("FREQ=MONTHLY;BYDAY=3FR is the third Friday, FREQ=MONTHLY;BYMONTHDAY=20 the 20th."),
    )  # fmt: skip
    hour = forms.CharField(label=_("When on that day"), required=False, max_length=30)
    tolerance = forms.IntegerField(label=_("Days after it that still count"), min_value=0, max_value=60, initial=0)
    holiday = forms.ChoiceField(label=_("On a holiday"), choices=Holiday.choices, initial=Holiday.NEXT)
    partial = forms.ChoiceField(label=_("Who is there for a part of it owes"), choices=Partial.choices)
    grace_days = forms.IntegerField(label=_("Days given to a new one first"), min_value=0, max_value=366, initial=0)
    remind_days = forms.IntegerField(
        label=_("Remind so many days before the end"), min_value=0, max_value=60, initial=7
    )
    clue_after = forms.IntegerField(
        label=_("A clue after so many misses in a row"), min_value=0, max_value=60, initial=2
    )
    starts = day(_("From this day on"))

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_offices(self, "office", at=at)
        field = self.fields["kinds"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = EncounterKind.objects.filter(in_use=True).order_by("name")

    def clean_verbs(self) -> list[str]:
        """Return the deeds, one by one."""
        return [word for word in self.cleaned_data["verbs"].replace("，", ",").replace(",", " ").split() if word]


class EndForm(forms.Form):
    """From which day something is required no more."""

    ends = day(_("Required no more from"))


class ExemptForm(forms.Form):
    """Who is let off what, in which days, and why."""

    user = officer(_("Who"), required=False)
    office = office(_("Office"), required=False, help_text=_("Either a person or an office."))
    obligation = forms.ModelChoiceField(
        label=_("What of"), queryset=Obligation.objects.none(), required=False, empty_label=_("all of it")
    )
    starts = day(_("From this day on"))
    ends = day(_("Required again from"))
    reason = reason()

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_offices(self, "office", at=at)
        _choose(self, "user", User.objects.filter(is_active=True).order_by("name"))
        _choose(self, "obligation", Obligation.objects.filter(ends=None).order_by("name"))


class SettleForm(forms.Form):
    """What came of a clue."""

    words = reason(_("What came of it"))


class ReportForm(forms.Form):
    """The report of a visit."""

    title = forms.CharField(label=pgettext_lazy("report", "Title"), max_length=120)
    text = text(_("What was found, and what ought to be done"), rows=10)


class DeclareForm(forms.Form):
    """What was received on a visit."""

    received = forms.CharField(
        label=_("What you received"), max_length=200, required=False, help_text=_("Leave it empty if it was nothing.")
    )
    handed_in = forms.CharField(label=_("What became of it"), max_length=200, required=False)


class RateForm(forms.Form):
    """What an enterprise thinks of the visits."""

    code = forms.CharField(label=_("Code"), max_length=40)
    grade = forms.TypedChoiceField(
        label=_("Were the visits of use?"), choices=Usefulness.Grade.choices, coerce=int, widget=forms.RadioSelect
    )


def _choose(form: forms.Form, name: str, rows: Any) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows

"""Offices, areas, limits, office hours, and lists brought in from a file."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from django import forms
from django.core.files import File
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxin.people.forms.fields import SeveralField
from lianxin.people.forms.post import OfficeChoice, day_field
from lianxin.people.models import Limit, Office
from lianxin.people.models.calendar import UNITS
from lianxin.places.models import Area

WIDE = (
    Area.Kind.COUNTY,
    Area.Kind.TOWN,
    Area.Kind.VILLAGE,
)  # what an office answers for; groups come with their village
LONGEST_FILE = 1024 * 1024  # bytes; it is carried through the preview in the page


class AreaChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.full_name or obj.name)


class OpenOfficeForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=60)
    kind = forms.ChoiceField(label=_("Kind"), choices=Office.Kind.choices)
    parent = OfficeChoice(Office.objects.none(), label=_("Office above it"), required=False, empty_label=_("none"))
    areas = SeveralField(
        Area.objects.none(),
        label=_("Areas it answers for"),
        required=False,
        help_text=_("Hold Ctrl to choose several."),
    )
    phone = forms.CharField(label=_("Phone"), max_length=30, required=False)
    address = forms.CharField(label=_("Address"), max_length=120, required=False)
    starts = day_field(_("First day"), required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = Office.objects.on(today).in_tree_order()  # type: ignore[attr-defined]
        areas = Area.objects.on(today).filter(kind__in=WIDE).defer("outline").in_tree_order()
        self.fields["areas"].queryset = areas  # type: ignore[attr-defined]


class OfficeForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=60)
    areas = SeveralField(
        Area.objects.none(),
        label=_("Areas it answers for"),
        required=False,
        help_text=_("Hold Ctrl to choose several."),
    )
    phone = forms.CharField(label=_("Phone"), max_length=30, required=False)
    address = forms.CharField(label=_("Address"), max_length=120, required=False)

    def __init__(self, data: Any, *, office: Office, today: date) -> None:
        held = list(office.jurisdictions.filter(valid_to=None).values_list("area", flat=True))
        facts = {"name": office.name, "phone": office.phone, "address": office.address, "areas": held}
        super().__init__(data, initial=facts)
        wide = Area.objects.on(today).filter(kind__in=WIDE)
        areas = Area.objects.filter(Q(pk__in=wide.values("pk")) | Q(pk__in=held)).defer("outline").in_tree_order()
        self.fields["areas"].queryset = areas  # type: ignore[attr-defined]


class CountyForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=40)
    hotline = forms.RegexField(
        r"^[0-9][0-9 -]{2,19}$",
        label=_("Hotline"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
        help_text=_("The number that every page tells people to call."),
        error_messages={"invalid": _("A telephone number holds only digits, spaces and hyphens.")},
    )


class CloseOfficeForm(forms.Form):
    ends = day_field(_("From this day on no longer"))
    successor = OfficeChoice(Office.objects.none(), label=_("Who takes over"), required=False, empty_label=_("none"))

    def __init__(self, *args: Any, office: Office, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Office.objects.on(today).exclude(pk=office.pk).in_tree_order()
        self.fields["successor"].queryset = others  # type: ignore[attr-defined]


class AreaForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80)
    kind = forms.ChoiceField(label=_("Kind"), choices=Area.Kind.choices)
    parent = AreaChoice(Area.objects.none(), label=_("Lies in"), required=False, empty_label=_("none"))
    code = forms.CharField(label=_("Administrative code"), max_length=20, required=False)
    starts = day_field(_("First day"), required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = Area.objects.on(today).in_tree_order()  # type: ignore[attr-defined]


class RenameAreaForm(forms.Form):
    name = forms.CharField(label=_("New name"), max_length=80)
    code = forms.CharField(label=_("Administrative code"), max_length=20, required=False)
    on = day_field(_("From this day on"))
    others = SeveralField(
        Area.objects.none(),
        label=_("Areas that become one with it"),
        required=False,
        help_text=_("Leave empty for a mere change of name."),
    )

    def __init__(self, *args: Any, area: Area, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        brothers = Area.objects.on(today).filter(kind=area.kind, parent=area.parent_id).exclude(pk=area.pk)
        self.fields["others"].queryset = brothers  # type: ignore[attr-defined]


class EndAreaForm(forms.Form):
    on = day_field(_("From this day on no longer"))


class LimitForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80)
    value = forms.IntegerField(label=_("How long"), min_value=1, max_value=3650)
    unit = forms.ChoiceField(label=_("Counted in"), choices=[(unit.value, words) for unit, words in UNITS.items()])
    rolls = forms.BooleanField(label=_("The last calendar day moves past a holiday"), required=False)
    start_fact = forms.CharField(label=_("Counted from"), max_length=60)
    legal_basis = forms.CharField(
        label=_("On what basis"),
        max_length=200,
        help_text=_("Document, number and clause; or: the county's own promise."),
    )
    starts = day_field(_("From this day on"), help_text=_("Today or later. What began before keeps the old limit."))


class NewLimitForm(LimitForm):
    key = forms.RegexField(
        r"^(triage|confirm|task\.return|case\.[a-z0-9]+([_-][a-z0-9]+)*)$",
        label=_("Key"),
        max_length=40,
        help_text=_(
            "triage: until it is sorted. case.ordinary, case.complex, case.major: until a case is answered. "
            "task.return: until an office may send a task back. confirm: until people may say that it is not solved. "
            "A kind of case with a limit of its own: case. and a word in small letters, as case.water; "
            "subjects can then have it."
        ),
        error_messages={"invalid": _("No clock asks for this key. Use one of those named above.")},
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
    )
    field_order = ("key",)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"]
        if Limit.objects.filter(Q(valid_to=None) | Q(valid_to__gt=self.today), key=key).exists():
            raise forms.ValidationError(_("This limit is there already. Give it a new version instead."))
        return key


class HoursForm(forms.Form):
    morning_opens = forms.TimeField(label=_("Opens in the morning"), widget=forms.TimeInput(attrs={"type": "time"}))
    morning_closes = forms.TimeField(label=_("Closes at noon"), widget=forms.TimeInput(attrs={"type": "time"}))
    afternoon_opens = forms.TimeField(
        label=_("Opens after noon"), required=False, widget=forms.TimeInput(attrs={"type": "time"})
    )
    afternoon_closes = forms.TimeField(
        label=_("Closes in the evening"), required=False, widget=forms.TimeInput(attrs={"type": "time"})
    )

    def clean(self) -> None:
        if bool(self.cleaned_data.get("afternoon_opens")) != bool(self.cleaned_data.get("afternoon_closes")):
            self.add_error("afternoon_closes", _("Give both times of the afternoon, or none."))

    @property
    def periods(self) -> list[tuple[time, time]]:
        """The open periods of a working day."""
        said = self.cleaned_data
        found = [(said["morning_opens"], said["morning_closes"])]
        if said["afternoon_opens"]:
            found.append((said["afternoon_opens"], said["afternoon_closes"]))
        return found


class OwnHoursForm(HoursForm):
    """The hours of one office, or none, if it keeps those of the county."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["morning_opens"].required = self.fields["morning_closes"].required = False

    def clean(self) -> None:
        super().clean()
        said = self.cleaned_data
        if bool(said.get("morning_opens")) != bool(said.get("morning_closes")):
            self.add_error("morning_closes", _("Give both times of the morning, or none."))
        elif said.get("afternoon_opens") and not said.get("morning_opens"):
            self.add_error("morning_opens", _("Open only after noon? Write those hours as the morning."))

    @property
    def periods(self) -> list[tuple[time, time]]:
        return super().periods if self.cleaned_data["morning_opens"] else []


class OutlinesForm(forms.Form):
    """Outlines of areas to be brought in, to be looked at first."""

    file = forms.FileField(label=_("File (GeoJSON)"), max_length=200)

    def clean_file(self) -> File[bytes]:
        file: File[bytes] = self.cleaned_data["file"]
        if file.size > LONGEST_FILE:
            raise forms.ValidationError(_("The file is larger than 1 MB. Please send it in parts."))
        return file


class ListForm(OutlinesForm):
    """A list to be brought in, to be looked at first."""

    source = forms.CharField(
        label=_("Where it comes from"), max_length=120, help_text=_("Document and number, or who made it.")
    )
    file = forms.FileField(label=_("File (CSV or JSON)"), max_length=200)
    field_order = ("source", "file")


class KeepForm(forms.Form):
    """What was read of a list and shown, to be kept."""

    source = forms.CharField(max_length=120, widget=forms.HiddenInput)
    text = forms.CharField(strip=False, max_length=LONGEST_FILE, widget=forms.HiddenInput)

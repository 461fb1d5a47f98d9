"""What is entered into files of households, villages and units."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.desk.forms.deed import YesNo, day
from lianxin.desk.forms.voices import ANY, LookForm
from lianxin.listen.rules import Level
from lianxin.people.forms.fields import LongSelect, SeveralField
from lianxin.people.models import Office, User
from lianxin.places.models import Area
from lianxin.record.models import Book, Fact, FactKind, Household, Resident, keeper_reach_of, reach_of
from lianxin.record.rules import FIELDS, Ending, Gone, Of, Presence, Regular, Ruling, Sex, Subject, Unit

LOWEST = (Area.Kind.VILLAGE, Area.Kind.NATURAL, Area.Kind.GROUP, Area.Kind.GRID, Area.Kind.COMPOUND, Area.Kind.BUILDING)
NAMES: dict[str, Any] = {name: label for fields in FIELDS.values() for name, label in fields.items()}


def places(user: User, on: date, *, kept: bool = False) -> Any:
    """Return the places, village and below, whose files the officer reaches, or keeps."""
    reach = keeper_reach_of(user) if kept else reach_of(user)
    return Area.objects.on(on).filter(reach.areas(), kind__in=LOWEST).defer("outline").in_tree_order()


def place() -> forms.ModelChoiceField[Area]:
    """Return a field for a place; the form says which may be chosen."""
    return forms.ModelChoiceField(label=_("Place"), queryset=Area.objects.none(), empty_label=None, widget=LongSelect)


class FileForm(forms.Form):
    """A form about one file, by one officer."""

    def __init__(self, *args: Any, user: User, household: Household | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.household = user, household
        self.label_suffix = ""
        for name in ("area", "into_area"):
            if isinstance(field := self.fields.get(name), forms.ModelChoiceField):
                field.queryset = places(user, timezone.localdate())
        if isinstance(people := self.fields.get("residents") or self.fields.get("resident"), forms.ModelChoiceField):
            people.queryset = Resident.objects.living().filter(household=household).order_by("-is_head", "id")
            people.label_from_instance = lambda obj: obj.name  # type: ignore[method-assign]


class HouseholdsForm(LookForm):
    """Filters of the files of households."""

    q = forms.CharField(label=_("Name, door, number or phone"), required=False, max_length=60)
    area = forms.ModelChoiceField(
        label=_("Place"), required=False, empty_label=_("any"), queryset=Area.objects.defer("outline"),
        widget=LongSelect,
    )  # fmt: skip
    presence = forms.ChoiceField(label=_("Who lives there"), required=False, choices=[ANY, *Presence.choices])
    late = forms.ChoiceField(label=_("Regulars"), required=False, choices=[ANY, *Regular.choices[:2]])
    kind = forms.ModelChoiceField(
        label=_("Difficulty"), required=False, empty_label=_("any"),
        queryset=FactKind.objects.filter(of=Of.DIFFICULTY).order_by("name"),
    )  # fmt: skip
    closed = forms.BooleanField(label=_("Closed files, too"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["area"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = places(user, timezone.localdate())


class OpenHouseholdForm(FileForm):
    """Where a household lives, and what its file is called by."""

    area = place()
    door = forms.CharField(label=_("Door"), max_length=80, required=False)
    called = forms.CharField(label=_("Head of the household"), max_length=40)
    presence = forms.ChoiceField(label=_("Who lives there"), choices=Presence.choices)
    source = forms.CharField(
        label=_("Paper it comes from"), max_length=120, required=False, help_text=_("Book and page, or list and row.")
    )


class EditHouseholdForm(FileForm):
    """The lines of a file's head."""

    called = forms.CharField(label=NAMES["called"], max_length=40)
    door = forms.CharField(label=NAMES["door"], max_length=80, required=False)
    presence = forms.ChoiceField(label=NAMES["presence"], choices=Presence.choices)


class ResidentForm(FileForm):
    """Somebody of a household."""

    name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=60)
    relation = forms.CharField(label=NAMES["relation"], max_length=20, required=False)
    identity = forms.CharField(label=NAMES["identity"], max_length=40, required=False)
    identity_reason = forms.CharField(
        label=_("Why it is kept although it fails its check"), max_length=120, required=False
    )
    sex = forms.ChoiceField(label=NAMES["sex"], required=False, choices=[("", _("unknown")), *Sex.choices])
    born_on = day(NAMES["born_on"], required=False)
    phone = forms.CharField(label=NAMES["phone"], max_length=40, required=False)
    politics = forms.CharField(label=NAMES["politics"], max_length=40, required=False)
    health = forms.CharField(label=NAMES["health"], max_length=120, required=False)
    is_registered = forms.BooleanField(label=NAMES["is_registered"], required=False, initial=True)
    is_here = forms.BooleanField(label=NAMES["is_here"], required=False, initial=True)


class AddResidentForm(ResidentForm):
    """Somebody who comes into a household."""

    is_head = forms.BooleanField(label=_("is the head of the household"), required=False)


class EditResidentForm(ResidentForm):
    """New values; what is hidden is left as it is where nothing is written."""

    def values(self) -> dict[str, Any]:
        """Return what is to be written: what is hidden only where something new was written."""
        values = {name: value for name, value in self.cleaned_data.items() if name in FIELDS[Subject.RESIDENT]}
        hidden = ("identity", "phone", "politics", "health")
        return {name: value for name, value in values.items() if name not in hidden or value}


class LeaveForm(FileForm):
    """Why somebody is no longer of the household."""

    because = forms.ChoiceField(label=_("Why"), choices=[c for c in Gone.choices if c[0] != Gone.SPLIT])
    on = day(_("Since"), required=False)


class FactForm(FileForm):
    """One line of a file."""

    kind = forms.ModelChoiceField(
        label=_("What it is"), queryset=FactKind.objects.filter(in_use=True).order_by("of", "name")
    )
    resident = forms.ModelChoiceField(
        label=_("Of whom"), queryset=Resident.objects.none(), required=False, empty_label=_("the whole household")
    )
    words = forms.CharField(label=_("In a few words"), max_length=200, required=False)
    amount = forms.DecimalField(
        label=_("Amount"), required=False, min_value=0, max_digits=12, decimal_places=2,
        help_text=_("Yuan a year of an income or benefit, square metres of a house."),
    )  # fmt: skip
    starts = day(_("Since"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kind"]
        assert isinstance(field, forms.ModelChoiceField)
        kinds = list(FactKind.objects.filter(in_use=True).order_by("name"))
        field.choices = [("", _("Please choose"))] + [
            (of.label, [(k.pk, k.name) for k in kinds if k.of == of]) for of in Of
        ]
        people = self.fields["resident"]
        assert isinstance(people, forms.ModelChoiceField)
        people.queryset = Resident.objects.living().filter(household=self.household).order_by("-is_head", "id")


class EndForm(FileForm):
    """From when on a line is no longer so."""

    because = forms.CharField(label=_("Why"), max_length=200)
    on = day(_("Since"), required=False)


class HandOnForm(FileForm):
    """To whom a difficulty is handed."""

    office = forms.ModelChoiceField(label=_("Office that can help"), queryset=Office.objects.none(), empty_label=None)
    words = forms.CharField(label=_("In a few words"), max_length=200, required=False)
    consent = forms.BooleanField(
        label=_("The person agrees that this is handed on"), error_messages={"required": _("Ask the person first.")}
    )

    def __init__(self, *args: Any, fact: Fact | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["office"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Office.objects.on(timezone.localdate()).order_by("path")


class SettleForm(FileForm):
    """What came of a lead."""

    helped = YesNo(label=_("Was the person helped?"), yes=_("Yes"), no=_("No"))
    outcome = forms.CharField(label=_("What came of it"), max_length=200)


class ReasonForm(FileForm):
    """Why."""

    reason = forms.CharField(label=_("Why"), max_length=200)


class NothingForm(FileForm):
    """Nothing is asked but to go on."""


class ObjectForm(FileForm):
    """What the household says is wrong."""

    field = forms.CharField(label=_("Which line is wrong"), max_length=60, required=False)
    words = forms.CharField(label=_("In their own words"), widget=forms.Textarea(attrs={"rows": 4}), max_length=4000)


class RuleForm(FileForm):
    """What the keeper says of it."""

    ruling = forms.ChoiceField(label=_("What becomes of it"), choices=Ruling.choices, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Why"), max_length=200)


class SplitForm(FileForm):
    """Who gets a file of their own, and where."""

    residents = SeveralField(label=_("Who goes"), queryset=Resident.objects.none(), widget=forms.CheckboxSelectMultiple)
    called = forms.CharField(label=_("Head of the new household"), max_length=40)
    area = place()
    door = forms.CharField(label=_("Door"), max_length=80, required=False)


class MergeForm(FileForm):
    """Into which file a household goes."""

    into = forms.CharField(label=_("Number of the file it goes into"), max_length=24)

    def clean_into(self) -> Household:
        found = Household.objects.visible_to(self.user).open().filter(number=self.cleaned_data["into"].strip().upper())
        other = found.select_related("area").first()
        if other is None:
            raise forms.ValidationError(_("There is no such file among those you keep."))
        return other


class MoveForm(FileForm):
    """Where a household lives now."""

    area = place()
    door = forms.CharField(label=_("Door"), max_length=80, required=False)


class CloseForm(ReasonForm):
    """Why a file is closed."""

    ending = forms.ChoiceField(
        label=pgettext_lazy("ending", "What happened"),
        choices=[(each.value, each.label) for each in (Ending.MOVED, Ending.DIED, Ending.MISTAKE)],
    )


class RiskForm(FileForm):
    """What to be careful about."""

    words = forms.CharField(label=_("What to be careful about"), max_length=200)
    grounds = forms.CharField(label=_("On what it rests"), max_length=200)
    days = forms.IntegerField(label=_("Days until it runs out"), min_value=1, max_value=90, initial=90)


class BindForm(FileForm):
    """Where a household stands on paper."""

    book = forms.ModelChoiceField(label=_("Book"), queryset=Book.objects.none(), empty_label=None)
    page = forms.IntegerField(label=_("Page"), min_value=1, max_value=2000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["book"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Book.objects.visible_to(self.user).order_by("number")


class OpenVillageForm(FileForm):
    """Whose file is opened."""

    area = place()


class NotesForm(FileForm):
    """What is worth remembering of a village."""

    notes = forms.CharField(label=_("Notes"), widget=forms.Textarea(attrs={"rows": 6}), required=False, max_length=4000)


class UnitForm(FileForm):
    """An enterprise, a project, a school or another unit."""

    unit = forms.ChoiceField(label=_("What it is"), choices=Unit.choices)
    name = forms.CharField(label=_("Name"), max_length=120)
    code = forms.CharField(label=NAMES["code"], max_length=18, required=False)
    area = place()
    address = forms.CharField(label=NAMES["address"], max_length=120, required=False)
    contact = forms.CharField(label=NAMES["contact"], max_length=60, required=False)
    phone = forms.CharField(label=NAMES["phone"], max_length=40, required=False)
    is_key = forms.BooleanField(label=NAMES["is_key"], required=False)


class EditUnitForm(FileForm):
    """New values of a unit; the phone is left as it is where nothing is written."""

    name = forms.CharField(label=_("Name"), max_length=120)
    code = forms.CharField(label=NAMES["code"], max_length=18, required=False)
    address = forms.CharField(label=NAMES["address"], max_length=120, required=False)
    contact = forms.CharField(label=NAMES["contact"], max_length=60, required=False)
    phone = forms.CharField(label=NAMES["phone"], max_length=40, required=False)
    is_key = forms.BooleanField(label=NAMES["is_key"], required=False)

    def values(self) -> dict[str, Any]:
        """Return what is to be written."""
        return {name: value for name, value in self.cleaned_data.items() if name != "phone" or value}


class BookForm(FileForm):
    """A paper volume."""

    number = forms.CharField(label=_("Number on the cover"), max_length=40)
    title = forms.CharField(label=pgettext_lazy("book", "Title"), max_length=120)
    areas = SeveralField(label=_("Villages that it covers"), queryset=Area.objects.none())
    pages = forms.IntegerField(
        label=pgettext_lazy("book", "Number of pages"), required=False, min_value=1, max_value=2000
    )
    kept_at = forms.CharField(label=_("Where it is kept"), max_length=120, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["areas"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = places(self.user, timezone.localdate(), kept=True).filter(kind__in=LOWEST[:2])


class ScanForm(FileForm):
    """One page of a book."""

    page = forms.IntegerField(label=_("Page"), min_value=1, max_value=2000)
    file = forms.FileField(label=_("Picture or PDF of the page"))


class PeriodForm(FileForm):
    """One of the three regulars."""

    regular = forms.ChoiceField(label=pgettext_lazy("regular", "What"), choices=Regular.choices)
    months = forms.IntegerField(label=_("After how many months"), min_value=1, max_value=60)
    in_difficulty = forms.BooleanField(label=_("of households with a difficulty alone"), required=False)
    basis = forms.CharField(label=_("Document that says so"), max_length=200, required=False)


class CompileForm(FileForm):
    """Of which village, and which days, a feedback sheet is compiled."""

    area = place()
    starts = day(_("First day"))
    ends = day(_("Last day"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["area"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = places(self.user, timezone.localdate(), kept=True)


class AssignForm(FileForm):
    """Who answers for a line, and by when."""

    owner = forms.ModelChoiceField(label=_("Office that answers for it"), queryset=Office.objects.none())
    due_on = day(_("By when"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["owner"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Office.objects.on(timezone.localdate()).order_by("path")


class ResultForm(FileForm):
    """What came of a line."""

    result = forms.CharField(label=_("What came of it"), max_length=200)


class PromoteForm(FileForm):
    """How far a problem reaches that several households raised."""

    level = forms.ChoiceField(
        label=_("It is"), widget=forms.RadioSelect,
        choices=[(each.value, each.label) for each in (Level.GROUP, Level.VILLAGE, Level.SOCIETY)],
    )  # fmt: skip

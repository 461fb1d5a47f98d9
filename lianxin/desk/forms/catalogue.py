"""What is written of a service, of its materials, and what is decided about it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianxin.desk.forms.deed import Label, choose_offices, day, office, text, tick
from lianxin.kit import condition
from lianxin.people.models.calendar import UNITS
from lianxin.serve.models import DatedList, Material, Service
from lianxin.serve.rules.catalogue import (
    LINES,
    MATERIAL_LINES,
    MATERIALS_MAX,
    NUMBERS,
    TABLES,
    TEXTS,
    Form,
    InFlight,
    Kind,
    MaterialRow,
    Necessity,
    Source,
    Verdict,
)

TABLE_MAX = 20_000
EMPTY_ROWS = 3  # free lines below the materials there are
UNKNOWN = ("", _("not said yet"))
YES_NO = [UNKNOWN, ("yes", _("yes")), ("no", _("no"))]
UNIT_CHOICES = [UNKNOWN, *((unit.value, words) for unit, words in UNITS.items())]


def _line(key: str, label: Label, *, required: bool = False, help_text: Label = "") -> forms.CharField:
    return forms.CharField(label=label, required=required, max_length=LINES[key], help_text=help_text)


def _text(key: str, label: Label, *, rows: int = 4, help_text: Label = "") -> forms.CharField:
    field = text(label, required=False, rows=rows, help_text=help_text)
    field.max_length = TEXTS[key]
    return field


def _number(key: str, label: Label, *, help_text: Label = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label, required=False, min_value=0, max_value=NUMBERS[key], help_text=help_text,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip


def _choice(label: Label, choices: Sequence[Any], *, help_text: Label = "") -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[UNKNOWN, *choices], help_text=help_text)


class RowsField(forms.CharField):
    """Several lines, each of some cells with a bar between them."""

    def __init__(self, columns: Sequence[str], **kwargs: Any) -> None:
        self.columns = columns
        super().__init__(required=False, max_length=TABLE_MAX, widget=forms.Textarea(attrs={"rows": 3}), **kwargs)

    def prepare_value(self, value: Any) -> str:
        if isinstance(value, str) or value is None:
            return value or ""
        return "\n".join(" | ".join(row.get(column, "") for column in self.columns).rstrip(" |") for row in value)

    def to_python(self, value: Any) -> Any:
        rows = []
        for each in (super().to_python(value) or "").replace("｜", "|").splitlines():
            if each.strip():
                cells = [cell.strip() for cell in each.split("|")]
                if len(cells) > len(self.columns):
                    raise ValidationError(
                        gettext("There are more than %(most)s parts in “%(line)s”.")
                        % {"most": len(self.columns), "line": each[:40]}
                    )
                rows.append(dict(zip(self.columns, [*cells, *[""] * len(self.columns)], strict=False)))
        return rows


class TruthField(forms.ChoiceField):
    """Yes, no, or nobody has said."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, choices=YES_NO, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return {True: "yes", False: "no", None: ""}.get(value, value)

    def clean(self, value: Any) -> bool | None:
        chosen = super().clean(value)
        return {"yes": True, "no": False}.get(chosen)


class ServiceForm(forms.Form):
    """Everything that is said of a service. What is left empty is shown as not said yet."""

    name = _line("name", _("Name"), required=True)
    also_called = _line("also_called", _("What people call it"))
    office = office(_("Office"), required=False)
    office_name = _line("office_name", _("Office, if it is none of this county"))
    partners = _line("partners", _("Offices that take part"))
    theme = _line("theme", _("Kind of matter"), help_text=_("Several with 、 between them."))
    audience = _line("audience", _("For whom"))
    kind = _choice(_("How it is done"), Kind.choices)
    promised_value = _number("promised_value", _("Promised within"))
    promised_unit = forms.ChoiceField(label=_("Promised: counted in"), required=False, choices=UNIT_CHOICES)
    promised_basis = _line("promised_basis", _("On which the promise rests"))
    legal_value = _number("legal_value", _("By law within"))
    legal_unit = forms.ChoiceField(label=_("By law: counted in"), required=False, choices=UNIT_CHOICES)
    legal_basis = _line("legal_basis", _("Law, article, number"))
    special = _line("special", _("Days not counted"), help_text=_("Hearing, inspection, expertise, publication."))
    conditions = _text("conditions", _("Who may apply"))
    quota = _line("quota", _("Limited to so many"))
    course = _text("course", _("How it goes"), help_text=_("In words; where a process is named, it is drawn."))
    visits = _number("visits", _("Visits"), help_text=_("How often one must come; 0 is said, empty is not."))
    visits_reason = _line("visits_reason", _("Why one must come"))
    is_free = TruthField(label=_("Free of charge"))
    fees = RowsField(TABLES["fees"], label=_("Fees"), help_text=_("A line each: what for | how much | basis"))
    places = RowsField(TABLES["places"], label=_("Places"), help_text=_("A line each: name | address | hours | phone"))
    sends_by_post = TruthField(label=_("Result can be sent by post"))
    result = _line("result", _("Result"))
    remedies = _text("remedies", _("What one can do against a decision"), rows=2)
    consult_phone = _line("consult_phone", _("Phone for questions"))
    complaint_phone = _line("complaint_phone", _("Phone for complaints"))
    questions = RowsField(TABLES["questions"], label=_("Often asked"), help_text=_("A line each: question | answer"))
    basis = _text("basis", _("Legal basis"))
    basis_url = forms.CharField(label=_("Where it can be read"), required=False, max_length=400)
    online_url = forms.CharField(label=_("Where it is done on another site"), required=False, max_length=400)
    base_code = _line("base_code", _("Code of the national catalogue"))
    code = _line("code", _("Code of the implementation list"))
    authority = _line("authority", _("Kind of power"))
    level = _line("level", _("Level"))
    sheet_key = forms.CharField(
        label=_("Form to fill in"), required=False, max_length=60, help_text=_("The key of a sheet.")
    )
    process_key = forms.CharField(label=_("Process"), required=False, max_length=60)
    self_check_key = forms.CharField(label=_("Self-check"), required=False, max_length=60)
    lists = forms.MultipleChoiceField(
        label=_("Lists of the day that decide"), required=False, widget=forms.CheckboxSelectMultiple
    )
    needs_no_material = tick(_("Nothing needs to be brought"))
    two_person = tick(_("What is stated is checked by two"))
    publishes_result = tick(_("The decision is published"))

    def __init__(self, *args: Any, at: datetime, service: Service | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_offices(self, "office", at=at)
        lists = self.fields["lists"]
        assert isinstance(lists, forms.ChoiceField)
        lists.choices = list(DatedList.objects.order_by("title").values_list("key", "title"))
        if service:
            facts = {name: getattr(service, name) for name in self.fields if hasattr(service, name)}
            self.initial = {**facts, "office": service.office_id, **self.initial}

    def given(self) -> dict[str, Any]:
        """Return what the action is given."""
        return dict(self.cleaned_data)


class NewServiceForm(ServiceForm):
    """A service that is not there yet."""

    number = forms.CharField(
        label=_("Number"), max_length=40, help_text=_("Letters, digits and hyphens; the same in all versions.")
    )
    field_order = ("number",)

    def given(self) -> dict[str, Any]:
        return {"number": self.cleaned_data["number"], "values": self.values()}

    def values(self) -> dict[str, Any]:
        """Return what is said of the service itself."""
        return {name: value for name, value in self.cleaned_data.items() if name != "number"}


HOW = [
    ("", _("always")), ("equals", _("is")), ("differs", _("is not")), ("at_least", _("at least")),
    ("at_most", _("at most")), ("given", _("is answered")),
]  # fmt: skip


class MaterialForm(forms.Form):
    """One material; a line without a name is left out."""

    key = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    name = forms.CharField(label=_("Name"), required=False, max_length=MATERIAL_LINES["name"])
    form = _choice(_("Form"), Form.choices)
    copies = forms.IntegerField(label=_("Copies"), required=False, min_value=0, max_value=99)
    necessity = _choice(_("Needed"), Necessity.choices)
    source = _choice(_("Comes from"), Source.choices)
    issuer = forms.CharField(label=_("Issued by"), required=False, max_length=MATERIAL_LINES["issuer"])
    size = forms.CharField(label=_("Size"), required=False, max_length=MATERIAL_LINES["size"])
    standard = forms.CharField(label=_("Taken when"), required=False, max_length=MATERIAL_LINES["standard"])
    basis = forms.CharField(label=_("Legal basis"), required=False, max_length=MATERIAL_LINES["basis"])
    later = tick(_("May be brought later"))
    when_field = forms.CharField(
        label=_("Only if the answer to"), required=False, max_length=40, help_text=_("The key of a question.")
    )
    when_is = forms.ChoiceField(label=_("compares so"), required=False, choices=HOW)
    when_value = forms.CharField(label=_("with"), required=False, max_length=80)

    kept: dict[str, Any]  # a condition that these fields cannot hold stays as it is

    def __init__(self, *args: Any, kept: dict[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept = kept or {}
        self.kept_words = condition.words(self.kept, {}) if self.kept else ""

    def row(self) -> MaterialRow | None:
        """Return the material, or nothing for an empty line."""
        data = dict(self.cleaned_data)
        if not data["name"].strip():
            return None
        field, how, value = (data.pop(f"when_{part}") for part in ("field", "is", "value"))
        when = {"field": field, "is": how or "equals", "value": _value(value)} if field else self.kept
        if when.get("is") == "given":
            when = {"field": field, "is": "given"}
        return MaterialRow(**data, when=when)


def _value(text: str) -> Any:
    """Return what a condition compares with: yes and no, a number, or words."""
    text = text.strip()
    if text in ("yes", "no"):
        return text == "yes"
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else text


def material_forms(materials: Sequence[Material], data: Any = None) -> list[MaterialForm]:
    """Return a form for each material and some free ones below; `data` is what was sent."""
    count = len(materials) + EMPTY_ROWS
    if data is not None:
        sent = data.get("count", "")
        count = min(int(sent), MATERIALS_MAX) if sent.isascii() and sent.isdigit() and len(sent) < 4 else count
    made = []
    for place in range(count):
        material = materials[place] if place < len(materials) else None
        initial, kept = _of(material) if material else ({}, {})
        made.append(MaterialForm(data, prefix=f"m{place}", initial=initial, kept=kept))
    return made


def _of(material: Material) -> tuple[dict[str, Any], dict[str, Any]]:
    facts = {name: getattr(material, name) for name in MaterialForm.base_fields if hasattr(material, name)}
    when = material.when
    if set(when) <= {"field", "is", "value"} and when:
        value = when.get("value", "")
        said = {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
        return {**facts, "when_field": when["field"], "when_is": when["is"], "when_value": said}, {}
    return facts, when


class PublishForm(forms.Form):
    """From which day a version counts."""

    starts = day(_("It counts from"))


class ReviewForm(forms.Form):
    """What is decided about a service in the clean-up."""

    verdict = forms.ChoiceField(label=_("It is"), choices=Verdict.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Why"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Please give the reason; it stays on record.")},
    )  # fmt: skip
    basis = forms.CharField(label=_("Document"), required=False, max_length=200)
    on = day(_("From which day"))
    in_flight = forms.ChoiceField(
        label=_("Applications under way, if it is abolished"),
        required=False,
        choices=[("", "—"), *InFlight.choices],
    )


class DaysForm(forms.Form):
    """Before and after."""

    since = day(_("Before"), required=False)
    until = day(_("After"), required=False)


class SampleForm(forms.Form):
    """A sample or a blank form for a material, or a sample of the result."""

    key = forms.ChoiceField(label=_("For what"), required=False)
    which = forms.ChoiceField(
        label=_("It is"), choices=[("blank_form", _("a blank form")), ("sample", _("a sample that is filled in"))]
    )
    file = forms.FileField(
        label=_("File"), widget=forms.FileInput, error_messages={"required": _("Please choose a file.")}
    )

    def __init__(self, *args: Any, service: Service, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        key = self.fields["key"]
        assert isinstance(key, forms.ChoiceField)
        materials = service.materials.values_list("key", "name")
        key.choices = [*((each, name[:60]) for each, name in materials), ("", _("the result"))]

"""A sheet being written: its head, its questions and its answers, each a row of plain boxes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.kit.condition import Is
from lianxin.kit.text import clean
from lianxin.sheets.models import Sheet
from lianxin.sheets.rules import FIELDS_MAX, OUTCOMES_MAX, Kind, Known, Purpose, Then

JSON_MAX = 4000
FILE_MAX = 512 * 1024  # bytes
COMPARISONS = [
    ("", "–"),
    (Is.EQUALS.value, pgettext_lazy("comparison", "is")),
    (Is.DIFFERS.value, pgettext_lazy("comparison", "is not")),
    (Is.ONE_OF.value, pgettext_lazy("comparison", "is one of")),
    (Is.AT_LEAST.value, pgettext_lazy("comparison", "is at least")),
    (Is.AT_MOST.value, pgettext_lazy("comparison", "is at most")),
    (Is.ABOVE.value, pgettext_lazy("comparison", "is above")),
    (Is.BELOW.value, pgettext_lazy("comparison", "is below")),
    (Is.CONTAINS.value, pgettext_lazy("comparison", "contains")),
    (Is.GIVEN.value, pgettext_lazy("comparison", "is given")),
    (Is.MISSING.value, pgettext_lazy("comparison", "is not given")),
]
ALONE = (Is.GIVEN, Is.MISSING)
_BETWEEN = re.compile(r"[,，、;；]")
_NUMBER = re.compile(r"-?\d{1,13}(\.\d{1,6})?", re.ASCII)


class SheetHeadForm(forms.Form):
    """What a sheet is called, and what it is for."""

    title = forms.CharField(
        label=pgettext_lazy("of a sheet", "Title"),
        max_length=120,
        error_messages={"required": _("A sheet needs a title.")},
    )
    purpose = forms.ChoiceField(label=_("What it is for"), choices=Purpose.choices)
    basis = forms.CharField(
        label=_("Legal basis"),
        max_length=200,
        required=False,
        help_text=_("Law, article and number on which it rests."),
    )


class NewSheetForm(SheetHeadForm):
    """A sheet that has not been there."""

    key = forms.CharField(
        label=_("Key"),
        max_length=60,
        help_text=_("By which services call it: small letters, digits, _ and dots, such as apply.retirement."),
        error_messages={"required": _("A sheet needs a key.")},
    )
    field_order = ("title", "key", "purpose", "basis")


class SheetFileForm(forms.Form):
    """A sheet from a file."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("As this page gives it out (JSON). It becomes a draft."),
        error_messages={"required": _("Please choose a file.")},
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > FILE_MAX:
            raise forms.ValidationError(_("The file is too large for a sheet."))
        try:
            return json.loads(file.read().decode("utf-8-sig"))
        except (ValueError, RecursionError) as broken:
            raise forms.ValidationError(_("This file is not JSON.")) from broken


def _box(label: Any, **attrs: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, widget=forms.TextInput(attrs={"autocomplete": "off", **attrs}))


def _area(label: Any, rows: int, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, widget=forms.Textarea(attrs={"rows": rows}), **more)


class ConditionedForm(forms.Form):
    """A row that may hang on a condition: one comparison in boxes, or any condition as JSON."""

    when_field = forms.CharField(label=_("Only if the field"), required=False)
    when_is = forms.CharField(
        label=pgettext_lazy("comparison", "how"), required=False, widget=forms.Select(choices=COMPARISONS)
    )
    when_value = _box(pgettext_lazy("comparison", "value"), maxlength=300)
    when_json = _area(_("Several conditions, as JSON"), 2, max_length=JSON_MAX)

    def condition(self, kinds: Mapping[str, str], labels: Mapping[str, Mapping[str, str]]) -> Any:
        """Return the condition as it will be stored, read by the `kinds` of the fields and the words of options."""
        given = self.cleaned_data
        if given["when_json"] is not None:
            return given["when_json"]
        field, how = given["when_field"].strip(), given["when_is"]
        if not field and not how:
            return {}
        part: dict[str, Any] = {"field": field, "is": how}
        if how not in ALONE:
            part["value"] = _value(how, clean(given["when_value"]).strip(), kinds.get(field, ""), labels.get(field, {}))
        return part

    def clean_when_json(self) -> Any:
        text: str = self.cleaned_data["when_json"].strip()
        try:
            return json.loads(text) if text else None
        except (ValueError, RecursionError) as broken:
            raise forms.ValidationError(_("This condition is not JSON.")) from broken


class QuestionForm(ConditionedForm):
    """One question of a sheet."""

    field_order = (
        *("label", "kind", "required", "personal", "options", "help", "key", "known", "least", "most"),
        *("when_field", "when_is", "when_value", "when_json"),
    )
    label = _box(_("Question"), maxlength=120)
    kind = forms.CharField(label=_("Kind"), required=False, widget=forms.Select(choices=Kind.choices))
    required = forms.BooleanField(label=_("must be answered"), required=False)
    personal = forms.BooleanField(label=_("says who somebody is: keep it sealed"), required=False)
    key = _box(_("Key"), maxlength=40)
    help = _box(_("Help"), maxlength=300)
    options = _area(_("Options, one on each line"), 3, help_text=_("“key = words”; without a key one is given."))
    known = forms.CharField(
        label=_("Not asked where known"),
        required=False,
        widget=forms.Select(choices=[("", _("always asked")), *Known.choices]),
    )
    least = _box(_("At least"), maxlength=20)
    most = _box(_("At most"), maxlength=20)

    def option_rows(self) -> list[dict[str, str]]:
        """Return the options; lines without a key get one."""
        found: list[dict[str, str]] = []
        for line in clean(self.cleaned_data["options"]).splitlines():
            key, between, label = line.partition("=")
            if not between:
                key, label = "", line
            if label.strip() or key.strip():
                found.append({"key": key.strip(), "label": label.strip()})
        taken = {row["key"] for row in found}
        for row in found:
            row["key"] = row["key"] or _free("o", taken)
        return found

    def row(self, kinds: Mapping[str, str], labels: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
        """Return the field as it will be stored; what is empty is left out."""
        given = self.cleaned_data
        kind = given["kind"]
        row: dict[str, Any] = {"key": given["key"].strip(), "label": clean(given["label"]).strip(), "kind": kind}
        row |= {name: True for name in ("required", "personal") if given[name]}
        row["help"] = clean(given["help"]).strip()
        row["options"] = self.option_rows() if kind in (Kind.CHOICE, Kind.MANY) else []
        row["known"] = given["known"]
        row["when"] = self.condition(kinds, labels)
        row["min"], row["max"] = (_limit(given[name].strip(), kind) for name in ("least", "most"))
        return {
            name: value for name, value in row.items() if value not in ("", [], {}, None) or name in ("key", "label")
        }


class AnswerForm(ConditionedForm):
    """One answer that a sheet gives."""

    field_order = ("says", "then", "link", "when_field", "when_is", "when_value", "when_json")
    says = _area(_("What it says"), 2)
    then = forms.CharField(label=_("What follows"), required=False, widget=forms.Select(choices=Then.choices))
    link = _box(_("Address"), maxlength=300)

    def row(self, kinds: Mapping[str, str], labels: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
        """Return the answer as it will be stored; what is empty is left out."""
        given = self.cleaned_data
        row = {
            "when": self.condition(kinds, labels),
            "says": clean(given["says"]).strip(),
            "then": given["then"],
            "link": given["link"].strip(),
        }
        return {name: value for name, value in row.items() if value not in ("", {}) or name == "says"}


class SheetEditor:
    """A whole draft on one page: as it is stored, or as it was sent back."""

    def __init__(self, sheet: Sheet, data: Any = None) -> None:
        self.sheet, self.data = sheet, data
        words = {"title": sheet.title, "purpose": sheet.purpose, "basis": sheet.basis}
        self.head = SheetHeadForm(data, initial=words)
        self.questions = [QuestionForm(data, prefix=f"f{n}", initial=row) for n, row in self._rows("fields")]
        self.answers = [AnswerForm(data, prefix=f"o{n}", initial=row) for n, row in self._rows("outcomes")]
        keys = [str(row.get("key") or "") for row in sheet.fields]
        for n, form in enumerate(self.questions):
            _offer(form, keys[:n])  # only what stands above can be asked about
        for answer in self.answers:
            _offer(answer, keys)

    def _rows(self, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
        if self.data is None:
            for n, row in enumerate(getattr(self.sheet, name)):
                yield n, _initial(row)
            return
        most = FIELDS_MAX if name == "fields" else OUTCOMES_MAX
        sent = str(self.data.get(name, ""))
        for n in range(min(int(sent) if re.fullmatch(r"[0-9]{1,3}", sent) else 0, most)):
            yield n, {}

    @property
    def forms(self) -> list[forms.Form]:
        return [self.head, *self.questions, *self.answers]

    def is_valid(self) -> bool:
        """Tell whether it can be kept as a draft; whether it can be published is another question."""
        return not [form for form in self.forms if not form.is_valid()]  # each of them, so that all say what is wrong

    def definition(self) -> dict[str, Any]:
        """Return what was written, for actions.edit_sheet."""
        kinds: dict[str, str] = {}
        labels: dict[str, dict[str, str]] = {}
        taken = {form.cleaned_data["key"].strip() for form in self.questions}
        for form in self.questions:
            form.cleaned_data["key"] = key = form.cleaned_data["key"].strip() or _free("q", taken)
            kinds[key] = form.cleaned_data["kind"]
            labels[key] = {option["label"]: option["key"] for option in form.option_rows()}
        return {
            **self.head.cleaned_data,
            "fields": [form.row(kinds, labels) for form in self.questions],
            "outcomes": [form.row(kinds, labels) for form in self.answers],
        }


def _offer(form: ConditionedForm, keys: list[str]) -> None:
    """Fill in the fields on which a row may hang; one that it hangs on already stays, right or wrong."""
    here = str(form["when_field"].value() or "")
    chosen = dict.fromkeys(key for key in (*keys, here) if key)
    form.fields["when_field"].widget = forms.Select(
        choices=[("", pgettext_lazy("condition", "always")), *((key, key) for key in chosen)]
    )


def changed(rows: list[dict[str, Any]], how: str, place: int, new: dict[str, Any]) -> tuple[list[dict[str, Any]], int]:
    """Return the rows after one was added, moved up or down, or removed, and the place to look at then."""
    rows = list(rows)
    if how == "add":
        return [*rows, new], len(rows)
    if not 0 <= place < len(rows):
        return rows, 0
    row = rows.pop(place)
    if how == "remove":
        return rows, min(place, max(len(rows) - 1, 0))
    place = max(place - 1, 0) if how == "up" else place + 1
    rows.insert(place, row)
    return rows, min(place, len(rows) - 1)


def _initial(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a stored row as the boxes show it."""
    shown = {
        name: row[name] for name in ("key", "label", "kind", "required", "personal", "help", "known") if name in row
    }
    shown |= {name: row[name] for name in ("says", "then", "link") if name in row}
    shown["least"], shown["most"] = (str(row[name]) if name in row else "" for name in ("min", "max"))
    options = row.get("options") or []
    if isinstance(options, list):
        pairs = [(o.get("key", ""), o.get("label", "")) for o in options if isinstance(o, dict)]
        shown["options"] = "\n".join(f"{key} = {label}" for key, label in pairs)
    when = row.get("when") or {}
    if isinstance(when, dict) and when.keys() <= {"field", "is", "value"}:
        shown |= {"when_field": when.get("field", ""), "when_is": when.get("is", "")}
        shown["when_value"] = _shown(when.get("value"))
    else:
        shown["when_json"] = json.dumps(when, ensure_ascii=False)
    return shown


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_shown(each) for each in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _value(how: str, text: str, kind: str, labels: Mapping[str, str]) -> Any:
    """Return a value as it was meant: a number of a number, an option by its key or its words."""
    if how == Is.ONE_OF:
        return [_value("", each.strip(), kind, labels) for each in _BETWEEN.split(text) if each.strip()]
    if kind == Kind.NUMBER and _NUMBER.fullmatch(text):
        return float(text) if "." in text else int(text)
    if kind == Kind.YESNO and text.lower() in _SAID:
        return _SAID[text.lower()]
    return labels.get(text, text)


_SAID = {"yes": True, "true": True, "是": True, "no": False, "false": False, "否": False}


def _limit(text: str, kind: str) -> Any:
    if kind != Kind.DATE and _NUMBER.fullmatch(text):
        return float(text) if "." in text else int(text)
    return text or None


def _free(letter: str, taken: set[str]) -> str:
    """Return a key that is not taken, and take it."""
    key = next(key for n in range(1, 1000) if (key := f"{letter}{n}") not in taken)
    taken.add(key)
    return key

"""A sheet as a form: the same fields on the portal, at the window and in the preview."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lianxin.kit import condition
from lianxin.places.models import Area
from lianxin.sheets.models import Sheet
from lianxin.sheets.rules import Field, Kind, Outcome, Reading, read

PREFIX = "sheet"  # before every name, so that no question of a sheet meets a field of the page it stands on
RADIO_MAX = 7  # options that are seen at once better than in a list that opens
YES, NO = "yes", "no"

Groups = list[tuple[str, list[tuple[str, str]]]]


class SheetField(forms.Field):
    """One question. It takes what was written as it is: the whole sheet is read by its rules, in one go."""

    def __init__(self, question: Field, widget: forms.Widget) -> None:
        super().__init__(label=question.label, help_text=question.help, required=question.required, widget=widget)
        self.question = question
        self.when = json.dumps(dict(question.when), ensure_ascii=False) if question.when else ""
        self.when_words = ""

    def clean(self, value: Any) -> Any:
        return value

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, bool):
            return YES if value else NO
        return value


class SheetForm(forms.Form):
    """A sheet to be filled in; `reading` holds what was understood once it was looked through."""

    template_name = "sheets/fields.html"
    use_required_attribute = False  # a question that is hidden must not hold up the others
    reading: Reading

    def __init__(
        self,
        sheet: Sheet,
        *,
        data: Any = None,
        initial: Mapping[str, Any] | None = None,
        known: Mapping[str, str] | None = None,
        today: date | None = None,
        prefix: str = PREFIX,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}), prefix=prefix)
        self.sheet, self.today = sheet, today or timezone.localdate()
        self.known: dict[str, str] = {}
        self.areas: Groups = []
        labels = {question.key: question.label for question in sheet.questions}
        options = {question.key: question.choices for question in sheet.questions}
        for question in sheet.questions:
            if question.known and (value := (known or {}).get(question.known)):
                self.known[question.key] = value
                continue
            field = SheetField(question, self._widget(question))
            if question.when:
                field.when_words = condition.words(
                    question.when, labels, options=options, language=get_language() or "zh-hans"
                )
            self.fields[question.key] = field

    @property
    def values(self) -> dict[str, Any]:
        """What was understood; only after is_valid()."""
        return self.reading.values

    @property
    def outcome(self) -> Outcome | None:
        """What the sheet answers to it; only after is_valid()."""
        return self.sheet.outcome(self.reading.values)

    def clean(self) -> dict[str, Any]:
        places = {key for _town, villages in self.areas for key, _name in villages}
        self.reading = read(self.sheet.fields, self.cleaned_data | self.known, today=self.today, areas=places)
        for key, text in self.reading.troubles.items():
            self.add_error(key if key in self.fields else None, text)
        return self.reading.values

    def _widget(self, question: Field) -> forms.Widget:
        match question.kind:
            case Kind.LONG:
                return forms.Textarea(attrs={"rows": 4, "maxlength": question.longest})
            case Kind.NUMBER:
                return forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "maxlength": 20})
            case Kind.DATE:
                return forms.DateInput(attrs={"type": "date", **self._limits(question)}, format="%Y-%m-%d")
            case Kind.YESNO:
                return forms.RadioSelect(choices=[(YES, _("yes")), (NO, _("no"))])
            case Kind.CHOICE if len(question.options) <= RADIO_MAX:
                return forms.RadioSelect(choices=list(question.choices.items()))
            case Kind.CHOICE:
                return forms.Select(choices=[("", _("Please choose")), *question.choices.items()])
            case Kind.MANY:
                return forms.CheckboxSelectMultiple(choices=list(question.choices.items()))
            case Kind.AREA:
                self.areas = self.areas or area_groups(self.today)
                return forms.Select(choices=[("", _("Please choose")), *self.areas])
        return forms.TextInput(attrs=_TYPED.get(question.kind, {"maxlength": question.longest}))

    def _limits(self, question: Field) -> dict[str, str]:
        limits = {"min": question.least, "max": question.most}
        return {name: self.today.isoformat() if limit == "today" else limit for name, limit in limits.items() if limit}


_TYPED: dict[Kind, dict[str, Any]] = {
    Kind.PHONE: {"inputmode": "tel", "autocomplete": "tel", "maxlength": 40},
    Kind.IDENTITY: {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "maxlength": 30},
}


def form_of(
    sheet: Sheet,
    data: Any = None,
    initial: Mapping[str, Any] | None = None,
    *,
    known: Mapping[str, str] | None = None,
    today: date | None = None,
    prefix: str = PREFIX,
) -> SheetForm:
    """Return the form of a sheet, filled with `data` as posted or with `initial` values.

    Names in the page carry the prefix: the question "age" is posted as "sheet-age". What is `known` of the person
    (name, phone, identity) is not asked again, and stands among the values all the same. After is_valid(),
    `form.values` are the values for actions.answer and `form.outcome` is what the sheet answers. Raises KeyError,
    TypeError or ValueError for a draft with faults.
    """
    return SheetForm(sheet, data=data, initial=initial, known=known, today=today, prefix=prefix)


def area_groups(day: date) -> Groups:
    """Return the towns of this day, each with its villages, as (town, [(number, name)])."""
    kinds = (Area.Kind.TOWN, Area.Kind.VILLAGE)
    rows = list(
        Area.objects.on(day).filter(kind__in=kinds).order_by("id").values_list("id", "name", "kind", "parent_id")
    )
    villages: dict[int | None, list[tuple[str, str]]] = {}
    for pk, name, kind, parent in rows:
        if kind == Area.Kind.VILLAGE:
            villages.setdefault(parent, []).append((str(pk), name))
    return [
        (name, [(str(pk), name), *villages.get(pk, [])]) for pk, name, kind, _parent in rows if kind == Area.Kind.TOWN
    ]

"""Writing a process: what it is called, and its table of steps."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy as _

from lianxin.desk.forms import process_table as table
from lianxin.flow.rules import Automatic, Fact, Join, Kind, Result
from lianxin.kit.clock import Unit
from lianxin.people.models.calendar import UNITS

STEPS_MAX = 60
JSON_MAX = 200_000

Json = dict[str, Any]

# Which cells a kind of step has, beside key, kind, title and stage.
CELLS: dict[str, tuple[str, ...]] = {
    Kind.TASK: ("office", "value", "unit", "rolls", "basis", "ways", "timers", "decides"),
    Kind.APPLICANT: ("value", "unit", "rolls", "basis", "ways", "timers", "stops_clock"),
    Kind.TIMER: ("value", "unit", "rolls", "basis", "to"),
    Kind.BLOCK: ("join", "ways", "to"),
    Kind.CHOICE: ("ways", "to"),
    Kind.AUTOMATIC: ("do", "to"),
    Kind.END: ("result",),
}
WAYS = {
    Kind.BLOCK: (_("Branches"), _("One in a line: key | words | first step")),
    Kind.CHOICE: (
        _("Cases"),
        _("One in a line: words | where to | condition, as: age at_least 60 & sort equals first"),
    ),
}
OUTCOMES = (_("Outcomes"), _("One in a line: key | words | where to; the last step of a branch leads to: join"))
TO = {Kind.BLOCK: _("Where to when done"), Kind.CHOICE: _("Where to otherwise")}


def _text(label: Any, *, rows: int, help_text: Any = "", most: int = 4000) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows, "spellcheck": "false"})
    return forms.CharField(label=label, required=False, max_length=most, widget=area, help_text=help_text)


class NewProcessForm(forms.Form):
    """A process that does not exist yet."""

    key = forms.CharField(
        label=_("Key"),
        max_length=60,
        help_text=_("Small letters, digits, _ and dots, as process.simple. It never changes."),
    )
    title = forms.CharField(label=_("Title of the process"), max_length=80)


class ProcessForm(forms.Form):
    """What holds for the process as a whole."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    title = forms.CharField(label=_("Title of the process"), max_length=80)
    basis = forms.CharField(
        label=_("Legal basis"), max_length=200, required=False, help_text=_("The rule that this road rests on.")
    )
    start = forms.CharField(label=_("First step"), max_length=40, required=False, help_text=_("The key of a step."))
    stages = _text(_("Stages"), rows=4, help_text=_("What the people see, in their order. One in a line: key | words"))
    offices = _text(
        _("Offices"), rows=2,
        help_text=_("Beside “own”, the office of the service. One in a line: key | how such an office is called"),
    )  # fmt: skip
    facts = _text(
        _("Facts"), rows=2,
        help_text=_("What choices ask for, beside the outcomes of steps. One in a line: key | kind (text, number, date,"
                    " choice, many, yesno)"),
    )  # fmt: skip

    def clean_stages(self) -> list[Json]:
        return [{"key": key, "name": name} for key, name in table.rows_of(self.cleaned_data["stages"], 2, 2)]

    def clean_offices(self) -> dict[str, str]:
        return _pairs(self.cleaned_data["offices"])

    def clean_facts(self) -> dict[str, str]:
        found = _pairs(self.cleaned_data["facts"])
        if unknown := set(found.values()) - set(Fact):
            raise forms.ValidationError(_("Unknown kind: %(kind)s"), params={"kind": min(unknown)})
        return found


class StepForm(forms.Form):
    """One step. Only the cells that its kind has are there."""

    key = forms.CharField(label=_("Key"), max_length=40)
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=Kind.choices,
        widget=forms.Select(
            attrs={
                "hx-post": "", "hx-trigger": "change", "hx-target": "#editor", "hx-select": "#editor",
                "hx-swap": "outerHTML", "hx-vals": '{"look": "1"}',
            }
        ),
    )  # fmt: skip
    title = forms.CharField(label=_("Title of the step"), max_length=60, required=False)
    stage = forms.CharField(label=_("Stage"), max_length=40, required=False)
    office = forms.CharField(label=_("Office"), max_length=40, required=False)
    value = forms.IntegerField(label=_("Limit"), required=False, min_value=1, max_value=9999)
    unit = forms.ChoiceField(label=_("Unit"), choices=[(unit.value, UNITS[unit]) for unit in Unit], required=False)
    rolls = forms.BooleanField(label=_("A last day of rest moves to the next working day"), required=False)
    basis = forms.CharField(label=_("Basis of the limit"), max_length=200, required=False)
    join = forms.ChoiceField(label=_("Is done"), choices=Join.choices, required=False)
    do = forms.ChoiceField(label=_("What happens"), choices=Automatic.choices, required=False)
    result = forms.ChoiceField(label=_("Result"), choices=Result.choices, required=False)
    ways = _text(_("Ways"), rows=3)
    to = forms.CharField(label=_("Where to"), max_length=40, required=False)
    timers = _text(
        _("Timers"), rows=2,
        help_text=_("One in a line: warn, escalate or default | number | unit (workday, natural_day, hour, workhour) |"
                    " for default the outcome"),
    )  # fmt: skip
    decides = forms.BooleanField(label=_("Who finishes it signs the decision"), required=False)
    stops_clock = forms.BooleanField(label=_("The clock of the office stands still meanwhile"), required=False)
    drop = forms.BooleanField(label=_("Take this step out"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = self.data.get(self.add_prefix("kind")) if self.is_bound else self.initial.get("kind")
        self.of_kind = Kind(found) if found in CELLS else Kind.TASK
        for name in set(self.fields) - {"key", "kind", "title", "stage", "drop", *CELLS[self.of_kind]}:
            del self.fields[name]
        if "ways" in self.fields:
            self.fields["ways"].label, self.fields["ways"].help_text = WAYS.get(self.of_kind, OUTCOMES)
        if "to" in self.fields:
            self.fields["to"].label = TO.get(self.of_kind, _("Where to"))

    def has_changed(self) -> bool:
        """Tell whether anything was written: a row that was asked for and left empty is nobody's fault."""
        written = ("key", "title", "ways", "to")
        return super().has_changed() and any(self.data.get(self.add_prefix(name)) for name in written)

    def _clean_form(self) -> None:
        super()._clean_form()  # type: ignore[misc]
        if self.cleaned_data.get("drop"):
            self._errors = ErrorDict()  # whatever is wrong with what is taken out

    @property
    def heading(self) -> str:
        """What stands above the cells when they are folded."""
        given = self.data.get if self.is_bound else self.initial.get
        name = self.add_prefix if self.is_bound else str
        return str(given(name("title")) or given(name("key")) or "")

    @property
    def kind_name(self) -> str:
        return str(self.of_kind.label)

    def node(self, facts: Mapping[str, str]) -> Json:
        """Return what the cells say. Raises ValidationError."""
        given = self.cleaned_data
        node: Json = {"key": given["key"], "kind": given["kind"], "title": given["title"], "stage": given["stage"]}
        cells = CELLS[self.of_kind]
        node |= {name: given[name] for name in ("office", "join", "do", "result") if name in cells}
        node |= {name: True for name in ("decides", "stops_clock") if given.get(name)}
        if "to" in cells:
            node["else" if self.of_kind == Kind.CHOICE else "to"] = given["to"]
        if given.get("value"):
            limit: Json = {"value": given["value"], "unit": given["unit"] or Unit.WORKDAY.value}
            node["limit"] = limit | ({"basis": given["basis"]} if given["basis"] else {})
            node["limit"] |= {"rolls": True} if given["rolls"] else {}
        if "ways" in cells:
            node |= table.ways_of(self.of_kind, given["ways"], facts)
        if given.get("timers"):
            node["timers"] = table.timers_of(given["timers"])
        return node


StepFormSet = forms.formset_factory(StepForm, extra=0, max_num=STEPS_MAX, absolute_max=STEPS_MAX)


class JsonForm(forms.Form):
    """A whole process as JSON, from elsewhere."""

    json = forms.CharField(
        label="JSON", max_length=JSON_MAX, widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"})
    )

    def clean_json(self) -> Json:
        try:
            found = json.loads(self.cleaned_data["json"])
        except (ValueError, RecursionError) as broken:
            raise forms.ValidationError(_("This is no JSON: %(why)s"), params={"why": str(broken)[:120]}) from broken
        if not isinstance(found, dict):
            raise forms.ValidationError(_("A process is written in braces."))
        return found


def _pairs(text: str) -> dict[str, str]:
    return {row[0]: row[1] for row in table.rows_of(text, 2, 2)}


def whole_of(raw: Any) -> Json:
    """Return what the form of the whole begins with."""
    raw = raw if isinstance(raw, dict) else {}
    facts, offices = raw.get("facts"), raw.get("offices")
    stages = raw["stages"] if isinstance(raw.get("stages"), list) else []
    stages = [each for each in stages if isinstance(each, dict)]
    return {
        "start": raw.get("start", ""),
        "stages": table.lines_of((each.get("key", ""), each.get("name", "")) for each in stages),
        "facts": table.lines_of(facts.items() if isinstance(facts, dict) else []),
        "offices": table.lines_of(offices.items() if isinstance(offices, dict) else []),
    }


def steps_of(raw: Any) -> list[Json]:
    """Return what the forms of the steps begin with."""
    nodes = raw.get("nodes") if isinstance(raw, dict) else None
    nodes = [node for node in nodes if isinstance(node, dict)] if isinstance(nodes, list) else []
    return [_cells(node) for node in nodes[:STEPS_MAX]]


def _cells(node: Json) -> Json:
    found = node.get("limit")
    limit: Json = found if isinstance(found, dict) else {}
    return {
        **{
            name: str(node.get(name, ""))
            for name in ("key", "kind", "title", "stage", "office", "join", "do", "result")
        },
        "decides": node.get("decides") is True,
        "stops_clock": node.get("stops_clock") is True,
        "to": node.get("else" if node.get("kind") == Kind.CHOICE else "to", ""),
        "value": limit.get("value"),
        "unit": limit.get("unit", Unit.WORKDAY.value),
        "rolls": limit.get("rolls") is True,
        "basis": limit.get("basis", ""),
        "ways": table.ways_text(node),
        "timers": table.timers_text(node),
    }

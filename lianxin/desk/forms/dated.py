"""What is entered of a dated list and its lines."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianxin.desk.forms.catalogue import RowsField
from lianxin.desk.forms.deed import day, tick
from lianxin.serve.models import DatedList
from lianxin.serve.rules.catalogue import ColumnKind, Governs


class EditListForm(forms.Form):
    """What a list is called, and which day governs."""

    title = forms.CharField(label=_("Title"), max_length=120)
    purpose = forms.CharField(
        label=_("What it is for"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
    governs = forms.ChoiceField(
        label=_("Which day governs"), choices=Governs.choices,
        help_text=_("By this day it is decided which line holds; the pages say so."),
    )  # fmt: skip
    basis = forms.CharField(label=_("Document it rests on"), max_length=200)
    is_public = tick(_("Everybody may see it"))

    def __init__(self, *args: Any, dated: DatedList | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        facts = {name: getattr(dated, name) for name in EditListForm.base_fields} if dated else {"is_public": True}
        self.initial = {**facts, **self.initial}


class NewListForm(EditListForm):
    """A new list with its columns."""

    key = forms.SlugField(
        label=_("Key"), max_length=40, help_text=_("Small letters, digits and hyphens; part of its address.")
    )
    columns = RowsField(
        ("key", "label", "kind"), label=_("What each line says"),
        help_text=_("A line each: key | label | text, yesno or percent"),
    )  # fmt: skip
    field_order = ("key", "title")


class LineForm(forms.Form):
    """A line of a list with its days."""

    name = forms.CharField(
        label=_("Name"), required=False, max_length=120,
        help_text=_("Empty: what holds for everybody who is not on the list."),
    )  # fmt: skip
    valid_from = day(_("First day"), required=False)
    valid_to = day(_("First day on which it no longer holds"), required=False)
    decision = forms.CharField(label=_("Number of the decision"), required=False, max_length=120)
    reason = forms.CharField(label=_("Why"), required=False, max_length=200)

    def __init__(self, *args: Any, dated: DatedList, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dated = dated
        for column in dated.columns:
            self.fields[f"column_{column['key']}"] = _cell(column)

    def given(self) -> dict[str, Any]:
        """Return what the action is given."""
        data = dict(self.cleaned_data)
        values = {column["key"]: str(data.pop(f"column_{column['key']}") or "") for column in self.dated.columns}
        return {**data, "values": values}


def _cell(column: dict[str, str]) -> forms.Field:
    if column["kind"] == ColumnKind.YESNO:
        return forms.ChoiceField(
            label=column["label"], required=False, choices=[("", "—"), ("yes", _("yes")), ("no", _("no"))]
        )
    if column["kind"] == ColumnKind.PERCENT:
        return forms.CharField(
            label=f"{column['label']} (%)", required=False, max_length=3,
            widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        )  # fmt: skip
    return forms.CharField(label=column["label"], required=False, max_length=200)


class EndLineForm(forms.Form):
    """From which day a line holds no more."""

    on = day(_("It no longer holds from"))
    reason = forms.CharField(label=_("Why"), required=False, max_length=200)

"""A list: the file and what is in it, which column holds what, and a row that is mended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianxin.kit.text import clean

LONG = 60  # characters of a cell from which on it is written in a box of several lines
CELL_MOST = 20_000


class ListForm(forms.Form):
    """What is in the list, and the file."""

    kind = forms.ChoiceField(label=_("What is in the list"), widget=forms.RadioSelect)
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV (UTF-8 or GB 18030) or Excel (.xlsx), names of the columns on top."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
        error_messages={
            "required": _("Please choose a file."),
            "empty": _("This file is empty. Please choose it again."),
        },
    )

    def __init__(self, *args: Any, kinds: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        if len(kinds) == 1:
            self.fields["kind"].widget = forms.HiddenInput()
            self.fields["kind"].initial = kinds[0][0]


class ColumnsForm(forms.Form):
    """What each column of a list holds; the fields are called column_0, column_1 …, for names may be anything."""

    dry = forms.BooleanField(required=False, widget=forms.HiddenInput)
    way = forms.ChoiceField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        header: Sequence[str],
        mapping: dict[str, str],
        columns: Mapping[str, Any],
        ways: Sequence[str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.header = header
        self.fields["way"].choices = [(way, way) for way in ways]  # type: ignore[attr-defined]
        choices = [("", _("leave out")), *columns.items()]
        for place, name in enumerate(header):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=name, required=False, choices=choices, initial=mapping.get(name, "")
            )

    def mapping(self) -> dict[str, str]:
        """Return the columns that are taken in: name of the column to what it holds."""
        chosen = [(name, self.cleaned_data[f"column_{place}"]) for place, name in enumerate(self.header)]
        return {name: column for name, column in chosen if column}


class RowForm(forms.Form):
    """One row of a list, to be mended; its fields are called cell_0, cell_1 …"""

    def __init__(self, *args: Any, cells: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = list(cells)
        for place, (name, cell) in enumerate(cells.items()):
            widget = forms.Textarea(attrs={"rows": 4}) if len(cell) > LONG else forms.TextInput()
            self.fields[f"cell_{place}"] = forms.CharField(
                label=name, required=False, initial=clean(cell), widget=widget, max_length=CELL_MOST
            )

    def cells(self) -> dict[str, str]:
        """Return the cells: name of the column to text."""
        return {name: self.cleaned_data[f"cell_{place}"] for place, name in enumerate(self.names)}

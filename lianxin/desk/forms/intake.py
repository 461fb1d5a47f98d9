"""A list of voices: the file, and which column holds what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianxin.listen.rules import Column


class ListForm(forms.Form):
    """The file."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV (UTF-8 or GB 18030) or Excel (.xlsx): one voice a row, names of the columns on top."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
        error_messages={
            "required": _("Please choose a file."),
            "empty": _("This file is empty. Please choose it again."),
        },
    )


class ColumnsForm(forms.Form):
    """What each column of a list holds; the fields are called column_0, column_1 …, for names may be anything."""

    dry = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        header: Sequence[str],
        mapping: dict[str, str],
        kinds: Sequence[Any] = tuple(Column.choices),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.header = header
        choices = [("", _("leave out")), *kinds]
        for place, name in enumerate(header):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=name, required=False, choices=choices, initial=mapping.get(name, "")
            )

    def mapping(self) -> dict[str, str]:
        """Return the columns that are taken in: name of the column to what it holds."""
        chosen = [(name, self.cleaned_data[f"column_{place}"]) for place, name in enumerate(self.header)]
        return {name: column for name, column in chosen if column}

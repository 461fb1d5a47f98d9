"""What a household asks of its own file, and what it says is wrong."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.kit.text import TEXT_MAX


class OwnFileForm(forms.Form):
    """Number and code of the card that the household was given."""

    number = forms.CharField(label=_("Number of the file"), max_length=40)
    code = forms.CharField(
        label=pgettext_lazy("file", "Code"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class ObjectForm(forms.Form):
    """What is wrong, in the household's own words."""

    words = forms.CharField(
        label=_("What is wrong, or missing?"), max_length=TEXT_MAX, widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Please write what is wrong.")},
    )  # fmt: skip

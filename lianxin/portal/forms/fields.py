"""Fields that take what people really type."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from lianxin.kit.identity import tidy_phone
from lianxin.kit.text import clean

FILES_MAX = 5
EMAIL_MAX = 120


class WordsField(forms.CharField):
    """What a person says: nothing is trimmed, and a line end counts as one character, as on the screen."""

    def __init__(self, *, rows: int, **kwargs: Any) -> None:
        super().__init__(strip=False, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)

    def to_python(self, value: Any) -> str:
        text = clean(str(value or ""))
        return text if text.strip() else ""


class LineField(forms.CharField):
    """One short line: a name, a place."""

    def to_python(self, value: Any) -> str:
        return " ".join(clean(str(value or "")).split())


class PhoneField(LineField):
    """A telephone number as people write it: mobile, landline, extension, service number."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"})
        super().__init__(max_length=40, widget=widget, **kwargs)

    def clean(self, value: Any) -> str:
        phone: str = super().clean(value)
        if phone and not tidy_phone(phone):
            raise ValidationError(_("This does not look like a phone number. Please check the digits."))
        return phone


class EmailField(forms.EmailField):
    """An e-mail address, for whom a telephone does not serve."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.EmailInput(attrs={"autocomplete": "email"})
        words = {"invalid": _("This does not look like an e-mail address. Please check it.")}
        super().__init__(max_length=EMAIL_MAX, widget=widget, error_messages=words, **kwargs)


class _Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several pictures or files at once; what they are is looked at when they are kept, not judged by their names."""

    def __init__(self, *, accept: str, **kwargs: Any) -> None:
        super().__init__(widget=_Files(attrs={"multiple": True, "accept": accept}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[bytes]]:
        given = data if isinstance(data, list | tuple) else [data]
        files = [file for file in given if file]
        if len(files) > FILES_MAX:
            raise ValidationError(_("At most %(most)s files, please.") % {"most": FILES_MAX})
        return [found for file in files if (found := super(FilesField, self).clean(file, initial))]


def offer(form: forms.BaseForm, name: str, choices: Iterable[Any]) -> None:
    """Fill in what can be chosen in a field of this form."""
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(f"nothing is chosen in {name}")
    field.choices = list(choices)

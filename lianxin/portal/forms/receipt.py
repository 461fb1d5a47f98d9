"""The forms of whoever holds a receipt."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from lianxin.kit.reference import tidy
from lianxin.kit.text import TEXT_MAX
from lianxin.listen.models import Reserved, Voice
from lianxin.people.actions import allow
from lianxin.portal.forms.fields import WordsField
from lianxin.resolve.models import Confirmation
from lianxin.serve.models import Application, Reception

TRIES_PER_NUMBER, TRIES_PER_VISITOR, WINDOW = 10, 60, 600  # wrong ones, within so many seconds
WORDS_MAX = 1000
Words = Any  # a text, or one that is translated when it is shown: the stubs have no name for both


def number_field(label: Words, missing: Words, *, help_text: Words = "") -> forms.CharField:
    """Return the field for a number, however it is typed."""
    return forms.CharField(
        label=label,
        max_length=60,
        help_text=help_text,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": missing},
    )


def code_field(help_text: Words) -> forms.CharField:
    """Return the field for a query code."""
    return forms.CharField(
        label=_("Query code"),
        max_length=60,
        help_text=help_text,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric", "data-draft": "off"}),
        error_messages={"required": _("Please enter the query code.")},
    )


class CodeForm(forms.Form):
    """A number and its query code; like a sign-in form, it finds what they open.

    An unknown number and a wrong code are answered with the same words. Who tries too often waits, whether the number
    exists or not.
    """

    not_found: Words = ""

    def __init__(self, *args: Any, visitor: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.visitor = visitor
        self.blocked = False

    def opens(self, number: str, code: str) -> bool:
        """Look for what they open, keep it, and tell whether there is such a thing."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if "number" not in data or "code" not in data:
            return data
        keys = {f"code:{tidy(data['number'])}": TRIES_PER_NUMBER, f"codes:{self.visitor}": TRIES_PER_VISITOR}
        if any(cache.get(f"locked:{key}") for key in keys):
            self.blocked = True
            raise forms.ValidationError(
                _("There were too many tries. Please wait ten minutes, or call us: we will look it up for you.")
            )
        if not self.opens(data["number"], data["code"]):
            for key, limit in keys.items():
                if not allow(key, limit, WINDOW):
                    cache.set(f"locked:{key}", True, WINDOW)
            raise forms.ValidationError(self.not_found)
        return data


class ReceiptForm(CodeForm):
    """The receipt of what was said, or the number of what was applied for: one form for both."""

    number = number_field(
        _("Receipt number"),
        _("Please enter the receipt number."),
        help_text=_("As on your receipt. Capital or small letters, with or without dashes: all the same."),
    )
    code = code_field(_("The six digits below the receipt number."))
    not_found = _(
        "We have not found this receipt with this code. Please look whether a digit was "
        "misread, or call us: we will look it up for you."
    )
    voice: Voice | None = None
    application: Application | None = None
    reception: Reception | None = None

    def opens(self, number: str, code: str) -> bool:
        self.voice = Voice.objects.with_code(number, code)
        if self.voice is None:
            self.application = Application.objects.with_code(number, code)
            self.reception = Reception.objects.with_code(number, code)
        found = bool(self.voice or self.application or self.reception)
        if not found and Reserved.objects.with_code(number, code):
            raise forms.ValidationError(
                _(
                    "This was written down at your door and has not reached us yet: the telephone had no network."
                    " It is kept there. Please look again in a day or two, or call us."
                )
            )
        return found


class AddForm(forms.Form):
    """One more sentence."""

    text = WordsField(
        label=_("What do you want to add?"),
        rows=4,
        max_length=TEXT_MAX,
        error_messages={
            "required": _("Please write what you want to add."),
            "max_length": _(
                "There is room for %(limit_value)d characters; these are %(show_value)d. Please shorten it, "
                "or send it in two parts."
            ),
        },
    )  # fmt: skip


_ASKED = {"required": _("Please choose one."), "invalid_choice": _("Please choose one.")}
_SOLVED = [
    (Confirmation.Solved.YES.value, _("Yes, it is solved")),
    (Confirmation.Solved.PARTLY.value, _("Partly solved")),
    (Confirmation.Solved.NO.value, _("No, it is not solved yet")),
]


class ConfirmForm(forms.Form):
    """What the person says of the answer. Whether it is solved must be said; grades and words are as they please."""

    solved = forms.ChoiceField(
        label=_("Is it solved?"), choices=_SOLVED, widget=forms.RadioSelect, error_messages=_ASKED
    )
    result_grade = forms.TypedChoiceField(
        label=_("Are you satisfied with the result?"),
        choices=Confirmation.Grade.choices,
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        error_messages=_ASKED,
    )
    handling_grade = forms.TypedChoiceField(
        label=_("Are you satisfied with how you were treated?"),
        choices=Confirmation.Grade.choices,
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        error_messages=_ASKED,
    )
    words = WordsField(
        label=_("In your own words"),
        rows=3,
        required=False,
        max_length=WORDS_MAX,
        help_text=_("If it is not solved: what is still missing?"),
        error_messages={"max_length": _("Please keep it within %(limit_value)d characters.")},
    )
    quotable = forms.BooleanField(label=_("You may quote these words in public, without my name"), required=False)

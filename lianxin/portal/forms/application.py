"""The forms of who applies: the person, the materials, what is handed in later, the rating."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianxin.listen.rules import Contact
from lianxin.portal.forms.fields import EmailField, LineField, PhoneField, WordsField
from lianxin.serve import actions as serve
from lianxin.serve.models import Material
from lianxin.serve.rules.application import Grade

FILES_ACCEPTED = "image/*,application/pdf,.doc,.docx,.xls,.xlsx"
WORDS_MOST = 1000


class PersonForm(forms.Form):
    """Who asks, and who applies for the person, if somebody does."""

    key = forms.CharField(max_length=64, widget=forms.HiddenInput)
    name = LineField(
        label=_("Name of the person"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Please give the name.")},
    )
    phone = PhoneField(
        label=_("Phone"),
        help_text=_("You are told at every step by a message. It says only the number and how far it is."),
        error_messages={"required": _("Please give a phone that can be reached.")},
    )
    email = EmailField(label=_("E-mail"), required=False)
    unit = LineField(
        label=_("Unit"), required=False, max_length=120, help_text=_("Only if you apply for an enterprise or a unit.")
    )
    agent_name = LineField(
        label=_("Name of who applies for the person"),
        required=False,
        max_length=60,
        help_text=_("Only if you apply for somebody else. The authorisation is then needed too."),
    )
    agent_phone = PhoneField(label=_("Phone of who applies for the person"), required=False)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if bool(data.get("agent_name")) != bool(data.get("agent_phone")) and "agent_phone" not in self.errors:
            self.add_error("agent_phone", _("Who applies for somebody else gives both name and phone."))
        return data

    def person(self) -> serve.Person:
        """Return who asks, as far as it was given."""
        given = {name: self.cleaned_data.get(name, "") for name in self.fields}
        agent = Contact(given["agent_name"], given["agent_phone"]) if given["agent_name"] else None
        return serve.Person(Contact(given["name"], given["phone"], given["email"]), agent, given["unit"])


class MaterialsForm(forms.Form):
    """One file for each material; what is there already need not be sent again."""

    def __init__(self, data: Any = None, files: Any = None, *, materials: list[Material]) -> None:
        super().__init__(data, files, prefix="material")
        for material in materials:
            self.fields[material.key] = forms.FileField(
                label=material.name,
                required=False,
                help_text=help_of(material),
                widget=forms.FileInput(attrs={"accept": FILES_ACCEPTED}),
                error_messages={"empty": _("This file is empty. Please choose it again.")},
            )

    def given(self) -> list[serve.Given]:
        """Return the files that were sent; only after is_valid()."""
        return [serve.Given(key, file, file.name) for key, file in self.cleaned_data.items() if file]


def help_of(material: Material) -> str:
    """Return what is to be known of a material in one line."""
    facts = [
        material.get_necessity_display() if material.necessity else "",
        material.get_form_display() if material.form else "",
        str(_("may be handed in later")) if material.later else "",
        material.standard,
    ]
    return " · ".join(fact for fact in facts if fact)


class RateForm(forms.Form):
    """How one was served: five grades, and how one was treated apart from what came of it."""

    grade = forms.TypedChoiceField(
        label=_("How satisfied are you with how it was done?"),
        choices=Grade.choices,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose one."), "invalid_choice": _("Please choose one.")},
    )
    conduct = forms.TypedChoiceField(
        label=_("And with how you were treated, whatever came of it?"),
        choices=Grade.choices,
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Please choose one.")},
    )
    text = WordsField(label=_("In your own words"), rows=3, required=False, max_length=WORDS_MOST)


class WithdrawForm(forms.Form):
    """That it is to end here."""

    reason = LineField(label=_("Why"), required=False, max_length=200)


class PhoneChangeForm(forms.Form):
    """Another phone."""

    phone = PhoneField(label=_("New phone"), error_messages={"required": _("Please give a phone that can be reached.")})


class VerifyForm(forms.Form):
    """The code of a document, or the document itself."""

    code = LineField(label=_("Check code"), required=False, max_length=60)
    file = forms.FileField(
        label=_("Or the file itself"),
        required=False,
        help_text=_("We compare its fingerprint with the one we kept. The file is not stored."),
        widget=forms.FileInput(attrs={"accept": "application/pdf"}),
    )

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if not data.get("code") and not data.get("file") and not self.errors:
            raise forms.ValidationError(_("Please enter the code, or choose the file."))
        return data

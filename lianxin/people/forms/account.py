"""Signing in, and accounts."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from lianxin.people.forms.fields import DayField


class SignInForm(forms.Form):
    username = forms.CharField(
        label=_("Sign-in name"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Six digits from the app"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}),
    )


def _new_password(label: object, help_text: object = "") -> forms.CharField:
    return forms.CharField(
        label=label,  # type: ignore[arg-type]
        help_text=help_text,  # type: ignore[arg-type]
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class PasswordForm(forms.Form):
    old = forms.CharField(
        label=_("Your password now"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = _new_password(_("New password"), _("At least ten characters. A sentence is easier to keep than signs."))
    again = _new_password(_("New password once more"))

    def clean(self) -> None:
        if self.cleaned_data.get("new") != self.cleaned_data.get("again"):
            self.add_error("again", _("The two are not the same."))


class FirstPasswordForm(forms.Form):
    password = _new_password(
        _("First password"), _("At least ten characters. Its owner is asked for another at the next sign-in.")
    )


class OfficerForm(forms.Form):
    name = forms.CharField(label=_("Full name"), max_length=40)
    username = forms.RegexField(
        r"^[A-Za-z0-9][A-Za-z0-9._-]*$",
        label=_("Sign-in name"),
        max_length=60,
        help_text=_("Letters and digits."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    password = _new_password(
        _("First password"), _("At least ten characters. Its owner is asked for another at the next sign-in.")
    )


class TokenForm(forms.Form):
    name = forms.CharField(label=_("What for"), max_length=60, help_text=_("Which machine will use it."))
    last_day = DayField(label=_("Last day"), required=False)

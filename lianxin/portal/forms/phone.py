"""Sign-in by phone."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from lianxin.portal.forms.fields import PhoneField


class PhoneForm(forms.Form):
    """The phone that was left with a voice."""

    phone = PhoneField(
        label=_("Your mobile phone"),
        help_text=_("The one you left when you spoke. We send a code to it."),
        error_messages={
            "required": _("Please enter your phone number."),
            "max_length": _("This does not look like a phone number. Please check the digits."),
        },
    )


class PhoneCodeForm(forms.Form):
    """The code that came by message."""

    code = forms.CharField(
        label=_("Code from the message"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={"required": _("Please enter the code from the message.")},
    )

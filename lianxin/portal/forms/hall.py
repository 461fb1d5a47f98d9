"""The forms of the hall: a number, a time, and what opens an appointment."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianxin.portal.forms.fields import LineField, PhoneField
from lianxin.portal.forms.receipt import CodeForm, code_field, number_field
from lianxin.serve.models import Appointment, Hall, Line, Slot
from lianxin.serve.rules.line import Reason

_ASKED = {"required": _("Please choose one."), "invalid_choice": _("Please choose one.")}


class TakeForm(forms.Form):
    """For which line, and why earlier than others."""

    line = forms.ModelChoiceField(
        label=_("What for?"),
        queryset=Line.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages=_ASKED,
    )
    reason = forms.ChoiceField(
        label=_("Should you be called earlier?"),
        choices=Reason.choices,
        required=False,
        widget=forms.RadioSelect,
        help_text=_("The clerk at the window looks whether it is so."),
        error_messages=_ASKED,
    )

    def __init__(self, *args: Any, lines: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["line"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = lines


class SlotForm(forms.Form):
    """Another time."""

    slot = forms.ModelChoiceField(
        label=_("When?"),
        queryset=Slot.objects.none(),
        empty_label=None,
        widget=forms.HiddenInput,
        error_messages={
            "required": _("Please choose a time."),
            "invalid_choice": _("All places of this time have just been taken. Please choose another."),
        },
    )

    def __init__(self, *args: Any, slots: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["slot"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = slots


class BookForm(SlotForm):
    """Who comes, so that the hall can tell of a change."""

    name = LineField(label=_("Your name"), max_length=40, error_messages={"required": _("Please give your name.")})
    phone = PhoneField(
        label=_("Your phone"),
        help_text=_("We send the time there, and a word if it changes."),
        error_messages={"required": _("Please enter your phone number.")},
    )
    matter = LineField(label=_("What is it about?"), max_length=80, required=False)


class AppointmentForm(CodeForm):
    """Number and code of an appointment."""

    number = number_field(_("Number of the appointment"), _("Please enter the number of the appointment."))
    code = code_field(_("The six digits that came with it."))
    not_found = _("We have not found this appointment with this code. Please look whether a digit was misread.")
    appointment: Appointment | None = None

    def opens(self, number: str, code: str) -> bool:
        self.appointment = Appointment.objects.with_code(number, code)
        return self.appointment is not None


class HomeForm(forms.Form):
    """Who cannot come, where we find the person, and what is to be done."""

    hall = forms.ModelChoiceField(
        label=_("Which hall"), queryset=Hall.objects.none(), empty_label=None, error_messages=_ASKED
    )
    name = LineField(label=_("Who is to be visited"), max_length=40)
    phone = PhoneField(label=_("Phone on which we can ask when to come"))
    address = LineField(label=_("Where we find the person"), max_length=120)
    reason = forms.ChoiceField(
        label=_("Why the person cannot come"),
        choices=[choice for choice in Reason.choices if choice[0] in ("old", "child", "disabled")],
        widget=forms.RadioSelect,
        error_messages=_ASKED,
    )
    matter = LineField(label=_("What is to be done?"), max_length=200)
    relation = LineField(
        label=_("Who are you?"),
        max_length=40,
        required=False,
        help_text=_("A daughter, a neighbour; empty if yourself."),
    )

    def __init__(self, *args: Any, halls: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["hall"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = halls

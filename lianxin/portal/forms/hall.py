"""The forms of the hall: a number, a time, and what opens an appointment."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from lianxin.kit.reference import tidy
from lianxin.people.actions import allow
from lianxin.portal.forms.fields import LineField, PhoneField
from lianxin.portal.forms.receipt import TRIES_PER_NUMBER, TRIES_PER_VISITOR, WINDOW
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


class AppointmentForm(forms.Form):
    """Number and code of an appointment. A wrong one and an unknown one are answered with the same words."""

    number = forms.CharField(
        label=_("Number of the appointment"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": _("Please enter the number of the appointment.")},
    )
    code = forms.CharField(
        label=_("Query code"),
        max_length=60,
        help_text=_("The six digits that came with it."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric", "data-draft": "off"}),
        error_messages={"required": _("Please enter the query code.")},
    )

    def __init__(self, *args: Any, visitor: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.visitor = visitor
        self.appointment: Appointment | None = None
        self.blocked = False

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
        self.appointment = Appointment.objects.with_code(data["number"], data["code"])
        if self.appointment is None:
            for key, limit in keys.items():
                if not allow(key, limit, WINDOW):
                    cache.set(f"locked:{key}", True, WINDOW)
            raise forms.ValidationError(
                _("We have not found this appointment with this code. Please look whether a digit was misread.")
            )
        return data


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

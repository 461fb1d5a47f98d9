"""What is entered at the windows and by the keeper of a hall."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.desk.forms.deed import day
from lianxin.people.forms.fields import SeveralField
from lianxin.people.models import Post, User
from lianxin.people.rules import ROLES, Power, who_holds
from lianxin.serve.models import Hall, Line, Skill, Window
from lianxin.serve.rules.hall import Sitting
from lianxin.serve.rules.line import Reason

ROWS_MOST = 60
_CODES = re.compile(r"[\s,;，；、]+")


class ClockField(forms.TimeField):
    """A time of day, with the browser's own clock."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            error_messages={"required": _("Please give a time."), "invalid": _("Please write a time as 09:30.")},
            **kwargs,
        )


class ClerkField(forms.ModelChoiceField):  # type: ignore[type-arg] # Django's own takes none at run time
    """An officer who holds a post at a window."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            queryset=User.objects.none(),
            error_messages={
                "required": _("Please choose a clerk."),
                "invalid_choice": _("This officer holds no post at a window on that day."),
            },
            **kwargs,
        )

    def offer(self, on: date) -> None:
        self.queryset = User.objects.holding(Power.WINDOW, on).order_by("name", "pk")


def _lines(label: Any, **kwargs: Any) -> forms.ModelChoiceField[Line]:
    return forms.ModelChoiceField(
        label=label,
        queryset=Line.objects.none(),
        empty_label=None,
        error_messages={"required": _("Please choose a line."), "invalid_choice": _("Please choose a line.")},
        **kwargs,
    )


class GiveTicketForm(forms.Form):
    """A number for somebody at the counter."""

    line = _lines(pgettext_lazy("hall", "Line"))
    reason = forms.ChoiceField(label=_("Called earlier because"), choices=Reason.choices, required=False)

    def __init__(self, *args: Any, hall: Hall, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["line"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = hall.lines.open()


class PassOnForm(forms.Form):
    """To which line somebody is handed on."""

    line = _lines(_("To which line"))

    def __init__(self, *args: Any, hall: Hall, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["line"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = hall.lines.open()


class TurnForm(forms.Form):
    """One clerk at one window from a time to a time; an empty row is none."""

    window = forms.ModelChoiceField(
        label=_("Window"),
        queryset=Window.objects.none(),
        error_messages={"required": _("Please choose a window."), "invalid_choice": _("Please choose a window.")},
    )
    clerk = ClerkField(label=_("Clerk"))
    starts = ClockField(label=_("from"))
    ends = ClockField(label=_("to"))

    def __init__(self, *args: Any, hall: Hall, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        window, clerk = self.fields["window"], self.fields["clerk"]
        assert isinstance(window, forms.ModelChoiceField)
        assert isinstance(clerk, ClerkField)
        window.queryset = hall.windows.open()
        clerk.offer(on)

    @property
    def sitting(self) -> Sitting | None:
        said = self.cleaned_data
        return Sitting(said["window"].pk, said["clerk"].pk, said["starts"], said["ends"]) if said else None


TurnFormSet = forms.formset_factory(TurnForm, extra=3, max_num=ROWS_MOST, absolute_max=ROWS_MOST)


class DayForm(forms.Form):
    """Which day is looked at."""

    day = day(_("Day"), required=False)


class SpanForm(forms.Form):
    """Which days are counted."""

    first = day(_("From"), required=False)
    last = day(pgettext_lazy("day", "Until"), required=False)


class OpenSlotsForm(forms.Form):
    """Times to be opened for booking."""

    line = _lines(pgettext_lazy("hall", "Line"))
    first = day(_("From"))
    last = day(pgettext_lazy("day", "Until"))
    minutes = forms.IntegerField(label=_("Minutes of each time"), min_value=5, max_value=240, initial=30)
    capacity = forms.IntegerField(label=_("Room for how many people"), min_value=1, max_value=1000, initial=2)

    def __init__(self, *args: Any, hall: Hall, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["line"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = hall.lines.open()


class HallForm(forms.Form):
    """When lunch is and when everybody eats."""

    place = forms.CharField(label=_("Where it is"), max_length=120, required=False)
    lunch_from = ClockField(label=_("Business counts as done at lunch from"))
    lunch_to = ClockField(label=_("Business counts as done at lunch until"))
    meal_from = ClockField(label=_("Meals not before"))
    meal_to = ClockField(label=_("Meals until"))
    meal_minutes = forms.IntegerField(label=_("Minutes of a meal"), min_value=10, max_value=120)
    unattended_minutes = forms.IntegerField(
        label=_("Minutes without a call until a window counts as empty"), min_value=1, max_value=240
    )
    basis = forms.CharField(label=_("Document that says so"), max_length=200, required=False)


class LineForm(forms.Form):
    """A line and its services."""

    name = forms.CharField(label=_("Name"), max_length=40)
    codes = forms.CharField(
        label=_("Numbers of the services"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("As in the catalogue, with blanks between. Empty: general matters, for which nobody is certified."),
    )

    def clean_codes(self) -> list[str]:
        codes = [code for code in _CODES.split(self.cleaned_data["codes"]) if code]
        if any(len(code) > 40 for code in codes):
            raise forms.ValidationError(_("A number of a service has at most 40 characters."))
        return codes


class OpenLineForm(LineForm):
    """A new line."""

    letter = forms.RegexField(
        r"\A[A-Za-z]{1,2}\Z",
        label=_("Letter of the line"),
        help_text=_("Begins the numbers of this line: one or two letters."),
    )
    field_order = ("letter", "name", "codes")


class WindowForm(forms.Form):
    """A window: its sign, its lines, its hours."""

    number = forms.IntegerField(label=_("Number"), min_value=1, max_value=999)
    name = forms.CharField(label=_("Name"), max_length=40)
    place = forms.CharField(label=_("Where it is"), max_length=80, required=False)
    lines = SeveralField(
        label=pgettext_lazy("hall", "Lines"),
        queryset=Line.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    opens = ClockField(label=_("Opens"))
    closes = ClockField(label=_("Closes"))
    pauses = ClockField(label=_("Break from"), required=False, help_text=_("Leave both empty: open at lunch, too."))
    resumes = ClockField(label=_("Break until"), required=False)

    def __init__(self, *args: Any, hall: Hall, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["lines"]
        assert isinstance(field, SeveralField)
        field.queryset = hall.lines.open()


class CertifyForm(forms.Form):
    """Who may take in which service alone."""

    clerk = ClerkField(label=_("Clerk"))
    code = forms.CharField(label=_("Number of the service"), max_length=40)
    assessment = forms.CharField(label=_("How it was assessed"), max_length=120)

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["clerk"]
        assert isinstance(field, ClerkField)
        field.offer(timezone.localdate(at))


class BadgeForm(forms.Form):
    """Whose badge, and what one may ask the person for."""

    post = forms.ModelChoiceField(label=_("Post"), queryset=Post.objects.none())
    window = forms.ModelChoiceField(label=_("Window"), queryset=Window.objects.none(), required=False)
    duties = forms.CharField(
        label=_("What one may ask this person for"), max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )
    backup = ClerkField(label=_("Who stands in"), required=False)

    def __init__(self, *args: Any, hall: Hall, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        on = timezone.localdate(at)
        post, window, backup = self.fields["post"], self.fields["window"], self.fields["backup"]
        assert isinstance(post, forms.ModelChoiceField)
        assert isinstance(window, forms.ModelChoiceField)
        assert isinstance(backup, ClerkField)
        roles = who_holds(ROLES, Power.WINDOW)
        post.queryset = Post.objects.on(on).filter(role__in=roles, holder__isnull=False).select_related("office")
        window.queryset = hall.windows.open()
        backup.offer(on)


class HeardForm(forms.Form):
    """An opinion heard on duty."""

    text = forms.CharField(label=_("What was said"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    decision = forms.CharField(
        label=_("What you decided on the spot"), max_length=500, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Counts only with the rule by which you may decide it. Otherwise the matter goes its road."),
    )  # fmt: skip
    competence = forms.CharField(label=_("By which rule"), max_length=200, required=False)


class LeaveForm(forms.Form):
    """What the next leader must know."""

    handover = forms.CharField(label=_("For the next one"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


def skills_of(hall: Hall, on: date) -> list[Skill]:
    """Return the certificates of today of whoever may sit at a window of this hall."""
    codes = {code for line in hall.lines.open() for code in line.codes}
    return list(Skill.objects.on(on).filter(code__in=codes).select_related("clerk").order_by("clerk__name", "code"))

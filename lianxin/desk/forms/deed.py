"""The shape that all forms of deeds share: what is asked, of what one may choose, and what the action is given."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianxin.kit.text import TEXT_MAX
from lianxin.people.forms.fields import DayField, MomentField, SeveralField
from lianxin.people.models import Office, Post, User
from lianxin.people.rules import ROLES, Power, Scope
from lianxin.resolve.models import Case, Task
from lianxin.resolve.rules import TaskState

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

REASON_MAX = 200
WHY = _("Why")
Label: TypeAlias = "str | _StrPromise"


class DeedForm(forms.Form):
    """A form for one deed on one case, by one officer, at one moment."""

    def __init__(self, *args: Any, case: Case, user: User, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case, self.user, self.at, self.day = case, user, at, timezone.localdate(at)
        self.label_suffix = ""
        self.narrow()
        for field in self.fields.values():
            if not isinstance(field.widget, forms.HiddenInput):
                field.widget.attrs["autofocus"] = True
                break

    def narrow(self) -> None:
        """Restrict the choices to what this officer may choose for this case."""

    def thing(self) -> Case | Task:
        """Return what the deed is done to."""
        return self.case

    def given(self) -> dict[str, Any]:
        """Return what the action is given beside by and at."""
        return dict(self.cleaned_data)


class TaskForm(DeedForm):
    """A form for a deed on the task of one office; where one office has only one, nobody is asked which."""

    task = forms.ModelChoiceField(
        label=_("Whose task"),
        queryset=Task.objects.none(),
        required=False,
        empty_label=None,
        error_messages={"invalid_choice": _("This task is not open any more, or it is not your office's.")},
    )

    def narrow(self) -> None:
        field = self.fields["task"]
        assert isinstance(field, forms.ModelChoiceField)
        mine = self.user.standing.offices(Power.HANDLE)
        open_ones = (
            self.case.tasks.filter(state=TaskState.OPEN, office__in=mine).select_related("office").order_by("id")
        )
        field.queryset = open_ones
        self.tasks = list(open_ones)
        field.choices = [(task.pk, str(task.office)) for task in self.tasks]
        if len(self.tasks) < 2:
            field.widget = forms.HiddenInput()

    def clean_task(self) -> Task:
        chosen: Task | None = self.cleaned_data["task"] or (self.tasks[0] if self.tasks else None)
        if chosen is None:
            raise forms.ValidationError(_("Your office owes nothing on this case any more."))
        return chosen

    def thing(self) -> Case | Task:
        task: Task = self.cleaned_data["task"]
        return task

    def given(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "task"}


class YesNo(forms.TypedChoiceField):
    """One of two answers, each in its own words."""

    def __init__(self, *, yes: Label, no: Label, **kwargs: Any) -> None:
        super().__init__(
            choices=[("True", yes), ("False", no)],
            coerce=lambda value: value == "True",
            widget=forms.RadioSelect,
            **kwargs,
        )


class CaseNumber(forms.CharField):
    """The number of another case; the form looks whether the officer may see it."""


def text(label: Label, *, required: bool = True, rows: int = 4, help_text: Label = "") -> forms.CharField:
    """Return a field for several sentences."""
    return forms.CharField(
        label=label,
        required=required,
        max_length=TEXT_MAX,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": _("Please write something here.")},
    )


def reason(label: Label = WHY, *, required: bool = True, help_text: Label = "") -> forms.CharField:
    """Return a field for a reason, which stays on record."""
    return forms.CharField(
        label=label,
        required=required,
        max_length=REASON_MAX,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Please give the reason; it stays on record.")},
    )


def day(label: Label, *, required: bool = True, help_text: Label = "") -> DayField:
    """Return a field for a day."""
    return DayField(
        label=label,
        required=required,
        help_text=help_text,
        error_messages={"required": _("Please choose a day."), "invalid": _("This is not a day of the calendar.")},
    )


def moment(label: Label, *, required: bool = True, help_text: Label = "") -> MomentField:
    """Return a field for a day and a time, meant as Beijing time."""
    return MomentField(
        label=label,
        required=required,
        help_text=help_text,
        error_messages={"required": _("Please choose day and time."), "invalid": _("This is not a day and time.")},
    )


def tick(label: Label, *, help_text: Label = "") -> forms.BooleanField:
    """Return a single tick."""
    return forms.BooleanField(label=label, required=False, help_text=help_text)


def office(label: Label, *, required: bool = True, help_text: Label = "") -> forms.ModelChoiceField[Office]:
    """Return a choice of one office; `choose_offices` fills it with those of the day."""
    return forms.ModelChoiceField(
        label=label,
        required=required,
        help_text=help_text,
        queryset=Office.objects.none(),
        error_messages={
            "required": _("Please choose an office."),
            "invalid_choice": _("There is no such office today."),
        },
    )


def offices(label: Label, *, help_text: Label = "") -> SeveralField:
    """Return a choice of several offices, or none."""
    return SeveralField(
        label=label,
        required=False,
        help_text=help_text,
        queryset=Office.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )


def officer(label: Label, *, required: bool = True, help_text: Label = "") -> forms.ModelChoiceField[User]:
    """Return a choice of one officer."""
    return forms.ModelChoiceField(
        label=label,
        required=required,
        help_text=help_text,
        queryset=User.objects.none(),
        error_messages={
            "required": _("Please choose who answers for it."),
            "invalid_choice": _("This person cannot be chosen."),
        },
    )


def choose_offices(form: forms.Form, *names: str, at: datetime) -> None:
    """Fill fields with the offices of the day, in the order of the tree, asked of the database once."""
    found = list(Office.objects.on(timezone.localdate(at)).order_by("path"))
    labels = [(row.pk, row.name) for row in found]
    for name in names:
        field = form.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Office.objects.on(timezone.localdate(at))
        multiple = isinstance(field, forms.ModelMultipleChoiceField)
        field.choices = labels if multiple else [("", "—"), *labels]


def holders(power: Power, *, at: datetime, everywhere: bool = False) -> Any:
    """Return the active officers whose post of the day gives the power, in the order of their names."""
    roles = [
        key for key, role in ROLES.items() if power in role.powers and (not everywhere or role.scope is Scope.COUNTY)
    ]

    held = Post.objects.on(timezone.localdate(at)).filter(role__in=roles, holder__isnull=False).values("holder")
    return User.objects.filter(is_active=True, pk__in=held).order_by("name", "id")

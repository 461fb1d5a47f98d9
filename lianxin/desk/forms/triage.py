"""What a clerk enters while sorting."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianxin.desk.forms.places import AreaField
from lianxin.desk.forms.speech import Spoken
from lianxin.kit.reference import tidy
from lianxin.kit.text import TEXT_MAX
from lianxin.listen.models import Subject
from lianxin.listen.rules import Decline, Kind, Level
from lianxin.people.forms.fields import DayField

ANY: tuple[str, Any] = ("", _("not decided"))
_EMPTY_LINES = re.compile(r"\n[ \t\u3000]*\n\s*")


class SubjectField(forms.ModelChoiceField):  # type: ignore[type-arg] # Django's own takes none at run time
    """One of the subjects in use today."""

    def __init__(self, **kwargs: Any) -> None:
        words = {
            "required": _("Please say what it is about."),
            "invalid_choice": _("This subject is not in use. Please choose another."),
        }
        super().__init__(
            Subject.objects.leaves().in_order(),
            label=kwargs.pop("label", _("Subject")),
            empty_label=_("please choose"),
            error_messages=words,
            **kwargs,
        )


class WordsField(forms.CharField):
    """Words to a person, or about one matter."""

    def __init__(self, *, rows: int = 5, **kwargs: Any) -> None:
        super().__init__(max_length=TEXT_MAX, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)


class PointForm(forms.Form):
    """The point that something is done with: its number within the voice."""

    item = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=9999)

    def __init__(self, *args: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.day = day
        for field in self.fields.values():
            if isinstance(field, SubjectField):
                field.queryset = Subject.objects.on(day).leaves(day).in_order()
        first = "text" if "text" in self.fields else next(name for name in self.fields if name != "item")
        self.fields[first].widget.attrs["autofocus"] = True


class RegisterForm(PointForm):
    """A case of its own."""

    title = forms.CharField(
        label=_("Title of the case"),
        max_length=120,
        help_text=_("What colleagues see in lists. The words of the person stay as they are."),
        error_messages={"required": _("Please give the case a title.")},
    )
    subject = SubjectField()
    level = forms.ChoiceField(label=_("How far it reaches"), required=False, choices=[ANY, *Level.choices])
    kind = forms.ChoiceField(label=_("What it is"), required=False, choices=[ANY, *Kind.choices])
    area = AreaField(label=_("Area"))
    since = DayField(
        label=_("Exists since"),
        required=False,
        help_text=_("Where it is an old problem."),
    )
    summary = WordsField(label=_("Summary for colleagues"), required=False, rows=3)


class JoinForm(PointForm):
    """An open case to join."""

    case = forms.CharField(
        label=_("Number of the case"),
        max_length=40,
        error_messages={"required": _("Please enter the number of the case.")},
    )

    def clean_case(self) -> str:
        return tidy(self.cleaned_data["case"])


class AnswerForm(Spoken, PointForm):
    """An answer on the spot."""

    subject = SubjectField()
    text = WordsField(label=_("Answer to the person"), error_messages={"required": _("Please write the answer.")})
    basis = forms.CharField(
        label=_("It rests on"),
        max_length=120,
        required=False,
        help_text=_("The policy or document, where there is one."),
    )


class DeclineForm(Spoken, PointForm):
    """Why a point is not worked on, and where to go instead."""

    subject = SubjectField()
    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=Decline.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose a reason.")},
    )
    text = WordsField(
        label=_("What the person is told"),
        rows=4,
        help_text=_("Why, and where to go instead."),
        error_messages={"required": _("Please tell the person why, and where to go instead.")},
    )


class TransferForm(Spoken, PointForm):
    """Who takes a point over."""

    subject = SubjectField()
    to = forms.CharField(
        label=_("Goes to"),
        max_length=120,
        help_text=_("The office outside this county's own, or the company."),
        error_messages={"required": _("Please name who takes it over.")},
    )
    text = WordsField(
        label=_("What the person is told"),
        rows=4,
        help_text=_("Where it went, and what happens next."),
        error_messages={"required": _("Please tell the person where it went and what happens next.")},
    )


class ClassifyForm(PointForm):
    """What a point is about, said again."""

    subject = SubjectField()
    level = forms.ChoiceField(label=_("How far it reaches"), required=False, choices=[ANY, *Level.choices])
    kind = forms.ChoiceField(label=_("What it is"), required=False, choices=[ANY, *Kind.choices])
    area = AreaField(label=_("Area"))
    reason = forms.CharField(label=_("Why it is changed"), max_length=200, required=False)


class ItemizeForm(forms.Form):
    """The points of a voice, one below the other with an empty line between."""

    points = forms.CharField(
        label=_("Points"),
        strip=False,
        max_length=6 * TEXT_MAX,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_("Leave an empty line between two points. The words of the person stay as they are."),
        error_messages={"required": _("Please leave at least one point.")},
    )

    def clean_points(self) -> list[str]:
        return apart(self.cleaned_data["points"])


def apart(text: str) -> list[str]:
    """Return the pieces of a text between which lines are left empty."""
    return [piece.strip() for piece in _EMPTY_LINES.split(text.replace("\r\n", "\n")) if piece.strip()]


def together(points: list[str]) -> str:
    """Return points as one text with an empty line between two of them, and none within one."""
    return "\n\n".join(_EMPTY_LINES.sub("\n", point.replace("\r\n", "\n")).strip() for point in points)


class RevealForm(forms.Form):
    """Why somebody wants to know who spoke."""

    reason = forms.CharField(
        label=_("Why do you need to know?"),
        max_length=200,
        help_text=_("Your name and the reason are kept on record."),
        error_messages={"required": _("Please give the reason in a few words; it is kept on record.")},
    )


class ManyForm(forms.Form):
    """What is done with many voices at once."""

    REGISTER, JOIN, DECLINE = "register", "join", "decline"

    deed = forms.ChoiceField(choices=[(REGISTER, ""), (JOIN, ""), (DECLINE, "")], widget=forms.HiddenInput)
    case = forms.CharField(label=_("Number of the case"), max_length=40, required=False)
    text = WordsField(label=_("What the people are told"), required=False, rows=3)
    subject = SubjectField(label=_("Subject where none is suggested"), required=False)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        given["case"] = tidy(given.get("case", ""))
        if given.get("deed") == self.JOIN and not given["case"]:
            self.add_error("case", _("Please enter the number of the case."))
        if given.get("deed") == self.DECLINE and not given.get("text"):
            self.add_error("text", _("Please tell the people why, and where they find the progress."))
        return given

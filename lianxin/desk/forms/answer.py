"""Forms of the deeds from the re-examination to the public pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.desk.forms.deed import DeedForm, YesNo, reason, text, tick
from lianxin.desk.forms.speech import Spoken
from lianxin.resolve.models import Attempt, Confirmation, Join

PEOPLE_SHOWN = 200  # people offered in a choice
GRADES = [("", "—"), *Confirmation.Grade.choices]


class Reexamine(DeedForm):
    """Whether it is so."""

    matched = YesNo(
        label=_("Is it as the office says?"),
        yes=_("yes, it is so"),
        no=_("no: back to the office"),
        error_messages={"required": _("Please say whether it is so.")},
    )
    finding = text(_("What you found"))
    on_site = tick(_("I was there"))


class Reply(Spoken, DeedForm):
    """One answer to everybody behind the case."""

    text = text(
        _("Reply"),
        rows=7,
        help_text=_("Everybody behind the case reads it. Write what was done, since when, and whom to ask."),
    )


class PersonForm(DeedForm):
    """A form that names one of the people behind the case."""

    def narrow(self) -> None:
        field = self.fields["join"]
        assert isinstance(field, forms.ModelChoiceField)
        joins = self.case.joins.select_related("item__voice").order_by("id")
        field.queryset = joins
        people = [(join.pk, f"{join.item}  {join.item.text[:40]}") for join in joins[:PEOPLE_SHOWN]]
        field.choices = [("", _("all of them")), *people] if not field.required else people


def person(*, required: bool) -> Any:
    """Return a choice among the points that feed a case, each of one person."""
    return forms.ModelChoiceField(
        label=_("Whose voice"),
        required=required,
        queryset=Join.objects.none(),
        error_messages={
            "required": _("Please choose whose voice it is."),
            "invalid_choice": _("This voice does not belong to the case."),
        },
    )


class Attempted(PersonForm):
    """Somebody tried to reach the person."""

    way = forms.ChoiceField(
        label=_("How"),
        choices=Attempt.Way.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose how it was tried.")},
    )
    join = person(required=False)
    text = forms.CharField(label=_("Note"), required=False, max_length=200)


class Confirm(PersonForm):
    """What the person says of it, asked by somebody who had no hand in it."""

    join = person(required=True)
    solved = forms.ChoiceField(
        label=_("Is it solved?"),
        choices=Confirmation.Solved.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please note what the person said.")},
    )
    result_grade = forms.TypedChoiceField(
        label=_("With the result"), choices=GRADES, required=False, coerce=int, empty_value=None
    )
    handling_grade = forms.TypedChoiceField(
        label=_("With how it was handled"), choices=GRADES, required=False, coerce=int, empty_value=None
    )
    words = text(_("In the person's own words"), required=False, rows=3)
    quotable = tick(_("The person agrees that these words be quoted without the name"))

    def given(self) -> dict[str, Any]:
        return {**self.cleaned_data, "asked_by": self.user}


class Close(DeedForm):
    """Close without the word of those who could not be reached."""

    root_cause = forms.CharField(
        label=_("Root cause"),
        required=False,
        max_length=200,
        help_text=_("Needed where several people told it or it came again."),
    )

    def narrow(self) -> None:
        self.initial.setdefault("root_cause", self.case.root_cause)


class Reopen(DeedForm):
    """Why it is taken up again."""

    reason = reason()


class DraftPublic(Spoken, DeedForm):
    """A case told so that everybody may read it."""

    said = ("answer",)

    title = forms.CharField(
        label=pgettext_lazy("of a text", "Title"),
        max_length=120,
        error_messages={"required": _("Please give it a title.")},
    )
    question = text(_("What people asked"), rows=5, help_text=_("Names, phones and numbers are masked when you save."))
    answer = text(_("What was answered"), rows=6)

    def narrow(self) -> None:
        if self.is_bound:
            return
        answered = self.case.replies.order_by("-id").first()
        first = self.case.joins.select_related("item").order_by("id").first()
        self.initial.setdefault("title", self.case.title)
        self.initial.setdefault("question", self.case.summary or (first.item.text if first else ""))
        self.initial.setdefault("answer", answered.text if answered else "")


class Publish(DeedForm):
    """Publish the draft as it is; nothing is asked."""


class Withdraw(DeedForm):
    """Why it is taken off."""

    reason = reason()

"""Forms of the deeds from the first diagnosis to the report that it is done."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianxin.desk.forms.deed import (
    CaseNumber,
    DeedForm,
    TaskForm,
    YesNo,
    choose_offices,
    day,
    holders,
    moment,
    office,
    officer,
    offices,
    reason,
    text,
    tick,
)
from lianxin.desk.forms.speech import Spoken
from lianxin.people.forms.fields import SeveralField
from lianxin.people.models import Limit, Office
from lianxin.people.rules import Power
from lianxin.resolve.models import Case, Join
from lianxin.resolve.rules import Part, Result, TaskState

JOINS_SHOWN = 200  # points offered for a split


class Diagnose(DeedForm):
    """What the own office tries first."""

    text = text(_("What is tried"), required=False, help_text=_("Only colleagues read it."))


class Consult(DeedForm):
    """Why others are needed, and who."""

    reason = reason(_("What was tried, and what is needed"))
    offices = offices(_("Who is called"))

    def narrow(self) -> None:
        choose_offices(self, "offices", at=self.at)


class Owed(forms.Form):
    """Who owes what on a case: one office leads, others assist, one person answers for the whole."""

    lead = office(_("Who leads"))
    coordinator = officer(_("Who coordinates"), help_text=_("Answers for the case across offices."))
    assists = offices(_("Who assists"))


class Dispatch(DeedForm, Owed):
    """The dispatch order."""

    wish = text(_("What is asked of them"), required=False, rows=3)
    handler = officer(_("Handler in the leading office"), required=False)
    limit = forms.ChoiceField(label=_("Time limit"), required=False)
    due = moment(_("Earlier date"), required=False, help_text=_("Only if it has to be done before the limit."))

    field_order = ("lead", "coordinator", "assists", "wish", "limit", "due", "handler")

    def narrow(self) -> None:
        fill_owed(self, self.at)
        handler, limit = self.fields["handler"], self.fields["limit"]
        assert isinstance(handler, forms.ModelChoiceField) and isinstance(limit, forms.ChoiceField)
        handler.queryset = holders(Power.HANDLE, at=self.at)
        if self.case.due_at:  # the clock runs already and is not started again
            del self.fields["limit"]
        else:
            rows = Limit.objects.on(timezone.localdate(self.at)).filter(key__startswith="case.").order_by("id")
            limit.choices = [("", _("the one for this subject")), *((row.key, row.name) for row in rows)]
        subject = self.case.subject
        asked = asked_office(self.case, day=timezone.localdate(self.at))
        if asked:
            self.fields["lead"].help_text = _("The person asks that %(name)s deals with it.") % {"name": asked}
        usual = asked.pk if asked else subject.office_id if subject else None
        self.initial.setdefault("lead", self.case.lead_id or usual)
        self.initial.setdefault("coordinator", self.case.coordinator_id or self.user.pk)


def asked_office(case: Case, *, day: date) -> Office | None:
    """Return the office that the people behind a case ask for; None where nobody does, or not all for the same."""
    asked = Join.objects.filter(case=case, item__voice__to_office__isnull=False).values("item__voice__to_office")
    found = list(Office.objects.on(day).filter(pk__in=asked)[:2])
    return found[0] if len(found) == 1 else None


def fill_owed(form: forms.Form, at: Any) -> None:
    """Fill the choices of who owes what."""
    choose_offices(form, "lead", "assists", at=at)
    coordinator = form.fields["coordinator"]
    assert isinstance(coordinator, forms.ModelChoiceField)
    coordinator.queryset = holders(Power.SEE_CASES, at=at, everywhere=True)


class Take(TaskForm):
    """Take a task on."""

    over = tick(_("Take it over from the colleague who has it"))

    def narrow(self) -> None:
        super().narrow()
        if not any(task.handler_id for task in self.tasks):
            self.fields["over"].widget = forms.HiddenInput()


class Progress(Spoken, DeedForm):
    """How it goes."""

    text = text(_("How it goes"))
    public = tick(_("Show it to the people who wait"))


class Return(TaskForm):
    """Not ours, and why."""

    reason = reason(
        _("Why it is not yours"), help_text=_("An office may return a case once. The coordinator then rules.")
    )
    suggested = office(_("Whose it is instead"), required=False)

    def narrow(self) -> None:
        super().narrow()
        choose_offices(self, "suggested", at=self.at)


class Rule(DeedForm):
    """Who does it, after a return."""

    lead = office(_("Who leads"), required=False)
    assists = offices(_("Who assists"))
    reason = reason()
    wish = text(_("What is asked of them"), required=False, rows=3)
    forced = forms.BooleanField(label=_("They may not return it again"), required=False, initial=True)

    def narrow(self) -> None:
        choose_offices(self, "lead", "assists", at=self.at)


class Extend(DeedForm):
    """A later date, asked for."""

    due = moment(_("New date"))
    reason = reason()


class DecideExtension(DeedForm):
    """The answer to who asked for a later date."""

    granted = YesNo(
        label=_("Decision"),
        yes=_("grant the later date"),
        no=_("the date stays"),
        error_messages={"required": _("Please decide.")},
    )
    text = reason(_("Note"), required=False)


class Suspend(DeedForm):
    """Let the clock stand still until a day of review."""

    reason = reason()
    review_on = day(_("Look at it again on"))


class Resume(DeedForm):
    """Let the clock run again; nothing is asked."""


class Report(TaskForm):
    """The own part is done."""

    text = text(_("What your office did"))


class Finish(DeedForm):
    """What came of it."""

    result = forms.ChoiceField(
        label=_("What came of it"),
        choices=[choice for choice in Result.choices if choice[0] != Result.MERGED],
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose what came of it.")},
    )
    text = text(_("What was done"))
    effect_on = day(_("Felt by the people since"), required=False)
    root_cause = forms.CharField(
        label=_("Root cause"),
        required=False,
        max_length=200,
        help_text=_("Needed where several people told it or it came again."),
    )
    explained = reason(_("Why it is done without the offices that assist"), required=False)

    def narrow(self) -> None:
        if not self.case.tasks.filter(state=TaskState.OPEN, part=Part.ASSIST).exists():
            self.fields["explained"].widget = forms.HiddenInput()
        self.initial.setdefault("root_cause", self.case.root_cause)


class Merge(DeedForm):
    """Into which case."""

    into = CaseNumber(
        label=_("Number of the other case"), max_length=20, error_messages={"required": _("Please give the number.")}
    )
    reason = reason(required=False)

    def clean_into(self) -> Case:
        return visible_case(self, self.cleaned_data["into"])


def visible_case(form: DeedForm, number: str) -> Case:
    """Return the case of this number, if the officer may see it."""
    found = Case.objects.visible_to(form.user).filter(number=number.strip().upper()).first()
    if found is None:
        raise forms.ValidationError(_("There is no such case, or it is not one your office may see."))
    return found


class Split(DeedForm):
    """Which points become a case of their own."""

    joins = SeveralField(
        label=_("Points that become a case of their own"),
        queryset=Join.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Please choose some of the points.")},
    )
    title = forms.CharField(
        label=_("Title of the new case"),
        max_length=120,
        error_messages={"required": _("Please give the new case a title.")},
    )
    summary = text(_("Summary"), required=False, rows=3)

    def narrow(self) -> None:
        field = self.fields["joins"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = self.case.joins.select_related("item__voice").order_by("id")
        field.choices = [(join.pk, f"{join.item}  {join.item.text[:60]}") for join in field.queryset[:JOINS_SHOWN]]


class Instruct(DeedForm):
    """A leader's written order."""

    text = text(_("Instruction"))


class Alarm(DeedForm):
    """Why it cannot wait."""

    reason = reason(_("Why it is a major matter"), help_text=_("The leader on duty is told at once, at any hour."))

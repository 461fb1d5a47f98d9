"""Forms of the deeds on an application."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianxin.desk.forms.deed import YesNo, choose_offices, moment, text, tick
from lianxin.desk.forms.deed import office as office_field
from lianxin.desk.forms.deed import reason as reason_field
from lianxin.desk.forms.speech import Spoken
from lianxin.flow.models import Step
from lianxin.people.models import User
from lianxin.serve import actions as serve
from lianxin.serve.models import Application, Document
from lianxin.serve.rules.application import Fault, Result, Special

FAULT = "fault-"
FILE = "file-"


class ApplicationForm(forms.Form):
    """A form for one deed on one application, by one officer, at one moment."""

    def __init__(self, *args: Any, application: Application, user: User, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.application, self.user, self.at, self.day = application, user, at, timezone.localdate(at)
        self.label_suffix = ""
        self.narrow()

    def narrow(self) -> None:
        """Restrict the choices to what this officer may choose for this application."""

    def thing(self) -> Any:
        """Return what the deed is done to."""
        return self.application

    def given(self) -> dict[str, Any]:
        """Return what the action is given beside by and at."""
        return dict(self.cleaned_data)


class Nothing(ApplicationForm):
    """Nothing is asked."""


class Correct(Spoken, ApplicationForm):
    """Everything that is missing or wrong, at once."""

    reason = reason_field(
        _("Why it could not be seen the first time"),
        required=False,
        help_text=_("Only for a second notice, which is for who signs decisions."),
    )

    def narrow(self) -> None:
        self.keys = []
        for material in self.application.service.materials.all():
            self.keys.append(material.key)
            self.fields[f"{FAULT}{material.key}"] = forms.CharField(
                label=material.name,
                required=False,
                max_length=300,
                help_text=_("Leave it empty where it is in order; else what exactly is missing or wrong."),
            )
        if not self.application.corrections_count:
            self.fields["reason"].widget = forms.HiddenInput()

    def read_by_the_person(self) -> list[str]:
        return [self.cleaned_data.get(f"{FAULT}{key}", "") for key in self.keys]

    def given(self) -> dict[str, Any]:
        said = {key: self.cleaned_data.get(f"{FAULT}{key}", "") for key in self.keys}
        faults = [Fault(key, what) for key, what in said.items() if what]
        return {"faults": faults, "reason": self.cleaned_data["reason"]}


class Supply(ApplicationForm):
    """What was asked for, brought to a counter: as a file, or shown on paper."""

    def narrow(self) -> None:
        open_one = self.application.corrections.filter(answered_at=None).first()
        self.keys = []
        for fault in open_one.faults.select_related("material") if open_one else []:
            self.keys.append(fault.material.key)
            self.fields[f"{FILE}{fault.material.key}"] = forms.FileField(
                label=fault.material.name, required=False, help_text=fault.what
            )
            self.fields[f"paper-{fault.material.key}"] = tick(_("shown on paper"))

    def given(self) -> dict[str, Any]:
        return {"materials": handed(self, self.keys)}


def handed(form: forms.Form, keys: list[str]) -> list[serve.Given]:
    """Return what was brought: files, and papers that were shown."""
    found = []
    for key in keys:
        file = form.cleaned_data.get(f"{FILE}{key}")
        if file:
            found.append(serve.Given(key, file, file.name))
        elif form.cleaned_data.get(f"paper-{key}"):
            found.append(serve.Given(key))
    return found


class Refuse(Spoken, ApplicationForm):
    """Not accepted, in writing."""

    said = ("reason", "go_to")

    reason = reason_field(_("Why it is not accepted"))
    basis = forms.CharField(label=_("Legal basis"), max_length=200)
    go_to = forms.CharField(label=_("Who can help instead"), max_length=200, required=False)
    remedy = reason_field(_("Where and until when one can object"))

    def narrow(self) -> None:
        self.initial.setdefault("remedy", self.application.service.remedies[:200])


class Suspend(ApplicationForm):
    """A special procedure that the law lists."""

    kind = forms.ChoiceField(label=_("Procedure"), choices=Special.choices)
    days = forms.IntegerField(label=_("Expected days"), min_value=1, max_value=365)
    basis = forms.CharField(label=_("Legal basis"), max_length=200)
    reason = reason_field(_("What is examined"), required=False)


class Resume(ApplicationForm):
    """What came of the special procedure."""

    result = reason_field(_("What came of it"), required=False)


class Propose(Spoken, ApplicationForm):
    """What is to be decided."""

    said = ("explanation", "alternatives")

    result = forms.ChoiceField(label=_("Decision"), choices=Result.choices, widget=forms.RadioSelect)
    explanation = text(_("What was examined and found; of a denial, why"), required=False)
    basis = forms.CharField(label=_("Legal basis"), max_length=300, required=False)
    alternatives = text(_("What the person can do instead"), required=False, rows=2)
    remedy = text(_("Where and until when one can object"), required=False, rows=2)

    def narrow(self) -> None:
        if self.application.run and self.application.run.result in Result.values:
            self.initial.setdefault("result", self.application.run.result)
        self.initial.setdefault("remedy", self.application.service.remedies)

    def given(self) -> dict[str, Any]:
        return {"said": serve.Said(**self.cleaned_data)}


class Decide(Propose):
    """The signature: under what was proposed, or, where one person may, under what is decided now."""

    field_order = ("result", "explanation", "basis", "alternatives", "remedy")

    def narrow(self) -> None:
        super().narrow()
        self.decision = getattr(self.application, "decision", None)
        if self.decision:
            for name in ("result", "explanation", "basis", "alternatives", "remedy"):
                self.initial[name] = getattr(self.decision, name)
        if self.application.service.two_person:
            for name in ("explanation", "basis", "alternatives", "remedy"):
                self.fields[name].disabled = True


class DocumentForm(ApplicationForm):
    """Why the document in force is replaced or revoked."""

    reason = reason_field()

    def thing(self) -> Document | None:
        return self.application.documents.decisions().in_force().order_by("-id").first()


class Deliver(ApplicationForm):
    """How the decision was handed out."""

    way = forms.CharField(
        label=_("How it was handed out"), max_length=120, help_text=_("In person, by post with its number, …")
    )
    came = tick(_("The person came for it: it counts as a trip"))


class Withdraw(ApplicationForm):
    """The wish of the person, written down."""

    reason = reason_field(_("What the person says"), required=False)


class Close(ApplicationForm):
    """Closed without a decision."""

    reason = reason_field()
    died = tick(_("The person has died"), help_text=_("Then nobody is written to."))


class ChangePhone(ApplicationForm):
    """Another phone."""

    phone = forms.CharField(label=_("New phone"), max_length=40)


class StepForm(ApplicationForm):
    """How a step of the own office came out."""

    step = forms.ModelChoiceField(queryset=Step.objects.none(), widget=forms.HiddenInput)
    outcome = forms.CharField(max_length=40, widget=forms.HiddenInput)
    remark = text(_("Remark for colleagues"), required=False, rows=2)

    def narrow(self) -> None:
        field = self.fields["step"]
        assert isinstance(field, forms.ModelChoiceField)
        steps = Step.objects.filter(run=self.application.run_id, run__isnull=False)
        field.queryset = steps.select_related("run__process", "office")

    def thing(self) -> Step:
        step: Step = self.cleaned_data["step"]
        return step

    def given(self) -> dict[str, Any]:
        return {"outcome": self.cleaned_data["outcome"], "remark": self.cleaned_data["remark"]}


class Reassign(ApplicationForm):
    """Who does the step instead."""

    step = forms.ModelChoiceField(label=_("Step"), queryset=Step.objects.none(), empty_label=None)
    office = office_field(_("To which office"))
    reason = reason_field()

    def narrow(self) -> None:
        choose_offices(self, "office", at=self.at)
        field = self.fields["step"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Step.objects.open().filter(run=self.application.run_id, run__isnull=False, kind="task")
        field.choices = [(step.pk, step.title) for step in field.queryset]

    def thing(self) -> Step:
        step: Step = self.cleaned_data["step"]
        return step

    def given(self) -> dict[str, Any]:
        return {"office": self.cleaned_data["office"], "reason": self.cleaned_data["reason"]}


class CounterForm(forms.Form):
    """Who stands at the counter, and when a paper was handed over that is entered later."""

    name = forms.CharField(label=_("Name of the person"), max_length=60)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    unit = forms.CharField(label=_("Unit"), max_length=120, required=False)
    agent_name = forms.CharField(label=_("Name of who applies for the person"), max_length=60, required=False)
    agent_phone = forms.CharField(label=_("Phone of who applies for the person"), max_length=40, required=False)
    received_at = moment(
        _("Handed over on paper on"),
        required=False,
        help_text=_("Only if it came earlier and is entered now: the days count from then."),
    )
    number = forms.CharField(label=_("Number from the sheet for outages"), max_length=24, required=False)


class CounterMaterials(forms.Form):
    """What was brought: a file, or shown on paper."""

    def __init__(self, data: Any = None, files: Any = None, *, materials: list[Any]) -> None:
        super().__init__(data, files, prefix="material")
        self.keys = [material.key for material in materials]
        for material in materials:
            self.fields[f"{FILE}{material.key}"] = forms.FileField(label=material.name, required=False)
            self.fields[f"paper-{material.key}"] = tick(_("shown on paper"))

    def given(self) -> list[serve.Given]:
        """Return what was brought; only after is_valid()."""
        return handed(self, self.keys)


class AnswerRating(Spoken):
    """What was found about a bad rating, and done."""

    said = ("answer",)

    found = YesNo(label=_("What was found"), yes=_("it is justified"), no=_("it is mistaken"))
    answer = text(_("What was done; the person reads it"), rows=3)

    def __init__(self, *args: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.day = day


class SpareForm(forms.Form):
    """How many numbers are kept for an outage."""

    office = office_field(_("For which office"))
    count = forms.IntegerField(label=_("How many"), min_value=1, max_value=100, initial=20)


class WordingForm(forms.Form):
    """Title and words of a document."""

    title = forms.CharField(label=_("Title of the document"), max_length=60)
    body = text(_("Words of the document"), rows=12, help_text=_("Each line is a paragraph."))


class SeatForm(forms.Form):
    """Which office stands behind a name."""

    key = forms.CharField(label=_("Name in the processes"), max_length=40)
    office = office_field(_("Which office of this county"))

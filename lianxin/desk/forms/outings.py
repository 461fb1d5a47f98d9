"""What is entered of outings, sessions, the diary, and the lists that an office keeps for its visits."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.desk.forms.campaigns import PlaceField, PlanForm
from lianxin.desk.forms.deed import YesNo, day, holders, office, officer, text
from lianxin.people.forms.fields import SeveralField
from lianxin.people.models import Campaign, User
from lianxin.people.rules import Power
from lianxin.record.models import Encounter, EncounterKind, Going, Guest, Mark, Occasion, Offer
from lianxin.record.models.known import PARTS

DAYS_MOST = 60
WEEKDAYS = [_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday")]


class RhythmForm(PlanForm):
    """On which days a team goes: a weekday over some weeks, or every day of a visiting week."""

    area = PlaceField(label=_("Place"))
    first = day(_("From"))
    last = day(pgettext_lazy("day", "Until"))
    weekday = forms.TypedChoiceField(
        label=_("On which day of the week"), coerce=int, required=False, empty_value=None, initial=1,
        choices=[("", _("every day: a visiting week")), *enumerate(WEEKDAYS)],
    )  # fmt: skip
    shift = forms.BooleanField(
        label=_("Where it is a holiday, move to the next working day"), required=False, initial=True
    )

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        first, last = said.get("first"), said.get("last")
        if first and last and not 0 <= (last - first).days < 7 * DAYS_MOST:
            self.add_error("last", _("The end lies before the beginning, or more than a year after it."))
        return said

    def days(self) -> list[date]:
        """Return the days meant, at most DAYS_MOST of them."""
        said = self.cleaned_data
        span = [said["first"] + timedelta(days=n) for n in range((said["last"] - said["first"]).days + 1)]
        fitting = [each for each in span if said["weekday"] is None or each.weekday() == said["weekday"]]
        return fitting[:DAYS_MOST]

    def given(self) -> dict[str, Any]:
        return {"area": self.cleaned_data["area"], "days": self.days(), "shift": self.cleaned_data["shift"]}


class AttendForm(PlanForm):
    """Who came, or why not and who went instead."""

    user = officer(_("Who"))
    came = YesNo(label=_("Did the person come?"), yes=_("came"), no=_("stayed away"))
    because = forms.CharField(label=pgettext_lazy("going", "Why not"), max_length=120, required=False)
    substitute = officer(_("Who went instead"), required=False)

    def narrow(self) -> None:
        going = Going.objects.filter(outing=self.about).values("user")
        self.let("user", User.objects.filter(pk__in=going).order_by("name"))
        self.let("substitute", holders(Power.VISIT, at=self.at))


class DeclareForm(PlanForm):
    """Whether discipline was kept."""

    kept = YesNo(label=_("Were all of these rules kept?"), yes=_("Yes, all"), no=_("No"))
    breach = forms.CharField(label=_("What was not kept"), max_length=200, required=False)


class GuestsField(SeveralField):
    """Some of a roster, each by category and name."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.category} · {obj.name}"


class GuestForm(PlanForm):
    """Somebody for the roster of a place."""

    name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=40)
    category = forms.CharField(
        label=_("Category"), max_length=40, help_text=_("Representative of residents, veteran member, teacher …")
    )
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    agreed = forms.BooleanField(label=_("The person agreed to be asked"), required=False)


class InviteForm(PlanForm):
    """Who is asked to come, by category."""

    guests = GuestsField(label=_("Who is asked"), queryset=Guest.objects.none(), widget=forms.CheckboxSelectMultiple)

    def narrow(self) -> None:
        session: Encounter = self.about
        rows = Guest.objects.willing().exclude(invitations__encounter=session)
        if session.area:
            rows = rows.filter(area__path__startswith=session.area.path)
        self.let("guests", rows.order_by("category", "name"))


class CameForm(PlanForm):
    """Who of those asked came."""

    guests = GuestsField(
        label=_("Who came"), queryset=Guest.objects.none(), widget=forms.CheckboxSelectMultiple, required=False
    )

    def narrow(self) -> None:
        self.let("guests", Guest.objects.filter(invitations__encounter=self.about).order_by("category", "name"))


class TopicForm(PlanForm):
    """Something on the table."""

    text = forms.CharField(label=_("What it is about"), max_length=300)
    source = forms.CharField(label=_("Number of the voice it comes from"), max_length=20, required=False)


class SettleTopicForm(PlanForm):
    """What came of it."""

    result = text(_("What came of it"), rows=3)
    who = forms.CharField(label=_("Who takes it on"), max_length=60, required=False)


class DiaryForm(PlanForm):
    """One entry of the diary."""

    on = day(_("Day"))
    place = forms.CharField(label=_("Place"), max_length=120, required=False)
    text = text(_("What I saw and thought"), rows=8)
    is_growth = forms.BooleanField(label=_("A note on what I learnt: it is never counted or scored"), required=False)


class CommentForm(PlanForm):
    """A word of a leader."""

    words = text(_("Comment"), rows=3)


class PromoteForm(PlanForm):
    """A sentence that becomes a voice."""

    sentence = text(_("The sentence, as it is written in the entry"), rows=3)


class KindForm(PlanForm):
    """A kind of visit."""

    key = forms.SlugField(label=_("Short key, in Latin letters"), max_length=40)
    name = forms.CharField(label=_("Name"), max_length=40)
    of = forms.ChoiceField(label=_("Whom it is with"), choices=EncounterKind.Of.choices)
    sheet = forms.CharField(label=_("Key of its checklist"), max_length=60, required=False)
    asks = forms.MultipleChoiceField(
        label=_("What the file must hold"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=lambda: list(PARTS.items()),
    )  # fmt: skip
    is_profile = forms.BooleanField(label=_("Makes a place known before its doors are visited"), required=False)
    late_days = forms.IntegerField(label=_("Days after which an entry is late"), min_value=0, max_value=90, initial=3)
    basis = forms.CharField(label=_("Document that says so"), max_length=200, required=False)


class BroughtForm(PlanForm):
    """Something that is brought to doors."""

    kind = forms.ChoiceField(label=_("What it is"), choices=Offer.Kind.choices)
    name = forms.CharField(label=_("Name"), max_length=80)
    text = text(_("Words of the letter, or what is to be said"), required=False, rows=8)
    office = office(_("Whose people bring it (empty: everybody)"), required=False)
    campaign = forms.ModelChoiceField(
        label=_("Campaign"), queryset=Campaign.objects.order_by("-starts"), required=False
    )
    basis = forms.CharField(label=_("Document that says so"), max_length=200, required=False)
    starts = day(_("From"))


class OccasionForm(PlanForm):
    """An occasion on which one must go, or report."""

    must = forms.ChoiceField(label=_("What must be done"), choices=Occasion.Must.choices)
    name = forms.CharField(label=_("What happens"), max_length=60)
    days = forms.IntegerField(label=_("Within how many days"), min_value=0, max_value=365, initial=2)
    sheet = forms.CharField(label=_("Key of the checklist that can raise it"), max_length=60, required=False)
    field = forms.CharField(label=_("Question of the checklist"), max_length=40, required=False)
    answer = forms.CharField(label=_("Answer that raises it"), max_length=60, required=False)
    office = office(_("To whom it is reported"), required=False)
    basis = forms.CharField(label=_("Document that says so"), max_length=200, required=False)

    def given(self) -> dict[str, Any]:
        found = super().given()
        question, answer = found.pop("field"), found.pop("answer")
        if question:
            found["when"] = {"field": question, "is": "equals", "value": _as_json(answer)}
        return found


class MarkForm(PlanForm):
    """One of the things to know of every household."""

    side = forms.ChoiceField(label=_("Side"), choices=Mark.Side.choices)
    words = forms.CharField(label=_("What is to be known"), max_length=60)
    fields_ = forms.MultipleChoiceField(
        label=_("What the file must hold"), widget=forms.CheckboxSelectMultiple, choices=lambda: list(PARTS.items())
    )
    basis = forms.CharField(label=_("Document that says so"), max_length=200, required=False)

    def given(self) -> dict[str, Any]:
        found = super().given()
        parts = found.pop("fields_")
        return found | {"fields": parts}


class DisciplineForm(PlanForm):
    """A rule of conduct."""

    words = forms.CharField(label=_("Rule"), max_length=120)
    basis = forms.CharField(label=_("Document that says so"), max_length=200, required=False)


def _as_json(answer: str) -> Any:
    """Return yes and no as truth, numbers as numbers, everything else as it is written."""
    said = {"yes": True, "no": False}.get(answer)
    if said is not None:
        return said
    try:
        return json.loads(answer)
    except ValueError:
        return answer

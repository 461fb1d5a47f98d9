"""Posts, substitutions and the duty rota."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxin.kit.clock import ZONE
from lianxin.people.forms.fields import DayField, MomentField
from lianxin.people.models import Office, Post, Shift, User
from lianxin.people.rules import ROLES, Power

PLEASE = _("Please choose")


def day_field(label: Any, *, required: bool = True, help_text: Any = "") -> DayField:
    """Return a field for a day."""
    return DayField(label=label, required=required, help_text=help_text)


def midnight(day: date) -> datetime:
    """Return the first moment of a day in Shanghai."""
    return datetime.combine(day, time.min, ZONE)


class OfficerChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} · {obj.username}"


class OfficeChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Offices in the order of their tree, those below set in."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.set_in)


class PostForm(forms.Form):
    office = OfficeChoice(Office.objects.none(), label=_("Office"), empty_label=PLEASE)
    title = forms.CharField(label=_("Title"), max_length=60)
    role = forms.ChoiceField(label=_("Role"), choices=[(key, role.name) for key, role in ROLES.items()])
    rank = forms.CharField(label=_("Rank"), max_length=30, required=False)
    tier = forms.ChoiceField(
        label=_("Residents may write letters to this post"),
        choices=[("", _("no")), *Post.Tier.choices],
        required=False,
    )
    starts = day_field(_("First day"), required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].queryset = Office.objects.on(today).in_tree_order()  # type: ignore[attr-defined]


class AppointForm(forms.Form):
    holder = OfficerChoice(User.objects.none(), label=_("Officer"), empty_label=PLEASE)
    starts = day_field(_("First day"), required=False, help_text=_("Needed where somebody else holds the post."))
    last_day = day_field(_("Last day"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["holder"].queryset = User.objects.filter(is_active=True).order_by("name")  # type: ignore[attr-defined]

    @property
    def ends(self) -> date | None:
        """The first day on which the post is no longer held."""
        last: date | None = self.cleaned_data["last_day"]
        return last + timedelta(days=1) if last else None


class EndForm(forms.Form):
    ends = day_field(_("From this day on no longer"))


class SubstituteForm(forms.Form):
    absent = OfficerChoice(User.objects.none(), label=_("Who is away"), empty_label=PLEASE)
    substitute = OfficerChoice(User.objects.none(), label=_("Who stands in"), empty_label=PLEASE)
    first_day = day_field(_("First day"))
    last_day = day_field(_("Last day"), help_text=_("The powers end by themselves when this day is over."))
    reason = forms.CharField(label=_("Reason"), max_length=120)

    def __init__(self, *args: Any, by: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        active = User.objects.filter(is_active=True).order_by("name")
        absent = active
        if not by.standing.everywhere(Power.SUBSTITUTE):
            posts = Post.objects.filter(office__in=by.standing.offices(Power.SUBSTITUTE))
            absent = active.filter(posts__in=posts.filter(Q(valid_to=None) | Q(valid_to__gt=today))).distinct()
        self.fields["absent"].queryset = absent  # type: ignore[attr-defined]
        self.fields["substitute"].queryset = active.exclude(pk=by.pk)  # type: ignore[attr-defined]

    @property
    def span(self) -> tuple[datetime, datetime]:
        """From the first moment of the first day to the last moment of the last."""
        return midnight(self.cleaned_data["first_day"]), midnight(self.cleaned_data["last_day"] + timedelta(days=1))


class ShiftForm(forms.Form):
    duty = forms.ChoiceField(label=_("Duty"), choices=Shift.Duty.choices)
    user = OfficerChoice(User.objects.none(), label=_("Officer"), empty_label=PLEASE)
    office = OfficeChoice(Office.objects.none(), label=_("Office"), empty_label=PLEASE)
    starts = MomentField(label=_("Begins"))
    ends = MomentField(label=_("Ends"))
    phone = forms.CharField(
        label=_("Duty phone"),
        required=False,
        max_length=30,
        help_text=_("A major matter is told to this mobile at once."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = User.objects.filter(is_active=True).order_by("name")  # type: ignore[attr-defined]
        self.fields["office"].queryset = Office.objects.on(today).in_tree_order()  # type: ignore[attr-defined]

"""What is written down of a visit, on one page that a phone shows without script."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.desk.forms.deed import day, moment, reason, text
from lianxin.kit.text import TEXT_MAX
from lianxin.listen.rules import Identity, Kind
from lianxin.people.forms.fields import SeveralField
from lianxin.people.models import Campaign, Office, User
from lianxin.record.models import EncounterKind, Occasion, Offer, TeamMember
from lianxin.record.rules import Mode, Outcome
from lianxin.sheets.forms import SheetForm, form_of
from lianxin.sheets.models import Sheet, open_values

SAID = 3  # things that can be written down as heard at once; more are added afterwards
OFFERS_MOST = 30
COUNT_MOST = 10_000


class SaidForm(forms.Form):
    """One thing that was said at the door."""

    text = forms.CharField(
        label=_("What was said, in the person's own words"), required=False, max_length=TEXT_MAX, strip=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("What it is"), required=False, choices=[("", _("not decided")), *Kind.choices])
    identity = forms.ChoiceField(
        label=_("How does the person want to be known?"), required=False, choices=Identity.choices,
        initial=Identity.ANONYMOUS,
    )  # fmt: skip
    name = forms.CharField(label=_("Name of the person"), required=False, max_length=40)
    phone = forms.CharField(
        label=_("Phone"), required=False, max_length=40, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    answer = forms.CharField(
        label=_("Answered at the door with"), required=False, max_length=TEXT_MAX,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    @property
    def is_said(self) -> bool:
        return bool(self.cleaned_data.get("text", "").strip())

    def said(self) -> dict[str, Any]:
        """Return what was said, as `hear` takes it."""
        names = ("text", "kind", "identity", "name", "phone")
        found = {name: self.cleaned_data[name] for name in names}
        return found | {"identity": found["identity"] or Identity.ANONYMOUS}


class VisitForm(forms.Form):
    """One visit: when, how, whom one met, what was brought, what the checklist says."""

    starts_at = moment(_("When"))
    mode = forms.ChoiceField(label=_("How you met"), widget=forms.RadioSelect, choices=Mode.choices)
    outcome = forms.ChoiceField(label=_("What became of it"), widget=forms.RadioSelect, choices=Outcome.choices)
    place = forms.CharField(
        label=_("Exact place"), required=False, max_length=120, help_text=_("In the fields, at the market.")
    )
    headcount = forms.IntegerField(
        label=_("How many people you met"), required=False, min_value=0, max_value=COUNT_MOST
    )
    members = SeveralField(
        label=_("Who was there with you"), required=False, queryset=User.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    noticed = forms.BooleanField(label=_("I said why a file is kept, who sees it and for how long"), required=False)
    unchanged = forms.BooleanField(label=_("I went through the file: nothing has changed"), required=False)
    notes = text(_("Notes"), required=False, rows=4)
    come_back_on = day(_("Come back on"), required=False)
    campaigns = SeveralField(
        label=_("It also serves"), required=False, queryset=Campaign.objects.none(),
        widget=forms.CheckboxSelectMultiple, help_text=_("Counted once for each, and once in all."),
    )  # fmt: skip
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, kind: EncounterKind, user: User, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.user, self.at = kind, user, at
        today = timezone.localdate(at)
        teams = TeamMember.objects.on(today).filter(user=user).values("team")
        mates = TeamMember.objects.on(today).filter(team__in=teams).exclude(user=user).values("user")
        self._choose("members", User.objects.filter(pk__in=mates).order_by("name", "pk"))
        self._choose("campaigns", Campaign.objects.on(today).order_by("name"))
        if kind.of != EncounterKind.Of.HOUSEHOLD:
            del self.fields["noticed"], self.fields["unchanged"]
        else:
            del self.fields["place"], self.fields["headcount"]
        self.offers = list(self._offers(user, at))
        for offer in self.offers:
            self.fields[f"offer-{offer.pk}"] = forms.IntegerField(
                label=offer.name, required=False, min_value=0, max_value=COUNT_MOST,
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            )  # fmt: skip

    def _choose(self, name: str, rows: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = rows
        if not rows.exists():
            del self.fields[name]

    def _offers(self, user: User, at: datetime) -> Iterator[Offer]:
        """Yield what everybody brings, and the pack of the offices of this officer (VIS-33)."""
        mine = {holding.office_id for holding in user.standing.holdings}
        today = timezone.localdate(at)
        seen: set[int] = set()
        for office in Office.objects.filter(pk__in=mine):
            for offer in Offer.objects.on(today).for_office(office):
                if offer.pk not in seen and len(seen) < OFFERS_MOST:
                    seen.add(offer.pk)
                    yield offer

    @property
    def brought(self) -> list[forms.BoundField]:
        """The fields of what is brought to a door."""
        return [self[f"offer-{offer.pk}"] for offer in self.offers]

    def given(self) -> dict[str, Any]:
        """Return what the action is told of the visit."""
        said = self.cleaned_data
        names = (
            "starts_at", "mode", "outcome", "place", "headcount", "noticed", "unchanged", "notes", "come_back_on",
            "campaigns",
        )  # fmt: skip
        found = {name: said[name] for name in names if name in self.fields}
        found["members"] = [self.user, *said.get("members", [])]
        found["given"] = [(offer, said[f"offer-{offer.pk}"] or 0) for offer in self.offers]
        return found


class AmendForm(forms.Form):
    """What is put right of a visit that was handed in."""

    starts_at = moment(_("When"))
    mode = forms.ChoiceField(label=_("How you met"), widget=forms.RadioSelect, choices=Mode.choices)
    outcome = forms.ChoiceField(label=_("What became of it"), widget=forms.RadioSelect, choices=Outcome.choices)
    notes = text(_("Notes"), required=False, rows=4)
    because = reason(_("Why it is put right"))


class ReportForm(forms.Form):
    """What is reported."""

    words = text(_("What you report"), rows=3)


class CallForm(forms.Form):
    """Which occasion came up, and what about it."""

    occasion = forms.ModelChoiceField(label=_("Occasion"), queryset=Occasion.objects.none(), empty_label=None)
    because = forms.CharField(label=pgettext_lazy("occasion", "What happened"), required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["occasion"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Occasion.objects.filter(in_use=True).order_by("order", "pk")


class SpanForm(forms.Form):
    """From which day, to which, for which campaign."""

    first = day(_("From"), required=False)
    last = day(pgettext_lazy("day", "Until"), required=False)
    campaign = forms.ModelChoiceField(
        label=_("Campaign"), queryset=Campaign.objects.order_by("-starts"), required=False, empty_label=_("all visits")
    )


def checklist_of(kind: EncounterKind, at: datetime, *, data: Any = None, kept: Any = None) -> SheetForm | None:
    """Return the checklist of a kind as a form, with what a draft holds of it; None where the kind has none."""
    sheet = Sheet.objects.current(kind.sheet, at) if kind.sheet else None
    if sheet is None:
        return None
    return form_of(sheet, data, open_values(kept), today=timezone.localdate(at))

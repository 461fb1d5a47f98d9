"""The form by which a resident speaks."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.functional import Promise, lazy
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from lianxin.kit.text import TEXT_MAX
from lianxin.listen.rules import Identity, Kind
from lianxin.people.models import Office
from lianxin.places.models import Area
from lianxin.portal.forms.choices import area_groups, find_area, office_groups
from lianxin.portal.forms.fields import EmailField, FilesField, LineField, PhoneField, WordsField, offer
from lianxin.resolve.models import Case

FILES_ACCEPTED = "image/*,application/pdf"


def _card(title: str | Promise, text: str | Promise) -> str:
    return format_html("<b>{}</b><small>{}</small>", title, text)


_lazy_card = lazy(_card, str)

IDENTITIES = [
    (
        Identity.SIGNED.value,
        _lazy_card(
            _("With my name"),
            _(
                "The officers who deal with it can contact you. Whoever looks up your name or phone must "
                "give a reason, and it is put on record."
            ),
        ),
    ),
    (
        Identity.CONFIDENTIAL.value,
        _lazy_card(
            _("Keep my name secret"),
            _("No officer can look up your name or phone. The machine uses your phone only to send you messages."),
        ),
    ),
    (
        Identity.ANONYMOUS.value,
        _lazy_card(
            _("Without a name"),
            _("We keep nothing about who you are. The receipt is then the only way to learn the answer."),
        ),
    ),
]


# While somebody writes; only the words go out, neither name nor phone. A POST, so that they stand in no address.
_LOOK_FOR_ALIKE = {
    "hx-trigger": "input changed delay:900ms",
    "hx-target": "#alike",
    "hx-params": "text,csrfmiddlewaretoken",
    "hx-sync": "this:replace",
}


class SpeakForm(forms.Form):
    """Words, and what one may add to them. Only the words are needed."""

    key = forms.CharField(max_length=64, widget=forms.HiddenInput)
    text = WordsField(
        label=_("What do you want to say?"),
        rows=8,
        max_length=TEXT_MAX,
        help_text=_(
            "In your own words: what happened, where, since when, and what you hope for. Up to 4,000 "
            "characters. Not a word will be changed."
        ),
        error_messages={
            "required": _("Please write what it is about."),
            "max_length": _(
                "There is room for %(limit_value)d characters; these are %(show_value)d. Please shorten it, "
                "or send it in two parts."
            ),
        },
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("What is it?"), required=False)
    area = forms.ChoiceField(
        label=_("Where is it?"),
        required=False,
        error_messages={"invalid_choice": _("Please choose a place from the list, or write it in the line below.")},
    )
    place = LineField(
        label=_("More exactly"),
        required=False,
        max_length=120,
        help_text=_("A road, a compound, a landmark: so that people find it."),
        error_messages={"max_length": _("Please keep it within %(limit_value)d characters.")},
    )
    to_office = forms.ChoiceField(
        label=_("To which office?"),
        required=False,
        help_text=_("If you know who should deal with it. You need not choose: we find the right one."),
        error_messages={"invalid_choice": _("Please choose an office from the list, or none.")},
    )
    photos = FilesField(
        label=_("Photos or files"),
        required=False,
        accept=FILES_ACCEPTED,
        help_text=_("Up to 5. Pictures or PDF. Where and when a picture was taken is removed from it."),
        error_messages={"empty": _("This file is empty. Please choose it again.")},
    )
    identity = forms.ChoiceField(
        label=_("How do you want to be known?"),
        choices=IDENTITIES,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Please choose one of the three."),
            "invalid_choice": _("Please choose one of the three."),
        },
    )
    name = LineField(
        label=_("Your name"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"max_length": _("Please keep it within %(limit_value)d characters.")},
    )
    phone = PhoneField(
        label=_("Phone"),
        required=False,
        help_text=_(
            "We send you a message when something happens. Without a phone or e-mail your receipt works all the same."
        ),
        error_messages={"max_length": _("This does not look like a phone number. Please check the digits.")},
    )
    email = EmailField(
        label=_("E-mail"),
        required=False,
        help_text=_("If you would rather be told by e-mail, or have no mobile phone."),
    )
    wants_reply = forms.BooleanField(label=_("Please answer me"), required=False)
    # The number of an open case that the speaker pressed "that is mine too" at; it only lends its place.
    same = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    # A trap for machines that fill in every field; people neither see it nor come to it with the keyboard.
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    kinds: tuple[Kind, ...] = (Kind.PROBLEM, Kind.APPEAL, Kind.SUGGESTION, Kind.OPINION, Kind.CONSULT, Kind.PRAISE)

    def __init__(self, data: Any = None, files: Any = None, *, day: date, **kwargs: Any) -> None:
        super().__init__(data, files, **kwargs)
        self.day = day
        self.fields["text"].widget.attrs.update(_LOOK_FOR_ALIKE, **{"hx-post": reverse("said_before")})
        offer(self, "kind", [("", _("I leave that to you")), *((kind.value, kind.label) for kind in self.kinds)])
        if "to_office" in self.fields:
            offer(self, "to_office", [("", _("I leave that to you")), *office_groups(day)])
        offer(self, "area", [("", _("The whole county, or I do not know")), *area_groups(day)])

    def clean_area(self) -> Area | None:
        return find_area(self.cleaned_data["area"], self.day)

    def clean_to_office(self) -> Office | None:
        return Office.objects.on(self.day).to_be_asked().filter(pk=self.cleaned_data["to_office"] or 0).first()

    def clean_same(self) -> Case | None:
        return Case.objects.open().select_related("area").filter(number=self.cleaned_data["same"] or "-").first()

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("Please leave the hidden field empty: it is there to stop machines."))
        return ""

    def said(self) -> dict[str, Any]:
        """Return what was entered, in the words of `listen.actions.hear`."""
        kept = {name: self.cleaned_data[name] for name in ("text", "kind", "area", "place", "identity", "wants_reply")}
        anonymous = kept["identity"] == Identity.ANONYMOUS
        same = self.cleaned_data["same"]
        if kept["area"] is None and same:
            kept["area"] = same.area
        contact = {name: "" if anonymous else self.cleaned_data[name] for name in ("name", "phone", "email")}
        return {
            **kept,
            **contact,
            "to_office": self.cleaned_data.get("to_office"),
            "files": self.cleaned_data["photos"],
            "same_as": same.number if same else "",
            "idempotency_key": f"web:{self.cleaned_data['key']}",
        }

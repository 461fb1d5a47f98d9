"""What is written down while somebody stands at the counter, calls, or has left a letter."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianxin.desk.forms.places import AreaField
from lianxin.desk.forms.triage import SubjectField
from lianxin.kit.text import TEXT_MAX
from lianxin.listen.models import Subject
from lianxin.listen.rules import Channel, Identity, Kind
from lianxin.people.forms.fields import MomentField
from lianxin.people.models import Post

CHANNELS = (Channel.COUNTER, Channel.PHONE, Channel.LETTER)


class HearForm(forms.Form):
    """One screen, in the order in which people talk: how, what, where, who, and whether it is settled at once."""

    channel = forms.ChoiceField(
        label=_("How did it come?"),
        widget=forms.RadioSelect,
        choices=[(channel.value, channel.label) for channel in CHANNELS],
    )
    addressee = forms.ModelChoiceField(
        label=_("Letter to"),
        required=False,
        queryset=Post.objects.none(),
        empty_label=_("please choose"),
    )
    text = forms.CharField(
        label=_("What was said, in the person's own words"),
        max_length=TEXT_MAX,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 7, "autofocus": True}),
        error_messages={"required": _("Please write what it is about.")},
    )
    kind = forms.ChoiceField(label=_("What it is"), required=False, choices=[("", _("not decided")), *Kind.choices])
    area = AreaField(label=_("Area"))
    place = forms.CharField(label=_("Exact place"), required=False, max_length=120)
    identity = forms.ChoiceField(
        label=_("How does the person want to be known?"), widget=forms.RadioSelect, choices=Identity.choices
    )
    name = forms.CharField(label=_("Name of the person"), required=False, max_length=40)
    phone = forms.CharField(
        label=_("Phone"), required=False, max_length=40, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        max_length=120,
        help_text=_("For messages on how it goes, beside or instead of the phone."),
        error_messages={"invalid": _("This does not look like an e-mail address. Please check it.")},
    )
    address = forms.CharField(label=_("Address"), required=False, max_length=200)
    wants_reply = forms.BooleanField(label=_("The person wants a reply"), required=False)
    received_at = MomentField(
        label=_("Said earlier, at"),
        required=False,
        help_text=_("For a paper that came before today; empty is now."),
    )
    answer = forms.CharField(
        label=_("Answered on the spot with"),
        required=False,
        max_length=TEXT_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only if the person has the answer now. It is settled and counted; nobody is sent anywhere."),
    )
    basis = forms.CharField(
        label=_("It rests on"),
        required=False,
        max_length=120,
        help_text=_("The policy or document, where there is one."),
    )
    subject = SubjectField(label=_("Subject"), required=False)
    key = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        day = timezone.localdate(at)
        subject, addressee = self.fields["subject"], self.fields["addressee"]
        assert isinstance(subject, SubjectField) and isinstance(addressee, forms.ModelChoiceField)
        subject.queryset = Subject.objects.on(day).leaves(day).in_order()
        addressee.queryset = Post.objects.on(day).addressees().select_related("office").order_by("office__path", "id")

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        is_letter = given.get("channel") == Channel.LETTER
        if is_letter and not given.get("addressee") and "addressee" not in self.errors:
            self.add_error("addressee", _("Please choose to whom the letter goes."))
        if not is_letter:
            given["addressee"] = None
        if given.get("answer") and is_letter:
            self.add_error("answer", _("A letter is answered after its addressee has read it."))
        if given.get("answer") and not given.get("subject"):
            self.add_error("subject", _("Please say what it is about."))
        return given

    def said(self) -> dict[str, Any]:
        """Return what was said, as `hear` takes it."""
        names = (
            "channel",
            "text",
            "kind",
            "area",
            "place",
            "identity",
            "name",
            "phone",
            "email",
            "address",
            "wants_reply",
            "received_at",
            "addressee",
        )
        return {name: self.cleaned_data[name] for name in names} | {"idempotency_key": self.cleaned_data["key"]}

    def answered(self) -> dict[str, Any] | None:
        """Return the answer that was given at once, if one was."""
        given = self.cleaned_data
        return {"text": given["answer"], "basis": given["basis"]} if given["answer"] else None


class PhoneForm(forms.Form):
    """A phone, while it is being typed."""

    phone = forms.CharField(max_length=40, required=False)

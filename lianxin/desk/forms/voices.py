"""What may be asked of the register of voices, of the messages, of the ledger."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianxin.listen.models import Subject
from lianxin.listen.rules import Channel, Identity
from lianxin.outbox.rules import State
from lianxin.people.forms.fields import DayField
from lianxin.places.models import Area

ANY: tuple[str, Any] = ("", _("any"))


def date_field(label: Any) -> DayField:
    """Return a field for a day, as the browser's own calendar."""
    return DayField(label=label, required=False)


class LookForm(forms.Form):
    """Filters: what cannot be read is left out rather than refused."""

    def chosen(self) -> dict[str, Any]:
        """Return what is asked for."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class VoicesForm(LookForm):
    """Filters of the register."""

    q = forms.CharField(label=_("Words or number"), required=False, max_length=100)
    waiting = forms.ChoiceField(
        label=_("Sorted?"), required=False, choices=[ANY, ("yes", _("waits")), ("no", _("sorted"))]
    )
    channel = forms.ChoiceField(label=_("Channel"), required=False, choices=[ANY, *Channel.choices])
    identity = forms.ChoiceField(label=_("Identity"), required=False, choices=[ANY, *Identity.choices])
    subject = forms.ModelChoiceField(
        label=_("Subject"), required=False, queryset=Subject.objects.in_order(), empty_label=_("any")
    )
    area = forms.ModelChoiceField(
        label=_("Area"),
        required=False,
        empty_label=_("any"),
        queryset=Area.objects.filter(kind=Area.Kind.TOWN).defer("outline").in_tree_order(),
    )
    since = date_field(_("Heard from"))
    until = date_field(_("Heard until"))


class MessagesForm(LookForm):
    """Filter of messages: those that did not arrive, unless others are asked for."""

    TROUBLE = "trouble"
    FATES = {
        TROUBLE: (_("did not arrive"), (State.FAILED, State.UNSURE)),
        "waiting": (_("on the way"), (State.WRITTEN, State.SENDING)),
        "sent": (_("sent, no receipt"), (State.SENT,)),
        "arrived": (_("arrived"), (State.DELIVERED,)),
        "settled": (_("reached another way"), (State.SETTLED,)),
    }

    fate = forms.ChoiceField(
        label=_("Which"), required=False, choices=[(fate, words) for fate, (words, _states) in FATES.items()]
    )
    q = forms.CharField(label=_("Number of the voice or case"), required=False, max_length=60)


class SettleForm(forms.Form):
    """How the person was reached after all."""

    CALLED, LETTER, COUNTER, UNREACHABLE = "called", "letter", "counter", "unreachable"
    WAYS = (
        (CALLED, _("called")),
        (LETTER, _("by letter")),
        (COUNTER, _("told at the counter")),
        (UNREACHABLE, _("cannot be reached")),
    )

    way = forms.ChoiceField(
        label=_("How"), choices=WAYS, error_messages={"required": _("Please say how the person was reached.")}
    )
    note = forms.CharField(label=_("In a few words"), max_length=150, required=False)

    def how(self) -> str:
        """Return way and note as one line for the record."""
        way = str(dict(self.WAYS)[self.cleaned_data["way"]])
        return f"{way}: {self.cleaned_data['note']}" if self.cleaned_data["note"] else way


class WithdrawForm(forms.Form):
    """Why a publication is taken back."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        error_messages={"required": _("Please give the reason in a few words; it is kept on record.")},
    )


class LedgerForm(LookForm):
    """Filters of the ledger."""

    thing = forms.CharField(label=_("Number"), required=False, max_length=120)
    who = forms.CharField(label=_("Officer"), required=False, max_length=40)
    verb = forms.CharField(
        label=_("Deed"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"list": "verbs", "autocomplete": "off"}),
    )
    day = date_field(_("Day"))
    before = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

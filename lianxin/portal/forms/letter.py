"""The letter to the secretary."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from lianxin.listen.rules import Kind
from lianxin.portal.forms.choices import Addressee
from lianxin.portal.forms.fields import offer
from lianxin.portal.forms.speak import SpeakForm


class LetterForm(SpeakForm):
    """Whatever one says, written to one leader, who reads it as it is."""

    addressee = forms.ChoiceField(
        label=_("To whom?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Please choose to whom the letter goes."),
            "invalid_choice": _("This post does not receive letters at present. Please choose another addressee."),
        },
    )
    to_office = None  # type: ignore[assignment] # how Django drops a field: a letter goes to a person
    kinds = (Kind.PROBLEM, Kind.OPINION, Kind.SUGGESTION, Kind.APPEAL)

    def __init__(
        self, data: Any = None, files: Any = None, *, at: datetime, offered: list[Addressee], **kwargs: Any
    ) -> None:
        super().__init__(data, files, day=timezone.localdate(at), **kwargs)
        self.offered = {str(addressee.post.pk): addressee for addressee in offered}
        offer(self, "addressee", [(pk, _card(each)) for pk, each in self.offered.items()])
        self.fields["text"].label = _("Your letter")

    def said(self) -> dict[str, Any]:
        return {**super().said(), "addressee": self.offered[self.cleaned_data["addressee"]].post}


def _card(addressee: Addressee) -> str:
    holder = addressee.post.holder
    return format_html(
        "<b>{}{}</b><small>{}</small>",
        addressee.name,
        format_html(" · {}", holder.name) if holder else "",
        addressee.reader,
    )

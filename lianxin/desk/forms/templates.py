"""New words for a kind of message."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from lianxin.outbox.rules import TOGETHER_MAX


class WordsForm(forms.Form):
    """The words of a kind of message, in one language."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, widget=forms.HiddenInput)
    subject = forms.CharField(
        label=_("Heading of the e-mail"),
        max_length=120,
        required=False,
        help_text=_("A text message has none."),
    )
    body = forms.CharField(
        label=_("Words"),
        max_length=TOGETHER_MAX,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("One paragraph: number, how it stands, what comes next. Nothing of the matter itself, no names."),
        error_messages={"required": _("Please write the words of the message.")},
    )

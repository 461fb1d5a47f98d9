"""What an addressee does with a letter."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianxin.kit.text import TEXT_MAX
from lianxin.listen.models import Voice
from lianxin.people.models import Post


class InstructForm(forms.Form):
    """A written order (批示)."""

    text = forms.CharField(
        label=_("Instruction"),
        max_length=TEXT_MAX,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "It opens a case for which you answer until it is closed. Your words go into the record as they are."
        ),
        error_messages={"required": _("Please write the instruction.")},
    )
    title = forms.CharField(label=_("Title of the case"), max_length=120, required=False)


class ReaddressForm(forms.Form):
    """The right addressee of a letter that went to the wrong desk."""

    to = forms.ModelChoiceField(
        label=_("Right addressee"),
        queryset=Post.objects.none(),
        empty_label=_("please choose"),
        error_messages={
            "required": _("Please choose the right addressee."),
            "invalid_choice": _("This post does not receive letters at present. Please choose another addressee."),
        },
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        error_messages={"required": _("Please give the reason in a few words; it is kept on record.")},
    )

    def __init__(self, *args: Any, voice: Voice, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to = self.fields["to"]
        assert isinstance(to, forms.ModelChoiceField)
        posts = Post.objects.on(timezone.localdate(at)).addressees().exclude(pk=voice.addressee_id or 0)
        to.queryset = posts.select_related("office").order_by("office__path", "id")

"""Words that a person will read: what is never said to people is pointed out before it is sent (HAL-13)."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.serve.models import Phrase
from lianxin.serve.rules.speech import forbidden_in


class Spoken(forms.Form):
    """A form with words for a person. A forbidden phrase in them is a warning: whoever means it, ticks so and sends it.

    What inherits it names those fields in `said`, and knows its `day`.
    """

    said: ClassVar[tuple[str, ...]] = ("text",)
    day: date
    as_written = forms.BooleanField(
        label=gettext_lazy("Send it as it is written"), required=False, widget=forms.HiddenInput
    )

    def read_by_the_person(self) -> list[str]:
        """Return the words of the form that a person will read."""
        return [self.cleaned_data.get(name) or "" for name in self.said]

    def clean(self) -> dict[str, Any]:
        """Look the words through, once. Raises ValidationError with each phrase and what to say instead."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not cleaned.pop("as_written", False) and (hits := self._hits()):
            self.fields["as_written"].widget = forms.CheckboxInput(attrs={"class": "form-check-input"})
            raise forms.ValidationError([_warning(each) for each in hits])
        return cleaned

    def _hits(self) -> list[Phrase]:
        never = {row.text: row for row in Phrase.objects.on(self.day).filter(kind=Phrase.Kind.NEVER)}
        return [never[text] for text in forbidden_in("\n".join(self.read_by_the_person()), never)]


def _warning(phrase: Phrase) -> str:
    instead = _("Rather say: “%(words)s”.") % {"words": phrase.instead} if phrase.instead else ""
    return _("“%(phrase)s” is on the list of what is never said to people (%(source)s). %(instead)s") % {
        "phrase": phrase.text, "source": phrase.source, "instead": instead,
    }  # fmt: skip

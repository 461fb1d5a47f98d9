"""What is entered of a subject, and a list of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.core.files import File
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianxin.desk.forms.deed import choose_offices, day, office
from lianxin.listen.models import Subject
from lianxin.people.models import Limit

COUNTY = "county"
LARGEST_FILE = 1024 * 1024  # bytes; its text is carried through the preview in the page
NEW_NAME_MAX = 40
KEYWORDS = _("Words that suggest it, with blanks between. Those that people say, not those that offices write.")


def _keywords(help_text: Any = KEYWORDS) -> forms.CharField:
    return forms.CharField(
        label=_("Keywords"),
        required=False,
        max_length=500,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def _name(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=NEW_NAME_MAX, error_messages={"required": _("A subject needs a name.")}
    )


def _scheme() -> forms.SlugField:
    return forms.SlugField(
        label=_("Taxonomy"),
        max_length=30,
        initial=COUNTY,
        help_text=_("A short name of small letters, digits, hyphens. A new one begins a new taxonomy."),
        error_messages={"required": _("Please give the short name of the taxonomy.")},
    )


class EditSubjectForm(forms.Form):
    """What suggests a subject, who usually leads, and which limit its cases have."""

    keywords = _keywords()
    office = office(
        _("Usually leads"), required=False, help_text=_("Suggested to whoever dispatches; a person decides.")
    )
    limit_key = forms.ChoiceField(
        label=_("Time limit"),
        help_text=_("For cases dispatched from now on. What is dispatched keeps its date."),
        error_messages={"required": _("Please choose a time limit.")},
    )

    def __init__(self, *args: Any, at: datetime, subject: Subject | None = None, **kwargs: Any) -> None:
        if subject:
            facts = {"keywords": subject.keywords, "office": subject.office_id, "limit_key": subject.limit_key}
            kwargs["initial"] = facts | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        choose_offices(self, "office", at=at)
        limit = self.fields["limit_key"]
        assert isinstance(limit, forms.ChoiceField)
        choices = limit_names(at)
        if subject:
            choices.setdefault(subject.limit_key, subject.limit_key)
        limit.choices = list(choices.items())


class AddSubjectForm(EditSubjectForm):
    """A new subject."""

    name = _name(_("Name"))
    scheme = _scheme()
    parent = forms.ModelChoiceField(
        label=_("Below"),
        required=False,
        queryset=Subject.objects.none(),
        empty_label=_("none: at the top"),
        help_text=_("Once something lies below a subject, it is no longer chosen itself."),
        error_messages={"invalid_choice": _("Nothing can be added below this subject.")},
    )
    starts = day(_("First day"), required=False, help_text=_("Leave empty for: at once."))

    field_order = ("name", "parent", "keywords", "office", "limit_key", "starts", "scheme")

    def __init__(self, *args: Any, at: datetime, scheme: str, **kwargs: Any) -> None:
        super().__init__(*args, at=at, **kwargs)
        self.fields["scheme"].initial = scheme
        parent = self.fields["parent"]
        assert isinstance(parent, forms.ModelChoiceField)
        parent.queryset = Subject.objects.filter(scheme=scheme, valid_to=None).in_order()

    def clean(self) -> None:
        parent, scheme = self.cleaned_data.get("parent"), self.cleaned_data.get("scheme")
        if parent and scheme and parent.scheme != scheme:
            self.add_error("scheme", _("The subject above it belongs to another taxonomy."))


class EndSubjectForm(forms.Form):
    """From which day on a subject is chosen no more."""

    on = day(_("Chosen no more from"), help_text=_("Today or later. What was sorted by it stays so."))


class ReplaceSubjectForm(forms.Form):
    """What comes in the place of a subject."""

    name = _name(_("Name of the one that follows"))
    on = day(_("From this day on"))
    keywords = _keywords(_("Leave empty to keep those it has now."))


class SubjectListForm(forms.Form):
    """A list of subjects, to be looked at first."""

    scheme = _scheme()
    file = forms.FileField(
        label=_("File (CSV)"),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.json"}),
        error_messages={
            "required": _("Please choose a file."),
            "empty": _("This file is empty. Please choose it again."),
        },
    )

    def clean_file(self) -> File[bytes]:
        file: File[bytes] = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(_("The file is larger than 1 MB. Please bring it in in parts."))
        return file


class KeepSubjectsForm(forms.Form):
    """What was read of a list and shown, to be kept."""

    scheme = forms.SlugField(max_length=30, widget=forms.HiddenInput)
    text = forms.CharField(strip=False, max_length=LARGEST_FILE, widget=forms.HiddenInput)


def limit_names(at: datetime) -> dict[str, str]:
    """Return the limits that a case may have on a day: key to name."""
    rows = Limit.objects.on(timezone.localdate(at)).filter(key__startswith="case.").order_by("id")
    return {row.key: row.name for row in rows}

"""What is entered of a file that is lent."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianxin.desk.forms.deed import YesNo, choose_offices, day, office
from lianxin.people.models import Office, Post, User
from lianxin.people.rules import Power
from lianxin.serve.models import LoanRule


class AskLoanForm(forms.Form):
    """Which file, for whom, what for."""

    office = forms.ModelChoiceField(
        label=_("Office that keeps the file"),
        queryset=Office.objects.none(),
        empty_label=None,
        error_messages={"invalid_choice": _("Please choose an office."), "required": _("Please choose an office.")},
    )
    file_no = forms.CharField(label=_("Number of the file"), max_length=40)
    subject = forms.CharField(label=_("Whose file it is"), max_length=40)
    unit = forms.CharField(label=_("Office or firm that borrows it"), max_length=80)
    borrower = forms.CharField(label=_("Who fetches it"), max_length=40)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    purpose = forms.CharField(label=_("What for"), max_length=200)

    def __init__(self, *args: Any, user: User, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rules = LoanRule.objects.on(timezone.localdate(at)).values("office")
        field = self.fields["office"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Office.objects.filter(pk__in=user.standing.offices(Power.PROCESS)).filter(pk__in=rules)


class SignLoanForm(forms.Form):
    """Whether the file may be lent."""

    granted = YesNo(label=_("May it be lent?"), yes=_("Yes, it may be lent"), no=_("No, it may not"))
    words = forms.CharField(label=_("Why not"), max_length=200, required=False)


class LendForm(forms.Form):
    """How many pages go out."""

    pages = forms.IntegerField(label=_("Pages, counted together"), min_value=1, max_value=100_000)


class ReturnLoanForm(LendForm):
    """How many pages come back, and in which state."""

    condition = forms.CharField(
        label=_("State of the file"), max_length=200, required=False, help_text=_("Needed where pages are missing.")
    )


class ReviewLoansForm(forms.Form):
    """Which week is signed."""

    office = forms.ModelChoiceField(
        label=_("Office that keeps the file"),
        queryset=Office.objects.none(),
        empty_label=None,
        error_messages={"invalid_choice": _("Please choose an office."), "required": _("Please choose an office.")},
    )
    week = day(_("Any day of the week"))
    remark = forms.CharField(label=_("Remark"), max_length=500, required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["office"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Office.objects.filter(pk__in=LoanRule.objects.naming(user).values("office"))


class LoanRuleForm(forms.Form):
    """Whose signature lends a file, and who looks at the ledger."""

    office = office(_("Office that keeps the files"))
    approver = forms.ModelChoiceField(label=_("Who signs"), queryset=Post.objects.none())
    delegated = forms.BooleanField(label=_("The signature was handed down to this post"), required=False)
    reviewer = forms.ModelChoiceField(
        label=_("Who looks at the ledger each week"), queryset=Post.objects.none(), required=False
    )
    days = forms.IntegerField(label=_("Calendar days until it is due back"), min_value=1, max_value=365, initial=7)
    basis = forms.CharField(label=_("Document that says so"), max_length=200)
    starts = day(_("From this day on"), required=False)

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_offices(self, "office", at=at)
        posts = Post.objects.on(timezone.localdate(at)).select_related("office").order_by("office__path", "title")
        for name in ("approver", "reviewer"):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = posts

"""Accounts of officers, and the tokens of machines."""

from __future__ import annotations

from datetime import timedelta

from django.core.paginator import Paginator
from django.db.models import Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from lianxin.kit.clock import local
from lianxin.kit.refusal import Refusal
from lianxin.kit.text import clean
from lianxin.people import actions
from lianxin.people.forms.account import FirstPasswordForm, OfficerForm, TokenForm
from lianxin.people.forms.post import midnight
from lianxin.people.models import Post, Token, User
from lianxin.people.rules import Power, power
from lianxin.people.views.ask import ask, press
from lianxin.people.views.request import OfficerRequest


@power(Power.ACCOUNTS)
def officers(request: OfficerRequest) -> HttpResponse:
    """List the accounts, found by name, with their posts of today."""
    day = local(request.at).date()
    query = clean(request.GET.get("q", ""))[:60].strip()
    found = User.objects.filter(Q(name__contains=query) | Q(username__icontains=query)).order_by(
        "-is_active", "name", "pk"
    )
    posts = Post.objects.on(day).select_related("office")
    found = found.prefetch_related(Prefetch("posts", queryset=posts, to_attr="posts_today"))
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    return render(request, "people/officers.html", {"page": page, "query": query, "here": "officers"})


@power(Power.ACCOUNTS)
@sensitive_post_parameters("password")
def add(request: OfficerRequest) -> HttpResponse:
    """Open an account."""
    form = OfficerForm(request.POST or None)
    return ask(
        request,
        form,
        deed=lambda: actions.make_user(**form.cleaned_data, by=request.user, at=request.at),
        title=_("New officer"),
        submit=_("Open the account"),
        done=_("The account is open. At the first sign-in its owner sets up the second factor and another password."),
        back=reverse("officers"),
        here="officers",
    )


@power(Power.ACCOUNTS)
@never_cache
def officer(request: OfficerRequest, pk: int) -> HttpResponse:
    """Show one account with all its posts and tokens; make it a token."""
    user = get_object_or_404(User, pk=pk)
    form = TokenForm(request.POST or None)
    secret = ""
    if form.is_valid():
        last = form.cleaned_data["last_day"]
        expires = midnight(last + timedelta(days=1)) if last else None
        try:
            _token, secret = actions.make_token(
                user, name=form.cleaned_data["name"], expires_at=expires, by=request.user, at=request.at
            )
            form = TokenForm()
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    context = {
        "officer": user,
        "posts": user.posts.select_related("office").order_by("-valid_from", "pk"),
        "tokens": Token.objects.filter(user=user).order_by("-made_at"),
        "has_second_factor": user.has_second_factor(),
        "form": form,
        "secret": secret,
        "here": "officers",
    }
    return render(request, "people/officer.html", context, status=422 if form.errors else 200)


@power(Power.ACCOUNTS)
@sensitive_post_parameters("password")
def set_password(request: OfficerRequest, pk: int) -> HttpResponse:
    """Give an account a first password again."""
    user = get_object_or_404(User, pk=pk)
    form = FirstPasswordForm(request.POST or None)
    return ask(
        request,
        form,
        deed=lambda: actions.set_password(user, password=form.cleaned_data["password"], by=request.user, at=request.at),
        title=_("First password"),
        intro=user.name,
        submit=_("Set it"),
        done=_("The first password is set. All sessions of this account have ended."),
        back=reverse("officer", args=[pk]),
        here="officers",
    )


@power(Power.ACCOUNTS)
@require_POST
def close_user(request: OfficerRequest, pk: int) -> HttpResponse:
    """Close an account."""
    user = get_object_or_404(User, pk=pk)
    return press(
        request,
        lambda: actions.close_user(user, by=request.user, at=request.at),
        done=_("The account is closed. Its tokens are revoked; what it did stays on record."),
        back=reverse("officer", args=[pk]),
    )


@power(Power.ACCOUNTS)
@require_POST
def reopen_user(request: OfficerRequest, pk: int) -> HttpResponse:
    """Open a closed account again."""
    user = get_object_or_404(User, pk=pk)
    return press(
        request,
        lambda: actions.reopen_user(user, by=request.user, at=request.at),
        done=_("The account is open again."),
        back=reverse("officer", args=[pk]),
    )


@power(Power.ACCOUNTS)
@require_POST
def reset_second_factor(request: OfficerRequest, pk: int) -> HttpResponse:
    """Take the second factor away, for a lost telephone."""
    user = get_object_or_404(User, pk=pk)
    return press(
        request,
        lambda: actions.reset_second_factor(user, by=request.user, at=request.at),
        done=_("The second factor is gone. It is set up anew at the next sign-in."),
        back=reverse("officer", args=[pk]),
    )


@power(Power.ACCOUNTS)
@require_POST
def revoke(request: OfficerRequest, pk: int) -> HttpResponse:
    """Close a token."""
    token = get_object_or_404(Token, pk=pk)
    return press(
        request,
        lambda: actions.revoke_token(token, by=request.user, at=request.at),
        done=_("The token opens nothing any more."),
        back=reverse("officer", args=[token.user_id]),
    )

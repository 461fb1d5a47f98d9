"""Signing in: the password, then the second factor, and only then a session of the officer."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import urlencode

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from django_otp import login as verify

from lianxin.kit.clock import local
from lianxin.kit.refusal import Refusal
from lianxin.people import actions
from lianxin.people.forms.account import CodeForm, PasswordForm, SignInForm
from lianxin.people.middleware import is_verified, locked_out
from lianxin.people.models import Substitution, User
from lianxin.people.rules import public, signed_in
from lianxin.people.views.face import next_page
from lianxin.people.views.request import OfficerRequest, Request

PENDING = "pending"  # key of the session: whose password was right, since when, how many wrong codes, and where to go
PENDING_MINUTES = 10
WRONG_CODES = 5
TRIES, WINDOW = 60, 600  # sign-ins from one address in so many seconds, whatever the names
BACKEND = "django.contrib.auth.backends.ModelBackend"


@public
@never_cache
@sensitive_post_parameters("password")
def sign_in(request: Request) -> HttpResponse:
    """Ask for name and password; what is wrong of the two is not told."""
    after = next_page(request, resolve_url(settings.LOGIN_REDIRECT_URL))
    if is_verified(request):
        return HttpResponseRedirect(after)
    form = SignInForm(request.POST or None)
    if form.is_valid():
        if not actions.allow(f"sign_in:{request.visitor}", TRIES, WINDOW):
            return locked_out(request)
        user = authenticate(request, **form.cleaned_data)
        if isinstance(user, User):
            return _after_password(request, user, after)
        form.add_error(None, _("Name and password do not fit. Please try again; after five tries there is a pause."))
    return _page(request, "people/sign_in.html", {"form": form, "next": after})


@public
@never_cache
def code(request: Request) -> HttpResponse:
    """Ask for the six digits of the second factor."""
    user = _pending(request)
    if user is None or not user.has_second_factor():
        return HttpResponseRedirect(reverse("sign_in"))
    form = CodeForm(request.POST or None)
    if form.is_valid():
        device = actions.check_code(user, code=form.cleaned_data["code"], at=request.at)
        if device is not None:
            return _complete(request, user, device)
        if _one_more_wrong(request):
            messages.error(request, _("Too many wrong codes. Please begin again with your password."))
            return HttpResponseRedirect(reverse("sign_in"))
        form.add_error(
            "code",
            _("The code is not right, or was used already. Wait for the next one; several wrong ones make it longer."),
        )
    return _page(request, "people/code.html", {"form": form, "name": user.name})


@public
@never_cache
def enrol(request: Request) -> HttpResponse:
    """Show the secret for the authenticator, and ask for the first code."""
    user = _pending(request)
    if user is None or user.has_second_factor():
        return HttpResponseRedirect(reverse("sign_in"))
    device = actions.begin_enrolment(user, at=request.at)
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            confirmed = actions.confirm_enrolment(user, code=form.cleaned_data["code"], at=request.at)
        except Refusal as refusal:
            form.add_error("code", str(refusal))
        else:
            return _complete(request, user, confirmed)
    secret = base64.b32encode(device.bin_key).decode()
    context = {
        "form": form,
        "qr": segno.make(device.config_url, error="m").svg_data_uri(scale=5, border=3, light="#fff"),
        "secret": " ".join(secret[n : n + 4] for n in range(0, len(secret), 4)),
        "name": user.name,
    }
    return _page(request, "people/enrol.html", context)


@public
@require_POST
def sign_out(request: Request) -> HttpResponse:
    """End the session."""
    logout(request)
    messages.info(request, _("You are signed out."))
    return HttpResponseRedirect(reverse("sign_in"))


@signed_in
@never_cache
@sensitive_post_parameters("old", "new", "again")
def password(request: OfficerRequest) -> HttpResponse:
    """Change one's own password; all other sessions end."""
    user = request.user
    form = PasswordForm(request.POST or None)
    if form.is_valid():
        if not user.check_password(form.cleaned_data["old"]):
            form.add_error("old", _("This is not your password now."))
        else:
            try:
                actions.set_password(user, password=form.cleaned_data["new"], by=user, at=request.at)
            except Refusal as refusal:
                form.add_error("new", str(refusal))
            else:
                update_session_auth_hash(request, user)
                messages.success(request, _("The new password counts from now on. Other sessions of yours have ended."))
                return HttpResponseRedirect(next_page(request, resolve_url(settings.LOGIN_REDIRECT_URL)))
    return _page(
        request, "people/password.html", {"form": form, "first": user.must_choose_password(), "here": "password"}
    )


def _after_password(request: Request, user: User, after: str) -> HttpResponse:
    request.session.cycle_key()
    now = int(request.at.timestamp())
    request.session[PENDING] = {"user": user.pk, "since": now, "wrong": 0, "next": after}
    if user.has_second_factor():
        return HttpResponseRedirect(reverse("sign_in.code"))
    if user.totp_required:
        return HttpResponseRedirect(reverse("sign_in.enrol"))
    return _complete(request, user, None)


def _pending(request: Request) -> User | None:
    """Return whose password was right in this session, not long ago."""
    pending = request.session.get(PENDING)
    now = request.at.timestamp()
    if not pending or now - pending["since"] > PENDING_MINUTES * 60:
        return None
    return User.objects.filter(pk=pending["user"], is_active=True).first()


def _one_more_wrong(request: Request) -> bool:
    """Count a wrong code, and tell whether these were too many for one password."""
    pending = request.session[PENDING]
    pending["wrong"] += 1
    request.session.modified = True
    if pending["wrong"] < WRONG_CODES:
        return False
    del request.session[PENDING]
    return True


def _complete(request: Request, user: User, device: Any) -> HttpResponse:
    after = request.session.pop(PENDING)["next"]
    login(request, user, backend=BACKEND)  # gives the session a new key
    if device is not None:
        verify(request, device)
    actions.note_sign_in(user, at=request.at)
    _tell_of_substitutions(request, user)
    if user.must_choose_password():
        after = f"{reverse('password')}?{urlencode({'next': after})}"
    return HttpResponseRedirect(after)


def _tell_of_substitutions(request: Request, user: User) -> None:
    """Both learn of it: who is away and who stands in."""
    ahead = Substitution.objects.of(user).ahead(request.at).select_related("absent", "substitute")
    for each in ahead:
        days = {"first": f"{local(each.starts):%Y-%m-%d %H:%M}", "last": f"{local(each.ends):%Y-%m-%d %H:%M}"}
        if each.absent_id == user.pk:
            words = _("From %(first)s to %(last)s %(name)s stands in for you.")
            messages.info(request, words % {**days, "name": each.substitute.name})
        else:
            words = _("From %(first)s to %(last)s you stand in for %(name)s.")
            messages.info(request, words % {**days, "name": each.absent.name})


def _page(request: Request, template: str, context: dict[str, Any]) -> HttpResponse:
    return render(request, template, context, status=422 if context["form"].errors else 200)

"""What happens around every request: its language, its moment, and the door that is closed by default."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from ipaddress import ip_address, ip_network
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import (
    ImproperlyConfigured,
    PermissionDenied,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.defaults import bad_request

from lianxin.people.models import County

Respond = Callable[[HttpRequest], HttpResponse]
SEEN = "seen"  # the key of the session that keeps when its officer last did something


def language(get_response: Respond) -> Respond:
    """Speak the language of the cookie, else simplified Chinese: a shared browser says nothing of its user."""
    known = dict(settings.LANGUAGES)

    def respond(request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get("language", "")
        code = chosen if chosen in known else settings.LANGUAGE_CODE
        with translation.override(code):
            request.LANGUAGE_CODE = code
            response = get_response(request)
        patch_vary_headers(response, ("Cookie",))
        response.headers.setdefault("Content-Language", code)
        return response

    return respond


class _Doorkeeper:
    """Gives the request its moment and its visitor, and lets nobody through a view that does not say for whom it is."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.at = timezone.now()  # type: ignore[attr-defined]
        request.visitor = visitor(request)  # type: ignore[attr-defined]
        if request.user.is_authenticated:
            if _has_idled(request):
                logout(request)
                messages.info(
                    request, _("You were signed out because nothing was done for a while. Please sign in again.")
                )
            else:
                request.user.stand(request.at)  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if getattr(view, "public", False) or _is_api(request, view):
            return None
        powers = getattr(view, "powers", ())
        if not powers and not getattr(view, "signed_in", False):
            raise ImproperlyConfigured(
                f"The view {view.__module__}.{getattr(view, '__qualname__', view)} does not say for whom it is: "
                "mark it with @power(...), @signed_in or @public of lianxin.people.rules."
            )
        if not is_verified(request):
            return _to(reverse(settings.LOGIN_URL), request)
        if request.user.must_choose_password() and not _is_password_page(request):  # type: ignore[union-attr]
            return _to(reverse("password"), request)
        held = request.user.stand(request.at).powers  # type: ignore[union-attr,attr-defined]
        if powers and held.isdisjoint(powers):
            raise PermissionDenied
        if "%00" in request.get_full_path():  # no address of ours holds it, and PostgreSQL cannot even compare with it
            raise Http404
        return None


def closed_by_default(get_response: Respond) -> Respond:
    """Close every view that is not marked as open (see _Doorkeeper)."""
    return _Doorkeeper(get_response)


def is_verified(request: HttpRequest) -> bool:
    """Tell whether an active officer is signed in with the second factor, or is of the few who need none."""
    user = request.user
    if not user.is_authenticated or not user.is_active:
        return False
    return bool(user.is_verified()) or not user.totp_required  # type: ignore[attr-defined]


def _is_api(request: HttpRequest, view: Callable[..., Any]) -> bool:
    """Tell whether the view belongs to the API, whose every operation names its own guard."""
    match = request.resolver_match
    return getattr(view, "api", False) or (match is not None and "ninja" in match.app_names)


def _has_idled(request: HttpRequest) -> bool:
    """Tell whether the officer did nothing for too long; otherwise remember this deed, at most once a minute."""
    now = int(request.at.timestamp())  # type: ignore[attr-defined]
    seen = request.session.get(SEEN, now)
    if now - seen > settings.IDLE_MINUTES * 60:
        return True
    if SEEN not in request.session or now - seen >= 60:
        request.session[SEEN] = now
    return False


def _is_password_page(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and match.view_name == "password"


def _to(page: str, request: HttpRequest) -> HttpResponse:
    """Send the visitor to a page that comes first, and back afterwards to the page where they were."""
    here = request.get_full_path() if request.method in ("GET", "HEAD") else _page_before(request)
    htmx = request.headers.get("HX-Request") == "true"
    if htmx:
        here = _page_before(request)
    address = f"{page}?{urlencode({'next': here})}"
    if htmx:
        return HttpResponse(headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def _page_before(request: HttpRequest) -> str:
    """Return the path of the page from which a form was sent: the address of the form itself need not be a page."""
    came = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(came, {request.get_host()}, require_https=request.is_secure()):
        return "/"
    parts = urlsplit(came)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def visitor(request: HttpRequest) -> str:
    """Return the client's address: the last one in X-Forwarded-For that none of our own proxies has.

    Only those whom settings.TRUSTED_PROXIES names (addresses or networks) are believed: the header is a mere claim.
    """
    address = str(request.META.get("REMOTE_ADDR") or "")
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    while forwarded and _is_ours(address):
        address = forwarded.pop()
    return address


def _is_ours(address: str) -> bool:
    try:
        here = ip_address(address)
    except ValueError:
        return False
    return any(here in ip_network(proxy, strict=False) for proxy in settings.TRUSTED_PROXIES)


def county(request: HttpRequest) -> dict[str, Any]:
    """Give every template the county, what the visitor may do ({% if may.triage %}), and where an officer works."""
    user = getattr(request, "user", None)
    powers = user.standing.powers if user is not None and user.is_authenticated else ()
    found: dict[str, Any] = {"county": County.now(), "may": {power.value: True for power in powers}}
    if powers:
        found["work"] = resolve_url(settings.LOGIN_REDIRECT_URL)
    return found


def locked_out(request: HttpRequest, response: HttpResponse | None = None, credentials: object = None) -> HttpResponse:
    """Answer a sign-in after too many wrong passwords: what happened, and how long to wait."""
    wait = timedelta(hours=settings.AXES_COOLOFF_TIME)
    return render(request, "429.html", {"minutes": int(wait.total_seconds() // 60)}, status=429)


def not_taken(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that cannot be read: one that is too large in words, anything else as the frame does."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return render(request, "413.html", status=413)
    return bad_request(request, exception)

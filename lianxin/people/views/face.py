"""The two switches of the face: text size and language."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from lianxin.people.rules import public

YEAR = 365 * 24 * 3600


def next_page(request: HttpRequest, otherwise: str = "/") -> str:
    """Return the page of ours to go to afterwards, as `next` names it; never another site's."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()):
        return wanted
    return otherwise


@public
@require_safe
def size(request: HttpRequest) -> HttpResponse:
    """Make the text large, or normal again."""
    return _remember(request, "size", "" if request.COOKIES.get("size") == "large" else "large")


@public
@require_safe
def language(request: HttpRequest, code: str) -> HttpResponse:
    """Speak another language."""
    if code not in dict(settings.LANGUAGES):
        raise Http404
    return _remember(request, "language", code)


def _remember(request: HttpRequest, name: str, value: str) -> HttpResponse:
    response = HttpResponseRedirect(next_page(request))
    secure = settings.SESSION_COOKIE_SECURE
    response.set_cookie(name, value, max_age=YEAR, samesite="Lax", secure=secure, httponly=True)
    return response

"""The JSON API: both halves under one roof, and every error as a problem of RFC 9457."""

from __future__ import annotations

import logging
from collections.abc import Callable
from http import HTTPStatus
from types import MethodType
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError
from ninja.errors import ValidationError as ShapeError
from ninja.operation import PathView

from lianxin.desk.api import router as desk
from lianxin.field.api import router as field
from lianxin.kit.refusal import Refusal
from lianxin.outbox.api import router as outbox
from lianxin.people.rules import public
from lianxin.portal.api import router as portal

VERSION = "1"
NAMES = "urn:lianxin:problem:"  # names of problems, listed in docs/api.md
log = logging.getLogger(__name__)


def problem(
    request: HttpRequest, status: int, *, title: str = "", detail: object = "", kind: str = "about:blank", **more: Any
) -> JsonResponse:
    """Return an error as RFC 9457 tells it: `errors` names the fields, where it is about fields."""
    body = {
        "type": kind,
        "title": title or HTTPStatus(status).phrase,
        "status": status,
        "detail": str(detail),
        "instance": request.path,
        **more,
    }
    answer = JsonResponse(
        body, status=status, content_type="application/problem+json", json_dumps_params={"ensure_ascii": False}
    )
    answer["Cache-Control"] = "no-store"
    return answer


class Api(NinjaAPI):
    """An API that speaks of what it cannot do in one form, also where its framework would answer in plain text."""

    def _get_urls(self) -> list[URLResolver | URLPattern]:
        for router in self._get_bound_routers():
            for place in router.path_operations.values():
                setattr(place, "_not_allowed", MethodType(_not_allowed, place))  # noqa: B010 - the frame has no hook for it
        own = [found for found in super()._get_urls() if getattr(found, "name", "") != "api-root"]
        return [
            *own,
            path("<path:unknown>", nowhere, name="nowhere"),
            path("", nowhere, {"unknown": ""}, name="api-root"),
        ]


def _not_allowed(place: PathView) -> HttpResponse:
    methods = sorted({method for operation in place.operations for method in operation.methods})
    answer = HttpResponseNotAllowed(methods, content_type="application/problem+json")
    status = HTTPStatus.METHOD_NOT_ALLOWED
    body = {"type": "about:blank", "title": status.phrase, "status": status, "detail": ", ".join(methods)}
    answer.content = JsonResponse(body).content
    return answer


@public
def nowhere(request: HttpRequest, unknown: str) -> HttpResponse:
    """Say that there is nothing here, in the form of the API."""
    return problem(request, 404, detail=_("There is nothing at this address. What there is: /api/v1/openapi.json"))


def _refused(request: HttpRequest, refusal: Any) -> HttpResponse:
    facts = {name: str(value) for name, value in getattr(refusal, "facts", {}).items()}
    return problem(
        request,
        refusal.status,
        title=refusal.title,
        detail=refusal,
        kind=NAMES + refusal.title,
        **({"facts": facts} if facts else {}),
    )


def _misshapen(request: HttpRequest, exc: Any) -> HttpResponse:
    errors = [
        {"field": ".".join(str(part) for part in error["loc"][1:]), "message": error["msg"]} for error in exc.errors
    ]
    return problem(
        request, 422, detail=_("Some of what was sent does not have the shape it should have."), errors=errors
    )


def _unfilled(request: HttpRequest, exc: Any) -> HttpResponse:
    errors = [
        {"field": "" if field == "__all__" else field, "message": message}
        for field, messages in exc.message_dict.items()
        for message in messages
    ]
    return problem(request, 422, detail=_("Please look at these again"), errors=errors)


def _http(request: HttpRequest, exc: Any) -> HttpResponse:
    answer = problem(request, exc.status_code, detail=exc)
    if exc.status_code == HTTPStatus.UNAUTHORIZED:
        answer["WWW-Authenticate"] = 'Bearer realm="lianxin"'
    return answer


def _gone(request: HttpRequest, exc: Any) -> HttpResponse:
    return problem(request, 404, detail=_("There is no such thing, or it is not one you may see."))


def _denied(request: HttpRequest, exc: Any) -> HttpResponse:
    return problem(
        request,
        403,
        detail=_("Your post does not include this. Ask the person who looks after accounts in your office."),
    )


def _too_big(request: HttpRequest, exc: Any) -> HttpResponse:
    return problem(request, 413, detail=_("This is more than can be taken at once."))


def _broken(request: HttpRequest, exc: Any) -> HttpResponse:
    log.error("The API broke at %s", request.path, exc_info=exc)
    return problem(request, 500, detail=_("Something went wrong here. It has been noted."))


HANDLERS: dict[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
    Refusal: _refused,
    ShapeError: _misshapen,
    ValidationError: _unfilled,
    HttpError: _http,
    Http404: _gone,
    PermissionDenied: _denied,
    RequestDataTooBig: _too_big,
    Exception: _broken,
}


def make() -> Api:
    """Return the API with both doors behind it."""
    made = Api(
        title="Lianxin 连心桥",
        version=VERSION,
        description="What residents and officers do on the pages, for programs. Errors are application/problem+json.",
        docs_url=None,
        docs_decorator=public,
        urls_namespace="api",
    )
    made.add_router("", portal)
    made.add_router("", desk)
    made.add_router("/field", field)
    made.add_router("/outbox", outbox)
    for kind, handler in HANDLERS.items():
        made.add_exception_handler(kind, handler)
    return made


api = make()

"""The shell of the app: a page without a word about anybody, which the telephone keeps and opens without a network."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from csp.decorators import csp_update
from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lianxin.field.deeds import VERSION
from lianxin.field.views.words import WORDS
from lianxin.people.models import County
from lianxin.people.rules import public

FACE = ("face/vendor/bootstrap.min.css", "face/theme.css", "face/dark.css", "face/mark.svg")


@public
@require_safe
@csp_update({"img-src": ["blob:"], "media-src": ["blob:"]})  # photos and recordings that have not left the telephone
def app(request: HttpRequest) -> HttpResponse:
    """Give the page that everything else happens in."""
    return render(request, "field/app.html", {"languages": settings.LANGUAGES})


@public
@never_cache
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """Give the service worker, which knows every file of the shell by its content."""
    shell = {"name": f"field-{_digest()}", "page": reverse("field:app"), "files": _addresses()}
    text = f"const SHELL = {json.dumps(shell)};\n{_own('worker.js').read_text()}"
    return HttpResponse(text, content_type="text/javascript; charset=utf-8")


@public
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """Say how the app is called and looks when it is installed."""
    name = County.now().name
    said = {
        "id": reverse("field:app"), "start_url": reverse("field:app"), "scope": reverse("field:app"),
        "name": f"{name} {WORDS['app']}", "short_name": str(WORDS["app"]), "lang": request.LANGUAGE_CODE,
        "display": "standalone", "orientation": "portrait", "background_color": "#faf8f4", "theme_color": "#faf8f4",
        "icons": [
            {"src": static(f"field/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": "any"}
            for size in (192, 512)
        ],
    }  # fmt: skip
    return JsonResponse(said, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})


@public
@require_safe
def words(request: HttpRequest, code: str) -> HttpResponse:
    """Give every word of the app in one language."""
    if code not in dict(settings.LANGUAGES):
        raise Http404
    return JsonResponse(_spoken(code), json_dumps_params={"ensure_ascii": False})


def _spoken(code: str) -> dict[str, str]:
    with translation.override(code):
        return {key: str(text) for key, text in WORDS.items()}


def _own(name: str) -> Path:
    return Path(str(finders.find(f"field/{name}") or settings.STATIC_ROOT / "field" / name))


def _addresses() -> list[str]:
    """Every address of the shell, in the form in which the modules name each other."""
    files = sorted(path.relative_to(_own("app.js").parent).as_posix() for path in _files())
    own = [f"{settings.STATIC_URL}field/{name}" for name in files if name != "worker.js"]
    spoken = [reverse("field:words", args=[code]) for code, _name in settings.LANGUAGES]
    return [*own, *(static(name) for name in FACE), *spoken, reverse("field:manifest")]


def _files() -> list[Path]:
    folder = _own("app.js").parent
    kept = {".js", ".css", ".png", ".svg"}
    return [path for path in folder.rglob("*") if path.suffix in kept and len(path.suffixes) == 1]


@lru_cache(maxsize=1)
def _digest() -> str:
    """Return the digest of all that the shell is made of: another one is another shell."""
    found = hashlib.sha256(str(VERSION).encode())
    for path in sorted(_files()):
        found.update(path.name.encode() + path.read_bytes())
    for code, _name in settings.LANGUAGES:
        found.update(json.dumps(_spoken(code), sort_keys=True).encode())
    return found.hexdigest()[:16]

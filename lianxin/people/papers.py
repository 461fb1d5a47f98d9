"""Paper: a page set on A4 as a PDF. Whoever prints anything uses this, so that all paper looks alike."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from PIL import ImageFile


def set_on_paper(html: str) -> bytes:
    """Set a page as PDF. Nothing is fetched from a network: of what it points at only our own static files are read.

    Raises OSError where the library for it is missing (make doctor).
    """
    # A second to load, libraries of the system behind it, and only paper needs it: not at the top.
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    # Loading it lets Pillow accept half a picture in the whole process; ours come whole, and people's must be.
    ImageFile.LOAD_TRUNCATED_IMAGES = False

    class OwnFiles(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
            path = urlsplit(url).path
            if not path.startswith(settings.STATIC_URL):
                raise ValueError(f"not one of our files: {url}")
            kind = "text/css" if path.endswith(".css") else "image/svg+xml"
            return URLFetcherResponse(url, _read(path.removeprefix(settings.STATIC_URL)), {"Content-Type": kind})

    made: bytes = HTML(string=html, base_url="lianxin://paper/", url_fetcher=OwnFiles(fail_on_errors=True)).write_pdf()
    return made


@lru_cache(maxsize=32)
def _read(name: str) -> bytes:
    if found := finders.find(name):
        return Path(str(found)).read_bytes()
    with staticfiles_storage.open(name) as stored:
        return bytes(stored.read())

"""Paper: the same page as the browser prints, as a file."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from lianxin.people.papers import set_on_paper


def pdf_of(request: HttpRequest, template: str, context: dict[str, Any], name: str) -> HttpResponse:
    """Set a page on A4 as a PDF; where the library for it is missing (make doctor), as a page that a browser prints."""
    html = render_to_string(template, context, request)
    try:
        content = set_on_paper(html)
    except OSError:
        return HttpResponse(html)
    disposition = f'inline; filename="{name}"'
    return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": disposition})

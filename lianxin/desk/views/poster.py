"""A process as a poster for the wall of the hall."""

from __future__ import annotations

import segno
from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lianxin.desk.views.officer import Request, not_here
from lianxin.flow import chart, rules
from lianxin.flow.models import Process
from lianxin.people.papers import set_on_paper
from lianxin.people.rules import Power, power

SERVICES_PATH = "/services/"  # of the portal, which stands beside the desk
SIZES = ("a4", "a3")


@power(Power.CATALOGUE)
@never_cache
@require_safe
def poster(request: Request, pk: int) -> HttpResponse:
    """Print the chart of a published version, A4 or A3, with a code that leads to the services on the web."""
    found = Process.objects.filter(pk=pk, published_at__isnull=False).first() or not_here()
    asked = request.GET.get("size", "")
    labels = chart.labels_of(found.parsed)
    context = {
        "process": found,
        "chart": chart.svg(found.parsed, labels=labels),
        "lines": chart.text(found.parsed, labels=labels),
        "longest": chart.days_said(rules.longest(rules.walks_of(found.parsed).walks)),
        "size": asked if asked in SIZES else SIZES[0],
        "qr": _qr(),
    }
    html = render_to_string("desk/processes/poster.html", context, request)
    try:
        content = set_on_paper(html)
    except OSError:  # without the library, a page that a browser prints
        return HttpResponse(html)
    name = f"{found.key}-v{found.version}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _qr() -> SafeString:
    """Draw the address of the services on the web."""
    drawn = segno.make(f"{settings.PUBLIC_URL}{SERVICES_PATH}", error="m")
    return mark_safe(drawn.svg_inline(scale=1, border=2, omitsize=True, svgclass=None, lineclass=None))  # noqa: S308 - ours

"""Which hall it is: the one asked for, or the first."""

from __future__ import annotations

from typing import Any

from lianxin.desk.views.officer import Request, not_here
from lianxin.serve.models import Hall


def kept_hall(request: Request) -> Hall | None:
    """Return the hall that this officer keeps: the one asked for, or the first. Raises Http404 for another's."""
    halls = Hall.objects.kept_by(request.user).select_related("office").order_by("office__path")
    return _chosen(request, halls)


def seen_hall(request: Request) -> Hall | None:
    """Return the hall that this officer keeps or sits in. Raises Http404 for another's."""
    halls = Hall.objects.visible_to(request.user).select_related("office").order_by("office__path").distinct()
    return _chosen(request, halls)


def _chosen(request: Request, halls: Any) -> Hall | None:
    wanted = request.GET.get("hall", "")
    if not wanted:
        found: Hall | None = halls.first()
        return found
    named: Hall | None = halls.filter(pk=int(wanted)).first() if wanted.isdecimal() and len(wanted) < 18 else None
    return named or not_here()

"""The catalogue of services: search, one guide, its leaflet, and its forms and samples."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lianxin.flow import chart
from lianxin.flow.models import Process
from lianxin.flow.rules import OWN
from lianxin.ledger.actions import open_file
from lianxin.ledger.models import Attachment
from lianxin.people.rules import public
from lianxin.portal.forms.catalogue import ServicesForm
from lianxin.portal.views.paper import pdf_of
from lianxin.portal.views.visitor import Request
from lianxin.serve.models import DatedList, Material, Service
from lianxin.serve.rules.catalogue import State, gap_words

ON_A_PAGE = 20
VERSIONS_SHOWN = 20


@public
@require_safe
def services(request: Request) -> HttpResponse:
    """Show what can be done at the offices of the county; searched by words, kind of matter, office and way."""
    day = timezone.localdate(request.at)
    form = ServicesForm(request.GET, day=day)
    chosen = form.chosen()
    words = {"words" if name == "q" else name: value for name, value in chosen.items()}
    found = Service.objects.live(day).asked_for(**words)
    page = Paginator(found.in_order(), ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "portal/services/services.html", {"form": form, "page": page, "searched": bool(chosen)})


@public
@require_safe
def service(request: Request, number: str) -> HttpResponse:
    """Show the guide of one service: of the version that counts today, or of the one that is asked for."""
    return render(request, "portal/services/service.html", guide_of(request, number, asked_version(request)))


@public
@require_safe
def service_paper(request: Request, number: str) -> HttpResponse:
    """Give the guide as a leaflet, from the same rows."""
    context = guide_of(request, number, asked_version(request))
    found: Service = context["service"]
    context |= {"office": found.office_name, "number": found.number, "date": context["today"]}
    return pdf_of(request, "portal/services/paper.html", context, f"{found.number}.pdf")


@public
@require_safe
def service_file(request: Request, number: str, pk: int) -> FileResponse:
    """Give a blank form or a sample of a published service."""
    shown = Service.objects.filter(number=number).exclude(state=State.DRAFT)
    materials = Material.objects.filter(service__in=shown)
    is_shown = (
        materials.filter(sample=pk).exists()
        or materials.filter(blank_form=pk).exists()
        or shown.filter(result_sample=pk).exists()
    )
    if not is_shown:
        raise Http404
    kept = get_object_or_404(Attachment, pk=pk)
    response = FileResponse(open_file(kept), as_attachment=True, filename=kept.name, content_type=kept.mime)
    response["X-Content-Type-Options"] = "nosniff"
    return response


def asked_version(request: Request) -> int | None:
    """Return the version that the address asks for. Raises Http404 for one that cannot be."""
    asked = request.GET.get("version", "")
    if asked and not (asked.isascii() and asked.isdigit() and len(asked) < 5):
        raise Http404
    return int(asked) if asked else None


def guide_of(request: Request, number: str, version: int | None = None) -> dict[str, Any]:
    """Return everything that the guide of a service tells. Raises Http404 for one that was never published."""
    today = timezone.localdate(request.at)
    found = Service.objects.shown(number, today, version)
    if found is None:
        raise Http404
    counts = found.counts_on(today)
    return {
        "service": found,
        "materials": list(found.materials.select_related("sample", "blank_form")),
        "lists": list(DatedList.objects.filter(key__in=found.lists, is_public=True)),
        "gaps": gap_words(found.gaps),
        "versions": list(Service.objects.published(number)[:VERSIONS_SHOWN]),
        "counts": counts,
        "is_over": found.valid_to is not None and found.valid_to <= today,
        "is_ending": counts and found.state == State.ABOLISHED,
        "today": today,
        "may_apply": counts and found.can_be_applied_for,
        "may_check": counts and found.self_check_key,
        **_way(request, found),
    }


def _way(request: Request, found: Service) -> dict[str, Any]:
    """Return the way it goes as a picture and in words, where a process is in force."""
    process = Process.objects.current(found.process_key, request.at) if found.process_key else None
    if process is None:
        return {}
    labels = chart.labels_of(process.parsed, {OWN: found.office_name})
    return {"chart": chart.svg(process.parsed, labels=labels), "lines": chart.text(process.parsed, labels=labels)}

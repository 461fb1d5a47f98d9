"""What everybody may look at: answers, figures, places, addressees."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Literal

from django.conf import settings
from django.core.cache import cache
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from ninja import Query, Router

from lianxin.kit.refusal import Refusal
from lianxin.people.models import Office
from lianxin.people.rules import public
from lianxin.places.models import Area
from lianxin.portal.api.shapes import AddresseeOut, Answers, AreaOut, FiguresOut, OfficeOut
from lianxin.portal.forms import addressees
from lianxin.resolve import figures as counted
from lianxin.resolve.models import Publication

router = Router()

AREAS_MOST = 50
KEEP_SECONDS = 60
Words = Annotated[str, Query(max_length=60)]


class WrongSpan(Refusal):
    """The first day lies after the last, or one of them in the future."""

    status = 422


@router.get("/answers", response=Answers, auth=None, summary="What was answered in public")
@public
def answers(
    request: HttpRequest,
    q: Words = "",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    page_size: Annotated[int, Query(ge=1, le=100)] = 20,
) -> dict[str, Any]:
    """Return published answers, newest first; `q` searches their words."""
    found = Publication.objects.published().with_facts()
    pages = Paginator(found.search(q), page_size)
    shown = pages.get_page(page)
    return {
        "count": pages.count,
        "page": shown.number,
        "pages": pages.num_pages,
        "answers": [_told(each) for each in shown],
    }


def _told(answer: Publication) -> dict[str, Any]:
    case = answer.case
    return {
        "id": answer.pk,
        "title": answer.title,
        "question": answer.question,
        "answer": answer.answer,
        "published_at": answer.published_at,
        "subject": case.subject.name if case.subject else "",
        "area": case.area.full_name if case.area else "",
        "result": case.result,
        "url": f"{settings.PUBLIC_URL}{reverse('answer', args=[answer.pk])}",
    }


@router.get("/figures", response=FiguresOut, auth=None, summary="Open figures")
@public
def figures(
    request: HttpRequest,
    since: date | None = None,
    until: date | None = None,
    by: Literal["subject", "area", "whole"] = "subject",
) -> counted.Figures:
    """Return the figures from the day `since` to the day `until`, both included; without them, of this year."""
    at: datetime = request.at  # type: ignore[attr-defined]
    today = timezone.localdate(at)
    first, last = since or today.replace(month=1, day=1), until or today
    if not date(1990, 1, 1) <= first <= last <= today:
        raise WrongSpan(_("The first day must not lie after the last one, nor the last one in the future."))
    key = f"portal:api.figures:{first}:{last}:{by}:{get_language()}"
    kept: counted.Figures | None = cache.get(key)
    if kept is None:
        start, end = (timezone.make_aware(datetime.combine(day, time.min)) for day in (first, last + timedelta(days=1)))
        kept = counted.figures(start, end, at=at, by=by)
        cache.set(key, kept, KEEP_SECONDS)
    return kept


@router.get("/areas", response=list[AreaOut], auth=None, summary="Find a place")
@public
def areas(request: HttpRequest, q: Words = "") -> list[Area]:
    """Return places whose name holds the words, larger ones first; at most 50."""
    found = Area.objects.on(timezone.localdate(request.at)).defer("outline")  # type: ignore[attr-defined]
    return list(found.filter(full_name__icontains=q.replace("\x00", "").strip()).order_by("path")[:AREAS_MOST])


@router.get("/addressees", response=list[AddresseeOut], auth=None, summary="To whom letters can be written")
@public
def letter_addressees(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the posts that take letters, the highest tier first."""
    return [
        {
            "id": each.post.pk,
            "key": f"post:{each.post.pk}",
            "tier": each.post.tier,
            "name": each.name,
            "reader": each.reader,
        }
        for each in addressees(request.at)  # type: ignore[attr-defined]
    ]


@router.get("/addressees/offices", response=list[OfficeOut], auth=None, summary="Which offices can be asked for")
@public
def addressed_offices(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the offices that may be asked to deal with a matter, by what they are."""
    found = Office.objects.on(timezone.localdate(request.at)).to_be_asked()  # type: ignore[attr-defined]
    return [
        {"key": f"office:{pk}", "kind": kind, "name": name}
        for pk, kind, name in found.order_by("kind", "path").values_list("id", "kind", "name")
    ]

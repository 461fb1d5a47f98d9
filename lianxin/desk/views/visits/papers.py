"""Paper: contact cards, open letters with the right names, the sheet of a team, a notebook of a month, minutes."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import segno
from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lianxin.desk.views.officer import Request, not_here
from lianxin.kit.clock import ZONE
from lianxin.people.models import County, Office, Post
from lianxin.people.papers import set_on_paper
from lianxin.people.rules import Power, power
from lianxin.places.models import Area
from lianxin.record.models import Diary, Encounter, EncounterKind, Offer, Team, TeamMember, reach_of

SPEAK_PATH = "/speak/"
NAMES_MOST = 12


@power(Power.VISIT)
@never_cache
@require_safe
def contact_card(request: Request) -> HttpResponse:
    """Print one's own contact card: name, post, phone of the office, where else one can turn, and a code."""
    holding = request.user.standing.find(Power.VISIT, anywhere=True) or not_here()
    post = Post.objects.select_related("office").get(pk=holding.post_id)
    areas = _places(request)
    context = {"officer": request.user, "post": post, "areas": areas, "office": post.office, "county": County.now()}
    return _paper(request, "desk/visits/card.html", context, "card.pdf")


def _places(request: Request) -> list[str]:
    paths = reach_of(request.user, request.at).paths[:NAMES_MOST]
    return [str(area) for area in Area.objects.filter(path__in=paths).order_by("path")]


@power(Power.VISIT, Power.PLAN)
@never_cache
@require_safe
def letter_paper(request: Request, pk: int) -> HttpResponse:
    """Print an open letter with the names and phone of the team that brings it."""
    found = Offer.objects.filter(pk=pk, kind=Offer.Kind.LETTER).select_related("office").first() or not_here()
    team = _asked_team(request)
    names = list(_names(team, request)) if team else []
    office = team.office if team else (found.office or _own_office(request))
    context = {
        "letter": found, "team": team, "names": names, "office": office, "date": timezone.localdate(request.at),
        "county": County.now(), "areas": [given.area for given in team.areas.select_related("area")] if team else [],
    }  # fmt: skip
    return _paper(request, "desk/visits/letter.html", context, f"letter-{found.pk}.pdf")


def _own_office(request: Request) -> Office | None:
    holding = request.user.standing.find(Power.VISIT, anywhere=True)
    return Office.objects.filter(pk=holding.office_id).first() if holding else None


def _asked_team(request: Request) -> Team | None:
    wanted = request.GET.get("team", "")
    rows = Team.objects.visible_to(request.user).select_related("office", "leader", "campaign")
    if wanted:
        return (rows.filter(pk=wanted).first() if wanted.isdecimal() and len(wanted) < 18 else None) or not_here()
    today = timezone.localdate(request.at)
    mine = TeamMember.objects.on(today).filter(user=request.user).values("team")
    return rows.filter(pk__in=mine).order_by("pk").first()


def _names(team: Team, request: Request) -> Any:
    today = timezone.localdate(request.at)
    return TeamMember.objects.on(today).filter(team=team).order_by("user__name").values_list("user__name", flat=True)


@power(Power.VISIT, Power.PLAN)
@never_cache
@require_safe
def team_paper(request: Request, pk: int) -> HttpResponse:
    """Print the sheet of a team: its people with ranks, its places, its days."""
    found = Team.objects.visible_to(request.user).select_related("campaign", "office", "leader").filter(pk=pk).first()
    team = found or not_here()
    today = timezone.localdate(request.at)
    context = {
        "team": team, "office": team.office, "date": today,
        "members": TeamMember.objects.on(today).filter(team=team).select_related("user").order_by("user__name"),
        "areas": team.areas.select_related("area").order_by("area__path"),
        "outings": team.outings.filter(on__gte=today).select_related("area").order_by("on")[:20],
    }  # fmt: skip
    return _paper(request, "desk/visits/team_paper.html", context, f"team-{team.pk}.pdf")


@power(Power.VISIT)
@never_cache
@require_safe
def notebook(request: Request) -> HttpResponse:
    """Print one's own notebook of a month: visits and diary, day by day."""
    month = _month(request.GET.get("month", ""), timezone.localdate(request.at))
    after = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    start, end = datetime.combine(month, time.min, ZONE), datetime.combine(after, time.min, ZONE)
    visits = Encounter.objects.visible_to(request.user).filter(recorder=request.user).done().between(start, end)
    context = {
        "month": month, "officer": request.user,
        "visits": visits.select_related("kind", "household", "enterprise", "area").order_by("starts_at"),
        "entries": Diary.objects.filter(author=request.user, on__gte=month, on__lt=after).order_by("on", "pk"),
    }  # fmt: skip
    return _paper(request, "desk/visits/notebook.html", context, f"notebook-{month:%Y-%m}.pdf", qr=False)


def _month(asked: str, today: date) -> date:
    try:
        return date.fromisoformat(f"{asked}-01")
    except ValueError:
        return today.replace(day=1)


@power(Power.VISIT, Power.PLAN)
@never_cache
@require_safe
def minutes(request: Request, number: str) -> HttpResponse:
    """Print the minutes of a session: who was asked and came, what lay on the table, what came of it."""
    rows = Encounter.objects.visible_to(request.user).filter(kind__of=EncounterKind.Of.SESSION)
    found = rows.select_related("kind", "area", "office", "recorder").filter(number=number[:20]).first() or not_here()
    context = {
        "session": found, "office": found.office, "date": timezone.localdate(found.starts_at), "number": found.number,
        "members": found.members.order_by("name"), "topics": found.topics.order_by("number"),
        "invitations": found.invitations.select_related("guest").order_by("guest__category", "guest__name"),
    }  # fmt: skip
    return _paper(request, "desk/visits/minutes.html", context, f"{found.number}.pdf", qr=False)


def _paper(request: Request, template: str, context: dict[str, Any], name: str, *, qr: bool = True) -> HttpResponse:
    """Set a page on paper; without the library, a page that a browser prints."""
    html = render_to_string(template, context | ({"qr": _qr()} if qr else {}), request)
    try:
        content = set_on_paper(html)
    except OSError:
        return HttpResponse(html)
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _qr() -> SafeString:
    """Draw the address at which anybody may speak."""
    drawn = segno.make(f"{settings.PUBLIC_URL}{SPEAK_PATH}", error="m")
    return mark_safe(drawn.svg_inline(scale=1, border=2, omitsize=True, svgclass=None, lineclass=None))  # noqa: S308 - ours

"""The county's reference tables: calendar, limits, office hours, offices, areas."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import Count, Max, Q
from django.db.models.functions import ExtractYear
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lianxin.kit.clock import local
from lianxin.kit.text import clean
from lianxin.people import actions
from lianxin.people.forms.reference import (
    AreaForm,
    CloseOfficeForm,
    CountyForm,
    EndAreaForm,
    HoursForm,
    LimitForm,
    NewLimitForm,
    OfficeForm,
    OpenOfficeForm,
    OwnHoursForm,
    RenameAreaForm,
)  # fmt: skip
from lianxin.people.models import CalendarDay, County, Limit, Office, OfficeHours
from lianxin.people.rules import Power, power, signed_in
from lianxin.people.views.ask import ask
from lianxin.people.views.request import OfficerRequest
from lianxin.places.models import Area

EDGES = ("morning_opens", "morning_closes", "afternoon_opens", "afternoon_closes")


@signed_in
def calendar(request: OfficerRequest) -> HttpResponse:
    """Show which years are announced, and the days of one."""
    years = (
        CalendarDay.objects.annotate(year=ExtractYear("date"))
        .values("year")
        .annotate(
            rests=Count("id", filter=Q(is_workday=False)),
            makeups=Count("id", filter=Q(is_workday=True)),
            source=Max("source"),
        )
        .order_by("-year")
    )
    wanted = request.GET.get("year", "")
    year = int(wanted) if wanted.isdecimal() and len(wanted) == 4 else local(request.at).year
    known = {row["year"] for row in years}
    context = {
        "years": years,
        "year": year,
        "days": CalendarDay.objects.filter(date__year=year).order_by("date"),
        "unknown": [y for y in (local(request.at).year, local(request.at).year + 1) if y not in known],
        "may_import": Power.REFERENCE in request.user.standing.powers,
        "here": "calendar",
    }
    return render(request, "people/calendar.html", context)


@signed_in
def limits(request: OfficerRequest) -> HttpResponse:
    """Show every limit with its versions and its basis, and the office hours."""
    day = local(request.at).date()
    context = {
        "limits": Limit.objects.on(day).order_by("id"),
        "others": Limit.objects.exclude(pk__in=Limit.objects.on(day).values("pk")).order_by("key", "-valid_from"),
        "hours": OfficeHours.of_county(),
        "may_set": Power.REFERENCE in request.user.standing.powers,
        "here": "limits",
    }
    return render(request, "people/limits.html", context)


@power(Power.REFERENCE)
def add_limit(request: OfficerRequest) -> HttpResponse:
    """Set a limit of a kind that has none yet."""
    today = local(request.at).date()
    form = NewLimitForm(request.POST or None, initial={"starts": today}, today=today)
    return ask(
        request,
        form,
        deed=lambda: actions.set_limit(**form.cleaned_data, by=request.user, at=request.at),
        title=_("New limit"),
        submit=_("Set the limit"),
        done=_("The limit counts from that day on."),
        back=reverse("limits"),
        here="limits",
    )


@power(Power.REFERENCE)
def set_limit(request: OfficerRequest, pk: int) -> HttpResponse:
    """Begin a new version of a limit."""
    old = get_object_or_404(Limit, pk=pk)
    today = local(request.at).date()
    initial = {
        "name": old.name, "value": old.value, "unit": old.unit, "rolls": old.rolls, "start_fact": old.start_fact,
        "starts": today,
    }  # fmt: skip
    form = LimitForm(request.POST or None, initial=initial)
    return ask(
        request,
        form,
        deed=lambda: actions.set_limit(key=old.key, **form.cleaned_data, by=request.user, at=request.at),
        title=_("A new version of this limit"),
        intro=f"{old.name} ({old.key})",
        submit=_("Set the limit"),
        done=_("The new limit counts from that day on. The old one stays on record."),
        back=reverse("limits"),
        here="limits",
    )


@power(Power.REFERENCE)
def hours(request: OfficerRequest) -> HttpResponse:
    """Write when the county's offices are open."""
    edges = [edge for period in OfficeHours.of_county().periods for edge in period]
    form = HoursForm(request.POST or None, initial=dict(zip(EDGES, edges, strict=False)))
    return ask(
        request,
        form,
        deed=lambda: actions.set_hours(form.periods, by=request.user, at=request.at),
        title=_("Office hours of the county"),
        intro=_("A deadline in days ends when the offices close; one in office hours counts only while they are open."),
        submit=_("Set the hours"),
        done=_("The office hours are set."),
        back=reverse("limits"),
        here="limits",
    )


@power(Power.REFERENCE)
def offices(request: OfficerRequest) -> HttpResponse:
    """List the offices as a tree."""
    day = local(request.at).date()
    rows = Office.objects.not_over(day).in_tree_order().prefetch_related("officehours_set")
    return render(request, "people/offices.html", {"offices": rows, "here": "offices"})


@power(Power.REFERENCE)
def open_office(request: OfficerRequest) -> HttpResponse:
    """Open an office."""
    form = OpenOfficeForm(request.POST or None, today=local(request.at).date())
    return ask(
        request,
        form,
        deed=lambda: actions.open_office(**form.cleaned_data, by=request.user, at=request.at),
        title=_("New office"),
        submit=_("Open the office"),
        done=_("The office is open."),
        back=reverse("offices"),
        here="offices",
    )


@power(Power.REFERENCE)
def edit_office(request: OfficerRequest, pk: int) -> HttpResponse:
    """Write what an office is called, where it can be reached, and for which areas it answers."""
    office = get_object_or_404(Office, pk=pk)
    form = OfficeForm(request.POST or None, office=office, today=local(request.at).date())
    return ask(
        request,
        form,
        deed=lambda: actions.edit_office(office, **form.cleaned_data, by=request.user, at=request.at),
        title=office.name,
        intro=_("A new name counts at once and everywhere; the old one stays in the ledger."),
        submit=_("Keep it"),
        done=_("It is kept."),
        back=reverse("offices"),
        here="offices",
    )


@power(Power.REFERENCE)
def office_hours(request: OfficerRequest, pk: int) -> HttpResponse:
    """Write when one office is open, if not as the county's."""
    office = get_object_or_404(Office, pk=pk)
    edges = [edge for period in office.own_hours for edge in (period.opens, period.closes)]
    form = OwnHoursForm(request.POST or None, initial=dict(zip(EDGES, edges, strict=False)))
    return ask(
        request,
        form,
        deed=lambda: actions.set_hours(form.periods, office=office, by=request.user, at=request.at),
        title=_("Office hours of %(office)s") % {"office": office.name},
        intro=_(
            "Leave all empty to keep those of the county. Deadlines are always counted by the hours of the county."
        ),
        submit=_("Set the hours"),
        done=_("The office hours are set."),
        back=reverse("offices"),
        here="offices",
    )


@power(Power.REFERENCE)
def county(request: OfficerRequest) -> HttpResponse:
    """Write what the county is called, and its hotline."""
    row = get_object_or_404(County)
    form = CountyForm(request.POST or None, initial={"name": row.name, "hotline": row.hotline})
    return ask(
        request,
        form,
        deed=lambda: actions.edit_county(**form.cleaned_data, by=request.user, at=request.at),
        title=_("Name and hotline of the county"),
        intro=_("Receipt numbers go on beginning with %(prefix)s.") % {"prefix": row.prefix},
        submit=_("Keep it"),
        done=_("It is kept."),
        back=reverse("edit_county"),
        here="edit_county",
    )


@power(Power.REFERENCE)
def close_office(request: OfficerRequest, pk: int) -> HttpResponse:
    """End an office on a day."""
    office = get_object_or_404(Office, pk=pk)
    form = CloseOfficeForm(request.POST or None, office=office, today=local(request.at).date())
    return ask(
        request,
        form,
        deed=lambda: actions.close_office(office, **form.cleaned_data, by=request.user, at=request.at),
        title=_("Close the office"),
        intro=office.name,
        submit=_("Close for good"),
        done=_("The office closes on that day."),
        back=reverse("offices"),
        here="offices",
    )


@power(Power.REFERENCE)
def areas(request: OfficerRequest) -> HttpResponse:
    """List the areas of today, found by name or code."""
    query = clean(request.GET.get("q", ""))[:60].strip()
    rows = Area.objects.on(local(request.at).date()).filter(Q(full_name__contains=query) | Q(code__startswith=query))
    rows = rows.defer("outline").annotate(is_drawn=Q(outline__isnull=False))
    page = Paginator(rows.in_tree_order(), 100).get_page(request.GET.get("page"))
    return render(request, "people/areas.html", {"page": page, "query": query, "here": "areas"})


@power(Power.REFERENCE)
def add_area(request: OfficerRequest) -> HttpResponse:
    """Write a new area."""
    form = AreaForm(request.POST or None, today=local(request.at).date())
    return ask(
        request,
        form,
        deed=lambda: actions.add_area(**form.cleaned_data, by=request.user, at=request.at),
        title=_("New area"),
        submit=_("Add the area"),
        done=_("The area is added."),
        back=reverse("areas"),
        here="areas",
    )


@power(Power.REFERENCE)
def rename_area(request: OfficerRequest, pk: int) -> HttpResponse:
    """Give an area another name from a day on, alone or together with others."""
    area = get_object_or_404(Area, pk=pk)
    form = RenameAreaForm(request.POST or None, area=area, today=local(request.at).date())

    def deed() -> None:
        said = form.cleaned_data
        actions.merge_areas(
            [area, *said["others"]], name=said["name"], on=said["on"], code=said["code"], by=request.user, at=request.at
        )

    return ask(
        request,
        form,
        deed=deed,
        title=_("Rename or merge"),
        intro=area.full_name,
        submit=_("Let it be so"),
        done=_("The new name counts from that day on. The old one stays on record."),
        back=reverse("areas"),
        here="areas",
    )


@power(Power.REFERENCE)
def end_area(request: OfficerRequest, pk: int) -> HttpResponse:
    """End an area in which nothing lies."""
    area = get_object_or_404(Area, pk=pk)
    form = EndAreaForm(request.POST or None)
    return ask(
        request,
        form,
        deed=lambda: actions.end_area(area, **form.cleaned_data, by=request.user, at=request.at),
        title=_("End the area"),
        intro=area.full_name,
        submit=_("End it"),
        done=_("The area ends on that day."),
        back=reverse("areas"),
        here="areas",
    )

"""Files on paper, empty and filled from one version of the form; and lists that are taken away."""

from __future__ import annotations

from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from openpyxl import Workbook

from lianxin.desk.deeds.files import narrowed
from lianxin.desk.deeds.standing import read
from lianxin.desk.forms.archives import HouseholdsForm
from lianxin.desk.views.archives.households import mine
from lianxin.desk.views.export import EXCEL, plain
from lianxin.desk.views.officer import Request, not_here
from lianxin.kit.text import mask_id, mask_name, mask_phone
from lianxin.people.models import County
from lianxin.people.papers import set_on_paper
from lianxin.people.rules import Power, power
from lianxin.places.models import Area
from lianxin.record import actions
from lianxin.record.models import Household, Resident, reach_of, unseal
from lianxin.record.rules import FORM_VERSION, Of

BOOK_MOST = 200  # households of one book on paper; a village that has more is printed group by group
ROWS_MOST = 20_000
NOBODY: list[Resident | None] = [None]
EMPTY_ROWS = range(8)
EMPTY: tuple[tuple[None, None]] = ((None, None),)  # one form without a household
COLUMNS = (
    pgettext_lazy("column", "number"),
    pgettext_lazy("column", "place"),
    pgettext_lazy("column", "door"),
    pgettext_lazy("column", "head"),
    pgettext_lazy("column", "name"),
    pgettext_lazy("column", "relation"),
    pgettext_lazy("column", "sex"),
    pgettext_lazy("column", "born on"),
    pgettext_lazy("column", "identity number"),
    pgettext_lazy("column", "phone"),
    pgettext_lazy("column", "who lives there"),
    pgettext_lazy("column", "verified"),
)


@power(Power.VISIT)
@never_cache
@require_safe
def household_paper(request: Request, number: str) -> HttpResponse:
    """Give one file on paper, as masked as its page."""
    found = mine(request, number)
    actions.look(found, by=request.user, at=request.at)
    return _paper(request, [found], found.number)


@power(Power.VISIT)
@never_cache
@require_safe
def village_book(request: Request, pk: int) -> HttpResponse:
    """Give the files of a village as one book on paper, in the order of the doors."""
    area = _area(request, pk)
    rows = Household.objects.visible_to(request.user).open().within(area).select_related("area", "book", "verified_by")
    found = list(rows.order_by("area__path", "door", "id")[: BOOK_MOST + 1])
    if len(found) > BOOK_MOST:
        words = gettext("More than %(most)s households are no book. Print it group by group.")
        messages.error(request, words % {"most": BOOK_MOST})
        return redirect("desk:village", area.pk)
    actions.print_book(area, count=len(found), by=request.user, at=request.at)
    return _paper(request, found, f"book-{area.pk}")


@power(Power.VISIT)
@never_cache
@require_safe
def blank_file(request: Request, pk: int) -> HttpResponse:
    """Give the empty form of a household's file, for the doors of this place."""
    return _paper(request, [], f"blank-{FORM_VERSION}", area=_area(request, pk))


def _paper(request: Request, found: list[Household], name: str, *, area: Area | None = None) -> HttpResponse:
    files = [(household, read(household, request.user, request.at)) for household in found]
    context: dict[str, Any] = {
        "files": files or EMPTY, "area": area, "version": FORM_VERSION, "rows": EMPTY_ROWS,
        "kinds": [of.label for of in Of], "office": County.now().name, "printed": request.at, "by": request.user,
    }  # fmt: skip
    html = render_to_string("desk/archives/paper.html", context)
    try:
        content = set_on_paper(html)
    except OSError:
        return HttpResponse(html)
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


@power(Power.EXPORT)
@never_cache
@require_safe
def export_households(request: Request) -> HttpResponse | FileResponse:
    """Give the people of the files of this filter as a workbook, masked, and on record."""
    rows = narrowed(HouseholdsForm(request.GET, user=request.user).chosen(), user=request.user, at=request.at)
    numbers = list(rows.order_by("area__path", "door", "id").values_list("pk", flat=True)[: ROWS_MOST + 1])
    if len(numbers) > ROWS_MOST:
        words = gettext("These are more than %(most)s households. Please narrow the list first.")
        messages.error(request, words % {"most": ROWS_MOST})
        return redirect(reverse("desk:households"))
    actions.take_away(query=request.GET.urlencode(), count=len(numbers), by=request.user, at=request.at)
    book = Workbook(write_only=True)
    sheet = book.create_sheet(gettext("Households"))
    sheet.append([str(words) for words in COLUMNS])
    for line in _lines(numbers):
        sheet.append([plain(cell) for cell in line])
    file = TemporaryFile()  # noqa: SIM115 - the response closes it
    book.save(file)
    file.seek(0)
    name = f"households-{timezone.localtime(request.at):%Y%m%d-%H%M}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=EXCEL)


def _lines(numbers: list[int]) -> Iterator[list[Any]]:
    for start in range(0, len(numbers), 500):
        part = numbers[start : start + 500]
        people: dict[int, list[Resident | None]] = {}
        for row in Resident.objects.living().filter(household__in=part).order_by("household", "-is_head", "id"):
            people.setdefault(row.household_id, []).append(row)
        found = Household.objects.select_related("area").defer("grams", "area__outline").in_bulk(part)
        for pk in part:
            household = found[pk]
            head = [household.number, str(household.area), household.door, mask_name(household.called)]
            said = household.verified_at.date().isoformat() if household.verified_at else ""
            tail = [str(household.get_presence_display()), said]
            for person in people.get(pk, NOBODY):
                yield [*head, *_person(person), *tail]


def _person(row: Resident | None) -> list[str]:
    if row is None:
        return [""] * 6
    born = str(row.born_on.year) if row.born_on else ""
    who = [mask_name(row.name), row.relation, str(row.get_sex_display()), born]
    return [*who, mask_id(unseal(row.identity)), mask_phone(unseal(row.phone))]


def _area(request: Request, pk: int) -> Area:
    return Area.objects.filter(reach_of(request.user).areas(), pk=pk).defer("outline").first() or not_here()

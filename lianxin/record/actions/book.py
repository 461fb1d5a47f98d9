"""Paper books: registered, scanned page by page, and each page looked at by a second pair of eyes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lianxin.kit.clock import local
from lianxin.kit.refusal import Refusal
from lianxin.ledger.actions import keep_file, note
from lianxin.people.actions import need
from lianxin.people.actions.words import NothingSaid, line
from lianxin.people.models import User
from lianxin.people.rules import Power
from lianxin.places.models import Area
from lianxin.record.actions.reached import as_keeper, as_writer
from lianxin.record.models import Book, Household, Period, Scan
from lianxin.record.rules import Regular


class BookTaken(Refusal):
    """There is a book of this number."""


class PageTaken(Refusal):
    """This page was scanned already."""


class NoSuchPage(Refusal):
    """The book has not so many pages, or is not a book of this place."""

    status = 422


class SecondEyes(Refusal):
    """Who scanned a page does not check it."""


class PastPeriod(Refusal):
    """A period is set for the days to come."""

    status = 422


@transaction.atomic
def register_book(
    *, number: str, title: str, areas: Iterable[Area], by: User, at: datetime, pages: int | None = None,
    begun_on: date | None = None, kept_at: str = "",
) -> Book:  # fmt: skip
    """Register one paper volume and the villages that it covers. Raises BookTaken, NothingSaid, NotAllowed."""
    covered = list(areas)
    for area in covered:
        as_keeper(area, by=by, at=at)
    if not covered or not line(number, most=40):
        raise NothingSaid(_("Please write the number on the cover, and choose at least one village."))
    try:
        with transaction.atomic():
            book = Book.objects.create(
                number=line(number, most=40), title=line(title), pages=pages, begun_on=begun_on, kept_at=line(kept_at)
            )
    except IntegrityError:
        raise BookTaken(_("There is a book of this number already.")) from None
    book.areas.add(*covered)
    note("book.registered", book, by=by, at=at, data={"areas": [area.pk for area in covered]})
    return book


@transaction.atomic
def scan(book: Book, *, page: int, file: Any, by: User, at: datetime) -> Scan:
    """Keep one page of a book as a picture or PDF. Raises PageTaken, NoSuchPage, the refusals of files, NotAllowed."""
    need(by, Power.VISIT, at=at, anywhere=True)
    if page < 1 or (book.pages and page > book.pages) or not Book.objects.visible_to(by).filter(pk=book.pk).exists():
        raise NoSuchPage(_("This book has no such page."))
    kept = keep_file(content=file, name=str(file.name), by=by, at=at)
    try:
        with transaction.atomic():
            row = Scan.objects.create(book=book, page=page, file=kept, by=by, at=at)
    except IntegrityError:
        raise PageTaken(_("This page was scanned already.")) from None
    note("book.scanned", book, by=by, at=at, data={"page": page})
    return row


@transaction.atomic
def check_scan(row: Scan, *, by: User, at: datetime) -> Scan:
    """Say that a scanned page can be read and is the right one; not by who scanned it. Raises SecondEyes."""
    need(by, Power.VISIT, at=at, anywhere=True)
    if row.by_id == by.pk or not Book.objects.visible_to(by).filter(pk=row.book_id).exists():
        raise SecondEyes(_("Somebody else looks at the page once more."))
    row.checked_by, row.checked_at = by, at
    row.save(update_fields=["checked_by", "checked_at"])
    note("book.checked", row.book, by=by, at=at, data={"page": row.page})
    return row


@transaction.atomic
def bind(household: Household, *, book: Book, page: int, by: User, at: datetime) -> Household:
    """Say on which page of which book a household stands on paper. Raises NoSuchPage, NotAllowed."""
    whose = as_writer(household, by=by, at=at)
    if page < 1 or (book.pages and page > book.pages):
        raise NoSuchPage(_("This book has no such page."))
    household.book, household.page = book, page
    household.save(update_fields=["book", "page"])
    note("household.bound", household, by=by, at=at, behalf=whose, data={"book": book.pk, "page": page})
    return household


@transaction.atomic
def set_period(
    *, regular: str, months: int, by: User | None, at: datetime, in_difficulty: bool = False, basis: str = "",
    starts: date | None = None,
) -> Period:  # fmt: skip
    """Say after how many months files are updated, households revisited, files assessed; needs PLAN.

    Raises PastPeriod, NotAllowed.
    """
    whose = need(by, Power.PLAN, at=at, anywhere=True).behalf if by else None
    day = starts or local(at).date()
    last = (
        Period.objects.select_for_update().filter(regular=regular, in_difficulty=in_difficulty, valid_to=None).first()
    )
    if months < 1 or (last and last.valid_from >= day):
        raise PastPeriod(_("At least one month, and from a later day than the period before."))
    if last:
        last.valid_to = day
        last.save(update_fields=["valid_to"])
    period = Period.objects.create(
        regular=Regular(regular),
        in_difficulty=in_difficulty,
        months=months,
        basis=line(basis, most=200),
        valid_from=day,
    )
    note("period.set", period, by=by, at=at, behalf=whose, data={"regular": regular, "months": months})
    return period

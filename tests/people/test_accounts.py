"""Accounts, tokens, phone codes, calendar, limits: the deeds behind the pages."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import RequestFactory

from lianxin.kit.clock import OFFICE, Calendar, Day, Unit
from lianxin.kit.rows import read_rows
from lianxin.ledger.models import Event
from lianxin.people import actions
from lianxin.people.actions import (
    AlreadyFounded,
    LastKeeper,
    NameTaken,
    NotAllowed,
    PastLimit,
    TooManyCodes,
    WeakPassword,
    WrongExpiry,
    WrongHours,
    WrongPhone,
    WrongPrefix,
    check_phone_code,
    make_phone_code,
)
from lianxin.people.api import TokenAuth
from lianxin.people.models import (
    CalendarDay,
    County,
    Limit,
    OfficeHours,
    PhoneCode,
    Token,
    User,
    calendar_now,
)
from lianxin.people.rules import Power, read_calendar
from lianxin.project import settings as installed
from tests.cast import Cast

pytestmark = pytest.mark.django_db
PHONE = "13900000000"


# The county


def test_a_county_is_founded_once(at: datetime) -> None:
    assert County.now().name == ""
    county = actions.found_county(name="云溪县", prefix="YX", at=at)
    assert (County.now().name, County.now().hotline) == ("云溪县", "12345")
    assert Event.objects.about(county).get().verb == "county.founded"
    with pytest.raises(AlreadyFounded):
        actions.found_county(name="又一县", prefix="ZZ", at=at)


@pytest.mark.parametrize("prefix", ["", "Y", "yx", "Y1", "云溪", "ABCDE"])
def test_receipt_numbers_begin_with_capital_letters(prefix: str, at: datetime) -> None:
    with pytest.raises(WrongPrefix):
        actions.found_county(name="云溪县", prefix=prefix, at=at)


def test_default_limits_say_that_they_are_no_law(cast: Cast, at: datetime) -> None:
    assert len(actions.seed_limits(at=at)) == 9
    assert actions.seed_limits(at=at) == []
    found = {limit.key: (limit.value, limit.unit) for limit in Limit.objects.on(at.date())}
    assert found == {
        "triage": (1, "workday"), "case.ordinary": (5, "workday"), "case.complex": (15, "workday"),
        "case.major": (24, "hour"), "task.return": (1, "workday"), "confirm": (30, "natural_day"),
        "application.tell": (5, "workday"), "rating.answer": (5, "workday"), "field.contact": (7, "natural_day"),
    }  # fmt: skip
    by_law = Limit.objects.exclude(legal_basis__contains="不是法律规定")
    assert [(limit.key, limit.legal_basis) for limit in by_law] == [("application.tell", "行政许可法第三十二条")]
    assert Limit.objects.get(key="case.major").term.unit is Unit.HOUR


# Limits and hours


def _limit(at: datetime, by: User | None, starts: date, value: int = 3) -> Limit:
    return actions.set_limit(
        key="triage", name="分拣", value=value, unit="workday", start_fact="收到", legal_basis="x", starts=starts,
        by=by, at=at,
    )  # fmt: skip


def test_a_limit_is_followed_and_never_overwritten(cast: Cast, it: User, at: datetime) -> None:
    actions.seed_limits(at=at)
    today = at.date()
    _limit(at, it, today + timedelta(days=9))
    days = [today, today + timedelta(days=8), today + timedelta(days=9)]
    assert [Limit.objects.on(day).get(key="triage").value for day in days] == [1, 1, 3]
    with pytest.raises(PastLimit):
        _limit(at, it, today - timedelta(days=1))
    with pytest.raises(PastLimit):
        _limit(at, it, today + timedelta(days=5))
    with pytest.raises(NotAllowed):
        _limit(at, cast.officers["neighbour"], today + timedelta(days=20))


def test_office_hours_are_those_of_the_rows(cast: Cast, it: User, neighbour: User, at: datetime) -> None:
    assert OfficeHours.of_county() is OFFICE
    actions.set_hours([(time(9), time(12)), (time(13), time(17))], by=it, at=at)
    assert OfficeHours.of_county().periods == ((time(9), time(12)), (time(13), time(17)))
    for wrong in ([(time(9), time(12)), (time(11), time(17))], [(time(9), time(9))], [(time(12), time(9))]):
        with pytest.raises(WrongHours):
            actions.set_hours(wrong, by=it, at=at)
    with pytest.raises(NotAllowed):
        actions.set_hours([], by=neighbour, at=at)
    actions.set_hours([], by=it, at=at)
    assert OfficeHours.of_county() is OFFICE


# The calendar


def _days(rows: list[dict[str, str]]) -> list[Day]:
    days, troubles = read_calendar(rows)
    assert troubles == []
    return days


def _written(days: list[Day]) -> list[dict[str, str]]:
    return [{"date": d.date.isoformat(), "is_workday": str(int(d.is_workday)), "name": d.name} for d in days]


@pytest.mark.parametrize("year", range(2004, 2027))
def test_every_announced_year_passes_as_whole(year: int) -> None:
    _days(_written([day for day in Calendar.seeded().days if day.date.year == year]))


def test_the_seed_is_what_the_package_knows(at: datetime, cast: Cast) -> None:
    years = actions.seed_calendar(at=at)
    assert years == list(range(2004, 2027))
    assert actions.seed_calendar(at=at) == []
    assert calendar_now().days == Calendar.seeded().days
    assert calendar_now().known_years == frozenset(range(2004, 2027))
    assert Event.objects.filter(verb="calendar.imported").count() == 23


def test_an_import_replaces_a_whole_year_and_leaves_the_others(calendar: None, it: User, at: datetime) -> None:
    before = CalendarDay.objects.filter(date__year=2025).count()
    days = [day for day in Calendar.seeded().days if day.date.year == 2026 and day.date != date(2026, 10, 10)]
    assert calendar_now().is_workday(date(2026, 10, 10))
    assert actions.import_calendar(rows=days, source="更正通知", by=it, at=at) == [2026]
    assert not calendar_now().is_workday(date(2026, 10, 10))
    assert CalendarDay.objects.filter(date__year=2025).count() == before
    assert actions.import_calendar(rows=days, source="更正通知", by=it, at=at) == []
    event = Event.objects.get(verb="calendar.imported")
    assert event.data["year"] == 2026 and len(event.data["sha256"]) == 64


def test_only_who_keeps_the_reference_imports_it(calendar: None, neighbour: User, at: datetime) -> None:
    with pytest.raises(NotAllowed):
        actions.import_calendar(
            rows=[Day(date(2027, 1, 1), is_workday=False, name="元旦")], source="x", by=neighbour, at=at
        )


def test_the_calendar_of_another_project_is_read_as_it_is() -> None:
    year = [day for day in Calendar.seeded().days if day.date.year == 2026]
    theirs = {
        "year": 2026,
        "days": [{"name": d.name, "date": d.date.isoformat(), "isOffDay": not d.is_workday} for d in year],
    }
    assert _days(read_rows(json.dumps(theirs).encode())) == year


@pytest.mark.parametrize(
    ("change", "row"),
    [
        (lambda rows: rows.append(rows[0]), -1),
        (lambda rows: rows[3].update(date="2026-13-01"), 4),
        (lambda rows: rows[3].update(is_workday="maybe"), 4),
        (lambda rows: rows[0].update(name=""), 1),
        (lambda rows: rows.append({"date": "2026-03-03", "is_workday": "1", "name": "x"}), -1),
        (lambda rows: rows.pop(0), 0),
        (lambda rows: rows.clear(), 0),
    ],
)
def test_a_list_with_any_trouble_is_told_by_row(change: Callable[[list[dict[str, str]]], object], row: int) -> None:
    rows = _written([day for day in Calendar.seeded().days if day.date.year == 2026])
    change(rows)
    _, troubles = read_calendar(rows)
    assert [trouble.row for trouble in troubles] == [row if row >= 0 else len(rows)]
    assert str(troubles[0].text)


# Accounts


def test_sign_in_names_are_taken_once(cast: Cast, it: User, at: datetime) -> None:
    with pytest.raises(NameTaken):
        actions.make_user(username=" REGISTRAR ", name="x", by=it, at=at)
    with pytest.raises(WeakPassword):
        actions.make_user(username="x", name="x", password="12345678", by=it, at=at)
    assert not User.objects.filter(username="x").exists()


def test_a_stranger_touches_no_account(cast: Cast, neighbour: User, handler: User, at: datetime) -> None:
    for deed in (
        lambda: actions.make_user(username="x", name="x", by=neighbour, at=at),
        lambda: actions.set_password(handler, password="yi ju chang hua", by=neighbour, at=at),
        lambda: actions.close_user(handler, by=neighbour, at=at),
        lambda: actions.reopen_user(handler, by=neighbour, at=at),
        lambda: actions.reset_second_factor(handler, by=neighbour, at=at),
        lambda: actions.make_token(handler, name="x", by=neighbour, at=at),
    ):
        with pytest.raises(NotAllowed):
            deed()


def test_what_is_written_is_on_record_or_not_written(
    cast: Cast, it: User, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("lianxin.people.actions.account.note", fail)
    with pytest.raises(RuntimeError):
        actions.make_user(username="x", name="x", by=it, at=at)
    assert not User.objects.filter(username="x").exists()


def test_the_last_one_who_can_open_accounts_stays(cast: Cast, it: User, at: datetime) -> None:
    with pytest.raises(LastKeeper):
        actions.close_user(it, by=None, at=at)
    other = actions.make_user(username="second", name="x", by=None, at=at)
    post = actions.open_post(office=cast.offices["hub"], title="x", role="it", by=None, at=at)
    actions.appoint(post, holder=other, by=None, at=at)
    actions.close_user(it, by=other, at=at)
    assert not cast.officer("it").stand(at).powers


# Tokens


def _bear(rf: RequestFactory, secret: str, at: datetime) -> Any:
    request = rf.get("/api/v1/x", headers={"Authorization": f"Bearer {secret}"})
    request.at = at  # type: ignore[attr-defined]
    return TokenAuth()(request)


def test_a_token_opens_as_its_officer_until_it_ends(
    cast: Cast, it: User, handler: User, at: datetime, rf: RequestFactory
) -> None:
    token, secret = actions.make_token(handler, name="x", expires_at=at + timedelta(days=1), by=it, at=at)
    assert secret not in (token.digest, token.name) and len(secret) > 40
    assert _bear(rf, secret, at) == handler
    assert _bear(rf, secret, at).standing.may(Power.HANDLE, cast.offices["water_section"].pk)
    assert _bear(rf, secret, at + timedelta(days=1)) is None
    assert _bear(rf, secret + "x", at) is None
    assert _bear(rf, token.digest, at) is None
    actions.revoke_token(token, by=it, at=at)
    assert _bear(rf, secret, at) is None


def test_a_closed_account_has_no_tokens(cast: Cast, it: User, handler: User, at: datetime, rf: RequestFactory) -> None:
    _, secret = actions.make_token(handler, name="x", by=it, at=at)
    actions.close_user(handler, by=it, at=at)
    assert _bear(rf, secret, at) is None
    actions.reopen_user(handler, by=it, at=at)
    assert _bear(rf, secret, at) is None, "what was revoked stays revoked"
    assert Token.objects.get().revoked_at == at
    with pytest.raises(WrongExpiry):
        actions.make_token(handler, name="x", expires_at=at, by=it, at=at)


# Phone codes


def _make(at: datetime, phone: str = PHONE, visitor: str = "203.0.113.9") -> str:
    return make_phone_code(phone=phone, visitor=visitor, at=at)


def test_a_phone_code_is_good_once(at: datetime) -> None:
    code = _make(at)
    assert len(code) == 6 and code.isdecimal()
    assert check_phone_code(phone=" +86 139-0000-0000", code=f" {code[:3]} {code[3:]}", at=at)
    assert not check_phone_code(phone=PHONE, code=code, at=at)


def test_neither_phone_nor_code_is_kept(at: datetime) -> None:
    code, row = _make(at), PhoneCode.objects.get()
    kept = " ".join(str(getattr(row, field.name)) for field in row._meta.fields)
    assert PHONE not in kept and code not in kept
    assert PHONE not in str(list(Event.objects.values()))


def test_a_phone_code_lives_ten_minutes(at: datetime) -> None:
    code = _make(at)
    assert not check_phone_code(phone=PHONE, code=code, at=at + timedelta(minutes=10))
    assert check_phone_code(phone=PHONE, code=code, at=at + timedelta(minutes=10, microseconds=-1))


def test_a_phone_code_is_dead_after_five_tries(at: datetime) -> None:
    code = _make(at)
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    assert not any(check_phone_code(phone=PHONE, code=wrong, at=at) for _ in range(5))
    assert not check_phone_code(phone=PHONE, code=code, at=at)


def test_only_the_last_code_counts_and_only_for_its_phone(at: datetime) -> None:
    first = _make(at)
    second = _make(at + timedelta(minutes=1))
    later = at + timedelta(minutes=2)
    assert first == second or not check_phone_code(phone=PHONE, code=first, at=later)
    assert not check_phone_code(phone="13900000001", code=second, at=later)
    assert not check_phone_code(phone="no phone", code=second, at=later)
    assert check_phone_code(phone=PHONE, code=second, at=later)


def test_codes_are_not_asked_for_without_end(at: datetime) -> None:
    for minute in range(5):
        _make(at + timedelta(minutes=minute))
    for moment in (at + timedelta(minutes=4, seconds=30), at + timedelta(minutes=10)):
        with pytest.raises(TooManyCodes):
            _make(moment)
    assert _make(at + timedelta(minutes=61))


def test_one_visitor_does_not_ask_for_the_phones_of_a_village(at: datetime) -> None:
    for n in range(20):
        _make(at, phone=f"139000000{n:02}")
    with pytest.raises(TooManyCodes):
        _make(at, phone="13900000099")
    assert _make(at, phone="13900000099", visitor="198.51.100.7")


@pytest.mark.parametrize("phone", ["", "12345", "0730-1234567", "23900000000", "139000000000", "１３９０００００００"])
def test_what_is_no_mobile_number_gets_no_code(phone: str, at: datetime) -> None:
    with pytest.raises(WrongPhone):
        _make(at, phone=phone)


def test_a_brake_counts_up_to_its_limit() -> None:
    assert [actions.allow("x", 3, 60) for _ in range(5)] == [True, True, True, False, False]
    assert actions.allow("y", 3, 60)
    assert not actions.allow("z", 0, 60)


def test_passwords_of_the_house_are_dear_to_guess() -> None:
    """The tests hash cheaply; what is installed must not."""
    assert installed.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    real = Argon2PasswordHasher()
    assert real.memory_cost >= 19 * 1024 and real.time_cost >= 2, "OWASP: 19 MiB and two rounds at the least"

"""The pages of the files: found, read masked, written, looked after; and closed to who is not linked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.ledger.models import Event
from lianxin.people.models import User
from lianxin.record import actions
from lianxin.record.models import Fact, FactKind, Household, Lead, Objection, Resident
from lianxin.record.rules import Of, Tie
from lianxin.sheets import actions as sheets
from tests.cast import Cast
from tests.record.test_household import SOUND

SignIn = Callable[[User | str], Client]
PHONE = "13800001234"


@pytest.fixture
def household(cast: Cast, at: datetime, frozen: datetime) -> Household:
    by = cast.officers["archivist"]
    found = actions.open_household(area=cast.areas["heping"], door="12号", called="刘小满", by=by, at=at)
    actions.add_resident(found, name="刘小满", is_head=True, identity=SOUND, phone=PHONE, health="高血压", by=by, at=at)
    return found


@pytest.fixture
def jobless(cast: Cast, at: datetime) -> FactKind:
    return actions.keep_kind(of=Of.DIFFICULTY, key="jobless", name="无业", need_for="employment", by=None, at=at)


def _link(cast: Cast, who: str, at: datetime) -> None:
    actions.link(
        tie=Tie.VILLAGE, user=cast.officers[who], area=cast.areas["heping"], starts=at.date(),
        by=cast.officers["organiser"], at=at,
    )  # fmt: skip


def test_found_by_name_in_either_script_door_number_and_phone(household: Household, sign_in: SignIn) -> None:
    client = sign_in("archivist")
    for words in ("刘小满", "劉小滿", "12号", household.number, PHONE, "138 0000 1234", SOUND):
        assert household.number in client.get("/desk/archives/", {"q": words}).content.decode(), words
    assert household.number not in client.get("/desk/archives/", {"q": "赵"}).content.decode()
    assert client.get("/desk/archives/?area=zz&late=update&kind=9&presence=moon&page=x").status_code == 200


def test_page_is_masked_and_a_look_is_on_record(household: Household, sign_in: SignIn) -> None:
    page = sign_in("archivist").get(f"/desk/archives/{household.number}/").content.decode()
    for hidden in (PHONE, SOUND, "高血压"):
        assert hidden not in page
    assert "138****1234" in page
    assert Event.objects.about(household).filter(verb="household.seen").count() == 1


def test_who_reveals_says_why(household: Household, sign_in: SignIn, cast: Cast, at: datetime) -> None:
    _link(cast, "cadre", at)
    resident = household.residents.get()
    address = reverse("desk:reveal_resident", args=[household.number, resident.pk])
    client = sign_in("cadre")
    assert PHONE not in client.post(address, {"reason": ""}).content.decode()
    page = client.post(address, {"reason": "约好明天上门"}).content.decode()
    assert PHONE in page
    assert "高血压" not in page  # only who keeps the files
    assert Event.objects.get(verb="resident.revealed").data["reason"] == "约好明天上门"
    assert "高血压" in sign_in("archivist").post(address, {"reason": "核对低保"}).content.decode()


def test_village_b_is_shut_to_the_cadre_of_village_a(
    household: Household, sign_in: SignIn, cast: Cast, at: datetime
) -> None:
    actions.link(
        tie=Tie.VILLAGE, user=cast.officers["cadre2"], area=cast.areas["liushu"], starts=at.date(),
        by=cast.officers["organiser"], at=at,
    )  # fmt: skip
    client = sign_in("cadre2")
    number, pk = household.number, household.residents.get().pk
    for address in (
        f"/desk/archives/{number}/", f"/desk/archives/{number}/edit/", f"/desk/archives/{number}/paper.pdf",
        f"/desk/archives/{number}/people/{pk}/edit/", f"/desk/archives/villages/{household.area_id}/",
        f"/desk/archives/villages/{household.area_id}/book.pdf",
    ):  # fmt: skip
        assert client.get(address).status_code == 404, address
    assert client.post(f"/desk/archives/{number}/people/{pk}/reveal/", {"reason": "看看"}).status_code == 404
    assert number not in client.get("/desk/archives/", {"q": "刘小满"}).content.decode()
    assert client.get("/desk/archives/export.xlsx").status_code == 403


def test_a_second_file_is_refused_and_the_first_is_shown(household: Household, sign_in: SignIn) -> None:
    given = {"area": household.area_id, "door": "12号", "called": "刘小满", "presence": "living"}
    answer = sign_in("archivist").post("/desk/archives/new/", given)
    assert answer.headers["Location"] == f"/desk/archives/{household.number}/"
    given["called"] = "赵来"
    made = sign_in("archivist").post("/desk/archives/new/", given)
    assert Household.objects.get(called="赵来").number in made.headers["Location"]


@pytest.mark.parametrize(
    ("deed", "given"),
    [
        ("edit", {"called": "刘小满", "door": "13号", "presence": "away"}),
        ("add", {"name": "刘大宝", "relation": "子", "is_here": "on", "is_registered": "on"}),
        ("verify", {}),
        ("tell", {}),
        ("decline", {"reason": "不愿被打扰"}),
        ("agree", {}),
        ("object", {"words": "电话不是我的", "field": "电话"}),
        ("move", {"door": "8号", "area": "here"}),
        ("close", {"ending": "moved", "reason": "迁往邻县"}),
        ("risk", {"words": "与邻居有纠纷", "grounds": "调解记录", "days": "30"}),
    ],
)
def test_deeds_on_a_file(household: Household, sign_in: SignIn, deed: str, given: dict[str, str]) -> None:
    client = sign_in("archivist")
    address = f"/desk/archives/{household.number}/{deed}/"
    assert client.get(address).status_code == 200
    given = {key: str(household.area_id) if value == "here" else value for key, value in given.items()}
    answer = client.post(address, given)
    assert answer.status_code == 302, answer.content.decode()[-1500:]
    assert client.get(f"/desk/archives/{household.number}/").status_code == 200


def test_a_difficulty_becomes_a_lead_and_its_outcome_comes_back(
    household: Household, sign_in: SignIn, cast: Cast, jobless: FactKind
) -> None:
    client = sign_in("archivist")
    base = f"/desk/archives/{household.number}/"
    client.post(base + "state/", {"kind": jobless.pk, "resident": household.residents.get().pk, "words": "想找活"})
    fact = Fact.objects.get()
    assert client.post(base + f"lines/{fact.pk}/hand-on/", {"office": cast.offices["labour"].pk}).status_code == 422
    given = {"office": cast.offices["labour"].pk, "consent": "on"}
    assert client.post(base + f"lines/{fact.pk}/hand-on/", given).status_code == 302
    lead = Lead.objects.get()
    assert str(household.area) in sign_in("labour_reviewer").get("/desk/archives/leads/").content.decode()
    assert sign_in("clerk").get(f"/desk/archives/leads/{lead.pk}/").status_code == 404
    answer = sign_in("labour_reviewer").post(
        f"/desk/archives/leads/{lead.pk}/", {"helped": "True", "outcome": "已到县纺织厂上班"}
    )
    assert answer.status_code == 302
    fact.refresh_from_db()
    assert fact.ends is not None
    assert "已到县纺织厂上班" in client.get(base).content.decode()


def test_objection_by_the_counter_is_ruled_on(household: Household, sign_in: SignIn, cast: Cast, at: datetime) -> None:
    actions.object_to(household, words="电话错了", at=at)
    objection = Objection.objects.get()
    client = sign_in("archivist")
    assert "电话错了" in client.get("/desk/archives/objections/").content.decode()
    given = {"ruling": "upheld", "reason": "已改"}
    assert client.post(f"/desk/archives/objections/{objection.pk}/", given).status_code == 302
    objection.refresh_from_db()
    assert objection.ruled_by == cast.officers["archivist"]


def test_split_takes_lines_along_and_names_its_origin(
    household: Household, sign_in: SignIn, cast: Cast, at: datetime, jobless: FactKind
) -> None:
    by = cast.officers["archivist"]
    son = actions.add_resident(household, name="刘大宝", by=by, at=at)
    actions.state(household, kind=jobless, resident=son, amount=Decimal("1.5"), by=by, at=at)
    given = {"residents": [son.pk], "called": "刘大宝", "area": household.area_id, "door": "14号"}
    answer = sign_in("archivist").post(f"/desk/archives/{household.number}/split/", given)
    assert answer.status_code == 302
    made = Household.objects.get(called="刘大宝")
    assert made.residents.get().is_head
    assert made.facts.get().resident == made.residents.get()
    page = sign_in("archivist").get(f"/desk/archives/{made.number}/").content.decode()
    assert household.number in page
    merged = sign_in("archivist").post(f"/desk/archives/{made.number}/merge/", {"into": household.number})
    assert merged.status_code == 302
    made.refresh_from_db()
    assert made.ending == "merged"
    assert Resident.objects.living().filter(household=household).count() == 2


def test_risk_runs_out_and_ordinary_roles_see_nothing(
    household: Household, sign_in: SignIn, cast: Cast, at: datetime
) -> None:
    by = cast.officers["archivist"]
    _link(cast, "cadre", at)
    entry = actions.enter_risk(household, words="与邻居有纠纷", grounds="调解记录", days=30, by=by, at=at)
    address = f"/desk/archives/{household.number}/"
    assert "与邻居有纠纷" in sign_in("archivist").get(address).content.decode()
    assert "与邻居有纠纷" not in sign_in("cadre").get(address).content.decode()
    with pytest.raises(actions.NotLive):
        actions.review_risk(entry, by=by, at=at + timedelta(days=31))
    actions.review_risk(entry, by=by, at=at + timedelta(days=29))
    actions.lift_risk(entry, reason="已和好", by=by, at=at + timedelta(days=40))


def test_late_files_are_listed(household: Household, sign_in: SignIn, cast: Cast, at: datetime) -> None:
    """A file last updated seven months ago is late when the county says six."""
    actions.set_period(regular="update", months=6, by=cast.officers["organiser"], at=at, starts=date(2026, 1, 1))
    client = sign_in("archivist")
    assert household.number not in client.get("/desk/archives/?late=update").content.decode()
    Household.objects.filter(pk=household.pk).update(verified_at=at - timedelta(days=214))
    assert household.number in client.get("/desk/archives/?late=update").content.decode()
    assert client.get("/desk/archives/regulars/").status_code == 200


def test_books_count_apart_from_villages(sign_in: SignIn, cast: Cast, at: datetime) -> None:
    by = cast.officers["archivist"]
    for number in range(3):
        actions.register_book(
            number=f"HP-{number}", title="和平村民情档案", areas=[cast.areas["heping"]], pages=80, by=by, at=at
        )
    page = sign_in("archivist").get("/desk/archives/books/").content.decode()
    assert "3 本" in page or "3 books" in page
    with pytest.raises(actions.BookTaken):
        actions.register_book(number="HP-1", title="x", areas=[cast.areas["heping"]], by=by, at=at)


PAGES = (
    "",
    "villages/",
    "units/",
    "books/",
    "objections/",
    "leads/",
    "integrity/",
    "regulars/",
    "sheets/",
    "feedback/",
)
FORMS = ("feedback/new/", "books/new/", "units/new/", "new/")


@pytest.mark.parametrize("page", [*PAGES, *FORMS])
def test_pages_open(household: Household, sign_in: SignIn, page: str) -> None:
    assert sign_in("archivist").get(f"/desk/archives/{page}").status_code == 200


def test_the_code_opens_the_own_file(household: Household, sign_in: SignIn, cast: Cast, at: datetime) -> None:
    code = actions.give_code(household, by=cast.officers["archivist"], at=at)
    assert actions.with_code(household.number.lower(), code) == household
    assert actions.with_code(household.number, "000000" if code != "000000" else "111111") is None
    assert actions.with_code("YXH-222-222-222", code) is None
    answer = sign_in("archivist").post(f"/desk/archives/{household.number}/code/")
    assert answer.status_code == 200
    assert actions.with_code(household.number, code) is None


def test_sheets_are_filled_in_counted_and_reported(
    household: Household, sign_in: SignIn, cast: Cast, at: datetime
) -> None:
    by = cast.officers["cataloguer"]
    options = [{"key": key, "label": key.upper()} for key in "abcd"]
    fields = [{"key": "grade", "label": "危险等级", "kind": "choice", "required": True, "options": options}]
    draft = sheets.draft_sheet(key="houses", title="危旧房排查", fields=fields, purpose="checklist", by=by, at=at)
    sheets.publish_sheet(draft, by=by, at=at)
    alarm = {"field": "grade", "is": "equals", "value": "d"}
    actions.keep_survey(
        sheet="houses", name="危旧房", of="household", alarm=alarm, by=cast.officers["organiser"], at=at
    )
    client = sign_in("archivist")
    address = f"/desk/archives/fill/household/{household.number}/houses/"
    assert client.get(address).status_code == 200
    assert client.post(address, {"sheet-grade": "x"}).status_code == 422
    assert client.post(address, {"sheet-grade": "d"}).status_code == 302
    assert "alarms=1" in client.get("/desk/archives/sheets/").content.decode()
    page = client.get("/desk/archives/sheets/houses/?alarms=1&field=grade&value=d").content.decode()
    assert household.called in page
    assert household.called not in client.get("/desk/archives/sheets/houses/?field=grade&value=a").content.decode()


def test_the_household_sees_its_own_file_and_objects(
    household: Household, sign_in: SignIn, cast: Cast, at: datetime
) -> None:
    code = actions.give_code(household, by=cast.officers["archivist"], at=at)
    client = Client()
    assert client.get(f"/my-file/{household.number}/").status_code == 302
    assert client.post("/my-file/", {"number": household.number, "code": "000"}).status_code == 422
    opened = client.post("/my-file/", {"number": household.number.lower(), "code": code})
    page = client.get(opened.headers["Location"]).content.decode()
    assert "刘小满" in page
    assert PHONE not in page
    assert client.post(opened.headers["Location"], {"words": "家里只有两个人"}).status_code == 302
    assert Objection.objects.get().by is None
    assert "家里只有两个人" in sign_in("archivist").get("/desk/archives/objections/").content.decode()


def test_a_number_longer_than_any_row_is_no_choice(household: Household, sign_in: SignIn) -> None:
    huge = {"residents": "9" * 60, "called": "刘小满", "area": "和平村"}
    assert sign_in("archivist").post(f"/desk/archives/{household.number}/split/", huge).status_code == 422

"""Every page of this app: who comes in, who does not, and that each shows what it says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from lianxin.people import actions
from lianxin.people.models import CalendarDay, Limit, Office, Post, Shift, Substitution, Token, User, calendar_now
from lianxin.people.urls import urlpatterns
from lianxin.places.models import Area
from tests.cast import Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[[User | str], Client]

EVERYBODY = {"face.size", "face.language", "sign_in", "sign_in.code", "sign_in.enrol", "sign_out"}
EVERY_OFFICER = {"me", "roles", "password", "substitutions", "end_substitution", "calendar", "limits"}
HEADS_TOO = {"substitute"}
PRESSES = {
    "close_user",
    "reopen_user",
    "reset_second_factor",
    "revoke_token",
    "end_substitution",
    "drop_shift",
    "sign_out",
}
NAMES = {str(pattern.name) for pattern in urlpatterns}
CLOSED = sorted(NAMES - EVERYBODY - EVERY_OFFICER)


@pytest.fixture
def things(cast: Cast, calendar: None, at: datetime) -> dict[str, int]:
    """One thing for every address that names one."""
    actions.seed_limits(at=at)
    it = cast.officers["it"]
    token, _ = actions.make_token(cast.officers["handler"], name="x", by=it, at=at)
    substitution = actions.substitute(
        absent=cast.officers["handler"], substitute=cast.officers["registrar"],
        starts=at, ends=at + timedelta(days=900), reason="x", by=it, at=at,
    )  # fmt: skip
    shift = actions.roster(
        duty="leader", user=cast.officers["secretary"], office=cast.offices["leadership"],
        starts=at + timedelta(days=800), ends=at + timedelta(days=801), by=it, at=at,
    )  # fmt: skip
    officer, post = cast.officers["editor"].pk, cast.posts["editor"].pk
    office, area = cast.offices["housing"].pk, cast.areas["heping"].pk
    limit = Limit.objects.get(key="triage").pk
    return {
        "officer": officer, "set_password": officer, "close_user": officer, "reopen_user": officer,
        "reset_second_factor": officer, "revoke_token": token.pk, "appoint": post, "vacate": post, "close_post": post,
        "end_substitution": substitution.pk, "drop_shift": shift.pk, "set_limit": limit, "edit_office": office,
        "office_hours": office, "close_office": office, "rename_area": area, "end_area": area,
    }  # fmt: skip


def _address(name: str, things: dict[str, int]) -> str:
    if name == "face.language":
        return reverse(name, args=["en"])
    return reverse(name, args=[things[name]] if name in things else [])


@pytest.mark.parametrize("name", CLOSED)
def test_the_it_officer_comes_in_and_strangers_do_not(name: str, sign_in: SignIn, things: dict[str, int]) -> None:
    page = _address(name, things)
    assert Client().get(page)["Location"].startswith("/sign-in?next=")
    for stranger in ("neighbour", "secretary", "supervisor", "dispatcher"):
        browser = sign_in(stranger)
        assert browser.get(page).status_code == 403
        assert browser.post(page).status_code == 403
    answer = sign_in("it").get(page)
    assert answer.status_code == (405 if name in PRESSES else 200)
    chief = sign_in("chief").get(page)
    assert chief.status_code == (200 if name in HEADS_TOO else 403)


@pytest.mark.parametrize("name", sorted(EVERY_OFFICER - PRESSES))
def test_every_officer_comes_in(name: str, sign_in: SignIn, things: dict[str, int]) -> None:
    page = _address(name, things)
    assert Client().get(page)["Location"].startswith("/sign-in?next=")
    assert sign_in("neighbour").get(page).status_code == 200


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", sorted(NAMES - PRESSES - EVERYBODY))
def test_every_page_speaks_both_languages(name: str, language: str, sign_in: SignIn, things: dict[str, int]) -> None:
    browser = sign_in("it")
    browser.cookies["language"] = language
    answer = browser.get(_address(name, things))
    assert answer.status_code == 200
    assert f'lang="{"zh-Hans" if language == "zh-hans" else "en"}"' in answer.content.decode()


def _post(browser: Client, name: str, data: dict[str, Any], *args: int) -> Any:
    return browser.post(reverse(name, args=args), data)


def test_an_officer_is_added_appointed_and_closed(sign_in: SignIn, cast: Cast, it: User) -> None:
    browser = sign_in(it)
    assert (
        _post(browser, "add_officer", {"name": "新来", "username": "new", "password": "yi ju chang hua"}).status_code
        == 302
    )
    newcomer = User.objects.get(username="new")
    assert newcomer.totp_required and newcomer.password_set_at is None
    twice = _post(browser, "add_officer", {"name": "又来", "username": "NEW", "password": "yi ju chang hua"})
    assert twice.status_code == 422
    opened = {"office": cast.offices["hub"].pk, "title": "值班员", "role": "registrar"}
    assert _post(browser, "open_post", opened).status_code == 302
    post = Post.objects.get(title="值班员")
    assert _post(browser, "appoint", {"holder": newcomer.pk}, post.pk).status_code == 302
    assert Post.objects.get(title="值班员").holder == newcomer
    assert "新来" in browser.get(reverse("officers"), {"q": "新"}).content.decode()
    assert _post(browser, "close_user", {}, newcomer.pk).status_code == 302
    assert not User.objects.get(pk=newcomer.pk).is_active


def test_the_last_it_officer_stays(sign_in: SignIn, it: User) -> None:
    browser = sign_in(it)
    page = browser.post(reverse("close_user", args=[it.pk]), follow=True)
    assert User.objects.get(pk=it.pk).is_active
    assert 'role="alert"' in page.content.decode()


def test_a_token_is_shown_once(sign_in: SignIn, it: User, handler: User) -> None:
    browser = sign_in(it)
    page = _post(browser, "officer", {"name": "热线系统", "last_day": "2099-01-01"}, handler.pk)
    assert "lx_" in page.content.decode()
    assert "lx_" not in browser.get(reverse("officer", args=[handler.pk])).content.decode()
    token = Token.objects.get()
    assert token.expires_at and token.expires_at.isoformat() == "2099-01-01T16:00:00+00:00"
    _post(browser, "revoke_token", {}, token.pk)
    token.refresh_from_db()
    assert token.revoked_at


def test_a_head_arranges_for_the_own_office_only(sign_in: SignIn, cast: Cast) -> None:
    browser = sign_in("chief")
    said = {
        "absent": cast.officers["handler"].pk, "substitute": cast.officers["neighbour"].pk,
        "first_day": "2099-05-01", "last_day": "2099-05-10", "reason": "休假",
    }  # fmt: skip
    assert _post(browser, "substitute", said).status_code == 302
    made = Substitution.objects.get()
    assert [m.isoformat() for m in (made.starts, made.ends)] == [
        "2099-04-30T16:00:00+00:00",
        "2099-05-10T16:00:00+00:00",
    ]
    stranger = _post(browser, "substitute", {**said, "absent": cast.officers["registrar"].pk})
    assert stranger.status_code == 422


def test_a_substitution_is_seen_and_ended_by_its_own(sign_in: SignIn, things: dict[str, int]) -> None:
    pk = things["end_substitution"]
    assert sign_in("neighbour").post(reverse("end_substitution", args=[pk])).status_code == 404
    assert "陈水生" not in sign_in("neighbour").get(reverse("substitutions")).content.decode()
    assert "陈水生" in sign_in("registrar").get(reverse("substitutions")).content.decode()
    sign_in("registrar").post(reverse("end_substitution", args=[pk]))
    assert Substitution.objects.get(pk=pk).ended_early_at is None, "the substitute does not end it"
    sign_in("handler").post(reverse("end_substitution", args=[pk]))
    assert Substitution.objects.get(pk=pk).ended_early_at


def test_somebody_is_put_on_duty(sign_in: SignIn, cast: Cast, secretary: User) -> None:
    said = {
        "duty": "leader", "user": secretary.pk, "office": cast.offices["leadership"].pk,
        "starts": "2099-01-01T18:00", "ends": "2099-01-02T08:00",
    }  # fmt: skip
    browser = sign_in("it")
    assert _post(browser, "shifts", said).status_code == 302
    assert _post(browser, "shifts", said).status_code == 422
    shift = Shift.objects.get()
    assert shift.starts.isoformat() == "2099-01-01T10:00:00+00:00"


YEAR = "date,is_workday,name\n" + "".join(
    f"2027-{month:02}-{day:02},0,假日\n"
    for month, day in [
        (1, 1),
        (2, 6),
        (2, 7),
        (2, 8),
        (4, 5),
        (5, 1),
        (5, 2),
        (6, 9),
        (9, 15),
        (10, 1),
        (10, 2),
        (10, 3),
    ]
)


def _file(text: str, name: str = "list.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode("gb18030"))


def test_a_calendar_is_shown_before_it_is_kept(sign_in: SignIn, cast: Cast, calendar: None) -> None:
    browser = sign_in("it")
    assert not calendar_now().is_known(date(2027, 6, 9))
    page = _post(browser, "import_calendar", {"source": "国办发明电", "file": _file(YEAR)})
    assert page.status_code == 200 and "2027" in page.content.decode()
    assert not CalendarDay.objects.filter(date__year=2027).exists()
    kept = _post(browser, "import_calendar", {"source": "国办发明电", "text": YEAR, "keep": "1"})
    assert kept.status_code == 302
    assert CalendarDay.objects.filter(date__year=2027, source="国办发明电").count() == 12
    assert calendar_now().is_known(date(2027, 6, 9)) and not calendar_now().is_workday(date(2027, 6, 9))


def test_a_broken_calendar_says_which_rows_and_is_not_kept(sign_in: SignIn, cast: Cast) -> None:
    browser = sign_in("it")
    browser.cookies["language"] = "en"
    broken = YEAR + "2027-06-09,0,端午\n2027-06-10,1,端午\n"
    page = _post(browser, "import_calendar", {"source": "x", "file": _file(broken)}).content.decode()
    assert "Row 13:" in page and "Row 14:" in page
    kept = _post(browser, "import_calendar", {"source": "x", "text": broken, "keep": "1"})
    assert kept.status_code == 422
    assert not CalendarDay.objects.exists()
    assert _post(browser, "import_calendar", {"source": "x", "text": "[{", "keep": "1"}).status_code == 422
    unreadable = _post(browser, "import_calendar", {"source": "x", "file": _file("[{")})
    assert unreadable.status_code == 422
    nothing = _post(browser, "import_calendar", {"source": "x"})
    assert nothing.status_code == 422


def test_offices_and_areas_come_in_from_files(sign_in: SignIn, cast: Cast) -> None:
    browser = sign_in("it")
    areas = "name,kind,parent\n新镇,town,云溪县\n新村,village,新镇\n"
    assert "2" in _post(browser, "import_areas", {"source": "x", "file": _file(areas)}).content.decode()
    assert not Area.objects.filter(name="新镇").exists()
    _post(browser, "import_areas", {"source": "x", "text": areas, "keep": "1"})
    assert Area.objects.get(name="新村").full_name == "云溪县新镇新村"
    offices = "name,kind,parent,areas\n新镇人民政府,town,云溪县领导,云溪县新镇\n坏,bad,,\n"
    _post(browser, "import_offices", {"source": "x", "text": offices, "keep": "1"})
    made = Office.objects.get(name="新镇人民政府")
    assert made.path.startswith(cast.offices["leadership"].path)
    assert made.jurisdictions.get().area.name == "新镇"
    _post(browser, "import_offices", {"source": "x", "text": offices, "keep": "1"})
    assert Office.objects.filter(name="新镇人民政府").count() == 1


def test_a_limit_gets_a_new_version(sign_in: SignIn, cast: Cast, things: dict[str, int]) -> None:
    browser, old = sign_in("it"), Limit.objects.get(key="triage")
    said = {
        "name": "分拣时限", "value": 2, "unit": "workday", "start_fact": "收到诉求",
        "legal_basis": "云溪办发〔2099〕1号", "starts": "2099-01-01",
    }  # fmt: skip
    assert _post(browser, "set_limit", said, old.pk).status_code == 302
    assert Limit.objects.on(date(2098, 12, 31)).get(key="triage").value == 1
    assert Limit.objects.on(date(2099, 1, 1)).get(key="triage").value == 2
    assert _post(browser, "set_limit", {**said, "starts": "2020-01-01"}, old.pk).status_code == 422


def test_hours_offices_and_areas_are_kept_by_hand(sign_in: SignIn, cast: Cast) -> None:
    browser = sign_in("it")
    hours = {
        "morning_opens": "09:00",
        "morning_closes": "12:00",
        "afternoon_opens": "13:00",
        "afternoon_closes": "17:00",
    }
    assert _post(browser, "set_hours", hours).status_code == 302
    assert "09:00–12:00" in browser.get(reverse("limits")).content.decode()
    assert _post(browser, "set_hours", {**hours, "afternoon_opens": "11:00"}).status_code == 422
    office = {"name": "县文旅局", "kind": "bureau", "parent": cast.offices["leadership"].pk}
    assert _post(browser, "open_office", office).status_code == 302
    opened = Office.objects.get(name="县文旅局")
    assert _post(browser, "edit_office", {"name": "县文旅局", "phone": "0000-1234567"}, opened.pk).status_code == 302
    closing = {"ends": "2099-01-01", "successor": cast.offices["hub"].pk}
    assert _post(browser, "close_office", closing, opened.pk).status_code == 302
    assert _post(browser, "close_office", closing, cast.offices["hub"].pk).status_code == 422, "people still work there"
    area = {"name": "三组", "kind": "group", "parent": cast.areas["heping"].pk}
    assert _post(browser, "add_area", area).status_code == 302
    renamed = {"name": "和平新村", "on": "2099-01-01", "others": [cast.areas["liushu"].pk]}
    assert _post(browser, "rename_area", renamed, cast.areas["heping"].pk).status_code == 302
    assert Area.objects.get(name="三组").full_name == "云溪县清水镇和平新村三组"
    assert _post(browser, "end_area", {"on": "2099-01-01"}, cast.areas["shiqiao"].pk).status_code == 302


def test_the_page_of_roles_warns_of_accounts_that_a_password_opens(sign_in: SignIn, cast: Cast) -> None:
    page = sign_in("neighbour").get(reverse("roles")).content.decode()
    assert "吴邻" in page and "notice near" in page


def test_the_face_remembers_its_switches(client: Client) -> None:
    answer = client.get("/face/size", {"next": "/sign-in?a=1"})
    assert answer["Location"] == "/sign-in?a=1" and client.cookies["size"].value == "large"
    client.get("/face/size")
    assert client.cookies["size"].value == ""
    client.get("/face/language/en")
    assert client.cookies["language"].value == "en"
    assert client.get("/face/language/xx").status_code == 404
    assert client.post("/face/size").status_code == 405

"""Signing in: what is needed, what is told, and what a thief of one half gets."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from lianxin.ledger.models import Event
from lianxin.people import actions
from lianxin.people.models import User
from tests.cast import Cast
from tests.cheap import Argon2

pytestmark = pytest.mark.django_db
PASSWORD = "zhe shi yi ju hua"
STEP = 30


@pytest.fixture(autouse=True)
def _settings(settings: Any) -> None:
    settings.LOGIN_REDIRECT_URL = "/people/me"


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Move the clock on the wall, for TOTP and for Django alike."""

    class Wall:
        now = timezone.now()  # the real one: axes takes its moments from the system

        def forward(self, **span: float) -> None:
            self.now += timedelta(**span)

    wall = Wall()
    monkeypatch.setattr(timezone, "now", lambda: wall.now)
    monkeypatch.setattr("django_otp.plugins.otp_totp.models.time.time", lambda: wall.now.timestamp())
    return wall


@pytest.fixture
def officer(cast: Cast, wall: Any) -> User:
    """A dispatcher with password and second factor."""
    officer = cast.officers["dispatcher"]
    officer.totp_required = True
    officer.set_password(PASSWORD)
    officer.password_set_at = wall.now
    officer.save()
    TOTPDevice.objects.create(user=officer, name="totp", confirmed=True)
    return officer


def _code(officer: User, wall: Any, *, steps: int = 0) -> str:
    device = TOTPDevice.objects.get(user=officer)
    totp = TOTP(device.bin_key)
    totp.time = wall.now.timestamp() + steps * STEP
    return f"{totp.token():06d}"


def _first(client: Client, password: str = PASSWORD, username: str = "dispatcher", **extra: str) -> HttpResponse:
    return client.post("/sign-in", {"username": username, "password": password, **extra})  # type: ignore[return-value]


def _is_inside(client: Client) -> bool:
    return client.get("/people/me").status_code == 200


def test_password_and_code_open_the_door(client: Client, officer: User, wall: Any) -> None:
    answer = _first(client, next="/people/roles")
    assert answer["Location"] == "/sign-in/code"
    assert not _is_inside(client), "the password alone opens nothing"
    before = client.session.session_key
    answer = client.post("/sign-in/code", {"code": " " + _code(officer, wall)[:3] + " " + _code(officer, wall)[3:]})  # type: ignore[assignment]
    assert answer["Location"] == "/people/roles"
    assert client.session.session_key != before, "the session has a new key"
    assert _is_inside(client)
    assert Event.objects.filter(verb="user.signed_in", by_id=officer.pk).count() == 1
    assert client.get("/sign-in")["Location"] == "/people/me"


def test_a_code_opens_once(client: Client, officer: User, wall: Any) -> None:
    code = _code(officer, wall)
    _first(client)
    client.post("/sign-in/code", {"code": code})
    other = Client()
    _first(other)
    assert other.post("/sign-in/code", {"code": code}).status_code == 422
    assert not _is_inside(other)


@pytest.mark.parametrize(("steps", "opens"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_one_step_off(client: Client, officer: User, wall: Any, steps: int, opens: bool) -> None:
    _first(client)
    client.post("/sign-in/code", {"code": _code(officer, wall, steps=steps)})
    assert _is_inside(client) is opens


def test_five_wrong_codes_send_back_to_the_password(client: Client, officer: User, wall: Any) -> None:
    _first(client)
    for _ in range(4):
        assert client.post("/sign-in/code", {"code": "000000"}).status_code == 422
    assert client.post("/sign-in/code", {"code": "000000"})["Location"] == "/sign-in"
    assert client.get("/sign-in/code")["Location"] == "/sign-in"


def test_after_wrong_codes_even_the_right_one_must_wait(client: Client, officer: User, wall: Any) -> None:
    _first(client)
    for _ in range(3):
        client.post("/sign-in/code", {"code": "000000"})
    client.post("/sign-in/code", {"code": _code(officer, wall)})
    assert not _is_inside(client)
    wall.forward(seconds=60)
    client.post("/sign-in/code", {"code": _code(officer, wall)})
    assert _is_inside(client)


def test_the_second_step_waits_ten_minutes(client: Client, officer: User, wall: Any) -> None:
    _first(client)
    wall.forward(minutes=11)
    assert client.post("/sign-in/code", {"code": _code(officer, wall)})["Location"] == "/sign-in"
    assert not _is_inside(client)


def _without_what_was_typed(answer: HttpResponse) -> str:
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", answer.content.decode())
    return re.sub(r'(name="username"[^>]*) value="[^"]*"|value="[^"]*"([^>]*name="username")', r"\1\2", text)


def test_nothing_tells_which_accounts_exist(client: Client, officer: User, cast: Cast) -> None:
    wrong = _without_what_was_typed(_first(Client(), "wrong password"))
    nobody = _without_what_was_typed(_first(Client(), "wrong password", "nobody123x"))
    closed = cast.officers["editor"]
    closed.set_password(PASSWORD)
    closed.is_active = False
    closed.save()
    gone = _without_what_was_typed(_first(Client(), PASSWORD, "editor"))
    assert wrong.replace("dispatcher", "") == nobody.replace("nobody123x", "") == gone.replace("editor", "")


def test_a_name_that_does_not_exist_costs_the_same_hashing(
    client: Client, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []

    def count(name: str) -> None:
        hash_it = getattr(Argon2, name)

        def counted(self: Argon2, *given: Any) -> Any:
            hashed.append(name)
            return hash_it(self, *given)

        monkeypatch.setattr(Argon2, name, counted)

    count("encode")
    count("verify")
    _first(Client(), "wrong one")
    known = len(hashed)
    assert known
    _first(Client(), "wrong one", "nobody123x")
    assert len(hashed) == 2 * known


def test_five_wrong_passwords_close_the_door_for_a_while(client: Client, officer: User, wall: Any) -> None:
    for _ in range(5):
        answer = _first(client, "wrong password")
    assert answer.status_code == 429
    assert "30" in answer.content.decode() and "12345" in answer.content.decode()
    assert _first(client).status_code == 429, "the right password does not help now"
    assert _first(Client(REMOTE_ADDR="203.0.113.9")).status_code == 302, "the officer elsewhere is not shut out"
    AccessAttempt.objects.update(attempt_time=wall.now - timedelta(hours=1))
    assert _first(client).status_code == 302


def test_many_names_from_one_address_are_braked(client: Client, officer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lianxin.people.views.sign_in.TRIES", 3)
    answers = [_first(client, "wrong password", f"name{n}").status_code for n in range(4)]
    assert answers == [422, 422, 422, 429]


def test_the_first_sign_in_sets_up_the_second_factor(client: Client, cast: Cast, wall: Any) -> None:
    it = cast.officers["it"]
    newcomer = actions.make_user(username="new", name="新来", password=PASSWORD, by=it, at=wall.now)
    assert _first(client, username="new")["Location"] == "/sign-in/enrol"
    page = client.get("/sign-in/enrol")
    text = page.content.decode()
    assert 'src="data:image/svg+xml' in text
    assert not _is_inside(client)
    assert client.post("/sign-in/enrol", {"code": "000000"}).status_code == 422
    wall.forward(seconds=90)
    assert client.get("/sign-in/enrol").content.decode().count(_secret(text)) == 1, (
        "the key stays until it is confirmed"
    )
    done = client.post("/sign-in/enrol", {"code": _code(newcomer, wall)})
    assert done["Location"] == "/people/password?next=%2Fpeople%2Fme", "a given password is to be replaced"
    assert not _is_inside(client)


def _given(cast: Cast, wall: Any, client: Client) -> User:
    """Sign the neighbour in with a password that the IT officer has given."""
    officer = cast.officers["neighbour"]
    actions.set_password(officer, password=PASSWORD, by=cast.officers["it"], at=wall.now)
    _first(client, username="neighbour", next="/people/roles")
    return officer


def test_with_a_given_password_only_the_password_page_opens(client: Client, cast: Cast, wall: Any) -> None:
    officer = _given(cast, wall, client)
    for page in ("/people/me", "/people/roles", "/desk/", "/people/officers"):
        assert client.get(page)["Location"].startswith("/people/password?next="), page
    part = client.get("/people/me", headers={"hx-request": "true", "referer": "http://testserver/people/roles"})
    assert part["HX-Redirect"] == "/people/password?next=%2Fpeople%2Froles"
    assert client.post("/people/substitutions/arrange")["Location"].startswith("/people/password")
    assert client.get("/face/size").status_code == 302
    assert client.get("/people/password").status_code == 200
    new = "another sentence of mine"
    done = client.post("/people/password?next=/people/roles", {"old": PASSWORD, "new": new, "again": new})
    assert done["Location"] == "/people/roles" and _is_inside(client)
    officer.refresh_from_db()
    actions.set_password(officer, password=PASSWORD, by=cast.officers["it"], at=wall.now)
    assert not _is_inside(client), "a password given anew has ended the session"


def test_who_has_a_given_password_can_still_leave(client: Client, cast: Cast, wall: Any) -> None:
    _given(cast, wall, client)
    assert client.post("/sign-out")["Location"] == "/sign-in"


def test_the_token_of_a_machine_needs_no_password_of_its_own(client: Client, cast: Cast, wall: Any) -> None:
    machine = cast.officers["registrar"]
    actions.set_password(machine, password=PASSWORD, by=cast.officers["it"], at=wall.now)
    _token, secret = actions.make_token(machine, name="hotline", by=cast.officers["it"], at=wall.now)
    assert machine.must_choose_password()
    answer = client.get("/api/v1/cases", headers={"authorization": f"Bearer {secret}"})
    assert answer.status_code == 200


def _secret(text: str) -> str:
    found = re.search(r"<code>([A-Z2-7 ]{39})</code>", text)
    assert found
    return found[1]


def test_who_has_only_the_password_does_not_replace_the_second_factor(client: Client, officer: User) -> None:
    _first(client)
    assert client.get("/sign-in/enrol")["Location"] == "/sign-in"
    assert TOTPDevice.objects.filter(user=officer).count() == 1


def test_nobody_enters_the_second_step_without_the_first(client: Client, officer: User) -> None:
    for page in ("/sign-in/code", "/sign-in/enrol"):
        assert client.get(page)["Location"] == "/sign-in"
        assert client.post(page, {"code": "123456"})["Location"] == "/sign-in"


@pytest.mark.parametrize("evil", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_nobody_is_led_elsewhere(client: Client, officer: User, wall: Any, evil: str) -> None:
    _first(client, next=evil)
    assert client.post("/sign-in/code", {"code": _code(officer, wall)})["Location"] == "/people/me"
    for page in ("/face/size", "/face/language/en"):
        assert client.get(page, {"next": evil})["Location"] == "/"


def _signed_in(officer: User, wall: Any) -> Client:
    wall.forward(minutes=1)
    client = Client()
    _first(client)
    client.post("/sign-in/code", {"code": _code(officer, wall)})
    assert _is_inside(client)
    return client


def test_a_new_password_signs_the_others_out(officer: User, wall: Any) -> None:
    here, there = _signed_in(officer, wall), _signed_in(officer, wall)
    new = "another sentence of mine"
    wrong = here.post("/people/password", {"old": "no", "new": new, "again": new})
    assert wrong.status_code == 422 and _is_inside(there)
    weak = here.post("/people/password", {"old": PASSWORD, "new": "1234567", "again": "1234567"})
    assert weak.status_code == 422
    assert here.post("/people/password", {"old": PASSWORD, "new": new, "again": new}).status_code == 302
    assert _is_inside(here)
    assert not _is_inside(there)


def test_signing_out_needs_a_press(officer: User, wall: Any) -> None:
    client = _signed_in(officer, wall)
    assert client.get("/sign-out").status_code == 405
    assert _is_inside(client)
    client.post("/sign-out")
    assert not _is_inside(client)


def test_a_lost_telephone_is_forgotten_and_replaced(client: Client, officer: User, cast: Cast, wall: Any) -> None:
    actions.reset_second_factor(officer, by=cast.officers["it"], at=wall.now)
    assert _first(client)["Location"] == "/sign-in/enrol"


def test_both_learn_of_a_substitution_when_they_sign_in(officer: User, cast: Cast, wall: Any) -> None:
    actions.substitute(
        absent=cast.officers["handler"], substitute=officer, starts=wall.now + timedelta(days=1),
        ends=wall.now + timedelta(days=3), reason="x", by=cast.officers["chief"], at=wall.now,
    )  # fmt: skip
    wall.forward(minutes=1)
    client = Client()
    client.cookies["language"] = "en"
    _first(client)
    page = client.post("/sign-in/code", {"code": _code(officer, wall)}, follow=True)
    assert "you stand in for 陈水生" in page.content.decode()


def test_the_cookies_are_not_for_scripts_nor_for_other_sites(officer: User, wall: Any) -> None:
    client = _signed_in(officer, wall)
    for name in ("sessionid", "csrftoken"):
        if name in client.cookies:
            assert client.cookies[name]["httponly"] and client.cookies[name]["samesite"] == "Lax"
    assert "sessionid" in client.cookies


def test_pages_of_the_door_are_not_kept_by_browsers(client: Client, officer: User) -> None:
    assert "no-store" in client.get("/sign-in")["Cache-Control"]

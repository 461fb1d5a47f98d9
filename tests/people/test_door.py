"""The door is closed by default; the language is the cookie's; the visitor's address is not what they claim."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path
from django.utils import timezone, translation

from lianxin.people.middleware import visitor
from lianxin.people.models import User
from lianxin.people.rules import Power, power, public, signed_in
from lianxin.project.urls import urlpatterns as all_of_them
from tests.cast import Cast


def _say(request: HttpRequest, *_: object, **__: object) -> HttpResponse:
    return HttpResponse(f"{translation.get_language()} {request.method}")


@public
def _open(request: HttpRequest) -> HttpResponse:
    return _say(request)


@signed_in
def _inside(request: HttpRequest) -> HttpResponse:
    return _say(request)


@power(Power.TRIAGE, Power.DISPATCH)
def _closed(request: HttpRequest) -> HttpResponse:
    return _say(request)


def _forgotten(request: HttpRequest) -> HttpResponse:
    return _say(request)


urlpatterns = [
    path("t/open", _open),
    path("t/inside", _inside),
    path("t/closed", _closed),
    path("t/forgotten", _forgotten),
    *all_of_them,
]

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
SignIn = Callable[[User | str], Client]


def test_a_view_without_a_mark_never_answers(client: Client) -> None:
    with pytest.raises(ImproperlyConfigured, match="_forgotten does not say for whom it is"):
        client.get("/t/forgotten")


def test_everybody_sees_what_is_public(client: Client) -> None:
    assert client.get("/t/open").status_code == 200


def test_strangers_are_asked_to_sign_in_and_come_back(client: Client) -> None:
    for page in ("/t/inside", "/t/closed?a=1"):
        answer = client.get(page)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/sign-in?next=%2Ft%2F")


def test_a_form_sent_by_a_stranger_leads_back_to_its_page(client: Client) -> None:
    answer = client.post("/t/closed", headers={"referer": "http://testserver/t/inside?b=2"})
    assert answer["Location"] == "/sign-in?next=%2Ft%2Finside%3Fb%3D2"
    elsewhere = client.post("/t/closed", headers={"referer": "https://evil.example/"})
    assert elsewhere["Location"] == "/sign-in?next=%2F"


def test_a_part_of_a_page_sends_the_whole_page_to_sign_in(client: Client) -> None:
    answer = client.get("/t/closed", headers={"hx-request": "true", "referer": "http://testserver/t/inside"})
    assert answer["HX-Redirect"] == "/sign-in?next=%2Ft%2Finside"


def test_one_of_the_powers_opens_and_none_does_not(sign_in: SignIn) -> None:
    assert sign_in("registrar").get("/t/closed").status_code == 200
    assert sign_in("neighbour").get("/t/inside").status_code == 200
    assert sign_in("neighbour").get("/t/closed").status_code == 403


def test_without_the_second_factor_nobody_is_inside(cast: Cast, sign_in: SignIn) -> None:
    officer = cast.officers["dispatcher"]
    officer.totp_required = True
    officer.save()
    assert sign_in(officer).get("/t/inside").status_code == 302


def test_a_disabled_officer_is_outside_at_once(cast: Cast, sign_in: SignIn) -> None:
    officer = cast.officers["dispatcher"]
    browser = sign_in(officer)
    officer.is_active = False
    officer.save()
    assert browser.get("/t/inside").status_code == 302


def test_who_does_nothing_for_half_an_hour_is_signed_out(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    browser, start = sign_in("dispatcher"), timezone.now()

    def get(minutes: int) -> int:
        moment = start + timedelta(minutes=minutes)
        monkeypatch.setattr(timezone, "now", lambda: moment)
        return browser.get("/t/inside").status_code

    assert [get(0), get(29), get(58)] == [200, 200, 200]
    assert get(89) == 302
    assert get(90) == 302


def test_the_cookie_and_nothing_else_chooses_the_language(client: Client) -> None:
    def spoken(cookie: str) -> str:
        client.cookies["language"] = cookie
        answer = client.get("/t/open", headers={"accept-language": "fr"})
        assert "Cookie" in answer["Vary"]
        return answer.content.decode().split()[0] + " " + answer["Content-Language"]

    assert [spoken(c) for c in ("", "en", "zh-hant", "../etc")] == [
        "zh-hans zh-hans", "en en", "zh-hant zh-hant", "zh-hans zh-hans",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("proxies", "peer", "forwarded", "expected"),
    [
        ([], "203.0.113.9", "10.9.9.9", "203.0.113.9"),
        (["10.0.0.0/8"], "10.0.0.1", "1.1.1.1, 203.0.113.9", "203.0.113.9"),
        (["10.0.0.0/8"], "10.0.0.1", "203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (["10.0.0.0/8"], "10.0.0.1", "", "10.0.0.1"),
        (["10.0.0.0/8"], "198.51.100.7", "203.0.113.9", "198.51.100.7"),
    ],
)
def test_the_visitor_is_who_our_own_proxy_says(
    settings: Any, rf: RequestFactory, proxies: list[str], peer: str, forwarded: str, expected: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    assert visitor(rf.get("/", REMOTE_ADDR=peer, headers={"X-Forwarded-For": forwarded})) == expected

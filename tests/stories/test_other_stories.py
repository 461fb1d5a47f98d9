"""What else happens on the road: not solved, a letter, two hands at once, no scripts, a second factor, a substitute."""

from __future__ import annotations

from datetime import datetime

import pytest
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from lianxin.kit.clock import ZONE
from lianxin.ledger.models import Event
from lianxin.listen.models import Voice
from lianxin.people import actions as people
from lianxin.people.models import User
from lianxin.resolve.models import Case
from tests.cast import Cast
from tests.desk.road import Road
from tests.stories.acts import WORDS, dispatch, do, fill, look_up, send, sign_in, tell
from tests.stories.browser import PHONE
from tests.stories.conftest import Enter, Now

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "ba-shan-ye-yu-1978"


def test_not_solved_is_opened_again(person: Enter, county: Cast, now: Now) -> None:
    number, code = tell(resident := person(size=PHONE))
    road = Road(county, now.at)
    case = road.answered(Voice.objects.get(number=number))
    now.on(9, 30, 20)
    page = look_up(resident, number, code)
    with page.expect_navigation():
        page.locator("a[href*='solved=no']").click()
    form = page.locator("form.confirm")
    assert form.locator("[name=solved][value=no]").is_checked()
    fill(form, result_grade=1, words="又坏了，还是没水。")
    send(page, form)
    case.refresh_from_db()
    assert (case.state, case.reopened) == ("reopened", 1)
    clerk = person().enter(county.officers["dispatcher"])
    page = clerk.go(f"/desk/cases/{case.number}/")
    assert "又坏了，还是没水。" in page.locator("main").inner_text()
    dispatch(clerk, case.number)
    case.refresh_from_db()
    assert case.state == "handling"


def test_letter_to_the_secretary(person: Enter, county: Cast, now: Now) -> None:
    resident = person(size=PHONE)
    page = resident.go("/letter/")
    with page.expect_navigation():
        page.locator("a[href*='tier=county']").click()
    form = page.locator("form.speak")
    fill(form, text=WORDS, name="张小三", phone="13800138000")
    send(page, form)
    number, code = page.locator("#number").inner_text(), page.locator("#code").inner_text()
    now.on(9, 30, 8)
    # Nobody else sees it, not even who sorts everything.
    page = person().enter(county.officers["dispatcher"]).go("/desk/triage/")
    assert WORDS[:12] not in page.content()
    # The addressee opens it with one key, unedited, and gives an order.
    leader = person().enter(county.officers["secretary"])
    page = leader.go("/desk/letters/")
    with page.expect_navigation():
        page.locator(".list .row-item").first.click()
    assert WORDS not in page.content()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator("blockquote.words").inner_text() == WORDS
    with page.expect_navigation():
        page.keyboard.press("i")
    form = page.locator("main form").last
    fill(form, text="请水务局当天到现场核实，三天内报我，并直接答复来信人。")
    send(page, form)
    case = Case.objects.get()
    assert case.sponsor_id == county.officers["secretary"].pk
    # The sender sees when it was read.
    page = look_up(resident, number, code)
    assert "9月30日" in page.locator("main").inner_text()


def test_two_clerks_at_one_voice(person: Enter, county: Cast, now: Now) -> None:
    voice = Road(county, now.at).hear()
    other = people.make_user(username="second", name="沈二", by=None, at=now.at, totp_required=False)
    post = people.open_post(office=county.offices["hub"], title="派单员", role="dispatcher", by=None, at=now.at)
    people.appoint(post, holder=other, by=None, at=now.at)
    first, second = person().enter(county.officers["dispatcher"]), person().enter(other)
    for one in (first, second):
        one.go(f"/desk/triage/{voice.number}/")
    for one in (first, second):
        with one.page.expect_navigation():
            one.page.keyboard.press("Enter")
    assert Case.objects.count() == 1
    assert "周明" in second.page.locator("main").inner_text(), "the second is told who was faster"


def test_without_scripts(person: Enter, county: Cast, now: Now) -> None:
    resident = person(size=PHONE, java_script_enabled=False)
    number, code = tell(resident)
    Road(county, now.at).answered(Voice.objects.get(number=number))
    page = look_up(resident, number, code)
    page.locator("a[href*='solved=yes']").click()
    form = page.locator("form.confirm")
    form.locator("[name=result_grade][value='4']").check()
    form.locator("button[type=submit]").click()
    page.wait_for_url(f"**/track/{number}/")
    assert Case.objects.get().state == "closed"
    # The desk too: who sorts and gives out needs no script.
    other, _ = tell(resident, text="村口的路灯坏了三盏，晚上看不见路。")
    clerk = person(java_script_enabled=False).enter(county.officers["dispatcher"])
    page = clerk.go(f"/desk/triage/{other}/")
    page.locator("form[action*='/register/'] button").click()
    case = Case.objects.exclude(state="closed").get()
    page = clerk.go(f"/desk/cases/{case.number}/")
    page.locator(".acts a[href*='/dispatch/']").click()
    form = page.locator("#deed-form")
    form.locator("[name=lead]").select_option(label="县水务局供水股")
    form.locator("button[type=submit]").click()
    page.wait_for_url(f"**/desk/cases/{case.number}/")
    case.refresh_from_db()
    assert case.state == "handling"


def test_second_factor_is_set_up_and_asked_for(person: Enter, county: Cast, now: Now) -> None:
    officer = people.make_user(username="guarded", name="严守", by=None, at=now.at, totp_required=True)
    people.appoint(
        people.open_post(office=county.offices["hub"], title="派单员", role="dispatcher", by=None, at=now.at),
        holder=officer, by=None, at=now.at,
    )  # fmt: skip
    people.set_password(officer, password=PASSWORD, by=officer, at=now.at)
    one = person()
    page = sign_in(one, "guarded", PASSWORD)
    assert page.url.endswith("/sign-in/enrol")
    assert page.locator("img").evaluate("picture => picture.naturalWidth") > 100
    device = TOTPDevice.objects.get(user=officer)
    page.locator("[name=code]").fill("000000")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith("/sign-in/enrol")
    page.locator("[name=code]").fill(f"{totp(device.bin_key):06d}")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith("/desk/")
    # From another browser the password alone opens nothing.
    two = person()
    page = sign_in(two, "guarded", PASSWORD)
    assert page.url.endswith("/sign-in/code")
    assert "/sign-in" in two.go("/desk/").url


def test_five_wrong_passwords_and_a_pause(person: Enter, county: Cast, now: Now) -> None:
    now.at = datetime.now(ZONE)  # who counts the wrong ones looks at the clock of the machine
    people.set_password(county.officers["dispatcher"], password=PASSWORD, by=county.officers["dispatcher"], at=now.at)
    thief = person()
    for _ in range(5):
        page = sign_in(thief, "dispatcher", "wrong-wrong-wrong")
    assert "30" in page.locator("body").inner_text()
    page = sign_in(thief, "dispatcher", PASSWORD)
    assert not page.url.endswith("/desk/"), "not even the right password opens during the pause"
    assert "30" in page.locator("body").inner_text()


def test_substitute_acts_from_the_first_to_the_tenth_of_may(person: Enter, county: Cast, now: Now) -> None:
    now.on(4, 29, 9)
    case = Road(county, now.at).handling()
    colleague = person().enter(county.officers["it"])
    page = colleague.go("/people/substitutions/arrange")
    form = page.locator("main form")
    fill(form, reason="年休假", first_day="2026-05-01", last_day="2026-05-10")
    form.locator("[name=absent]").select_option(value=str(county.officers["handler"].pk))
    form.locator("[name=substitute]").select_option(value=str(county.officers["neighbour"].pk))
    send(page, form)
    address = f"/desk/cases/{case.number}/"

    def opens() -> bool:
        found = person().enter(User.objects.get(username="neighbour")).go(address)
        return case.title in found.locator("main").inner_text()

    now.on(4, 30, 23, 59)
    assert not opens()
    now.on(5, 6, 9)
    deputy = person().enter(User.objects.get(username="neighbour"))
    do(deputy, case.number, "take")
    do(deputy, case.number, "progress", text="代为到现场看过。", public=False)
    told = deputy.page.locator("main").inner_text()
    assert "吴邻" in told and "陈水生" in told, "both names stand in the record"
    event = Event.objects.about(case).filter(by_id=county.officers["neighbour"].pk).last()
    assert event is not None and "陈水生" in str(vars(event))
    now.on(5, 11, 0, 0)
    assert not opens()

"""Rating one contact: at a window by the key of the number, at a home by number and code; bad ones are looked into."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from lianxin.kit.refusal import NotAllowed
from lianxin.listen.models import code_of
from lianxin.outbox.models import Message
from lianxin.serve import actions
from lianxin.serve.actions import care, line
from lianxin.serve.models import Rating, Ticket
from lianxin.serve.models.duties import Duty, duties
from tests.cast import Cast
from tests.house.witness import prove
from tests.serve.town_hall import MORNING, TownHall, build


@pytest.fixture
def town(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> TownHall:
    monkeypatch.setattr(timezone, "now", lambda: MORNING)
    return build(cast)


def _called(town: TownHall) -> Ticket:
    line.take_ticket(town.medical, at=MORNING)
    return line.call_next(town.one, by=town.cast.officer("clerk"), at=MORNING)


def test_a_contact_at_a_window_is_rated_once_by_its_key(town: TownHall, client: Client) -> None:
    ticket = _called(town)
    page = f"/hall/rate/{ticket.key}/"
    assert client.post(page, {"grade": "5"}).status_code == 409, "nobody has been served yet"
    line.attend(ticket, by=town.cast.officer("clerk"), at=MORNING)
    assert "checked" not in client.get(page).content.decode(), "no default"
    assert client.post(page, {}).status_code == 422 and not Rating.objects.exists()
    assert client.post(page, {"grade": "2", "conduct": "5", "text": "办不成，但说得清楚"}).status_code == 302
    client.post(page, {"grade": "5"})
    rating = Rating.objects.get()
    assert (rating.grade, rating.conduct, rating.silent) == (2, 5, False)
    assert rating.answer_by and rating.answer_by > MORNING
    keeper = town.cast.officer("keeper")
    keeper.stand(MORNING)
    assert duties(keeper)[Duty.RATINGS].get() == rating
    with pytest.raises(NotAllowed):
        actions.answer_rating(
            rating, found="true", answer="已道歉，重新办理", by=town.cast.officer("clerk"), at=MORNING
        )
    prove(lambda: actions.answer_rating(rating, found="true", answer="已道歉，重新办理", by=keeper, at=MORNING))
    assert not duties(keeper)[Duty.RATINGS].exists()
    assert client.get("/hall/rate/0000000000000000/").status_code == 404


def test_a_visit_to_a_home_is_rated_with_the_code_of_the_message(town: TownHall, client: Client) -> None:
    visit = care.ask_home(
        town.hall, name="李奶奶", phone="13900001111", address="东街", reason="old", matter="认证", at=MORNING
    )  # fmt: skip
    page = f"/hall/rate/{visit.number}/"
    told = {"grade": "5", "code": code_of(visit.number)}
    assert client.post(page, told).status_code == 409
    soon = MORNING + timedelta(hours=1)
    care.plan_home(
        visit,
        planned_for=soon,
        team=[town.cast.officers["clerk"], town.cast.officers["keeper"]],
        by=town.cast.officer("keeper"),
        at=MORNING,
    )
    care.finish_home(visit, done="已认证", signed=True, by=town.cast.officer("clerk"), at=soon)
    assert visit.number in Message.objects.get(template__key="contact.rate").text
    assert client.post(page, {**told, "code": "000000"}).status_code == 422
    assert client.post(page, told).status_code == 302 and Rating.objects.get().home == visit

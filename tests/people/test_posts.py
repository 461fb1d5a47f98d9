"""Posts, the duty rota, and what an officer may do by them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from lianxin.kit.clock import ZONE
from lianxin.people import actions
from lianxin.people.actions import LeftOfficer, NotAllowed, NotYourself, TwoShifts, WrongDates, WrongSpan
from lianxin.people.models import Office, Post, Shift, User
from lianxin.people.rules import ROLES, Power, Scope
from tests.cast import Cast

pytestmark = pytest.mark.django_db
MAY = date(2027, 5, 1)


def _moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZONE)


@pytest.fixture
def newcomer(cast: Cast, at: datetime) -> User:
    return actions.make_user(username="newcomer", name="新来", by=cast.officers["it"], at=at)


def test_every_role_is_held_by_somebody_in_the_cast(cast: Cast) -> None:
    assert set(Post.objects.values_list("role", flat=True)) == set(ROLES)


def test_an_own_office_role_reaches_down_and_no_further(cast: Cast, at: datetime) -> None:
    standing = cast.officers["chief"].stand(at)
    offices = cast.offices
    assert ROLES["chief"].scope is Scope.OWN
    assert standing.may(Power.HANDLE, offices["water"].pk) and standing.may(Power.HANDLE, offices["water_section"].pk)
    assert not standing.may(Power.HANDLE, offices["housing"].pk)
    below = cast.officers["handler"].stand(at)
    assert not below.may(Power.HANDLE, offices["water"].pk)
    assert standing.offices(Power.HANDLE) == {offices["water"].pk, offices["water_section"].pk}


def test_one_digit_more_is_another_branch(cast: Cast, at: datetime) -> None:
    """Paths end with a slash: office 12 does not lie in office 1."""
    twin = Office.objects.create(name="x", kind="bureau", path=cast.offices["water"].path.rstrip("/") + "7/")
    assert twin.pk not in cast.officer("chief").stand(at).offices(Power.HANDLE)


def test_a_vacant_post_is_filled_and_holds_from_its_day(cast: Cast, newcomer: User, at: datetime) -> None:
    it, office = cast.officers["it"], cast.offices["housing"]
    post = actions.open_post(office=office, title="副局长", role="chief", by=it, at=at)
    held = actions.appoint(post, holder=newcomer, starts=MAY, by=it, at=at)
    fresh = User.objects.get(pk=newcomer.pk)
    assert not fresh.stand(_moment(MAY) - timedelta(microseconds=1)).may(Power.OVERSEE, office.pk)
    assert fresh.stand(_moment(MAY)).may(Power.OVERSEE, office.pk)
    assert Post.objects.on(date(2027, 4, 30)).get(title="副局长").holder is None
    assert held.holder == newcomer


def test_a_new_holder_is_a_new_row(cast: Cast, newcomer: User, at: datetime) -> None:
    old = cast.posts["chief"]
    new = actions.appoint(old, holder=newcomer, starts=MAY, by=cast.officers["it"], at=at)
    assert new.pk != old.pk
    assert Post.objects.on(date(2027, 4, 30)).get(title="局长").holder == cast.officers["chief"]
    assert Post.objects.on(MAY).get(title="局长").holder == newcomer
    with pytest.raises(WrongDates):
        actions.appoint(old, holder=newcomer, starts=MAY + timedelta(days=9), by=cast.officers["it"], at=at)


def test_a_held_post_needs_the_day_of_the_change(cast: Cast, newcomer: User, at: datetime) -> None:
    with pytest.raises(WrongDates):
        actions.appoint(cast.posts["chief"], holder=newcomer, by=cast.officers["it"], at=at)


def test_a_post_left_is_vacant(cast: Cast, at: datetime) -> None:
    vacant = actions.vacate(cast.posts["editor"], ends=MAY, by=cast.officers["it"], at=at)
    assert (vacant.holder, vacant.role, vacant.valid_from) == (None, "editor", MAY)
    assert not cast.officer("editor").stand(_moment(MAY)).powers
    with pytest.raises(WrongDates):
        actions.vacate(vacant, ends=MAY + timedelta(days=1), by=cast.officers["it"], at=at)


def test_days_that_do_not_fit_are_refused(cast: Cast, newcomer: User, at: datetime) -> None:
    it = cast.officers["it"]
    post = actions.open_post(office=cast.offices["hub"], title="x", role="editor", starts=MAY, by=it, at=at)
    for starts, ends in ((date(2027, 4, 1), None), (MAY, MAY), (date(2027, 6, 1), date(2027, 5, 15))):
        with pytest.raises(WrongDates):
            actions.appoint(post, holder=newcomer, starts=starts, ends=ends, by=it, at=at)
    actions.close_post(post, ends=date(2027, 6, 1), by=it, at=at)
    assert not Post.objects.on(date(2027, 6, 1)).filter(pk=post.pk).exists()


def test_nobody_appoints_oneself(cast: Cast, at: datetime) -> None:
    it = cast.officers["it"]
    with pytest.raises(NotYourself):
        actions.appoint(cast.posts["dispatcher"], holder=it, starts=MAY, by=it, at=at)


def test_who_has_left_is_not_appointed(cast: Cast, newcomer: User, at: datetime) -> None:
    actions.close_user(newcomer, by=cast.officers["it"], at=at)
    with pytest.raises(LeftOfficer):
        actions.appoint(cast.posts["chief"], holder=newcomer, starts=MAY, by=cast.officers["it"], at=at)


@pytest.mark.parametrize("stranger", ["neighbour", "chief", "secretary", "supervisor", "dispatcher"])
def test_only_who_keeps_accounts_changes_posts(cast: Cast, newcomer: User, at: datetime, stranger: str) -> None:
    by = cast.officers[stranger]
    with pytest.raises(NotAllowed):
        actions.open_post(office=cast.offices["hub"], title="x", role="editor", by=by, at=at)
    with pytest.raises(NotAllowed):
        actions.appoint(cast.posts["editor"], holder=newcomer, starts=MAY, by=by, at=at)
    with pytest.raises(NotAllowed):
        actions.vacate(cast.posts["editor"], ends=MAY, by=by, at=at)
    with pytest.raises(NotAllowed):
        actions.close_post(cast.posts["editor"], ends=MAY, by=by, at=at)


def test_nobody_is_on_duty_twice_at_once(cast: Cast, at: datetime) -> None:
    it, leader, office = cast.officers["it"], cast.officers["secretary"], cast.offices["leadership"]
    night = at + timedelta(days=1)
    shift = actions.roster(
        duty="leader", user=leader, office=office, starts=night, ends=night + timedelta(hours=12), by=it, at=at
    )
    assert Shift.objects.at(night).get() == shift
    assert not Shift.objects.at(night + timedelta(hours=12)).exists()
    with pytest.raises(TwoShifts):
        actions.roster(
            duty="hotline", user=leader, office=office, starts=night + timedelta(hours=11),
            ends=night + timedelta(hours=13), by=it, at=at,
        )  # fmt: skip
    with pytest.raises(WrongSpan):
        actions.roster(duty="leader", user=leader, office=office, starts=night, ends=night, by=it, at=at)
    with pytest.raises(NotAllowed):
        actions.drop_shift(shift, by=cast.officers["neighbour"], at=at)
    with pytest.raises(WrongSpan):
        actions.drop_shift(shift, by=it, at=night)
    actions.drop_shift(shift, by=it, at=at)
    assert not Shift.objects.exists()

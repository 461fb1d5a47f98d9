"""Links: who reaches what through them, what a transfer leaves open, and to whom it is handed."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from lianxin.kit.refusal import NotAllowed
from lianxin.ledger.models import Event
from lianxin.people import actions as people
from lianxin.record import actions
from lianxin.record.models import Household, Link, reach_of
from lianxin.record.rules import Tie
from tests.cast import Cast
from tests.house.witness import prove
from tests.record import making

WEEK = timedelta(days=7)


@pytest.fixture
def held(cast: Cast, at: datetime) -> Link:
    """The cadre of the town is linked to 和平村."""
    return actions.link(
        tie=Tie.VILLAGE, user=cast.officers["cadre"], area=cast.areas["heping"], starts=making.day(at - WEEK),
        duties="每周二进村", by=cast.officer("organiser"), at=at,
    )  # fmt: skip


def test_link_opens_the_village_to_its_cadre_and_to_no_other(cast: Cast, at: datetime, held: Link) -> None:
    home = making.household(cast.areas["heping"], "王大山", at)
    assert list(Household.objects.visible_to(cast.officer("cadre"))) == [home]
    assert not Household.objects.visible_to(cast.officer("cadre2")).exists()
    assert not Household.objects.visible_to(cast.officer("neighbour")).exists()


def test_no_link_without_its_line(cast: Cast, at: datetime) -> None:
    by, user, area = cast.officer("organiser"), cast.officers["cadre"], cast.areas["liushu"]
    made = prove(lambda: actions.link(tie=Tie.VILLAGE, user=user, area=area, starts=making.day(at), by=by, at=at))
    prove(lambda: actions.unlink(made, because="调到别的镇", by=by, at=at + WEEK))
    assert list(Event.objects.order_by("id").values_list("verb", flat=True))[-2:] == ["link.made", "link.ended"]


def test_only_who_keeps_links_writes_them(cast: Cast, at: datetime, held: Link) -> None:
    for key in ("cadre", "archivist", "neighbour", "secretary"):
        with pytest.raises(NotAllowed):
            actions.unlink(held, because="试一试", by=cast.officer(key), at=at)


def test_same_link_is_not_made_twice(cast: Cast, at: datetime, held: Link) -> None:
    with pytest.raises(actions.AlreadyLinked):
        actions.link(
            tie=Tie.VILLAGE, user=held.user, area=held.area, starts=making.day(at), by=cast.officer("organiser"), at=at
        )


@pytest.mark.parametrize("tie", [Tie.HELPER, Tie.VILLAGE])
def test_link_goes_where_its_kind_goes(cast: Cast, at: datetime, tie: Tie) -> None:
    firm = making.enterprise(cast.areas["qingshui"], "清水纸业", at)
    with pytest.raises(actions.WrongLink):
        actions.link(
            tie=tie, user=cast.officers["cadre"], enterprise=firm, starts=making.day(at), by=None, at=at
        )  # fmt: skip


def test_transfer_leaves_a_vacancy_until_it_is_handed_over(cast: Cast, at: datetime, held: Link) -> None:
    """LNK-01, I-15: nothing open stays with who has gone; the record keeps the old name."""
    day = making.day(at)
    home = making.household(cast.areas["heping"], "王大山", at)
    people.close_post(cast.posts["cadre"], ends=day, by=cast.officer("it"), at=at)
    assert list(Link.objects.orphaned(day)) == [held]
    assert not Link.objects.held(day).exists()
    assert not reach_of(cast.officer("cadre"), at).paths
    taken = actions.hand_over(
        held, to=cast.officers["cadre2"], starts=day, because="调离", by=cast.officer("organiser"), at=at
    )
    assert not Link.objects.orphaned(day).exists()
    assert (taken.follows, taken.duties, taken.area) == (held, held.duties, held.area)
    assert list(Household.objects.visible_to(cast.officer("cadre2"))) == [home]
    held.refresh_from_db()
    assert (held.user, held.ended_because) == (cast.officers["cadre"], "调离")


def test_substitute_reaches_what_the_absent_cadre_reaches(cast: Cast, at: datetime, held: Link) -> None:
    """I-13: for as long as the substitution runs, and not a day longer."""
    home = making.household(cast.areas["heping"], "王大山", at)
    people.substitute(
        absent=cast.officer("cadre"), substitute=cast.officer("cadre2"), starts=at - WEEK, ends=at + WEEK,
        reason="学习", by=cast.officer("mayor"), at=at - WEEK,
    )  # fmt: skip
    stand_in = cast.officer("cadre2")
    stand_in.stand(at)
    assert list(Household.objects.visible_to(stand_in)) == [home]
    stand_in.stand(at + 2 * WEEK)
    assert not Household.objects.visible_to(stand_in).exists()

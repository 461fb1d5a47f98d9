"""Who acts for whom, and for exactly how long."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from lianxin.kit.clock import ZONE
from lianxin.ledger.models import Event
from lianxin.people import actions
from lianxin.people.actions import (
    AlreadyAbsent,
    LeftOfficer,
    NoChain,
    NoPost,
    NotAllowed,
    NotYourself,
    WrongSpan,
    need,
)
from lianxin.people.models import Substitution, User
from lianxin.people.rules import Power
from tests.cast import Cast

pytestmark = pytest.mark.django_db

BEFORE = datetime(2027, 4, 20, 9, 0, tzinfo=ZONE)
FIRST = datetime(2027, 5, 1, tzinfo=ZONE)
AFTER = datetime(2027, 5, 11, tzinfo=ZONE)  # 1 to 10 May
TICK = timedelta(microseconds=1)


def _away(cast: Cast, *, absent: str = "handler", substitute: str = "neighbour", by: str = "chief") -> Substitution:
    officers = cast.officers
    return actions.substitute(
        absent=officers[absent], substitute=officers[substitute], starts=FIRST, ends=AFTER, reason="休假",
        by=officers[by], at=BEFORE,
    )  # fmt: skip


def test_powers_are_lent_from_the_first_moment_to_the_last(cast: Cast) -> None:
    _away(cast)
    office = cast.offices["water_section"].pk

    def lent(moment: datetime) -> bool:
        return cast.officer("neighbour").stand(moment).may(Power.HANDLE, office)

    assert [lent(m) for m in (BEFORE, FIRST - TICK, FIRST, AFTER - TICK, AFTER)] == [False, False, True, True, False]


def test_the_deed_bears_both_names(cast: Cast) -> None:
    _away(cast)
    stand_in = cast.officer("neighbour")
    holding = need(stand_in, Power.HANDLE, office_id=cast.offices["water_section"].pk, at=FIRST)
    assert holding.behalf == cast.officers["handler"]
    own = need(stand_in, Power.HANDLE, office_id=cast.offices["housing"].pk, at=FIRST)
    assert own.behalf is None


def test_it_is_on_record_with_both_names(cast: Cast) -> None:
    made = _away(cast)
    event = Event.objects.about(made).get()
    assert event.verb == "substitution.made" and event.by_name == "何局"
    assert event.data["absent"][1] == "陈水生" and event.data["substitute"][1] == "吴邻"
    assert event.data["starts"] == "2027-05-01T00:00:00+08:00"


def test_without_the_record_there_is_no_substitution(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("lianxin.people.actions.substitution.note", fail)
    with pytest.raises(RuntimeError):
        _away(cast)
    assert not Substitution.objects.exists()


def test_only_the_own_head_or_the_it_officer_arranges_it(cast: Cast) -> None:
    for stranger in ("handler", "registrar", "supervisor", "secretary", "examiner"):
        with pytest.raises(NotAllowed):
            _away(cast, by=stranger)
    with pytest.raises(NotAllowed):
        _away(cast, absent="registrar", by="chief")
    assert _away(cast, absent="registrar", by="it")


def test_nobody_stands_in_for_oneself_nor_takes_powers_oneself(cast: Cast) -> None:
    with pytest.raises(NotYourself):
        _away(cast, absent="handler", substitute="handler")
    with pytest.raises(NotYourself):
        _away(cast, substitute="chief", by="chief")
    with pytest.raises(NotYourself):
        _away(cast, absent="secretary", substitute="it", by="it")


def test_one_substitute_at_a_time(cast: Cast) -> None:
    _away(cast)
    with pytest.raises(AlreadyAbsent):
        _away(cast, substitute="registrar")
    later = actions.substitute(
        absent=cast.officers["handler"], substitute=cast.officers["registrar"], starts=AFTER,
        ends=AFTER + timedelta(days=1), reason="出差", by=cast.officers["chief"], at=BEFORE,
    )  # fmt: skip
    assert later.pk, "the next may begin the moment the last one ends"


def test_powers_lent_are_not_lent_on(cast: Cast) -> None:
    _away(cast)
    with pytest.raises(NoChain):
        _away(cast, absent="neighbour", substitute="registrar", by="it")
    with pytest.raises(NoChain):
        _away(cast, absent="chief", substitute="handler", by="it")


def test_the_time_must_lie_ahead(cast: Cast) -> None:
    officers = cast.officers
    for starts, ends in ((AFTER, FIRST), (FIRST, FIRST), (BEFORE - timedelta(days=2), BEFORE)):
        with pytest.raises(WrongSpan):
            actions.substitute(
                absent=officers["handler"], substitute=officers["neighbour"], starts=starts, ends=ends, reason="x",
                by=officers["it"], at=BEFORE,
            )  # fmt: skip


def test_who_is_gone_neither_lends_nor_borrows(cast: Cast) -> None:
    gone = cast.officers["neighbour"]
    actions.close_user(gone, by=cast.officers["it"], at=BEFORE)
    with pytest.raises(LeftOfficer):
        _away(cast)


def test_closing_an_account_takes_what_it_lent(cast: Cast) -> None:
    _away(cast)
    office = cast.offices["water_section"].pk
    assert cast.officer("neighbour").stand(FIRST).may(Power.HANDLE, office)
    actions.close_user(cast.officer("handler"), by=cast.officers["it"], at=FIRST)
    assert not cast.officer("neighbour").stand(FIRST).may(Power.HANDLE, office)


def test_without_a_post_there_is_nothing_to_stand_in_for(cast: Cast) -> None:
    idle = User.objects.create(username="idle", name="闲")
    with pytest.raises(NoPost):
        actions.substitute(
            absent=idle, substitute=cast.officers["neighbour"], starts=FIRST, ends=AFTER, reason="x",
            by=cast.officers["it"], at=BEFORE,
        )  # fmt: skip


def test_who_is_back_ends_it_at_once(cast: Cast) -> None:
    made = _away(cast)
    middle = FIRST + timedelta(days=3)
    for stranger in ("neighbour", "registrar"):
        with pytest.raises(NotAllowed):
            actions.end_substitution(made, by=cast.officer(stranger), at=middle)
    actions.end_substitution(made, by=cast.officers["handler"], at=middle)
    assert not cast.officer("neighbour").stand(middle).may(Power.HANDLE, cast.offices["water_section"].pk)
    with pytest.raises(WrongSpan):
        actions.end_substitution(made, by=cast.officers["handler"], at=middle)


def test_a_substitute_acts_with_the_absent_ones_power_to_arrange(cast: Cast) -> None:
    """The head is away; the stand-in arranges another substitution, and the record names whose power it was."""
    actions.substitute(
        absent=cast.officers["chief"], substitute=cast.officers["neighbour"], starts=FIRST, ends=AFTER, reason="x",
        by=cast.officers["it"], at=BEFORE,
    )  # fmt: skip
    made = actions.substitute(
        absent=cast.officers["handler"], substitute=cast.officers["registrar"], starts=FIRST, ends=AFTER, reason="x",
        by=cast.officer("neighbour"), at=FIRST,
    )  # fmt: skip
    event = Event.objects.about(made).get()
    assert (event.by_name, event.behalf_name) == ("吴邻", "何局")

"""Files of households: one live file each, people added and gone, values changed with their history."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from lianxin.kit.refusal import NotAllowed
from lianxin.record import actions
from lianxin.record.models import Change, Household, Resident, unseal
from lianxin.record.rules import Presence, Tie
from tests.cast import Cast

SOUND, ODD = "11010519491231002X", "110105194912310021"
PHONE_ID = UUID("6f9e0a39-2f6a-4a7e-9a60-0b8a0f8b6a11")


@pytest.fixture
def household(cast: Cast, at: datetime) -> Household:
    return actions.open_household(
        area=cast.areas["heping"], door="12号", called="王小满", by=cast.officers["archivist"], at=at
    )


@pytest.fixture
def head(household: Household, cast: Cast, at: datetime) -> Resident:
    return actions.add_resident(
        household, name="王小满", is_head=True, identity=SOUND, phone="138 0000 1234", by=cast.officers["archivist"],
        at=at,
    )  # fmt: skip


def test_a_second_live_file_is_refused_and_the_first_is_offered(household: Household, cast: Cast, at: datetime) -> None:
    with pytest.raises(actions.AlreadyOpen) as refused:
        actions.open_household(
            area=cast.areas["heping"], door=" 12号 ", called="王小满", by=cast.officers["archivist"], at=at
        )
    assert refused.value.existing == household
    assert household.number in str(refused.value)


def test_tenants_share_a_door(household: Household, cast: Cast, at: datetime) -> None:
    """Several households live behind one door (I-63)."""
    other = actions.open_household(
        area=cast.areas["heping"], door="12号", called="赵来", by=cast.officers["archivist"], at=at
    )
    tenant = actions.add_resident(other, name="赵来", is_registered=False, by=cast.officers["archivist"], at=at)
    assert Household.objects.count() == 2
    assert not tenant.is_registered


def test_who_is_not_linked_writes_nothing(household: Household, cast: Cast, at: datetime) -> None:
    for who in ("cadre", "registrar"):
        with pytest.raises(NotAllowed):
            actions.verify(household, by=cast.officers[who], at=at)
    with pytest.raises(NotAllowed):
        actions.open_household(area=cast.areas["shiqiao"], door="1", called="甲", by=cast.officers["archivist"], at=at)


def test_a_linked_cadre_opens_and_changes(household: Household, cast: Cast, at: datetime) -> None:
    actions.link(
        tie=Tie.VILLAGE, user=cast.officers["cadre"], area=cast.areas["heping"], starts=at.date(),
        by=cast.officers["organiser"], at=at,
    )  # fmt: skip
    cadre = cast.officer("cadre")
    found = actions.change(household, values={"presence": Presence.AWAY}, by=cadre, at=at)
    assert [(c.field, c.before, c.after) for c in found.changes] == [("presence", "living", "away")]
    with pytest.raises(NotAllowed):
        actions.open_household(area=cast.areas["liushu"], door="1", called="甲", by=cadre, at=at)


def test_identity_is_read_kept_sealed_and_an_odd_one_needs_a_reason(
    household: Household, head: Resident, cast: Cast, at: datetime
) -> None:
    assert head.identity is not None
    assert SOUND.encode() not in bytes(head.identity)
    assert unseal(head.identity) == SOUND
    assert (head.born_on, head.sex) == (date(1949, 12, 31), "female")
    by = cast.officers["archivist"]
    with pytest.raises(actions.OddIdentity):
        actions.add_resident(household, name="王二", identity=ODD, by=by, at=at)
    kept = actions.add_resident(household, name="王二", identity=ODD, identity_reason="户口簿如此", by=by, at=at)
    assert kept.identity_reason == "户口簿如此"
    with pytest.raises(actions.OneHead):
        actions.add_resident(household, name="王三", is_head=True, by=by, at=at)


def test_a_change_keeps_who_when_and_what_it_was(head: Resident, cast: Cast, at: datetime) -> None:
    by = cast.officers["archivist"]
    found = actions.change(head, values={"phone": "13900005678", "name": "王小满"}, by=by, at=at, client_id=PHONE_ID)
    (line,) = found.changes
    assert (line.field, line.before, line.after, line.by) == ("phone", "", "", by)
    assert line.opened() == ("138 0000 1234", "13900005678")
    again = actions.change(head, values={"phone": "13900005678"}, by=by, at=at, client_id=PHONE_ID)
    assert again.changes == found.changes
    assert Change.objects.count() == 1


def test_two_hands_are_told_field_by_field(head: Resident, cast: Cast, at: datetime) -> None:
    by = cast.officers["archivist"]
    actions.change(head, values={"relation": "户主"}, by=by, at=at)
    found = actions.change(
        head, values={"relation": "本人", "health": "健康"}, base={"relation": "", "health": ""}, by=by, at=at
    )
    assert [c.field for c in found.changes] == ["health"]
    (conflict,) = found.conflicts
    assert (conflict.field, conflict.now, conflict.by) == ("relation", "户主", str(by))
    head.refresh_from_db()
    assert (head.relation, actions.value_of(head, "health")) == ("户主", "健康")


@pytest.mark.parametrize("values", [{"secret": "1"}, {"sex": "x"}, {"name": ""}, {"born_on": "1990-13-01"}])
def test_what_does_not_fit_is_refused(head: Resident, cast: Cast, at: datetime, values: dict[str, str]) -> None:
    with pytest.raises(actions.NoSuchField):
        actions.change(head, values=values, by=cast.officers["archivist"], at=at)


def test_found_by_anybody_of_it_in_either_script(
    household: Household, head: Resident, cast: Cast, at: datetime
) -> None:
    by = cast.officers["archivist"]
    actions.add_resident(household, name="劉𠀀", by=by, at=at)
    for words in ("刘", "劉𠀀", "王小满", "12号", household.number):
        assert Household.objects.search(words).get() == household
    actions.leave(Resident.objects.get(name="劉𠀀"), because="married", by=by, at=at)
    assert not Household.objects.search("刘").exists()
    assert Resident.objects.get(name="劉𠀀").left_because == "married"


def test_verified_late_unsays_nothing_newer(household: Household, cast: Cast, at: datetime) -> None:
    by = cast.officers["archivist"]
    actions.verify(household, by=by, at=at)
    actions.verify(household, by=by, at=at, said_at=at - timedelta(days=7))
    household.refresh_from_db()
    assert (household.verified_at, household.verified_by) == (at, by)


def test_notice_and_refusal_are_kept(household: Household, cast: Cast, at: datetime) -> None:
    by = cast.officers["archivist"]
    actions.tell(household, by=by, at=at)
    actions.decline(household, reason="不愿被打扰", by=by, at=at)
    household.refresh_from_db()
    assert (household.noticed_at, household.declined_at) == (at, at)
    actions.agree(household, by=by, at=at)
    household.refresh_from_db()
    assert household.declined_at is None

"""Visits: recorded within reach, once, late or in time; put right with what stood there; heard at the door."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from lianxin.kit.refusal import NotAllowed
from lianxin.listen import actions as listen
from lianxin.listen.models import Voice
from lianxin.outbox.actions import seed_templates
from lianxin.people import actions as people
from lianxin.record import actions
from lianxin.record.models import Call, Encounter, EncounterKind, Household, Occasion
from lianxin.record.rules import Mode, Outcome
from lianxin.sheets.actions import NotFilledIn
from tests.cast import Cast
from tests.house.witness import prove
from tests.record import making

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

Go = Callable[..., Encounter]


@pytest.fixture
def kind(db: None) -> EncounterKind:
    return EncounterKind.objects.create(key="visit.household", name="入户走访", of=EncounterKind.Of.HOUSEHOLD)


@pytest.fixture
def home(cast: Cast, at: datetime) -> Household:
    making.open_village(cast, "heping", at)
    return making.household(cast.areas["heping"], "王大山", at)


@pytest.fixture
def go(cast: Cast, at: datetime, kind: EncounterKind, home: Household) -> Go:
    """The cadre goes to a door; everything may be said otherwise."""

    def gone(*, who: str = "cadre", **details: Any) -> Encounter:
        told = {"kind": kind, "household": home, "starts_at": at - HOUR, "notes": "家里三口人", **details}
        return actions.visit(by=cast.officer(who), at=at, **told)

    return gone


def test_visit_is_recorded_with_its_line(go: Go, home: Household, at: datetime) -> None:
    made = prove(go)
    assert (made.household, made.area, made.submitted_at) == (home, home.area, at)
    assert made.counts_as_met
    assert not made.is_late
    assert [each.username for each in made.members.all()] == ["cadre"]


def test_nobody_elses_door(go: Go, cast: Cast, at: datetime, kind: EncounterKind) -> None:
    with pytest.raises(actions.OutOfReach):
        go(who="cadre2")
    with pytest.raises(NotAllowed):
        go(who="neighbour")
    other = making.household(cast.areas["liushu"], "李小河", at)
    with pytest.raises(actions.OutOfReach):
        go(household=other)
    made = go()
    assert not Encounter.objects.visible_to(cast.officer("cadre2")).filter(pk=made.pk).exists()
    assert Encounter.objects.visible_to(cast.officer("organiser")).filter(pk=made.pk).exists()


def test_who_stands_in_reaches_the_door_only_in_those_days(go: Go, cast: Cast, at: datetime) -> None:
    people.substitute(
        absent=cast.officers["cadre"], substitute=cast.officers["cadre2"], starts=at, ends=at + 3 * DAY,
        reason="休假", by=cast.officer("it"), at=at,
    )  # fmt: skip
    assert go(who="cadre2").recorder.username == "cadre2"
    with pytest.raises(actions.OutOfReach):
        actions.visit(
            kind=go().kind, household=go().household, starts_at=at, by=cast.officer("cadre2"), at=at + 4 * DAY
        )


def test_the_same_visit_of_a_phone_is_one(go: Go, cast: Cast) -> None:
    number = uuid4()
    first = go(client_id=number)
    assert go(client_id=number, notes="又发了一次") == first
    assert Encounter.objects.count() == 1
    with pytest.raises(actions.ClientIdTaken):
        go(client_id=number, who="archivist")


@pytest.mark.parametrize(
    ("mode", "outcome", "is_met"),
    [
        (Mode.FACE, Outcome.MET, True),
        (Mode.FACE, Outcome.REFUSED, True),
        (Mode.FACE, Outcome.ABSENT, False),
        (Mode.FACE, Outcome.AWAY, False),
        (Mode.PHONE, Outcome.MET, False),
    ],
)
def test_only_who_was_met_face_to_face_counts(go: Go, mode: str, outcome: str, is_met: bool) -> None:
    made = go(mode=mode, outcome=outcome)
    assert made.counts_as_met is is_met
    assert Encounter.objects.met().filter(pk=made.pk).exists() is is_met


def test_late_entry_keeps_both_dates_and_says_so(go: Go, at: datetime) -> None:
    made = go(starts_at=at - 7 * DAY)
    assert made.is_late
    assert (made.starts_at, made.recorded_at) == (at - 7 * DAY, at)
    with pytest.raises(actions.NotHeldYet):
        go(starts_at=at + HOUR)


def test_checklist_is_ticked_or_explained(go: Go, cast: Cast, at: datetime, kind: EncounterKind) -> None:
    making.checklist(cast, "visit.school", at)
    kind.sheet = "visit.school"
    kind.save()
    with pytest.raises(actions.NoChecklist):
        go()
    with pytest.raises(NotFilledIn) as refused:
        go(checklist={"canteen": "no"})
    assert set(refused.value.troubles) == {"why_not"}
    made = go(checklist={"canteen": "no", "why_not": "放假"})
    assert made.answer
    assert made.answer.values["why_not"] == "放假"
    assert go(outcome=Outcome.ABSENT).answer is None


def test_draft_counts_nowhere_until_it_is_handed_in(go: Go, cast: Cast, at: datetime, kind: EncounterKind) -> None:
    making.checklist(cast, "visit.school", at)
    kind.sheet = "visit.school"
    kind.save()
    home = Household.objects.get()
    by = cast.officer("cadre")
    kept = prove(lambda: actions.draft(kind=kind, household=home, starts_at=at - HOUR, by=by, at=at))
    assert not Encounter.objects.done().exists()
    prove(lambda: actions.edit_draft(kept, checklist={"canteen": "yes"}, notes="问了收入", by=by, at=at))
    kept.refresh_from_db()
    handed = prove(lambda: actions.submit(kept, by=by, at=at + HOUR))
    assert handed.answer
    assert handed.notes == "问了收入"
    assert actions.submit(kept, by=by, at=at + DAY).submitted_at == at + HOUR
    with pytest.raises(actions.AlreadyHandedIn):
        actions.edit_draft(kept, notes="改", by=by, at=at)


def test_amending_keeps_what_stood_there(go: Go, cast: Cast, at: datetime) -> None:
    made, by = go(), cast.officer("cadre")
    changed = prove(
        lambda: actions.amend(made, outcome=Outcome.ABSENT, notes="家里三口人", because="记错了门牌", by=by, at=at)
    )
    assert [(row.field, row.before, row.after) for row in changed] == [("outcome", "met", "absent")]
    with pytest.raises(actions.NothingChanged):
        actions.amend(made, outcome=Outcome.ABSENT, because="再说一遍", by=by, at=at)
    with pytest.raises(NotAllowed):
        actions.amend(made, outcome=Outcome.MET, because="不是我记的", by=cast.officer("cadre2"), at=at)


def test_occasion_waits_for_a_visit(go: Go, cast: Cast, at: datetime, home: Household, kind: EncounterKind) -> None:
    making.checklist(cast, "visit.school", at)
    kind.sheet = "visit.school"
    kind.save()
    lead = Occasion.objects.create(
        must=Occasion.Must.REPORT, name="想就业", days=3, sheet="visit.school", office=cast.offices["labour"],
        when={"field": "wants_work", "is": "equals", "value": True},
    )  # fmt: skip
    sick = Occasion.objects.create(must=Occasion.Must.VISIT, name="家人住院", days=2)
    by = cast.officer("cadre")
    call = prove(lambda: actions.raise_call(home, occasion=sick, by=by, at=at - DAY))
    assert actions.raise_call(home, occasion=sick, by=by, at=at) == call
    go(outcome=Outcome.ABSENT)
    assert Call.objects.overdue(at + 3 * DAY).get() == call
    made = go(checklist={"canteen": "yes", "wants_work": "yes"})
    call.refresh_from_db()
    assert call.visited == made
    raised = Call.objects.open().get()
    assert (raised.occasion, raised.at_encounter) == (lead, made)
    prove(lambda: actions.report_call(raised, words="已告知人社所", by=by, at=at))
    assert not Call.objects.open().exists()


def test_what_was_heard_at_a_door_stays_with_who_reaches_it(go: Go, cast: Cast, at: datetime, home: Household) -> None:
    seed_templates(at=at)
    made, by = go(), cast.officer("cadre")
    told: dict[str, Any] = {"channel": "visit", "text": "水泵坏了", "identity": "signed", "encounter": made, "at": at}
    heard = prove(lambda: listen.hear(**told, recorder=by))
    voice = heard.voice
    assert (voice.household, voice.area, voice.received_at) == (home, home.area, made.starts_at)
    seen = {
        who: Voice.objects.visible_to(cast.officer(who)).filter(pk=voice.pk).exists()
        for who in ("cadre", "cadre2", "archivist", "registrar", "dispatcher", "neighbour")
    }
    assert seen == {
        "cadre": True, "cadre2": False, "archivist": True, "registrar": False, "dispatcher": True, "neighbour": False,
    }  # fmt: skip
    for who in ("cadre2", "registrar", "neighbour"):
        with pytest.raises(NotAllowed):
            listen.hear(**told, recorder=cast.officer(who))

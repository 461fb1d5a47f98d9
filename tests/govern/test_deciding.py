"""What the village does is decided by the people (S13, GOV-01 to GOV-04, I-86)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lianxin.govern import actions
from lianxin.govern.models import Motion, Tally, Voter
from lianxin.govern.rules import MOVES, Share, State, WrongSteps, enough, outcome, steps_of
from lianxin.kit.refusal import NotAllowed
from lianxin.ledger.models import Event
from tests.cast import Cast
from tests.govern.deciding import HOMES, STEPS, Village
from tests.house.witness import prove
from tests.record import making


@pytest.fixture
def village(cast: Cast, at: datetime) -> Village:
    return Village(cast, at)


# -- rules ---------------------------------------------------------------------------------------------------


@given(part=some.integers(0, 500), whole=some.integers(0, 500), share=some.sampled_from(Share))
def test_enough_is_enough_and_never_of_nothing(part: int, whole: int, share: Share) -> None:
    if enough(share, part, whole):
        assert part * 2 > whole > 0
        assert enough(share, part + 1, whole)
        assert enough(Share.HALF, part, whole)


@given(listed=some.integers(0, 300), data=some.data(), quorum=some.sampled_from(Share), half=some.sampled_from(Share))
def test_no_quorum_no_decision(listed: int, data: some.DataObject, quorum: Share, half: Share) -> None:
    voted = data.draw(some.integers(0, listed))
    yes = data.draw(some.integers(0, voted))
    found = outcome(listed=listed, voted=voted, yes=yes, quorum=quorum, majority=half)
    if found == State.PASSED:
        assert voted * 2 > listed
        assert yes * 2 > voted
    if not enough(quorum, voted, listed):
        assert found == State.NO_QUORUM


def test_every_state_can_be_reached_and_left_or_is_an_end() -> None:
    ends = {State.PASSED, State.REJECTED, State.WITHDRAWN}
    left = {state for froms, _ in MOVES.values() for state in froms}
    reached = {to for _, to in MOVES.values() if to} | {State.PASSED, State.REJECTED, State.NO_QUORUM, State.DRAFT}
    assert left | ends == set(State) == reached


@pytest.mark.parametrize("rows", [[], [{"key": "a"}], [*STEPS, STEPS[0]], [{**STEPS[0], "kind": "magic"}]])
def test_steps_that_are_none_are_refused(rows: list[dict[str, str]]) -> None:
    with pytest.raises(WrongSteps):
        steps_of(rows)


# -- the story of group 4 ------------------------------------------------------------------------------------


def test_group_four_decides_builds_and_accepts(village: Village) -> None:
    """S13: quorum, vote, progress, acceptance."""
    motion = village.decided()
    assert (motion.state, motion.listed, motion.voted) == (State.PASSED, HOMES, 7)
    assert motion.counts() == {"yes": 6, "no": 1}
    day = making.day(village.at)
    project = prove(lambda: actions.start_project(
        motion, title="4组通水工程", budget=186_000, sources="一事一议奖补12万，群众筹工", builder="县水务工程队",
        starts=day, until=day + timedelta(days=60), by=village.by, at=village.at,
    ))  # fmt: skip
    prove(
        lambda: actions.progress(
            project, day=day, percent=40, words="井打到八十米，出水了。", by=village.by, at=village.at
        )
    )
    looked = list(motion.voters.all()[:3])
    accept = {
        "project": project,
        "accepted": True,
        "words": "水清，压力够。",
        "day": day,
        "by": village.by,
        "at": village.at,
    }
    with pytest.raises(actions.MissingStep, match="评议事项、评议干部"):
        actions.accept_work(voters=looked, **accept)  # type: ignore[arg-type]
    for key in ("matters", "cadres"):
        actions.record_step(motion, key=key, day=day, words="满意", by=village.by, at=village.at)
    with pytest.raises(actions.TooFewVillagers):
        actions.accept_work(voters=looked[:2], **accept)  # type: ignore[arg-type]
    prove(lambda: actions.accept_work(voters=looked, **accept))  # type: ignore[arg-type]


def test_project_cannot_start_with_a_step_missing(village: Village) -> None:
    """GOV-01."""
    village.came(village.voting()[:7], yes=7)
    day = making.day(village.at)
    with pytest.raises(actions.MissingStep, match="支部提议"):
        actions.start_project(
            village.motion, title="通水", budget=1, sources="奖补", builder="工程队", starts=day, until=day,
            by=village.by, at=village.at,
        )  # fmt: skip


@pytest.mark.parametrize(("came", "yes", "state"), [(4, 4, "no_quorum"), (5, 3, "passed"), (8, 4, "rejected")])
def test_quorum_and_majority(village: Village, came: int, yes: int, state: str) -> None:
    """GOV-02: without a quorum there is no decision, however many were for it; half is not more than half."""
    assert village.came(village.voting()[:came], yes=yes, no=came - yes).state == state
    if state != "passed":
        day = making.day(village.at)
        with pytest.raises(actions.NotDecided):
            actions.start_project(
                village.motion, title="通水", budget=1, sources="奖补", builder="工程队", starts=day, until=day,
                by=village.by, at=village.at,
            )  # fmt: skip


def test_one_vote_once(village: Village) -> None:
    voter = village.voting()[0]
    prove(lambda: actions.check_off(voter, by=village.by, at=village.at))
    with pytest.raises(actions.AlreadyVoted):
        actions.check_off(voter, by=village.by, at=village.at)
    with pytest.raises(actions.AlreadyVoted):
        actions.give_ballot_code(voter, by=village.by, at=village.at)


def test_as_many_papers_as_people(village: Village) -> None:
    voters = village.voting()
    actions.check_off(voters[0], by=village.by, at=village.at)
    with pytest.raises(actions.CountsDiffer):
        actions.close_vote(village.motion, by=village.by, at=village.at)
    with pytest.raises(actions.CountsDiffer):
        actions.count_votes(village.motion, counts={"yes": 2}, by=village.by, at=village.at)
    with pytest.raises(actions.CountsDiffer):
        actions.count_votes(village.motion, counts={"yes": 2, "no": -1}, by=village.by, at=village.at)


def test_proxies_have_a_limit_and_are_not_handed_on(village: Village) -> None:
    """I-86."""
    a, b, c, d, e, *_rest = village.voting()
    for voter in (a, b):
        prove(lambda voter=voter: actions.give_proxy(voter, to=e, by=village.by, at=village.at))  # type: ignore[misc]
    for voter, to in ((c, e), (e, d), (d, a), (c, c)):
        with pytest.raises(actions.TooManyProxies):
            actions.give_proxy(voter, to=to, by=village.by, at=village.at)


def test_secret_ballot_joins_no_voter_with_a_choice(village: Village) -> None:
    """I-86: not in the rows, not in the ledger; the counts are all there is."""
    voters = village.voting()
    before = Event.objects.count()
    for number, voter in enumerate(voters[:6]):
        code = actions.give_ballot_code(voter, by=village.by, at=village.at)
        choice = "no" if number == 3 else "yes"
        actions.cast(village.motion, code=code, choice=choice, at=village.at)
        with pytest.raises(actions.AlreadyVoted):
            actions.cast(village.motion, code=code, choice=choice, at=village.at)
    assert {row.choice: row.count for row in Tally.objects.all()} == {"yes": 5, "no": 1}
    assert set(Voter.objects.filter(voted=True).values_list("digest", flat=True)) == {""}
    said = " ".join(str(event.facts()) for event in Event.objects.order_by("id")[before:])
    assert "'yes'" not in said
    assert "'no'" not in said
    assert actions.close_vote(village.motion, by=village.by, at=village.at).state == State.PASSED


def test_list_is_objected_to_and_ruled_on_before_the_vote(village: Village) -> None:
    motion = village.known()
    missing = prove(lambda: actions.object_to_list(
        motion, wants="add", name="新迁来的王五", words="去年迁入的", at=village.at
    ))  # fmt: skip
    wrong = actions.object_to_list(motion, wants="strike", name="住户9", words="已迁走", at=village.at)
    later = village.at + timedelta(days=6)
    with pytest.raises(actions.OpenObjection):
        actions.open_vote(motion, by=village.by, at=later)
    for objection in (missing, wrong):
        prove(lambda objection=objection: actions.rule_on_objection(  # type: ignore[misc]
            objection, upheld=True, ruling="查户口簿属实", by=village.by, at=later
        ))  # fmt: skip
    assert motion.listed == HOMES
    opened = prove(lambda: actions.open_vote(motion, by=village.by, at=later))
    struck = opened.voters.get(name="住户9")
    with pytest.raises(actions.AlreadyVoted):
        actions.check_off(struck, by=village.by, at=later)
    with pytest.raises(actions.ListClosed):
        actions.object_to_list(opened, wants="add", name="又一户", words="漏了", at=later)


def test_notice_must_be_up_long_enough(village: Village) -> None:
    with pytest.raises(actions.NoticeTooShort):
        village.voting(after=4)


def test_vote_without_quorum_can_be_called_again(village: Village) -> None:
    motion = village.came(village.voting()[:2], yes=2)
    assert motion.state == State.NO_QUORUM
    again = prove(lambda: actions.notice(motion, by=village.by, at=village.at))
    assert (again.voted, again.counts()) == (0, {})


def test_only_who_keeps_decisions_of_that_office(village: Village) -> None:
    for key in ("cadre", "neighbour", "secretary", "organiser"):
        officer = village.cast.officer(key)
        with pytest.raises(NotAllowed):
            actions.list_voters(village.motion, by=officer, at=village.at)
        assert not Motion.objects.visible_to(officer).exists()


def test_workers_of_an_enterprise_decide_the_same_way(village: Village) -> None:
    """GOV-04: a show of hands at a workers' congress."""
    firm = making.enterprise(village.cast.areas["qingshui"], "清水纸业", village.at)
    village.motion = village.moved(
        title="食堂延长供餐", area=None, enterprise=firm, electorate="worker", manner="hands", proposed_by="车间代表"
    )
    names = ["赵工", "钱工", "孙工"]
    actions.list_voters(village.motion, names=names, by=village.by, at=village.at)
    actions.notice(village.motion, by=village.by, at=village.at)
    village.at += timedelta(days=6)
    village.motion = actions.open_vote(village.motion, by=village.by, at=village.at)
    assert village.came(list(village.motion.voters.all()), yes=2, no=1).state == State.PASSED

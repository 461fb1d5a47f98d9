"""Services in versions: written, published, followed by the next, reviewed and abolished."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from lianxin.kit.refusal import NotAllowed, Refusal
from lianxin.ledger import actions as ledger
from lianxin.ledger.models import Event
from lianxin.people.models import Office, User
from lianxin.serve import actions as serve
from lianxin.serve.figures.catalogue import decided, offices_on, state_on, themes_on
from lianxin.serve.models import Review, Service
from lianxin.serve.rules.catalogue import MaterialRow, State
from tests.cast import Cast
from tests.serve.catalogue import MATERIALS, NUMBER, day, published, values


@pytest.fixture
def keeper(cast: Cast) -> User:
    return cast.officer("cataloguer")


@pytest.fixture
def medical(cast: Cast) -> Office:
    return cast.offices["medical"]


def _verbs() -> list[str]:
    return list(Event.objects.order_by("id").values_list("verb", flat=True))


def test_a_draft_is_seen_by_nobody_until_it_is_published(keeper: User, medical: Office, at: datetime) -> None:
    draft = serve.draft_service(number="yx-med-003", values=values(medical), materials=MATERIALS, by=keeper, at=at)
    assert (draft.number, draft.state, draft.gaps) == (NUMBER, State.DRAFT, [])
    assert not Service.objects.live(day(at)).exists()
    live = serve.publish_service(draft, starts=day(at), by=keeper, at=at)
    assert list(Service.objects.live(day(at))) == [live]
    assert not Service.objects.live(day(at) - timedelta(days=1)).exists()
    assert _verbs() == ["service.drafted", "service.published"]
    assert live.promised is not None and (live.promised.value, live.promised.unit) == (5, "workday")


def test_the_next_version_counts_from_its_day_and_the_old_one_stays(
    keeper: User, medical: Office, at: datetime
) -> None:
    first = published(medical, keeper, at)
    draft = serve.revise_service(first, by=keeper, at=at)
    assert [m.key for m in draft.materials.all()] == ["identity", "residence"]
    serve.edit_service(draft, values={"promised_value": 3, "promised_unit": "workday"}, by=keeper, at=at)
    later = day(at) + timedelta(days=10)
    serve.publish_service(draft, starts=later, by=keeper, at=at)
    assert Service.objects.live(later - timedelta(days=1)).get().version == 1
    assert Service.objects.live(later).get().version == 2
    first.refresh_from_db()
    assert (first.promised_value, first.valid_to) == (5, later)


def test_what_is_published_is_not_changed(keeper: User, medical: Office, at: datetime) -> None:
    live = published(medical, keeper, at)
    for deed in (
        lambda: serve.edit_service(live, values={"name": "x"}, by=keeper, at=at),
        lambda: serve.list_materials(live, rows=[], by=keeper, at=at),
        lambda: serve.drop_service(live, by=keeper, at=at),
        lambda: serve.publish_service(live, starts=day(at), by=keeper, at=at),
    ):
        with pytest.raises(serve.NotADraft):
            deed()


def test_there_is_one_draft(keeper: User, medical: Office, at: datetime) -> None:
    live = published(medical, keeper, at)
    draft = serve.revise_service(live, by=keeper, at=at)
    with pytest.raises(serve.DraftThere):
        serve.revise_service(live, by=keeper, at=at)
    serve.drop_service(draft, by=keeper, at=at)
    assert Service.objects.get() == live
    with pytest.raises(serve.NumberTaken):
        serve.draft_service(number=NUMBER, values=values(medical), by=keeper, at=at)


def test_who_may_apply_must_know_what_is_needed(keeper: User, medical: Office, at: datetime) -> None:
    said = values(medical, sheet_key="apply.simple", process_key="process.simple", conditions="")
    draft = serve.draft_service(number=NUMBER, values=said, by=keeper, at=at)
    with pytest.raises(serve.NotComplete):
        serve.publish_service(draft, starts=day(at), by=keeper, at=at)
    serve.edit_service(draft, values={"sheet_key": ""}, by=keeper, at=at)
    assert serve.publish_service(draft, starts=day(at), by=keeper, at=at).gaps == ["conditions", "materials"]


@pytest.mark.parametrize("days", [-1, 4000])
def test_a_version_begins_today_or_soon(keeper: User, medical: Office, at: datetime, days: int) -> None:
    draft = serve.draft_service(number=NUMBER, values=values(medical), by=keeper, at=at)
    with pytest.raises(serve.WrongDay):
        serve.publish_service(draft, starts=day(at) + timedelta(days=days), by=keeper, at=at)


@pytest.mark.parametrize(
    "wrong",
    [
        {"basis_url": "javascript:alert(1)"}, {"online_url": "data:text/html,x"}, {"kind": "soon"},
        {"promised_value": -1, "promised_unit": "workday"}, {"promised_value": 3, "promised_unit": ""},
        {"visits": 100}, {"name": "x" * 201}, {"nothing": 1}, {"lists": ["no-such"]}, {"sheet_key": "../x"},
        {"fees": [{"name": "x"}] * 41}, {"legal_unit": "moon"},
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused(keeper: User, medical: Office, at: datetime, wrong: dict[str, object]) -> None:
    with pytest.raises(Refusal):
        serve.draft_service(number=NUMBER, values=values(medical) | wrong, by=keeper, at=at)
    assert not Service.objects.exists()


@pytest.mark.parametrize("number", ["", "x", "LISTS", "a b", "云溪一", "A" * 41, "a/b"])
def test_a_number_can_stand_in_an_address(keeper: User, medical: Office, at: datetime, number: str) -> None:
    with pytest.raises(serve.WrongService):
        serve.draft_service(number=number, values=values(medical), by=keeper, at=at)


@pytest.mark.parametrize(
    "rows",
    [
        [MaterialRow("")], [MaterialRow("x", form="stone")], [MaterialRow("x", copies=100)],
        [MaterialRow("x", key="a"), MaterialRow("y", key="a")], [MaterialRow("x")] * 61, [MaterialRow("x", key="A B")],
    ],
)  # fmt: skip
def test_materials_that_cannot_be_kept(keeper: User, medical: Office, at: datetime, rows: list[MaterialRow]) -> None:
    draft = serve.draft_service(number=NUMBER, values=values(medical), materials=MATERIALS, by=keeper, at=at)
    with pytest.raises(Refusal):
        serve.list_materials(draft, rows=rows, by=keeper, at=at)
    assert draft.materials.count() == 2


def test_a_material_keeps_its_sample_when_the_list_is_written_anew(keeper: User, medical: Office, at: datetime) -> None:
    draft = serve.draft_service(number=NUMBER, values=values(medical), materials=MATERIALS, by=keeper, at=at)
    file = ledger.keep_file(content=b"name,phone\n", name="sample.csv", by=keeper, at=at)
    serve.attach_sample(draft, key="identity", which="sample", file=file, by=keeper, at=at)
    serve.list_materials(draft, rows=[MaterialRow("新的"), MATERIALS[0]], by=keeper, at=at)
    assert [(m.key, m.sample) for m in draft.materials.all()] == [("m1", None), ("identity", file)]


def test_the_neighbour_keeps_no_catalogue(cast: Cast, medical: Office, keeper: User, at: datetime) -> None:
    neighbour, live = cast.officer("neighbour"), published(medical, keeper, at)
    count = Event.objects.count()
    for deed in (
        lambda: serve.draft_service(number="X1", values={}, by=neighbour, at=at),
        lambda: serve.revise_service(live, by=neighbour, at=at),
        lambda: serve.review_service(live, verdict="kept", reason="x", on=day(at), by=neighbour, at=at),
        lambda: serve.make_list(key="xx", title="x", governs="event", basis="x", by=neighbour, at=at),
    ):
        with pytest.raises(NotAllowed):
            deed()
    assert Event.objects.count() == count


def test_an_abolished_service_counts_until_its_day(keeper: User, medical: Office, at: datetime) -> None:
    live, ends = published(medical, keeper, at), day(at) + timedelta(days=3)
    serve.review_service(
        live, verdict="abolished", reason="上位法已废止", on=ends, in_flight="finish", by=keeper, at=at
    )
    live.refresh_from_db()
    assert (live.state, live.valid_to, live.in_flight) == (State.ABOLISHED, ends, "finish")
    assert Service.objects.live(ends - timedelta(days=1)).exists()
    assert not Service.objects.live(ends).exists()
    with pytest.raises(serve.NotLive):
        serve.review_service(live, verdict="kept", reason="又要", on=ends, by=keeper, at=at)


def test_abolishing_says_what_becomes_of_applications(keeper: User, medical: Office, at: datetime) -> None:
    live = published(medical, keeper, at)
    with pytest.raises(serve.WrongVerdict):
        serve.review_service(live, verdict="abolished", reason="理由", on=day(at), by=keeper, at=at)
    with pytest.raises(Refusal):
        serve.review_service(live, verdict="kept", reason=" ", on=day(at), by=keeper, at=at)
    assert not Review.objects.exists()


def test_a_clean_up_is_counted_before_and_after(keeper: User, medical: Office, at: datetime) -> None:
    one, two = published(medical, keeper, at), published(medical, keeper, at, number="YX-MED-004", visits=2)
    ends = day(at) + timedelta(days=5)
    serve.review_service(one, verdict="adjusted", reason="减材料", on=day(at), by=keeper, at=at)
    draft = Service.objects.drafts().get()
    serve.list_materials(draft, rows=[MATERIALS[0]], by=keeper, at=at)
    serve.publish_service(draft, starts=ends, by=keeper, at=at)
    serve.review_service(two, verdict="abolished", reason="取消", on=ends, in_flight="withdraw", by=keeper, at=at)
    before, after = state_on(day(at)), state_on(ends)
    assert (before.services, before.materials, before.visits, before.days) == (2, 4, 2, 10)
    assert (after.services, after.materials, after.visits, after.days) == (1, 1, 0, 5)
    found = decided(day(at), ends)
    assert (found.kept, found.adjusted, found.abolished, found.open) == (0, 1, 1, 0)


def test_services_are_found_by_their_words(keeper: User, medical: Office, at: datetime) -> None:
    live = published(medical, keeper, at, name="城乡居民基本医疗保险异地就医备案")
    published(medical, keeper, at, number="YX-MED-009", name="医疗救助", also_called="", theme="社会救助、医疗卫生")
    for words in ("异地就医", "異地就醫", "外地看病", "医疗保障局 异地", "yx-med-003"):
        assert list(Service.objects.live(day(at)).search(words)) == [live], words
    assert not Service.objects.search("渔业").exists()
    assert offices_on(day(at)) == [("县医疗保障局", 2)]
    assert dict(themes_on(day(at))) == {"医疗卫生": 2, "社会救助": 1}


def test_lines_of_a_list_never_overlap(keeper: User, at: datetime) -> None:
    dated = serve.make_list(
        key="hospitals", title="定点医疗机构", governs="admission", basis="示例〔2009〕1号", by=keeper, at=at,
        columns=[{"key": "self_pay", "label": "先自付", "kind": "percent"}],
    )  # fmt: skip
    row = serve.add_line(dated, name="第一中医院", valid_from=date(2009, 9, 1), by=keeper, at=at)
    for start, end in ((date(2010, 1, 1), None), (None, None), (None, date(2009, 9, 2))):
        with pytest.raises(serve.Overlapping):
            serve.add_line(dated, name="第一中医院", valid_from=start, valid_to=end, by=keeper, at=at)
    serve.end_line(row, on=date(2010, 1, 1), by=keeper, at=at)
    serve.add_line(dated, name="第一中医院", valid_from=date(2010, 1, 1), by=keeper, at=at)
    serve.add_line(dated, name="第一中医院", valid_to=date(2009, 9, 1), by=keeper, at=at)
    with pytest.raises(serve.LineEnded):
        serve.end_line(row, on=date(2011, 1, 1), by=keeper, at=at)
    for cells in ({"self_pay": "ten"}, {"unknown": "1"}):
        with pytest.raises(serve.WrongList):
            serve.add_line(dated, name="别的", values=cells, by=keeper, at=at)
    with pytest.raises(serve.ListTaken):
        serve.make_list(key="hospitals", title="x", governs="event", basis="x", by=keeper, at=at)
    assert [r.name for r in dated.rows.on(date(2009, 8, 31))] == ["第一中医院"]

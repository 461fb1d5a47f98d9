"""Lists of services brought in: nothing invented, nothing twice, and the real file of a province in seconds."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from pathlib import Path

import pytest
from django.utils import translation

from lianxin.intake import actions as intakes
from lianxin.intake.models import Intake
from lianxin.intake.rules import BadMapping
from lianxin.kit.clock import local
from lianxin.serve import actions as serve
from lianxin.serve.channels.listing import SERVICES
from lianxin.serve.models import Service
from lianxin.serve.rules.catalogue import Gap, State
from tests.cast import Cast

REAL = Path(__file__).parents[3] / "shared" / "data" / "services" / "guangdong_matters.csv"
HEAD = "事项名称,实施编码,实施主体,法定办结时限,承诺办结时限,到办事现场次数,申请材料,受理条件,快递服务\n"
ROW = "社会保障卡申领,11511600DEMO001,县人力资源和社会保障局,20(工作日),5(工作日),1,身份证;照片,无,是\n"


def _bring(content: str | bytes, at: datetime, *, publishes: bool = True) -> Intake:
    raw = content.encode() if isinstance(content, str) else content
    intake, seen = intakes.open_list(SERVICES, content=raw, name="事项.csv", by=None, at=at)
    intakes.begin_intake(
        intake, listing=SERVICES, mapping=seen.mapping, way="" if publishes else "draft", by=None, at=at
    )
    while intakes.take_in(SERVICES, at=at, only=intake):
        pass
    intake.refresh_from_db()
    return intake


def _counts(intake: Intake) -> tuple[int, int, int, int]:
    return intake.added, intake.changed, intake.known, intake.failed


def test_what_the_list_does_not_tell_is_missing(cast: Cast, at: datetime) -> None:
    intake = _bring(HEAD + ROW, at)
    service = Service.objects.live(local(at).date()).get()
    assert _counts(intake) == (1, 0, 0, 0)
    assert service.office == cast.offices["labour"]
    assert (service.legal_value, service.promised_value, service.visits, service.sends_by_post) == (20, 5, 1, True)
    assert [(m.name, m.form, m.copies, m.necessity) for m in service.materials.all()] == [
        ("身份证", "", None, ""), ("照片", "", None, ""),
    ]  # fmt: skip
    assert service.conditions == "" and Gap.CONDITIONS in service.gaps
    assert {Gap.KIND, Gap.FEES, Gap.MATERIAL_FORM, Gap.VISITS_REASON} <= set(service.gaps)
    assert intake.tally[Gap.CONDITIONS] == 1


def test_the_same_list_again_changes_nothing_and_another_one_makes_a_version(cast: Cast, at: datetime) -> None:
    _bring(HEAD + ROW, at)
    assert _counts(_bring((HEAD + ROW).encode("gb18030"), at)) == (0, 0, 1, 0)
    mine = serve.revise_service(Service.objects.get(), by=None, at=at)
    serve.edit_service(mine, values={"remedies": "可申请行政复议"}, by=None, at=at)
    serve.publish_service(mine, starts=local(at).date(), by=None, at=at)
    assert _counts(_bring(HEAD + ROW.replace("5(工作日)", "3(工作日)"), at)) == (0, 1, 0, 0)
    newest = Service.objects.live(local(at).date()).get()
    assert (newest.version, newest.promised_value, newest.remedies) == (3, 3, "可申请行政复议")
    assert Service.objects.get(version=1).promised_value == 5


def test_drafts_stay_out_of_sight(cast: Cast, at: datetime) -> None:
    _bring(HEAD + ROW, at, publishes=False)
    assert Service.objects.get().state == State.DRAFT
    assert not Service.objects.live(local(at).date()).exists()


def test_a_list_brings_nothing_back_that_was_abolished(cast: Cast, at: datetime) -> None:
    _bring(HEAD + ROW, at)
    day = local(at).date()
    service = Service.objects.get()
    serve.review_service(
        service, verdict="abolished", reason="取消", on=day, in_flight="finish", by=cast.officer("cataloguer"), at=at
    )
    assert _counts(_bring(HEAD + ROW.replace("5(工作日)", "3(工作日)"), at)) == (0, 0, 0, 1)
    assert not Service.objects.live(day).exists()


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (ROW.replace("社会保障卡申领", ""), "service"),
        (ROW.replace("5(工作日)", "很快"), "很快"),
        (ROW.replace(",1,", ",many,"), "many"),
        (ROW.replace("11511600DEMO001", "a/b1"), "number"),
        (ROW.replace("社会保障卡申领", "长" * 201), "201"),
    ],
)
def test_a_row_that_cannot_be_taken_holds_up_no_other(cast: Cast, at: datetime, row: str, says: str) -> None:
    with translation.override("en"):
        intake = _bring(HEAD + row + ROW.replace("001", "002") + ROW.replace("001", "002"), at)
    assert _counts(intake) == (1, 0, 0, 2)
    assert says in intake.errors.order_by("row")[0].trouble
    assert list(intake.errors.order_by("row").values_list("row", flat=True)) == [2, 4]


def test_a_list_without_codes_is_known_again(cast: Cast, at: datetime) -> None:
    content = "item,department,link\n求职补贴申领,区人社局,http://example.org/1\n"
    assert _counts(_bring(content, at)) == (1, 0, 0, 0)
    assert _counts(_bring(content, at)) == (0, 0, 1, 0)
    assert Service.objects.get().number.startswith("YX-")


@pytest.mark.parametrize(
    "mapping",
    [{}, {"实施编码": "code"}, {"事项名称": "name", "实施编码": "name"}, {"没有": "name"}, {"事项名称": "moon"}],
)  # fmt: skip
def test_columns_that_do_not_fit_are_refused(cast: Cast, at: datetime, mapping: dict[str, str]) -> None:
    intake, _seen = intakes.open_list(SERVICES, content=(HEAD + ROW).encode(), name="x.csv", by=None, at=at)
    with pytest.raises(BadMapping):
        intakes.begin_intake(intake, listing=SERVICES, mapping=mapping, by=None, at=at)


@pytest.mark.skipif(not REAL.exists(), reason="the real list of a province is not on this machine")
def test_three_hundred_matters_of_a_province(cast: Cast, at: datetime) -> None:
    with REAL.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for _n, row in zip(range(301), csv.reader(file), strict=False)]
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    intake = _bring(text.getvalue(), at)
    assert _counts(intake) == (300, 0, 0, 0)
    live = Service.objects.live(local(at).date())
    assert live.count() == 300
    assert intake.tally[Gap.FEES] == intake.tally[Gap.RESULT] == intake.tally[Gap.REMEDIES] == 300
    assert Gap.CODE not in intake.tally
    assert live.filter(promised_value=None).count() == intake.tally.get(Gap.PROMISED, 0)
    assert not live.exclude(kind="").exists(), "the file tells of no kind, so none may be invented"
    assert live.search("许可").exists()

"""The taxonomy: seeded once, brought in from a list, ended and replaced by dates."""

from __future__ import annotations

import csv
from datetime import date, datetime, timedelta

import pytest

from lianxin.kit.refusal import NotAllowed
from lianxin.ledger.models import Event
from lianxin.listen import actions, figures
from lianxin.listen.models import Subject
from lianxin.listen.rules import SubjectRow
from lianxin.people import actions as people
from lianxin.people.models import Office, User
from lianxin.project.demo.words import THEMES
from tests.cast import Cast
from tests.listen.conftest import real_list


@pytest.fixture
def limits(db: None, at: datetime) -> None:
    people.seed_limits(at=at)


def test_the_seed_is_a_small_tree_with_words(db: None, at: datetime) -> None:
    count = actions.seed_subjects(at=at)
    assert actions.seed_subjects(at=at) == 0
    assert Subject.objects.count() == count
    tops = Subject.objects.filter(parent=None)
    assert tops.count() == 12
    assert all(3 <= top.children.count() <= 6 for top in tops)
    leaves = Subject.objects.leaves()
    assert leaves.count() == count - 12
    assert all(len(leaf.keywords.split()) >= 3 for leaf in leaves)
    leaf = Subject.objects.get(name="停水水压")
    assert (leaf.full_name, str(leaf)) == ("供水供电/停水水压", "供水供电/停水水压")
    assert leaf.parent
    assert leaf.path == f"/{leaf.parent_id}/{leaf.pk}/"
    assert set(Subject.objects.within(leaf.parent)) == {leaf.parent, *leaf.parent.children.all()}


def test_what_was_changed_or_ended_is_not_seeded_back(cast: Cast, it: User, at: datetime) -> None:
    actions.seed_subjects(at=at)
    changed, ended = Subject.objects.get(name="停水水压"), Subject.objects.get(name="路灯照明")
    actions.edit_subject(changed, keywords="没水", office=None, limit_key=changed.limit_key, by=it, at=at)
    actions.end_subject(ended, on=at.date(), by=it, at=at)
    assert actions.seed_subjects(at=at, leads={"停水水压": cast.offices["water"]}) == 0
    again = Subject.objects.get(name="停水水压")
    assert (again.keywords, again.office) == ("没水", None)
    assert Subject.objects.get(name="路灯照明").valid_to == at.date()


def test_a_seed_may_say_who_usually_leads(cast: Cast, water: Office, at: datetime) -> None:
    actions.seed_subjects(at=at, leads={"停水水压": water})
    assert list(Subject.objects.exclude(office=None).values_list("name", "office")) == [("停水水压", water.pk)]


def test_the_demo_county_suggests_an_office_for_all_it_hears_of(db: None, at: datetime) -> None:
    actions.seed_subjects(at=at)
    leaves = set(Subject.objects.leaves().values_list("name", flat=True))
    assert {theme.subject for theme in THEMES} <= leaves


def test_a_list_is_brought_in_and_taken_out_again(cast: Cast, it: User, at: datetime) -> None:
    records = [
        {"subject": "学风/作风", "keywords": "推诿 扯皮", "office": "县水务局"},
        {"level1": "学风", "level2": "纪律", "level3": "迟到"},
    ]
    rows = [SubjectRow.of(record) for record in records]
    assert actions.import_subjects(rows, scheme="campaign", by=it, at=at) == 4
    assert actions.import_subjects(rows, scheme="campaign", by=it, at=at) == 0
    out = figures.subject_rows("campaign", at.date())
    assert ("学风/作风", "推诿 扯皮", "县水务局") in out
    assert {name for name, *_ in out} == {"学风", "学风/作风", "学风/纪律", "学风/纪律/迟到"}
    back = [SubjectRow.of({"subject": name, "keywords": words, "office": office}) for name, words, office in out]
    assert actions.import_subjects(back, scheme="copy", by=it, at=at) == 4
    assert figures.subject_rows("copy", at.date()) == out
    assert Event.objects.filter(verb="subject.imported").count() == 3


@pytest.mark.parametrize(
    "row",
    [SubjectRow(()), SubjectRow(("a", "b", "c", "d", "e")), SubjectRow(("a",), office="没有这个局")],
)
def test_a_row_that_cannot_be_taken_is_named(row: SubjectRow, cast: Cast, it: User, at: datetime) -> None:
    with pytest.raises(actions.BadSubject) as refused:
        actions.import_subjects([SubjectRow(("好",)), row], scheme="x", by=it, at=at)
    assert "2" in str(refused.value)


def test_a_list_is_looked_at_first(cast: Cast, subject: Subject, at: datetime) -> None:
    rows = [
        SubjectRow(("供水供电", "停水水压"), "停水"),
        SubjectRow(("供水供电", "饮水水质")),
        SubjectRow(("新的", "更新的"), office="县水务局"),
        SubjectRow(("供水供电", "停水水压", "断水")),
        SubjectRow(("字" * 41,)),
        SubjectRow(("好",), office="没有这个局"),
    ]
    outlook = actions.preview_subjects(rows, scheme="county", at=at)
    assert outlook.added == ["新的", "新的/更新的", "供水供电/停水水压/断水"]
    assert outlook.changed == ["供水供电/停水水压"]
    assert outlook.known == 2
    assert [words[1:2] for words in outlook.troubles] == ["5", "6"]
    assert not Subject.objects.filter(name="新的").exists()


def test_a_list_meets_a_subject_that_will_end(cast: Cast, it: User, subject: Subject, at: datetime) -> None:
    actions.end_subject(subject, on=at.date() + timedelta(days=30), by=it, at=at)
    count = Subject.objects.count()
    assert actions.import_subjects([SubjectRow(("供水供电", "停水水压"), "停水")], scheme="county", by=it, at=at) == 0
    assert Subject.objects.count() == count
    with pytest.raises(actions.BadSubject):
        actions.import_subjects([SubjectRow(("供水供电", "停水水压", "断水"))], scheme="county", by=it, at=at)


def test_a_list_has_an_end(cast: Cast, it: User, at: datetime) -> None:
    with pytest.raises(actions.BadSubject):
        actions.import_subjects([SubjectRow(("好",))] * 3001, scheme="x", by=it, at=at)


@pytest.mark.usefixtures("limits")
def test_add_and_its_refusals(cast: Cast, it: User, subject: Subject, at: datetime) -> None:
    fresh = actions.add_subject(name="水/表", keywords="水表、读数；快", parent=subject, by=it, at=at)
    assert (fresh.full_name, fresh.keywords, fresh.scheme) == ("供水供电/停水水压/水／表", "水表 读数 快", "county")
    fourth = actions.add_subject(name="四", parent=fresh, by=it, at=at)
    for refusal, given in (
        (actions.AlreadyThere, {"name": "水/表", "parent": subject}),
        (actions.BadSubject, {"name": "五", "parent": fourth}),
        (actions.BadSubject, {"name": "甲", "scheme": "Big Words"}),
        (actions.BadSubject, {"name": "甲", "limit_key": "case.nowhere"}),
        (actions.NothingSaid, {"name": " "}),
        (actions.TooLong, {"name": "甲", "keywords": "水" * 501}),
    ):
        with pytest.raises(refusal):
            actions.add_subject(by=it, at=at, **given)
    ended = actions.end_subject(subject, on=at.date(), by=it, at=at)
    with pytest.raises(actions.AlreadyEnded):
        actions.add_subject(name="乙", parent=ended, by=it, at=at)
    assert actions.add_subject(name=ended.name, parent=ended.parent, by=it, at=at).pk != ended.pk


@pytest.mark.usefixtures("limits")
def test_edit_notes_what_was_before_and_after(cast: Cast, it: User, subject: Subject, at: datetime) -> None:
    before = subject.keywords
    given = {"keywords": before, "office": cast.offices["water"], "limit_key": "case.complex"}
    for _twice in range(2):
        actions.edit_subject(subject, **given, by=it, at=at)  # type: ignore[arg-type]
    event = Event.objects.get(verb="subject.edited")
    assert event.data == {
        "before": {"office": None, "limit": "case.ordinary"},
        "after": {"office": "县水务局", "limit": "case.complex"},
    }
    with pytest.raises(actions.BadSubject):
        actions.edit_subject(subject, keywords="", office=None, limit_key="case.nowhere", by=it, at=at)
    ended = actions.end_subject(subject, on=at.date(), by=it, at=at)
    with pytest.raises(actions.AlreadyEnded):
        actions.edit_subject(ended, keywords="", office=None, limit_key="case.complex", by=it, at=at)


def test_no_subject_ends_in_the_past(cast: Cast, it: User, subject: Subject, at: datetime) -> None:
    with pytest.raises(actions.BadSubject):
        actions.end_subject(subject, on=at.date() - timedelta(days=1), by=it, at=at)


def test_a_successor_needs_a_name_of_its_own(cast: Cast, it: User, subject: Subject, at: datetime) -> None:
    with pytest.raises(actions.AlreadyThere):
        actions.replace_subject(subject, name="饮水水质", on=at.date(), by=it, at=at)
    assert Subject.objects.get(pk=subject.pk).valid_to is None


def test_only_who_looks_after_them(cast: Cast, neighbour: User, subject: Subject, at: datetime) -> None:
    for deed in (
        lambda: actions.import_subjects([SubjectRow(("好",))], scheme="x", by=neighbour, at=at),
        lambda: actions.end_subject(subject, on=at.date(), by=neighbour, at=at),
        lambda: actions.replace_subject(subject, name="新", on=at.date(), by=neighbour, at=at),
        lambda: actions.add_subject(name="新", by=neighbour, at=at),
        lambda: actions.edit_subject(subject, keywords="", office=None, limit_key="case.ordinary", by=neighbour, at=at),
    ):
        with pytest.raises(NotAllowed):
            deed()


def test_a_subject_is_replaced_on_a_day(cast: Cast, it: User, subject: Subject, at: datetime) -> None:
    day = date(2027, 1, 1)
    fresh = actions.replace_subject(subject, name="供水", on=day, by=it, at=at)
    names = [
        set(Subject.objects.on(moment).filter(pk__in=[subject.pk, fresh.pk]).values_list("name", flat=True))
        for moment in (day - timedelta(days=1), day)
    ]
    assert names == [{"停水水压"}, {"供水"}]
    assert (fresh.parent, fresh.keywords) == (subject.parent, subject.keywords)
    with pytest.raises(actions.AlreadyEnded):
        actions.end_subject(Subject.objects.get(pk=subject.pk), on=day, by=it, at=at)
    with pytest.raises(actions.BadSubject):
        actions.end_subject(fresh, on=day, by=it, at=at)


def test_ending_a_branch_ends_what_is_below(cast: Cast, it: User, subject: Subject, at: datetime) -> None:
    assert subject.parent
    actions.end_subject(subject.parent, on=at.date(), by=it, at=at)
    assert not Subject.objects.on(at.date()).filter(path__startswith=subject.parent.path).exists()


def test_the_real_taxonomy(cast: Cast, it: User, at: datetime) -> None:
    with real_list("taxonomy.csv").open(encoding="utf-8", newline="") as file:
        rows = [SubjectRow.of(record) for record in csv.DictReader(file)]
    actions.import_subjects(rows, scheme="real", by=it, at=at)
    paths = {row.path[:depth] for row in rows for depth in range(1, len(row.path) + 1)}
    assert Subject.objects.filter(scheme="real").count() == len(paths)


def test_a_subject_whose_parts_have_ended_can_be_chosen_again(cast: Cast, it: User, at: datetime) -> None:
    actions.seed_subjects(at=at)
    top = Subject.objects.get(name="供水供电", parent=None)
    day = at.date()
    assert top not in Subject.objects.leaves(day)
    for part in top.children.all():
        actions.end_subject(part, on=day + timedelta(days=1), by=it, at=at)
    assert top not in Subject.objects.leaves(day), "they hold until the end of that day"
    assert top in Subject.objects.leaves(day + timedelta(days=1)) and top in Subject.objects.leaves()

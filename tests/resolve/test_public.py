"""A case told in public, a saved filter, and the calendar that moves dates."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from lianxin.kit.clock import ZONE, Day
from lianxin.kit.refusal import NotAllowed
from lianxin.ledger.models import Event
from lianxin.outbox.models import Message
from lianxin.people.actions import import_calendar, substitute
from lianxin.people.models import User
from lianxin.resolve import actions
from lianxin.resolve.actions.filters import FILTERS_MAX, NotYourFilter, TooManyFilters
from lianxin.resolve.actions.public import AlreadyPublished, NothingDrafted, NotPublished, OwnDraft
from lianxin.resolve.models import Case, Publication, SavedFilter
from tests.resolve.story import Story


def draft(story: Story, case: Case, **said: str) -> Publication:
    given = {"title": "和平村停水", "question": "三组停水", "answer": "已换管", **said}
    return actions.draft_public(case, by=story.who("dispatcher"), at=story.later(), **given)


def test_names_and_numbers_of_the_people_are_masked(story: Story) -> None:
    case = story.closed(story.voice(name="诸葛小明", phone="13812345678"))
    made = draft(story, case, title="诸葛小明家停水", question="我是诸葛小明，电话13812345678", answer="已告诉诸葛小明")
    told = made.title + made.question + made.answer
    assert "小明" not in told
    assert "13812345678" not in told
    assert "诸葛某某" in told


def test_one_drafts_and_another_publishes(story: Story) -> None:
    case = story.closed()
    with pytest.raises(NothingDrafted):
        actions.publish(case, by=story.who("editor"), at=story.later())
    draft(story, case)
    assert not Publication.objects.published().exists()
    for key in ("dispatcher", "handler"):
        with pytest.raises(NotAllowed):
            actions.publish(case, by=story.who(key), at=story.later())
    actions.publish(case, by=story.who("editor"), at=story.later())
    assert Publication.objects.published().get().published_by == story.who("editor")
    with pytest.raises(AlreadyPublished):
        draft(story, case)


def test_who_drafted_does_not_publish_in_the_editors_place(story: Story) -> None:
    case = story.closed()
    draft(story, case)
    start = story.at - timedelta(days=1)
    substitute(
        absent=story.who("editor"), substitute=story.who("dispatcher"), starts=start, ends=start + timedelta(days=9),
        reason="病假", by=story.who("it"), at=start,
    )  # fmt: skip
    with pytest.raises(OwnDraft):
        actions.publish(case, by=story.who("dispatcher"), at=story.later())


def test_withdrawn_leaves_a_trace_and_can_be_drafted_anew(story: Story) -> None:
    case = story.closed()
    with pytest.raises(NotPublished):
        actions.withdraw(case, reason="写错了", by=story.who("editor"), at=story.later())
    draft(story, case)
    actions.publish(case, by=story.who("editor"), at=story.later())
    actions.withdraw(case, reason="写错了", by=story.who("editor"), at=story.later())
    assert not Publication.objects.published().exists()
    assert not Publication.objects.waiting().exists()
    draft(story, case)
    assert Publication.objects.waiting().count() == 1
    verbs = [event.verb for event in Event.objects.about(case).order_by("id")][-4:]
    assert verbs == ["case.draft_public", "case.publish", "case.withdraw", "case.draft_public"]


def test_what_is_public_can_be_withdrawn_when_it_is_reopened(story: Story) -> None:
    case = story.closed()
    draft(story, case)
    actions.publish(case, by=story.who("editor"), at=story.later())
    case = actions.reopen(case, reason="又停了", by=story.who("dispatcher"), at=story.later())
    actions.withdraw(case, reason="又停了", by=story.who("editor"), at=story.later())
    assert not Publication.objects.published().exists()


def test_filters_are_kept_by_name_for_their_owner(story: Story, handler: User, dispatcher: User) -> None:
    first = actions.save_filter(name="快到期", query="?state=handling", by=handler, at=story.at)
    again = actions.save_filter(name="快到期", query="light=near", by=handler, at=story.later())
    assert (first.pk, again.query) == (again.pk, "light=near")
    with pytest.raises(NotYourFilter):
        actions.drop_filter(first, by=dispatcher, at=story.later())
    actions.drop_filter(first, by=handler, at=story.later())
    assert not SavedFilter.objects.exists()
    assert [event.verb for event in Event.objects.filter(verb__startswith="filter").order_by("id")] == [
        "filter.save", "filter.save", "filter.drop",
    ]  # fmt: skip


def test_filters_have_an_end(story: Story, handler: User) -> None:
    SavedFilter.objects.bulk_create(SavedFilter(user=handler, name=str(n), query="") for n in range(FILTERS_MAX))
    with pytest.raises(TooManyFilters):
        actions.save_filter(name="再一个", query="", by=handler, at=story.at)
    actions.save_filter(name="0", query="q=x", by=handler, at=story.at)


class TestCalendar:
    """A year that is announced while cases run."""

    def at_new_year(self, story: Story) -> Case:
        story.at = datetime(2026, 12, 30, 9, tzinfo=ZONE)
        return story.handling()

    def announce(self, story: Story) -> None:
        rows = [Day(date(2027, 1, day), is_workday=False, name="元旦") for day in (1, 2, 3, 4, 5)]
        import_calendar(rows=rows, source="国办发明电", by=story.who("it"), at=story.at)

    def test_open_dates_are_counted_again_with_one_event_each(self, story: Story) -> None:
        case, other = self.at_new_year(story), story.handling()
        assert case.due_provisional
        self.announce(story)
        assert actions.recount_deadlines(at=story.later(), by=story.who("it")) == 2
        case.refresh_from_db()
        # 31 December, then 6, 7, 8 and 11 January.
        assert case.due_at == datetime(2027, 1, 11, 17, 30, tzinfo=ZONE)
        assert not case.due_provisional
        assert case.first_due_at and case.due_at
        assert case.first_due_at < case.due_at
        assert story.task(case).due_at == case.due_at
        event = Event.objects.about(case).latest("id")
        assert (event.verb, event.by_name, event.data["due"][:10]) == ("case.recount", "卫工", "2027-01-11")
        assert Event.objects.about(other).latest("id").verb == "case.recount"
        assert Message.objects.filter(template__key="case.extended").count() == 2
        assert actions.recount_deadlines(at=story.later(), by=None) == 0, "again: nothing"

    def test_what_a_person_set_stays_and_so_do_hours_and_what_is_over(self, story: Story) -> None:
        story.at = datetime(2026, 12, 30, 9, tzinfo=ZONE)
        by_hand = story.handling(due=datetime(2027, 1, 4, 12, tzinfo=ZONE))
        granted = story.handling()
        actions.extend(
            granted, due=datetime(2027, 1, 20, tzinfo=ZONE), reason="等件", by=story.who("handler"), at=story.later()
        )
        actions.decide_extension(granted, granted=True, by=story.who("secretary"), at=story.later())
        hours = actions.alarm(story.handling(), reason="泄漏", by=story.who("dispatcher"), at=story.later())
        answered, still = story.answered(), story.suspended()
        before = {case.pk: Case.objects.get(pk=case.pk).due_at for case in (by_hand, granted, hours, answered, still)}
        self.announce(story)
        assert actions.recount_deadlines(at=story.later(), by=None) == 0
        assert {pk: Case.objects.get(pk=pk).due_at for pk in before} == before
        resumed = actions.resume(still, by=story.who("dispatcher"), at=story.later())
        old = before[still.pk]
        assert resumed.due_at and old
        assert resumed.due_at > old, "a clock that stood still is counted when it runs again"

    def test_only_who_looks_after_reference_data(self, story: Story) -> None:
        with pytest.raises(NotAllowed):
            actions.recount_deadlines(at=story.at, by=story.who("dispatcher"))


def test_public_answers_ask_nothing_more_for_each_row(story: Story, django_assert_num_queries: Any) -> None:
    for _ in range(3):
        case = story.closed(story.voice())
        Case.objects.filter(pk=case.pk).update(effect_on=story.at.date())
        draft(story, case)
        actions.publish(case, by=story.who("editor"), at=story.later())
    with django_assert_num_queries(1):
        days = [told.days_to_effect for told in Publication.objects.published().with_facts()]
    assert days == [
        Publication.objects.get(pk=told.pk).case.days_to_effect for told in Publication.objects.published().with_facts()
    ]
    assert len(days) == 3 and None not in days

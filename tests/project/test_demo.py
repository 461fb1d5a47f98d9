"""The demo county: the same seed makes the same one, all of it is used by somebody, and nobody in it is real."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Any, NamedTuple
from unittest.mock import patch

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import override_settings
from django.utils import timezone

from lianxin.kit.clock import ZONE
from lianxin.ledger.actions import note, seal_events, verify
from lianxin.ledger.models import Event
from lianxin.listen.models import Voice
from lianxin.outbox.models import Message
from lianxin.people.models import Substitution, User, calendar_now, forget_all
from lianxin.people.rules import ROLES, Power
from lianxin.places.models import Area
from lianxin.project.demo import land, staff, words
from lianxin.project.demo.accounts import accounts
from lianxin.project.demo.year import make
from lianxin.resolve.models import Case
from lianxin.resolve.rules import MOVES, State
from tests.serve.settling import PDF

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

SEED, VOICES = 7, 60
UNTIL = datetime(2026, 11, 20, 17, 0, tzinfo=ZONE)


class Told(NamedTuple):
    """What must come out alike: how much of everything, and every word."""

    said: list[tuple[str, str, datetime]]
    deeds: Counter[str]
    states: Counter[str]
    titles: list[str]
    areas: list[tuple[str, Any]]
    officers: list[tuple[str, str]]


def told() -> Told:
    return Told(
        list(
            Voice.objects.exclude(channel__in=("hall", "visit"))
            .order_by("id")
            .values_list("text", "identity", "received_at")
        ),
        Counter(Event.objects.values_list("verb", flat=True)),
        Counter(Case.objects.values_list("state", flat=True)),
        list(Case.objects.order_by("id").values_list("title", flat=True)),
        list(Area.objects.order_by("id").values_list("full_name", "outline")),
        list(User.objects.order_by("id").values_list("username", "name")),
    )


def _made(seed: int) -> Told:
    forget_all()
    make(seed=seed, voices=VOICES, until=UNTIL, tell=lambda done, total: None)
    return told()


@pytest.fixture(scope="module")
def counties(
    django_db_setup: None, django_db_blocker: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Told, Told]]:
    """Make the county, undo it, and make it again; the second one stays until the last test of this file.

    Chance is the same on every database: elsewhere than on SQLite the county is made only once.
    """
    folder = override_settings(DATA=tmp_path_factory.mktemp("demo"))
    sheets = count()
    # Nobody here looks into a document; tests/serve/test_application_portal.py sets one.
    paper = patch("lianxin.serve.papers.document.set_on_paper", lambda html: PDF + f"\n%{next(sheets)}".encode())
    with django_db_blocker.unblock(), folder, paper, transaction.atomic():  # type: ignore[attr-defined]
        first = None
        if connection.vendor == "sqlite":
            with transaction.atomic():
                first = _made(SEED)
                transaction.set_rollback(True)
        second = _made(SEED)
        yield first or second, second
        transaction.set_rollback(True)
    forget_all()


@pytest.fixture(autouse=True)
def county(counties: tuple[Told, Told]) -> Told:
    return counties[1]


def test_same_seed_makes_the_same_county(counties: tuple[Told, Told]) -> None:
    first, second = counties
    assert first == second
    assert len(second.said) == VOICES
    assert len({text for text, _identity, _at in second.said}) > VOICES * 0.9, "people do not speak in chorus"


def test_another_seed_makes_other_words() -> None:
    one, other = Random(SEED), Random(SEED + 1)
    said = [[words.speak(rng, words.pick(rng), "石坪村") for _ in range(9)] for rng in (one, other)]
    assert said[0] != said[1]


def test_every_power_is_held_and_every_deed_has_somebody_to_do_it() -> None:
    held = {power for user in User.objects.all() for power in user.stand(UNTIL).powers}
    assert set(Power) == held
    assert {move.power for move in MOVES.values() if move.power} <= held


def test_every_role_is_filled_on_the_last_day() -> None:
    roles = {holding.role for user in User.objects.all() for holding in user.stand(UNTIL).holdings}
    assert roles == set(ROLES)


def test_somebody_stands_in_for_a_colleague() -> None:
    at_work = Substitution.objects.at(UNTIL).get()
    assert at_work.absent in [holding.behalf for holding in at_work.substitute.stand(UNTIL).holdings]


def test_printed_accounts_open_the_door_and_one_wants_a_second_factor(county: Told) -> None:
    for name, password, what_for in accounts():
        user = User.objects.get(username=name)
        assert user.check_password(password) and not user.totp_required and what_for
    assert User.objects.filter(totp_required=True).count() == 1


def test_cases_stand_on_different_points_of_the_road(county: Told) -> None:
    assert county.states[State.CLOSED] > 5
    assert len(county.states) >= 3
    assert Voice.objects.waiting().count() >= 20, "the triage queue has something to sort"


def test_deeds_of_offices_are_done_on_working_days_and_none_after_the_end() -> None:
    calendar = calendar_now()
    for event in Event.objects.filter(kind="resolve.case", by_id__isnull=False):
        at = event.at.astimezone(ZONE)
        assert calendar.is_workday(at.date()) and 8 <= at.hour < 18, event
        assert at <= UNTIL


def test_nobody_in_it_is_real() -> None:
    villages = {first + last + kind for first in land.FIRST for last in land.LAST for kind in ("村", "社区")}
    names = set(Area.objects.values_list("name", flat=True))
    groups = {f"{number}组" for number in range(1, 5)}
    assert names <= villages | set(land.TOWNS) | groups | {"云溪县"}
    for voice in Voice.objects.all():
        assert not re.search(r"\d{6,}|@", voice.text), voice.text
        contact = voice.opened_contact()
        if contact:
            assert not contact.phone or contact.phone.startswith("1990000")
            assert not contact.name or (contact.name[0] in staff.SURNAMES and contact.name[1] in staff.GIVEN)
            assert not contact.email and not contact.address
    for user in User.objects.all():
        assert user.name[0] in staff.SURNAMES and set(user.name[1:]) <= set(staff.GIVEN)


def test_nothing_of_the_past_year_waits_to_be_sent() -> None:
    assert not Message.objects.ready(UNTIL).exists()
    assert Message.objects.exists()


def test_ledger_is_whole_and_takes_the_events_of_today() -> None:
    """A seal of the demo's own time would make every real event after it look slipped in."""
    case = Case.objects.earliest("id")
    with transaction.atomic():
        note("case.progress", case, by=None, at=timezone.now())
        while seal_events(at=timezone.now() + timedelta(hours=2)):
            pass
        assert verify().sound
        transaction.set_rollback(True)


def test_second_county_is_refused_and_the_first_left_alone(county: Told) -> None:
    with pytest.raises(CommandError, match="empty"):
        call_command("demo")
    assert told() == county

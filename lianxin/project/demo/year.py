"""A year in the demo county."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import redirect_stdout
from datetime import datetime, timedelta
from random import Random

from django.db import transaction
from django.utils import timezone

from lianxin.ledger import actions as ledger
from lianxin.listen import actions as listen
from lianxin.listen.models import Subject, Voice
from lianxin.listen.rules import Channel, Identity
from lianxin.outbox import actions as outbox
from lianxin.outbox.models import Message
from lianxin.outbox.rules import State as Sent
from lianxin.people.models import calendar_now
from lianxin.places.models import Area
from lianxin.project.demo import (
    applications,
    archives,
    catalogue,
    hall,
    land,
    links,
    processes,
    sheets,
    staff,
    visits,
    words,
)
from lianxin.project.demo.course import Story
from lianxin.project.demo.days import Days, NotYet
from lianxin.project.demo.land import Land
from lianxin.project.demo.staff import Staff
from lianxin.resolve.models import Case
from lianxin.resolve.rules import OPEN, State

SPAN = 330  # days before the end on which the first voice is heard
LATELY = 14  # days before the end, in which so much is said that cases stand in every state
BATCH = 40  # stories in one transaction
LOST_EVERY, UNTOLD_EVERY = 40, 20  # one text message in so many was lost; of one in so many the carrier says nothing
FRESH = 24  # voices of the last hours that nobody has sorted yet
Tell = Callable[[int, int], None]


def make(*, seed: int, voices: int, until: datetime, tell: Tell) -> None:
    """Found the demo county and let it live for about a year, ending at `until`; `tell` hears how far it is."""
    rng = Random(seed)  # noqa: S311  plausible, not secret
    begun = until - timedelta(days=SPAN + 20)
    with transaction.atomic():
        ground = land.lay(rng, begun)
        people = staff.hire(ground, begun)
        staff.roster(people, until)
        sheets.publish(begun)
        processes.publish(begun)
        catalogue.publish(people.offices, begun)
    subjects = {subject.name: subject for subject in Subject.objects.all()}
    moments = sorted(_moment(rng, until) for _ in range(voices - FRESH))
    moments += sorted(until - timedelta(minutes=rng.randrange(5, 900)) for _ in range(FRESH))
    recent: dict[tuple[str, int], Case] = {}
    for start in range(0, voices, BATCH):
        with transaction.atomic():
            for number in range(start, min(start + BATCH, voices)):
                _live(rng, people, ground, subjects, recent, moments[number], until, fresh=number >= voices - FRESH)
        tell(min(start + BATCH, voices), voices)
    with transaction.atomic():
        hall.open_doors(rng, people, begun, until)
    with transaction.atomic():
        visits.set_out(rng, people, ground, until)
        archives.keep(people, ground, until)
    with transaction.atomic():
        applications.live(rng, people, until)
    with transaction.atomic():
        links.tie(people, ground, until)
    _send(until)


def _moment(rng: Random, until: datetime) -> datetime:
    """Return when somebody speaks: by day and in the evening, more often lately, as more people get to know of it."""
    day = rng.uniform(0, LATELY) if rng.random() < 0.22 else SPAN * (1 - rng.random() ** 0.8)
    then = until - timedelta(days=1 + day)
    return then.replace(hour=rng.choice([7, 8, 9, 10, 10, 11, 14, 15, 16, 17, 19, 20, 21]), minute=rng.randrange(60))


def _live(
    rng: Random, people: Staff, ground: Land, subjects: dict[str, Subject], recent: dict[tuple[str, int], Case],
    at: datetime, until: datetime, *, fresh: bool,
) -> None:  # fmt: skip
    theme = words.pick(rng)
    village = rng.choice(ground.villages)
    voice = _hear(rng, people, words.speak(rng, theme, village.name), theme.kind, village, at)
    if fresh:
        return
    days = Days(rng, calendar_now(), at, until)
    story = Story(rng, people, days, voice, theme, subjects[theme.subject])
    alike = recent.get((theme.subject, village.parent_id or 0))
    try:
        case = story.sort(_still_open(alike))
        if case is not None:
            recent[theme.subject, village.parent_id or 0] = case
            story.settle()
    except NotYet:
        return


def _still_open(case: Case | None) -> Case | None:
    if case is None:
        return None
    case.refresh_from_db()
    return case if case.state in OPEN and case.state != State.SUSPENDED else None


def _hear(rng: Random, people: Staff, text: str, kind: str, village: Area, at: datetime) -> Voice:
    identity = rng.choices([Identity.SIGNED, Identity.CONFIDENTIAL, Identity.ANONYMOUS], [6, 2, 3])[0]
    channel = rng.choices([Channel.WEB, Channel.COUNTER, Channel.PHONE, Channel.LETTER], [11, 4, 6, 2])[0]
    named = identity != Identity.ANONYMOUS
    recorder = None
    office = None
    if channel in (Channel.COUNTER, Channel.PHONE):
        recorder = people.officers["registrar" if channel == Channel.COUNTER else "dispatcher"]
        office = people.offices["town0" if channel == Channel.COUNTER else "hub"]
    addressee = None
    if channel == Channel.LETTER:
        key = rng.choices(["secretary", "secretary_town1", "secretary_village"], [6, 2, 1])[0]
        addressee = people.posts[key]
    # 199 0000 xxxx: looks like a mobile number to our checks, and nobody in the story is a real person.
    phone = f"1990000{rng.randrange(10_000):04d}" if named and rng.random() < 0.2 else ""
    name = rng.choice(staff.SURNAMES) + rng.choice(staff.GIVEN) if named else ""
    return listen.hear(
        channel=channel, text=text, identity=identity, at=at, name=name, phone=phone, kind=kind, area=village,
        wants_reply=rng.random() < 0.9, addressee=addressee, office=office, recorder=recorder,
    ).voice  # fmt: skip


@transaction.atomic
def _tell_back(until: datetime) -> None:
    """Let the carrier say what became of the year's text messages, as a real one would: nearly all have arrived."""
    sent = Message.objects.filter(state=Sent.SENT, way=Message.Way.SMS, carrier=None).order_by("id")
    for place, message in enumerate(sent, start=1):
        if place % UNTOLD_EVERY == 0 and place % LOST_EVERY:
            continue
        lost = place % LOST_EVERY == 0
        outbox.take_receipt(
            key=message.outer, arrived=not lost, reason="MK:0001" if lost else "", told_at=message.sent_at, at=until
        )


def _send(until: datetime) -> None:
    """Send what was written in that year, without a line for each; then seal the year's ledger."""
    with redirect_stdout(io.StringIO()):
        while outbox.send_ready(at=until):
            pass
    _tell_back(until)
    # By the true clock, as the ledger dates what it writes: a seal from the future would outlaw tomorrow's events.
    while ledger.seal_events(at=timezone.now()):
        pass

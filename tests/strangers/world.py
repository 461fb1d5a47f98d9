"""A matter that belongs to some people and offices, and everybody who has nothing to do with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from typing import Any

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from PIL import Image

from lianxin.flow import actions as flow
from lianxin.intake import actions as intake
from lianxin.ledger import actions as ledger
from lianxin.listen import actions as listen
from lianxin.listen.channels.listing import VOICES
from lianxin.outbox import actions as outbox
from lianxin.people import actions as people
from lianxin.people.models import Post, User
from lianxin.project.demo.processes import SIMPLE
from lianxin.resolve import actions as resolve
from lianxin.resolve.rules import Deed
from lianxin.serve import actions as serve
from lianxin.serve.rules.catalogue import MaterialRow
from lianxin.sheets import actions as sheets
from tests.desk.road import Road
from tests.strangers import applied, carried, filed, hall, obliged, visited

SECRET = "机密雨燕筑巢在水塔第七层"  # stands in every text of the matter, and nowhere else
NAME, PHONE = "欧阳燕归", "13911112222"


@dataclass
class World:
    """The matter, its numbers, and the marks that no stranger may ever see."""

    road: Road
    marks: list[str] = field(default_factory=list)
    sample: dict[str, dict[str, list[Any]]] = field(default_factory=dict)
    items: list[int] = field(default_factory=list)
    numbers: dict[str, Any] = field(default_factory=dict)


def make(road: Road) -> World:
    """Bring one case to each point where a page could show it, and write down the address of everything."""
    cast, at = road.cast, road.at
    by = cast.officer("dispatcher")
    picture = BytesIO()
    Image.new("RGB", (8, 8), "red").save(picture, "PNG")
    kept = ledger.keep_file(content=picture.getvalue(), name="塔.png", by=None, at=at)
    said: dict[str, Any] = {"text": SECRET + "，晚上没有水。", "name": NAME, "phone": PHONE, "kind": "problem"}
    waiting = road.hear(**said, files=[kept])
    voice = road.hear(**said, files=[kept], ago=2)
    case = road.handling(voice, title=SECRET)
    done = road.answered(road.hear(**said, ago=3))
    letter = listen.hear(
        channel="letter", identity="signed", at=at, addressee=cast.posts["secretary"], **said
    ).voice  # fmt: skip
    resolve.draft_public(done, title=SECRET, question=SECRET, answer="泵换好了。", by=cast.officer("examiner"), at=at)
    saved = resolve.save_filter(name=SECRET, query="state=open", by=by, at=at)
    taken = _lists(by, at)
    message = outbox.write(
        template="case.answered", way="sms", address=PHONE, about=case, event="strangers", at=at,
        context={"number": SECRET, "url": "/track/"}, office=cast.offices["hub"],
    )  # fmt: skip
    token, _secret = people.make_token(user=by, name=SECRET, by=cast.officer("it"), at=at)
    absence = people.substitute(
        absent=cast.officer("handler"), substitute=cast.officer("chief"), starts=at + timedelta(days=1),
        ends=at + timedelta(days=2), reason=SECRET, by=cast.officer("it"), at=at,
    )  # fmt: skip
    shift = people.roster(
        duty="leader", user=cast.officer("secretary"), office=cast.offices["leadership"], starts=at,
        ends=at + timedelta(hours=8), by=cast.officer("it"), at=at,
    )  # fmt: skip
    subject = listen.add_subject(name="供水", keywords=SECRET, by=cast.officer("it"), at=at)
    sheet = sheets.draft_sheet(
        key="strangers.sheet", title=SECRET, fields=[{"key": "a", "label": SECRET, "kind": "text"}], by=None, at=at
    )  # fmt: skip
    given: dict[str, Any] = {"title": SECRET, "definition": SIMPLE, "by": cast.officer("cataloguer"), "at": at}
    process = flow.publish_process(flow.add_process(key="strangers.process", **given), by=given["by"], at=at)
    draft, service, dated, line = _catalogue(kept, at)
    world = World(road)
    world.items = [item.pk for item in waiting.items.all()]
    world.marks = [SECRET, NAME, PHONE, *(thing.number for thing in (waiting, voice, letter, case, done))]
    world.numbers = {
        "waiting": waiting.number, "voice": voice.number, "letter": letter.number, "case": case.number,
        "done": done.number, "file": kept.pk, "saved": saved.pk, "intake": taken.pk, "taken": taken.pk, "bad_row": 3,
        "message": message.pk,
        "token": token.pk, "absence": absence.pk, "shift": shift.pk, "item": world.items[0],
        "officer": cast.officers["dispatcher"].pk, "post": cast.posts["dispatcher"].pk,
        "office": cast.offices["water"].pk,
        "area": cast.areas["heping"].pk, "deeds": [deed.value for deed in Deed],
        "subject": subject.pk, "template": "voice.heard", "sheet": sheet.pk,
        "process": process.pk, "process_draft": flow.new_process_version(process, by=given["by"], at=at).pk,
        "draft": draft.pk, "service": service.number, "sample": kept.pk, "list": dated.pk, "list_key": dated.key,
        "line": line.pk,
    }  # fmt: skip
    world.numbers |= hall.open_late(cast, at, secret=SECRET, name=NAME, phone=PHONE)
    world.numbers |= filed.file(cast, at, secret=SECRET, name=NAME, phone=PHONE)
    world.numbers |= applied.settle(cast, at, secret=SECRET, name=NAME, phone=PHONE)
    world.numbers |= obliged.settle(cast, at, secret=SECRET, name=NAME)
    world.numbers |= visited.go(cast, at, secret=SECRET, name=NAME)
    world.numbers |= carried.carry(cast, at, household=world.numbers["door"], secret=SECRET, name=NAME)
    named = ("appointment", "loan", "application", "home", "reception", "household", "feedback")
    world.marks += [world.numbers[key] for key in named]
    return world


def _catalogue(kept: Any, at: Any) -> tuple[Any, Any, Any, Any]:
    """Write services and a list that nobody has published yet."""
    said = {"name": SECRET, "office_name": "县水务局"}
    draft = serve.draft_service(number="ST-1", values=said, by=None, at=at)
    service = serve.draft_service(number="ST-2", values=said, materials=[MaterialRow(SECRET, "a")], by=None, at=at)
    serve.attach_sample(service, key="a", which="sample", file=kept, by=None, at=at)
    dated = serve.make_list(
        key="strangers", title=SECRET, governs="event", basis=SECRET, is_public=False, by=None, at=at
    )  # fmt: skip
    line = serve.add_line(dated, name=SECRET, by=None, at=at)
    return draft, service, dated, line


def _lists(by: Any, at: Any) -> Any:
    """Bring in a list of which one row cannot be taken."""
    content = f"内容,姓名\n{SECRET},{NAME}\n,{NAME}\n".encode()
    opened, seen = intake.open_list(VOICES, content=content, name="诉求.csv", by=by, at=at)
    intake.begin_intake(opened, listing=VOICES, mapping=seen.mapping, by=by, at=at)
    intake.take_in(VOICES, at=at)
    return opened


def strangers(road: Road) -> dict[str, User]:
    """Officers with real powers, and none of them over this matter."""
    cast, at = road.cast, road.at
    elsewhere = cast.offices["other_town_office"]
    found = {"neighbour": cast.officer("neighbour")}
    for role in ("registrar", "letter_clerk", "local_leader", "chief"):
        user = people.make_user(username=f"other_{role}", name=f"外{role}", by=None, at=at, totp_required=False)
        post = people.open_post(office=elsewhere, title=role, role=role, by=None, at=at)
        people.appoint(post, holder=user, by=None, at=at)
        found[f"{role} of another town"] = user
    found["officer without a post"] = people.make_user(
        username="postless", name="无岗", by=None, at=at, totp_required=False
    )
    assert not Post.objects.filter(holder=found["officer without a post"]).exists()
    return found


def browser(user: User | None) -> Client:
    """Return a browser, signed in or not."""
    client = Client()
    if user is not None:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def routes() -> Iterator[tuple[str, str, frozenset[str]]]:
    """Yield every page of the house: its name with the namespace, its pattern and the parts that vary."""
    yield from _walk(get_resolver().url_patterns, "", "")


def _walk(
    patterns: list[URLPattern | URLResolver], prefix: str, space: str
) -> Iterator[tuple[str, str, frozenset[str]]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(pattern.url_patterns, prefix + str(pattern.pattern), inner)
        elif not (space.startswith("api") or prefix.startswith("api/")):
            fixed = pattern.default_args
            varying = frozenset(name for name in pattern.pattern.converters if name not in fixed)
            yield f"{space}{pattern.name}", prefix + str(pattern.pattern), varying

"""A leader's enterprise, a household that is helped, a motion in each state: what pages of links and decisions show."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from PIL import Image

from lianxin.govern import actions as govern
from lianxin.govern.models import Motion, Procedure
from lianxin.help import actions as help_actions
from lianxin.ledger import actions as ledger
from lianxin.record import actions as record
from lianxin.record.models import Resident
from lianxin.record.rules import Tie
from lianxin.supervise import actions as supervise
from lianxin.supervise.models import Clue
from tests.cast import Cast
from tests.record import making

DEEDS = [
    "list-voters", "notice", "record-step", "object", "rule", "open-vote", "give-proxy", "check-off", "count-votes",
    "close-vote", "start-project", "progress", "accept-work", "withdraw",
]  # fmt: skip
HELPS = ["leave", "plan", "give", "earn", "no-longer-earn", "quote"]
STEPS = [{"key": "vote", "title": "表决", "kind": "vote", "gate": "start"}]


def settle(cast: Cast, at: datetime, *, secret: str, name: str) -> dict[str, Any]:
    """Write it all and return the numbers of everything that a page is about."""
    return {
        **_linked(cast, at, secret), **_helped(cast, at, secret, name), **_decided(cast, at, secret, name),
    }  # fmt: skip


def _linked(cast: Cast, at: datetime, secret: str) -> dict[str, Any]:
    day, by = making.day(at), cast.officer("organiser")
    firm = making.enterprise(cast.areas["heping"], secret, at)
    link = record.link(
        tie=Tie.LEADER, user=cast.officers["mayor"], enterprise=firm, starts=day - timedelta(days=90), by=by, at=at
    )
    kind = making.kind("strangers.enterprise")
    visit = making.met(cast, "mayor", at - timedelta(days=2), kind=kind, enterprise=firm)
    rule = supervise.set_obligation(
        key="strangers", name="每月走访企业", basis="县委办发〔2014〕5号", who="link", tie=Tie.LEADER, what="encounter",
        kinds=[kind], period="month", starts=day - timedelta(days=400), by=by, at=at,
    )  # fmt: skip
    clue = Clue.objects.create(
        obligation=rule, user=cast.officers["mayor"], office=link.office, link=link, since=day - timedelta(days=90),
        until=day - timedelta(days=29), missed=2, raised_at=at,
    )  # fmt: skip
    return {
        "link": link.pk, "firm": firm.pk, "leader": cast.officers["mayor"].pk, "obligation": rule.key, "clue": clue.pk,
        "firm_visit": visit.number,
    }  # fmt: skip


def _helped(cast: Cast, at: datetime, secret: str, name: str) -> dict[str, Any]:
    day, by = making.day(at), cast.officer("organiser")
    register = help_actions.set_register(key="strangers", name="帮扶户", basis="县委办发〔2014〕8号", by=by, at=at)
    home = making.household(cast.areas["heping"], name, at)
    Resident.objects.create(household=home, name=name)
    entry = help_actions.enter(home, register=register, because=secret, day=day - timedelta(days=60), by=by, at=at)
    helper = cast.officers["cadre"]
    record.link(tie=Tie.HELPER, user=helper, household=home, starts=day - timedelta(days=60), by=by, at=at)
    help_actions.quote(home, words=secret, may_publish=False, by=by, at=at)
    return {"entry": entry.pk, "help_deeds": HELPS}


def _decided(cast: Cast, at: datetime, secret: str, name: str) -> dict[str, Any]:
    by = cast.officer("archivist")
    procedure = govern.set_procedure(
        key="strangers", name="村民议事", basis="镇发〔2014〕3号", steps=STEPS, notice_days=0, by=by, at=at
    )
    draft = _moved(cast, procedure, at, secret)
    voting, built = (_voting(_moved(cast, procedure, at, "4组打井"), by, at) for _number in range(2))
    for voter in built.voters.all():
        govern.check_off(voter, by=by, at=at)
    govern.count_votes(built, counts={"yes": built.voted}, by=by, at=at)
    day = making.day(at)
    project = govern.start_project(
        govern.close_vote(built, by=by, at=at), title="通水", budget=9, sources="奖补", builder="工程队", starts=day,
        until=day, by=by, at=at,
    )  # fmt: skip
    picture = BytesIO()
    Image.new("RGB", (8, 8), "blue").save(picture, "PNG")
    photo = ledger.keep_file(content=picture.getvalue(), name="井.png", by=by, at=at)
    govern.progress(project, day=day, percent=10, words="开工", photos=[photo], by=by, at=at)
    return {
        "motion": draft.number, "motion_voting": voting.number, "motion_built": built.number, "motion_deeds": DEEDS,
        "photo": photo.pk,
    }  # fmt: skip


def _moved(cast: Cast, procedure: Procedure, at: datetime, words: str) -> Motion:
    return govern.move(
        title=words, text=words, office=cast.offices["town_office"], procedure=procedure, electorate="household",
        manner="secret", proposed_by="组长", area=cast.areas["heping"], by=cast.officer("archivist"), at=at,
    )  # fmt: skip


def _voting(motion: Motion, by: Any, at: datetime) -> Motion:
    govern.list_voters(motion, by=by, at=at)
    return govern.open_vote(govern.notice(motion, by=by, at=at), by=by, at=at)

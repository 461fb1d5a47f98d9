"""Files of a village: a household with somebody in it, what is difficult, what it objects to, and all beside it."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from lianxin.listen import actions as listen
from lianxin.listen.models import Item, Voice
from lianxin.record import actions
from lianxin.record.models import VillageFile
from lianxin.resolve import actions as resolve
from lianxin.sheets import actions as sheets
from tests.cast import Cast

FIELDS: list[dict[str, Any]] = [
    {
        "key": "grade",
        "label": "等级",
        "kind": "choice",
        "options": [{"key": "d", "label": "D"}, {"key": "a", "label": "A"}],
    }
]


def file(cast: Cast, at: datetime, *, secret: str, name: str, phone: str) -> dict[str, Any]:
    """Write the files, and return the numbers of everything in them that a page is about."""
    by, area = cast.officer("archivist"), cast.areas["heping"]
    household = actions.open_household(area=area, door=secret[:20], called=name, by=by, at=at)
    person = actions.add_resident(household, name=name, is_head=True, phone=phone, health=secret, by=by, at=at)
    kind = actions.keep_kind(of="difficulty", key="strangers", name="无业", need_for="employment", by=None, at=at)
    fact = actions.state(household, kind=kind, resident=person, words=secret, by=by, at=at)
    told = actions.state(household, kind=kind, words=secret, by=by, at=at)
    lead = actions.hand_on(told, office=cast.offices["labour"], consent=True, words=secret, by=by, at=at)
    objection = actions.object_to(household, words=secret, at=at)
    risk = actions.enter_risk(household, words=secret, grounds=secret, by=by, at=at)
    unit = actions.open_enterprise(unit="enterprise", name=secret, area=area, contact=name, phone=phone, by=by, at=at)
    book = actions.register_book(number=secret, title=secret, areas=[area], by=by, at=at)
    picture = BytesIO()
    Image.new("RGB", (8, 8), "blue").save(picture, "PNG")
    page = actions.scan(book, page=1, file=SimpleUploadedFile("页.png", picture.getvalue()), by=by, at=at)
    village = VillageFile.objects.filter(area=area).first() or actions.open_village(area, by=by, at=at)
    _surveys(cast, village, at)
    said = listen.hear(channel="visit", text=secret, identity="anonymous", at=at, household=household, recorder=by)
    Item.objects.filter(voice=said.voice).update(level="household")
    sheet = resolve.compile_feedback(area, starts=at.date(), ends=at.date(), by=by, at=at)
    return {
        "household": household.number, "resident": person.pk, "fact": fact.pk, "lead": lead.pk, "unit": unit.pk,
        "objection": objection.pk, "risk": risk.pk, "book": book.pk, "scan": page.pk, "village": area.pk,
        "feedback": sheet.number, "feedback_line": 1, "said": Voice.objects.get(pk=said.voice.pk).number,
        "household_deeds": ["edit", "add", "state", "verify", "tell", "decline", "agree", "object", "split", "merge",
                            "move", "close", "risk", "bind"],
        "resident_deeds": ["edit", "leave"], "fact_deeds": ["end", "hand-on"], "village_deeds": ["complete", "notes"],
        "unit_deeds": ["edit", "close"], "risk_deeds": ["review", "lift"], "line_deeds": ["assign", "answer"],
        "fill_of": "household", "fill_sheet": "strangers.house",
        "village_sheet": "strangers.village", "survey": "strangers.house",
    }  # fmt: skip


def _surveys(cast: Cast, village: VillageFile, at: datetime) -> None:
    """Keep a sheet on households, and one on villages that has been answered."""
    by, keeper = cast.officer("cataloguer"), cast.officer("archivist")
    for key, of in (("strangers.house", "household"), ("strangers.village", "village")):
        draft = sheets.draft_sheet(key=key, title="危旧房", fields=FIELDS, purpose="checklist", by=by, at=at)
        sheets.publish_sheet(draft, by=by, at=at)
        actions.keep_survey(sheet=key, name="危旧房", of=of, by=cast.officer("organiser"), at=at)
    actions.fill(village, sheet_key="strangers.village", values={"grade": "d"}, by=keeper, at=at)

"""What can be said of a voice without opening the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from lianxin.kit.identity import is_mobile, tidy_phone

LIST_TEXT_MAX = 20_000  # what was said elsewhere, under other rules, is neither cut nor sent back
TRACK_PATH = "/track/"  # where receipt and code are asked for


@dataclass(frozen=True, slots=True)
class Contact:
    """How a speaker can be reached, as it was given."""

    name: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""

    def __bool__(self) -> bool:
        return any((self.name, self.phone, self.email, self.address))

    @property
    def ways(self) -> list[tuple[str, str]]:
        """The ways a message can take, each with its address; a landline takes none."""
        ways = [("sms", tidy_phone(self.phone) or "")] if is_mobile(self.phone) else []
        return [*ways, ("email", self.email)] if self.email else ways


class Identity(models.TextChoices):
    """How the speaker wants to be known. Binds every later view and export."""

    SIGNED = "signed", _("signed")
    CONFIDENTIAL = "confidential", _("confidential")
    ANONYMOUS = "anonymous", _("anonymous")


class Mode(models.TextChoices):
    """The three ways of listening (三听)."""

    HEART = "heart", _("heart to heart")  # visits
    FACE = "face", _("face to face")  # counters, meetings, receptions
    BACK = "back", _("back to back")  # web, phone, letters: anonymity comes easily


class Channel(models.TextChoices):
    """How the voice came. Other issues add rows; each has one listening mode."""

    WEB = "web", _("web form")
    COUNTER = "counter", _("counter")
    PHONE = "phone", _("telephone")
    LETTER = "letter", _("letter to the secretary")
    API = "api", _("other system")
    IMPORT = "import", _("imported list")
    HALL = "hall", _("leader on duty in the hall")
    VISIT = "visit", _("visit")


MODE_OF: dict[str, Mode] = {
    Channel.WEB: Mode.BACK,
    Channel.COUNTER: Mode.FACE,
    Channel.PHONE: Mode.BACK,
    Channel.LETTER: Mode.BACK,
    Channel.API: Mode.BACK,
    Channel.IMPORT: Mode.BACK,
    Channel.HALL: Mode.FACE,
    Channel.VISIT: Mode.HEART,
}


class Kind(models.TextChoices):
    """What a voice is, in the words of the letters to the secretary."""

    PROBLEM = "problem", _("states a problem")
    OPINION = "opinion", _("has an opinion")
    SUGGESTION = "suggestion", _("makes a suggestion")
    APPEAL = "appeal", _("asks for help")
    CONSULT = "consult", _("asks a question")
    PRAISE = "praise", _("gives praise")


class Level(models.TextChoices):
    """How far a problem reaches (五大类)."""

    SOCIETY = "society", _("common to society")
    VILLAGE = "village", _("common to the village")
    GROUP = "group", _("common to the villager group")
    HOUSEHOLD = "household", _("of the household")
    PERSON = "person", _("of the person")


class Outcome(StrEnum):
    """What became of an item in triage. Empty while it waits."""

    JOINED = "joined"  # to a case
    ANSWERED = "answered"  # on the spot; counts in collected and in resolved, never dispatched
    DECLINED = "declined"  # with one of the legal reasons
    TRANSFERRED = "transferred"  # to who is responsible, with notice


class Decline(models.TextChoices):
    """The reasons for which a voice need not be worked on (Beijing ordinance on 接诉即办, art. 11)."""

    EMERGENCY = "emergency", _("an emergency: belongs to 110, 119, 120 or 122")
    LEGAL_ROAD = "legal_road", _("the law gives another road: court, arbitration, review")
    REPEATED = "repeated", _("repeated without anything new: progress or result was told")
    SECRET = "secret", _("touches secrets or another's privacy")
    OUTSIDE = "outside", _("outside what a government does: the market or society helps")
    UNLAWFUL = "unlawful", _("unlawful or against public decency")


def shows_identity(identity: str, *, is_recorder: bool) -> bool:
    """Tell whether an officer may learn who spoke.

    Signed: who has the power, with a reason. Confidential: only the recorder. Anonymous: nobody.
    """
    if identity == Identity.SIGNED:
        return True
    return identity == Identity.CONFIDENTIAL and is_recorder


@dataclass(frozen=True, slots=True)
class SubjectRow:
    """One row of a taxonomy as a list brings it: names from the top down, words that suggest it, who usually leads."""

    path: tuple[str, ...]
    keywords: str = ""
    office: str = ""

    @classmethod
    def of(cls, record: Mapping[str, str]) -> Self:
        """Return a row from its columns: subject with / between the levels, or level1 to level4; keywords; office."""
        whole = record.get("subject", "")
        levels = whole.split("/") if whole else [record.get(f"level{n}", "") for n in range(1, 5)]
        path = tuple(level.strip() for level in levels if level.strip())
        return cls(path, record.get("keywords", "").strip(), record.get("office", "").strip())


class Column(models.TextChoices):
    """What a column of a list of voices can hold."""

    TEXT = "text", _("what was said")
    TITLE = "title", _("title")
    RECEIVED_AT = "received_at", _("when it was said")
    ID = "id", _("its number in the list")
    NAME = "name", _("name")
    PHONE = "phone", _("phone")
    EMAIL = "email", _("e-mail")
    ADDRESS = "address", _("address of the person")
    AREA = "area", _("area")
    PLACE = "place", _("place")
    SUBJECT = "subject", _("what it is about")


@dataclass(frozen=True, slots=True)
class ListedVoice:
    """A row of a list that can be taken."""

    row: int
    source_key: str
    text: str
    received_at: datetime | None = None
    contact: Contact = Contact()
    area: str = ""
    place: str = ""
    subject: str = ""

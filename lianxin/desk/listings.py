"""The kinds of lists that can be brought in, and what their page says: pages and API read this table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianxin.intake.rules import Listing
from lianxin.listen.channels.listing import VOICES
from lianxin.people.models import User
from lianxin.people.rules import Power
from lianxin.record.channels.listing import HOUSEHOLDS
from lianxin.serve import actions as serve
from lianxin.serve.channels.listing import SERVICES
from lianxin.serve.rules.catalogue import Gap

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Way:
    """One way to take a list in: a button."""

    key: str
    label: Words
    letter: str  # of the keyboard


@dataclass(frozen=True, slots=True)
class Shown:
    """A kind of list on the desk."""

    listing: Listing
    title: Words
    lead: Words
    ways: tuple[Way, ...]
    after: tuple[str, str, Words]  # where one goes on when it is done: route, query, words
    tallies: Mapping[str, Words] = field(default_factory=lambda: MappingProxyType({}))
    tally_title: Words = ""
    tally_link: tuple[str, str] = ("", "")  # route, and the name under which it is asked for one tally


TAKE_IN = (Way("", _("Take it in"), "b"),)
SHOWN: dict[str, Shown] = {
    shown.listing.kind: shown
    for shown in (
        Shown(
            VOICES,
            title=_("Voices"),
            lead=_("From the hotline, a message board, a box: one voice a row. The same list again adds nothing."),
            ways=TAKE_IN,
            after=("desk:sort_many", "channel=import", _("Sort many at once")),
        ),
        Shown(
            SERVICES,
            title=_("Services"),
            lead=_(
                "One service a row. What the file does not tell is marked as missing. The same list again changes "
                "nothing; a changed one makes new versions."
            ),
            ways=(
                Way("", _("Take it in, and show it to everybody"), "b"),
                Way(serve.DRAFT, _("Take it in as drafts"), "d"),
            ),
            after=("desk:services", "", _("Services")),
            tallies={gap.value: gap.label for gap in Gap},
            tally_title=_("What the list does not tell"),
            tally_link=("desk:services", "gap"),
        ),
        Shown(
            HOUSEHOLDS,
            title=_("Households"),
            lead=_(
                "One person a row, the household beside the first of it, as registers are kept. The same list again "
                "adds nothing."
            ),
            ways=TAKE_IN,
            after=("desk:households", "", _("Households")),
        ),
    )
}
POWERS: tuple[Power, ...] = tuple(dict.fromkeys(shown.listing.power for shown in SHOWN.values()))


def offered(user: User) -> dict[str, Shown]:
    """Return the kinds of lists that this officer may bring in."""
    return {kind: shown for kind, shown in SHOWN.items() if shown.listing.power in user.standing.powers}

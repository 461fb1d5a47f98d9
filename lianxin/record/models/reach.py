"""How far an officer reaches into the files: areas and households, at one moment.

A keeper of files reaches the places his office answers for. A cadre who goes from door to door reaches the villages,
households and enterprises he is linked to, from the first day of the link to its last, and the doors that a team of his
was given, while he belongs to it; no other door of his town. Who stands in for an absent cadre reaches what the other
does, for as long as the substitution runs (I-13). Nobody else reaches anything (I-04).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from lianxin.people.models import Jurisdiction, User
from lianxin.people.rules import Power
from lianxin.places.models import Area


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose files somebody may open."""

    everywhere: bool = False
    paths: tuple[str, ...] = ()  # of areas; all that lies in them is reached
    households: frozenset[int] = frozenset()
    enterprises: frozenset[int] = frozenset()

    def areas(self, prefix: str = "") -> Q:
        """Return the condition on rows whose area is named by `prefix` ("area__"): within what is reached."""
        if self.everywhere:
            return Q()
        condition = Q(pk__in=())
        for path in self.paths:
            condition |= Q(**{f"{prefix}path__startswith": path})
        return condition

    def homes(self, prefix: str = "") -> Q:
        """Return the condition on rows whose household is named by `prefix` ("household__"): a file that is reached.

        Asked of the row's own household, not of the list of all that are reached: of a county that is 100,000.
        """
        if self.everywhere:
            return Q(**{f"{prefix}pk__isnull": False})  # an empty condition would be lost beside “or”
        condition = Q(**{f"{prefix}area__in": Area.objects.filter(self.areas()).values("pk")})
        return condition | Q(**{f"{prefix}pk__in": self.households}) if self.households else condition

    def covers(self, area: Area | None) -> bool:
        """Tell whether the area lies within what is reached."""
        return self.everywhere or (area is not None and area.path.startswith(self.paths or ("\0",)))


NOWHERE = Reach()


def reach_of(user: User, at: datetime | None = None) -> Reach:
    """Return how far the officer reaches at this moment, by office and by link; asked once a request."""
    from lianxin.record.models.link import Link  # links name households, which ask for their reach
    from lianxin.record.models.team import TeamArea, TeamMember

    standing = user.standing
    if not standing.powers & {Power.VISIT, Power.ARCHIVE}:
        return NOWHERE
    if standing.everywhere(Power.ARCHIVE):
        return Reach(everywhere=True)
    day = timezone.localtime(at or timezone.now()).date()
    paths = _kept(user, day)
    whose = {user, *(h.behalf for h in standing.holdings if h.behalf and Power.VISIT in h.powers)}  # I-13
    teams = TeamMember.objects.on(day).filter(user__in=whose).values("team")
    given = TeamArea.objects.on(day).filter(team__in=teams, doors_at__isnull=False)
    paths |= set(given.values_list("area__path", flat=True))
    households, enterprises = set(), set()
    links = Link.objects.held(day).of(*whose).values_list("area__path", "household", "enterprise")
    for path, household, enterprise in links:
        paths |= {path} if path else set()
        households |= {household} if household else set()
        enterprises |= {enterprise} if enterprise else set()
    return Reach(paths=_outermost(paths), households=frozenset(households), enterprises=frozenset(enterprises))


def keeper_reach_of(user: User, at: datetime | None = None) -> Reach:
    """Return how far the officer reaches as a keeper of files: by office alone, whatever he is linked to."""
    if user.standing.everywhere(Power.ARCHIVE):
        return Reach(everywhere=True)
    return Reach(paths=_outermost(_kept(user, timezone.localtime(at or timezone.now()).date())))


def _kept(user: User, day: date) -> set[str]:
    return set(
        Jurisdiction.objects.filter(office__in=user.standing.offices(Power.ARCHIVE))
        .filter(Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gt=day))
        .values_list("area__path", flat=True)
    )


def _outermost(paths: set[str]) -> tuple[str, ...]:
    """Paths that lie in no other of them: fewer conditions for the database."""
    kept: list[str] = []
    for path in sorted(paths):
        if not kept or not path.startswith(kept[-1]):
            kept.append(path)
    return tuple(kept)

"""What may be chosen: places of the county, and those to whom a letter can be written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext as _

from lianxin.ledger.models import Sentence
from lianxin.people.models import Office, Post, Substitution
from lianxin.people.rules import Power, who_holds
from lianxin.places.models import Area

KEEP_SECONDS = 60
Groups = list[tuple[str, list[tuple[str, str]]]]


@dataclass(frozen=True, slots=True)
class Addressee:
    """A post that takes letters, and who reads them now."""

    post: Post
    reader: str  # why somebody else reads them, in words; empty when the holder does

    @property
    def name(self) -> str:
        return f"{self.post.office.name} {self.post.title}"


def area_groups(day: date) -> Groups:
    """Return the towns of this day, each with its villages, as (town, [(number, name)]); remembered for a minute."""
    return cache.get_or_set(f"portal:areas:{day}", lambda: _read_groups(day), KEEP_SECONDS) or []


def _read_groups(day: date) -> Groups:
    kinds = (Area.Kind.TOWN, Area.Kind.VILLAGE)
    rows = list(
        Area.objects.on(day).filter(kind__in=kinds).order_by("id").values_list("id", "name", "kind", "parent_id")
    )
    villages: dict[int | None, list[tuple[str, str]]] = {}
    for pk, name, kind, parent in rows:
        if kind == Area.Kind.VILLAGE:
            villages.setdefault(parent, []).append((str(pk), name))
    return [
        (name, [(str(pk), name), *villages.get(pk, [])]) for pk, name, kind, _parent in rows if kind == Area.Kind.TOWN
    ]


def office_groups(day: date) -> Groups:
    """Return the offices that a resident may ask for, by what they are, as (kind, [(number, name)]); kept a minute."""
    rows = cache.get_or_set(f"portal:offices:{day}", lambda: _read_offices(day), KEEP_SECONDS) or []
    return [
        (str(Office.Kind(kind).label), [(str(pk), name) for pk, name, its_kind in rows if its_kind == kind])
        for kind in dict.fromkeys(kind for _pk, _name, kind in rows)
    ]


def _read_offices(day: date) -> list[tuple[int, str, str]]:
    return list(Office.objects.on(day).to_be_asked().order_by("kind", "path").values_list("id", "name", "kind"))


def find_area(given: int | str | None, day: date) -> Area | None:
    """Return the area of this number, code or name on this day; None where there is none, or more than one."""
    if given in (None, ""):
        return None
    is_number = isinstance(given, int) or (given.isdecimal() and len(given) < 9)
    if is_number and (found := _OF_NUMBER.first(day=day, pk=int(given))):
        return found
    areas = Area.objects.on(day).defer("outline")
    given = str(given)[:200]
    for field in ("code", "full_name", "name"):
        found_all = list(areas.filter(**{field: given})[:2])
        if len(found_all) == 1:
            return found_all[0]
    return None


_OF_NUMBER = Sentence(lambda day, pk: Area.objects.on(day).defer("outline").filter(pk=pk))  # every voice asks it


def addressees(at: datetime, tier: str = "") -> list[Addressee]:
    """Return the posts of a tier (or of all) that take letters at this moment, the highest tier first."""
    day = timezone.localdate(at)
    posts = Post.objects.on(day).addressees().select_related("office", "holder").order_by("office__path", "id")
    if tier:
        posts = posts.filter(tier=tier)
    found = list(posts)
    away = dict(
        Substitution.objects.at(at)
        .filter(absent__in=[post.holder_id for post in found if post.holder_id])
        .values_list("absent_id", "substitute__name")
    )
    offices = [post.office_id for post in found if post.holder_id is None]
    clerks = dict(_clerks(day, offices)) if offices else {}
    order = list(Post.Tier.values)
    found.sort(key=lambda post: order.index(post.tier))
    return [Addressee(post, _reader(post, away, clerks)) for post in found]


def _clerks(day: date, offices: list[int]) -> list[tuple[int, str]]:
    roles = who_holds([role for role, _name in Post._meta.get_field("role").choices or ()], Power.READ_LETTERS)
    posts = Post.objects.on(day).filter(office__in=offices, role__in=roles, holder__isnull=False)
    return list(posts.values_list("office_id", "holder__name"))


def _reader(post: Post, away: dict[int, str], clerks: dict[int, str]) -> str:
    if post.holder_id is None:
        if clerk := clerks.get(post.office_id):
            return _("This post is vacant. %(name)s receives the letters for now.") % {"name": clerk}
        return _("This post is vacant. The letter waits for whoever takes it over.")
    if substitute := away.get(post.holder_id):
        return _("%(absent)s is away. %(name)s reads the letters for now.") % {
            "absent": post.holder,
            "name": substitute,
        }
    return ""

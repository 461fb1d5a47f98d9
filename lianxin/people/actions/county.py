"""Founding a county, and the rows it starts with."""

from __future__ import annotations

import json
from datetime import datetime
from importlib.resources import files

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lianxin.kit.refusal import Refusal
from lianxin.ledger.actions import note, note_each
from lianxin.people.actions.need import behalf
from lianxin.people.models import County, Limit, User, forget_all
from lianxin.people.rules import Power
from lianxin.places.models import Area


class AlreadyFounded(Refusal):
    """This installation already serves a county."""


class WrongPrefix(Refusal):
    """The prefix of receipt numbers is not two to four capital letters."""


@transaction.atomic
def found_county(*, name: str, prefix: str, at: datetime, hotline: str = "12345", area: Area | None = None) -> County:
    """Write the one county that this installation serves. Raises AlreadyFounded, WrongPrefix."""
    if County.objects.exists():
        raise AlreadyFounded(_("This installation already serves a county."))
    if not (prefix.isascii() and prefix.isalpha() and prefix.isupper() and 2 <= len(prefix) <= 4):
        raise WrongPrefix(_("The prefix of receipt numbers has two to four capital letters, as YX."))
    county = County.objects.create(pk=1, name=name, prefix=prefix, hotline=hotline, area=area)
    note("county.founded", county, by=None, at=at, data={"prefix": prefix})
    forget_all()
    return county


@transaction.atomic
def edit_county(*, name: str, hotline: str, by: User | None, at: datetime) -> None:
    """Give the county another name or hotline; needs REFERENCE. Raises NotAllowed.

    The prefix stays: it begins receipt numbers that people hold in their hands.
    """
    whose = behalf(by, Power.REFERENCE, at=at)
    county = County.objects.select_for_update().get()
    before = {"name": county.name, "hotline": county.hotline}
    after = {"name": name, "hotline": hotline}
    if after == before:
        return
    county.name, county.hotline = name, hotline
    county.save(update_fields=["name", "hotline"])
    note("county.edited", county, by=by, at=at, behalf=whose, data={"before": before, "after": after})
    forget_all()


@transaction.atomic
def seed_limits(*, at: datetime) -> list[Limit]:
    """Write the default limits that are not there yet; what an office has set stays.

    A default is no law, and its basis says so: the county replaces it by its own document and number.
    """
    known = set(Limit.objects.values_list("key", flat=True))
    rows = json.loads((files("lianxin.people") / "data" / "limits.json").read_text("utf-8"))
    made = Limit.objects.bulk_create(Limit(**row) for row in rows if row["key"] not in known)
    note_each(
        "limit.set", made, by=None, at=at,
        data=lambda limit: {"key": limit.key, "value": limit.value, "unit": limit.unit, "from": None},
    )  # fmt: skip
    forget_all()
    return made

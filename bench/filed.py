"""What the bench asks the archives with and for: officers who keep them, people and places that are in them."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

from django.test import Client

from bench.archives import GIVEN, SURNAMES, identity_of, phone_of
from lianxin.people.models import User
from lianxin.places.models import Area
from lianxin.record.models import FactKind, Household, Link, VillageFile

SAMPLE = 2000
OFFICERS = {"keeper": "bench_keeper", "archivist": "archivist", "organiser": "organiser"}


def prepare(path: str) -> None:
    """This function will write to a file what the driver asks with and for, all of it found in the county."""
    rng = Random(7)
    town = Area.objects.get(jurisdiction__office__posts__holder__username="archivist", kind=Area.Kind.TOWN)
    homes = Household.objects.filter(source="bench").order_by("pk")
    near = homes.within(town)
    cadre = User.objects.filter(links__area__kind=Area.Kind.VILLAGE, username__startswith="bench_").order_by("pk")[7]
    link = Link.objects.get(user=cadre, area__isnull=False)
    assert link.area_id
    found: dict[str, Any] = {
        "sessions": {key: _session(User.objects.get(username=name)) for key, name in OFFICERS.items()}
        | {"cadre": _session(cadre)},
        "homes": _some(rng, list(near.values_list("number", flat=True))),
        "numbers": _some(rng, list(homes.values_list("number", flat=True))),
        "names": [rng.choice(SURNAMES) + rng.choice(GIVEN) for _ in range(SAMPLE)],
        "phones": [phone_of(n) for n in rng.sample(range(homes.count()), min(SAMPLE, homes.count()))],
        "identities": [identity_of(n, 1) for n in rng.sample(range(homes.count()), min(SAMPLE, homes.count()))],
        "town": town.pk,
        "village": link.area_id,
        "villages": list(VillageFile.objects.filter(area__parent=town).values_list("area", flat=True)),
        "towns": list(Area.objects.filter(kind=Area.Kind.TOWN).values_list("pk", flat=True)),
        "kinds": list(FactKind.objects.values_list("pk", flat=True)),
    }
    Path(path).write_text(json.dumps(found))


def _session(user: User) -> str:
    officer = Client()
    officer.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return officer.cookies["sessionid"].value


def _some(rng: Random, values: list[Any]) -> list[Any]:
    return rng.sample(values, min(SAMPLE, len(values)))

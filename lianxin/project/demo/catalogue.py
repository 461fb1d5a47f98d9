"""The catalogue of the demo county: rows of a file, written down and published as on the desk; no code per service.

The names are those of public lists of services with the places taken out; codes, limits and bases are invented.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from lianxin.kit.clock import local
from lianxin.people.models import Office
from lianxin.serve import actions
from lianxin.serve.rules.catalogue import MaterialRow

FILE = Path(__file__).parent / "catalogue.json"
PLACE = {"address": "云溪县政务服务大厅", "hours": "工作日 9:00-12:00,13:30-17:00", "phone": "12345"}


def rows(kind: str) -> list[dict[str, Any]]:
    """Return the services, or the lists, of the demo county as the file holds them."""
    found: list[dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))[kind]
    return found


def publish(offices: Mapping[str, Office], at: datetime) -> None:
    """Write and publish the lists of the day and the services of the demo county; sheets and processes come first."""
    for dated in rows("lists"):
        lines = dated.pop("lines")
        made = actions.make_list(**dated, by=None, at=at)
        for line in lines:
            start, end = (_day(line.pop(key, "")) for key in ("valid_from", "valid_to"))
            actions.add_line(made, **line, valid_from=start, valid_to=end, by=None, at=at)
    for said in rows("services"):
        materials = [MaterialRow(**row) for row in said.pop("materials")]
        number, office = said.pop("number"), offices[said.pop("office")]
        values = {**said, "office": office, "places": [{"name": f"{office.name}窗口", **PLACE}]}
        draft = actions.draft_service(number=number, values=values, materials=materials, by=None, at=at)
        actions.publish_service(draft, starts=local(at).date(), by=None, at=at)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None

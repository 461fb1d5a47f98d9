"""No event, no change: each deed on a sheet and its line in the ledger."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from lianxin.people.models import User
from lianxin.project.demo import sheets as demo
from lianxin.sheets import actions
from lianxin.sheets.models import Sheet
from tests.house.witness import prove
from tests.sheets.definitions import FIELDS, RAW

pytestmark = pytest.mark.django_db


def test_from_the_first_draft_to_the_last_version(cataloguer: User, at: datetime) -> None:
    who: dict[str, Any] = {"by": cataloguer, "at": at}
    draft = prove(lambda: actions.draft_sheet(key="apply.a", title="a", **who))
    words: dict[str, Any] = {"title": "a", "purpose": "application", "basis": "", "fields": FIELDS, "outcomes": []}
    prove(lambda: actions.edit_sheet(draft, **words, **who))
    first = prove(lambda: actions.publish_sheet(draft, **who))
    prove(lambda: actions.answer(first, values=RAW, by=None, at=at))
    second = prove(lambda: actions.new_version(first, **who))
    prove(lambda: actions.publish_sheet(second, **who))
    assert Sheet.objects.current("apply.a", at) == second
    third = prove(lambda: actions.new_version(second, **who))
    prove(lambda: actions.drop_draft(third, **who))
    prove(lambda: actions.retire_sheet(second, **who))
    prove(lambda: actions.bring_sheet(demo.definitions()[0], **who))

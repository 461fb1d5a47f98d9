"""One order for many cases."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from lianxin.desk.forms.deed import text
from lianxin.desk.forms.road import Owed, fill_owed
from lianxin.people.models import User


class DispatchMany(Owed):
    """Who owes what, the same for all that were chosen; each keeps the time limit of its own subject."""

    wish = text(_("What is asked of them"), required=False, rows=3)

    def __init__(self, *args: Any, at: datetime, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        fill_owed(self, at)
        self.initial.setdefault("coordinator", user.pk)

    field_order = ("lead", "coordinator", "assists", "wish")

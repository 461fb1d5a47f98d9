"""How a telephone shows whose it is."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from ninja.security import HttpBearer

from lianxin.people.models import User
from lianxin.record.actions import find_handset
from lianxin.record.models import Handset

if TYPE_CHECKING:

    class Carried(HttpRequest):
        """A request of a telephone that bears the key it was given."""

        at: datetime
        user: User
        handset: Handset

else:
    Carried = HttpRequest


class HandsetAuth(HttpBearer):
    """Let in whoever bears the key of a telephone; the request then has it, and its officer as of this moment.

    A telephone that is to be emptied, and one whose officer has left, come in as well: only so can they be told, and
    what they still carry is set aside instead of lost. What may be given to them is asked at every operation.
    """

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """Return the telephone of the key, or None (the API answers 401)."""
        found = find_handset(token)
        if found is None or found.wiped_at is not None:
            return None
        found.user.stand(request.at)  # type: ignore[attr-defined]
        request.user = found.user
        request.handset = found  # type: ignore[attr-defined]
        return found

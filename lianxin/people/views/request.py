"""The request as the middleware hands it on."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.http import HttpRequest

from lianxin.people.models import User

if TYPE_CHECKING:

    class Request(HttpRequest):
        """A request with its one moment and the address it comes from."""

        at: datetime
        visitor: str

    class OfficerRequest(Request):
        """A request of an officer who is signed in."""

        user: User

else:
    Request = OfficerRequest = HttpRequest

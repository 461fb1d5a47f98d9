"""The officer at the desk, as the middleware hands him to a view."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NoReturn

from django.http import Http404, HttpRequest

from lianxin.people.models import User

if TYPE_CHECKING:

    class Request(HttpRequest):
        """A request of an officer who has been let in."""

        at: datetime
        user: User

else:
    Request = HttpRequest


def not_here() -> NoReturn:
    """Answer as if there were nothing: a stranger learns neither that a thing exists nor that it does not."""
    raise Http404

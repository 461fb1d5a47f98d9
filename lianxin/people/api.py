"""How machines show who they are."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja.security import HttpBearer

from lianxin.people.actions import find_token
from lianxin.people.models import User


class TokenAuth(HttpBearer):
    """Let in whoever bears the token of an officer; the request then has that officer, standing at its moment.

    Every operation still asks for its power, in its action or through visible_to. A session is not looked at: what a
    browser sends by itself opens nothing here, so there is nothing to forge from another site.
    """

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """Return the officer of the token, or None (the API answers 401)."""
        at = request.at  # type: ignore[attr-defined]
        found = find_token(token, at=at)
        if found is None:
            return None
        user: User = found.user
        user.stand(at)
        request.user = user
        return user

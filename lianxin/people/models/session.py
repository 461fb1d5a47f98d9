"""Django's sessions in the database, found by a sentence written once: every request with a cookie asks for one."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from lianxin.ledger.models import Sentence

_OF_KEY = Sentence(lambda key, at: Session.objects.filter(session_key=key, expire_date__gt=at))


class SessionStore(db.SessionStore):
    """A session as Django keeps it."""

    def _get_session_from_db(self) -> Any:
        found = _OF_KEY.first(key=self.session_key, at=timezone.now())
        if found is None:
            self._session_key = None  # a key that we did not give is never taken over
        return found

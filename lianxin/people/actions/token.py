"""Keys with which machines act as officers."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lianxin.kit.refusal import Refusal
from lianxin.ledger.actions import note
from lianxin.ledger.models import Sentence
from lianxin.people.actions.need import behalf
from lianxin.people.actions.post import LeftOfficer
from lianxin.people.models import Token, User
from lianxin.people.rules import Power


class WrongExpiry(Refusal):
    """The token would have expired already."""


class AlreadyRevoked(Refusal):
    """The token does not open anything any more."""


@transaction.atomic
def make_token(
    user: User, *, name: str, by: User | None, at: datetime, expires_at: datetime | None = None
) -> tuple[Token, str]:
    """Write a token of an officer and return it with its secret, which is shown this once; needs ACCOUNTS.

    The secret has 256 random bits, so its plain digest is safe to keep. Raises LeftOfficer, WrongExpiry, NotAllowed.
    """
    whose = behalf(by, Power.ACCOUNTS, at=at)
    if not user.is_active:
        raise LeftOfficer(_("The account of this officer is closed. Open it again first."))
    if expires_at and expires_at <= at:
        raise WrongExpiry(_("The token would have expired already. Choose a later day."))
    secret = f"lx_{secrets.token_urlsafe(32)}"
    token = Token.objects.create(user=user, digest=digest(secret), name=name, made_at=at, expires_at=expires_at)
    note("token.made", token, by=by, at=at, behalf=whose, data={"user": user.pk})
    return token, secret


@transaction.atomic
def revoke_token(token: Token, *, by: User | None, at: datetime) -> None:
    """Close a token at once; needs ACCOUNTS. Raises AlreadyRevoked, NotAllowed."""
    whose = behalf(by, Power.ACCOUNTS, at=at)
    if not Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at):
        raise AlreadyRevoked(_("This token was revoked before."))
    token.revoked_at = at
    note("token.revoked", token, by=by, at=at, behalf=whose, data={"user": token.user_id})


def find_token(secret: str, *, at: datetime) -> Token | None:
    """Return the token of a secret if it opens at that moment: not revoked, not expired, its officer not gone.

    What is looked up is a digest: how long the index takes says nothing of the secret.
    """
    token = _OF_DIGEST.first(digest=digest(secret))
    if token is None or token.revoked_at or not token.user.is_active:
        return None
    return None if token.expires_at and token.expires_at <= at else token


_OF_DIGEST = Sentence(lambda digest: Token.objects.filter(digest=digest).select_related("user"))


def digest(secret: str) -> str:
    """Return what is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()

"""Tokens of machines on the command line."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from lianxin.kit.refusal import Refusal
from lianxin.people import actions
from lianxin.people.models import Token
from lianxin.project.management.commands.officer import find_officer


class Command(BaseCommand):
    """Make a token with which a machine acts as an officer, or revoke all of an officer's."""

    help = "给机器用的令牌：只显示一次。A token for a machine that acts as an officer; shown once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", default="console", help="作什么用 what for")
        parser.add_argument("--days", type=int, default=None, help="几天后失效 days until it expires; without: never")
        parser.add_argument("--revoke", action="store_true", help="作废此人全部令牌 revoke all tokens of this officer")

    def handle(self, *args: Any, username: str, name: str, days: int | None, revoke: bool, **options: Any) -> None:
        user, at = find_officer(username), timezone.now()
        if revoke:
            tokens = list(Token.objects.filter(user=user, revoked_at=None))
            for token in tokens:
                actions.revoke_token(token, by=None, at=at)
            self.stdout.write(f"作废 revoked: {len(tokens)}")
            return
        expires = None if days is None else at + timedelta(days=days)
        try:
            _token, secret = actions.make_token(user, name=name, expires_at=expires, by=None, at=at)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(secret)

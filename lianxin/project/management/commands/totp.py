"""The second factor on the command line, for when the one who could reset it is the one who lost it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from lianxin.people import actions
from lianxin.project.management.commands.officer import find_officer


class Command(BaseCommand):
    """Take an officer's second factor away; it is set up anew at the next sign-in."""

    help = "手机丢了：取消某人的动态码，下次登录重新设。Take an officer's second factor away, for a lost telephone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        actions.reset_second_factor(find_officer(username), by=None, at=timezone.now())
        self.stdout.write(f"已取消 taken away: {username}")

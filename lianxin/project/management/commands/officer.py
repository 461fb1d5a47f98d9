"""Officers' accounts on the command line."""

from __future__ import annotations

import sys
from getpass import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from lianxin.kit.refusal import Refusal
from lianxin.people import actions
from lianxin.people.models import Office, User
from lianxin.people.rules import ROLES


def read_password() -> str:
    """Return a password asked for twice, or the first line of what is piped in."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass("密码 password: ")
    if getpass("再输一次 once more: ") != first:
        raise CommandError("两次不一样。The two are not the same.")
    return first


def find_officer(username: str) -> User:
    """Return the officer of a sign-in name. Raises CommandError."""
    user = User.objects.filter(username=username).first()
    if user is None:
        raise CommandError(f"没有这个登录名。No officer has the sign-in name {username}.")
    return user


class Command(BaseCommand):
    """Open, close and reopen accounts, give them a first password, list them."""

    help = (
        "信息员进不来时用：开户、停用、恢复、重设密码、列出。Officers' accounts, when nobody can sign in to the pages."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        deeds = parser.add_subparsers(dest="deed", required=True)
        add = deeds.add_parser("add", help="开户 open an account and a post for it")
        add.add_argument("username")
        add.add_argument("--name", required=True, help="姓名 name")
        add.add_argument("--role", choices=sorted(ROLES), help="角色 role of a new post")
        add.add_argument("--office", help="单位全名 name of the office of the post")
        add.add_argument("--title", default="", help="职务 title of the post")
        for deed, words in (
            ("close", "停用 close an account"),
            ("reopen", "恢复 open it again"),
            ("password", "重设密码 give it a first password"),
        ):
            deeds.add_parser(deed, help=words).add_argument("username")
        deeds.add_parser("list", help="列出 list the accounts")

    def handle(self, *args: Any, deed: str, **options: Any) -> None:
        try:
            getattr(self, f"_{deed}")(**options)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal

    def _add(self, *, username: str, name: str, role: str | None, office: str | None, title: str, **_: Any) -> None:
        at = timezone.now()
        if bool(role) != bool(office):
            raise CommandError("--role 和 --office 要一起给。Give both, or none.")
        place = self._office(office) if office else None
        user = actions.make_user(username=username, name=name, password=read_password(), by=None, at=at)
        if role and place:
            post = actions.open_post(office=place, title=title or str(ROLES[role].name), role=role, by=None, at=at)
            actions.appoint(post, holder=user, by=None, at=at)
        self.stdout.write(f"已开户 opened: {user.username}")

    def _close(self, *, username: str, **_: Any) -> None:
        actions.close_user(find_officer(username), by=None, at=timezone.now())
        self.stdout.write(f"已停用 closed: {username}")

    def _reopen(self, *, username: str, **_: Any) -> None:
        actions.reopen_user(find_officer(username), by=None, at=timezone.now())
        self.stdout.write(f"已恢复 open again: {username}")

    def _password(self, *, username: str, **_: Any) -> None:
        actions.set_password(find_officer(username), password=read_password(), by=None, at=timezone.now())
        self.stdout.write(f"已重设 set: {username}")

    def _list(self, **_: Any) -> None:
        for user in User.objects.order_by("username"):
            state = "" if user.is_active else "\t已停用 closed"
            self.stdout.write(f"{user.username}\t{user.name}{state}")

    def _office(self, name: str) -> Office:
        found = list(Office.objects.on(timezone.localdate()).filter(name=name)[:2])
        if len(found) != 1:
            raise CommandError(f"没有或不止一个这样的单位。There is not exactly one office named {name}.")
        return found[0]

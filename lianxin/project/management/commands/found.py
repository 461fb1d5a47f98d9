"""Found a county on an empty database."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone, translation

from lianxin.kit.refusal import Refusal
from lianxin.listen.actions import seed_subjects
from lianxin.outbox.actions import seed_templates
from lianxin.people import actions as people
from lianxin.people.models import Office
from lianxin.people.rules import ROLES
from lianxin.places import actions as places
from lianxin.project.management.commands.officer import read_password
from lianxin.serve.actions import seed_functions, seed_wordings


class Command(BaseCommand):
    """Write the county, its default limits, calendar, subjects and templates, and its first IT officer."""

    help = "在空的数据库上建一个县。Found a county on an empty database: its reference rows and its first IT officer."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", required=True, help="县名 name of the county, as 云溪县")
        parser.add_argument(
            "--prefix", required=True, help="回执号字头 two to four capital letters before receipt numbers"
        )
        parser.add_argument("--hotline", default="12345", help="热线 telephone number shown on every page")
        parser.add_argument(
            "--code", default="", help="行政区划代码 six digits: writes the county's area from our list"
        )
        parser.add_argument("--username", default="it", help="信息员登录名 sign-in name of the first IT officer")
        parser.add_argument("--officer", default="信息员", help="信息员姓名 name of the first IT officer")

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)  # an empty database has no tables yet
        password = read_password()
        try:
            with transaction.atomic(), translation.override("zh-hans"):
                self._found(options, password)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            f"{options['name']} 已建好。用 {options['username']} 登录，第一次要设动态码。"
            f"Founded. Sign in as {options['username']}; the second step is set up then."
        )

    def _found(self, options: dict[str, Any], password: str) -> None:
        at = timezone.now()
        area = places.plant_county(code=options["code"], by=None, at=at) if options["code"] else None
        people.found_county(
            name=options["name"], prefix=options["prefix"], hotline=options["hotline"], area=area, at=at
        )
        people.seed_limits(at=at)
        people.seed_calendar(at=at)
        seed_subjects(at=at)
        seed_templates(at=at)
        seed_wordings(at=at)
        seed_functions(at=at)
        office = people.open_office(
            name=options["name"], kind=Office.Kind.COUNTY, parent=None, areas=[area] if area else [], by=None, at=at
        )
        keeper = people.make_user(
            username=options["username"], name=options["officer"], password=password, by=None, at=at
        )
        post = people.open_post(office=office, title=str(ROLES["it"].name), role="it", by=None, at=at)
        people.appoint(post, holder=keeper, by=None, at=at)

"""The outbox on the command line."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db.models import Count
from django.utils import timezone

from lianxin.outbox.actions import recover, seed_templates, send_ready
from lianxin.outbox.models import Message

SHOWN = 50


class Command(BaseCommand):
    requires_system_checks = ()  # works also while the pages do not
    help = "看待发和没送到的消息，立即发送，补齐模板。Show, send now, seed the templates."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("deed", choices=["show", "send", "seed"], nargs="?", default="show")

    def handle(self, *args: Any, deed: str, **options: Any) -> None:
        {"show": self.show, "send": self.send, "seed": self.seed}[deed]()

    def show(self) -> None:
        counts = Message.objects.order_by("state").values_list("state").annotate(number=Count("pk"))
        for state, number in counts:
            self.stdout.write(f"{state:10} {number}")
        if not counts:
            self.stdout.write("还没有消息。No messages yet.")
        for message in Message.objects.troubled().newest_first()[:SHOWN]:
            self.stdout.write(f"#{message.pk} {message.state} {message.way} {message.address_hint} {message.trouble}")

    def send(self) -> None:
        tried = 0
        while slice_ := send_ready(at=timezone.now()):
            tried += slice_
        found = recover(at=timezone.now())
        self.stdout.write(f"交出 {tried} 条，查明 {found} 条。Handed over {tried}, looked into {found}.")

    def seed(self) -> None:
        self.stdout.write(f"新增模板 {seed_templates(at=timezone.now())} 个。Templates added.")

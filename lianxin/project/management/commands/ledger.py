"""The ledger's log on the command line."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from lianxin.ledger.actions import keep_verification, seal_events, verify
from lianxin.ledger.models import Seal


class Command(BaseCommand):
    requires_system_checks = ()  # works also while the pages do not
    help = "核验台账、封存台账、打印根值。Verify the ledger, seal it, print its root."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("deed", choices=["verify", "root", "seal"])
        parser.add_argument("--size", type=int, help="verify: 公布的条数 size that was published")
        parser.add_argument("--root", help="verify: 公布的根值 root that was published with it")

    def handle(self, *args: Any, deed: str, size: int | None, root: str | None, **options: Any) -> None:
        if deed == "verify":
            self.verify(size, root)
        elif deed == "root":
            self.root()
        else:
            self.seal()

    def root(self) -> None:
        newest = Seal.objects.newest()
        if newest is None:
            self.stdout.write("台账还没有封存过。Nothing has been sealed yet.")
            return
        at = timezone.localtime(newest.at)
        self.stdout.write(f"{newest.size}\t{bytes(newest.root).hex()}\t{at:%Y-%m-%d %H:%M:%S}")

    def seal(self) -> None:
        sealed = 0
        while batch := seal_events(at=timezone.now()):
            sealed += batch
        self.stdout.write(f"封存 {sealed} 条。Sealed {sealed} events.")

    def verify(self, size: int | None, root: str | None) -> None:
        begun_at = timezone.now()
        report = verify(progress=self._show if sys.stderr.isatty() else None, published=self._published(size, root))
        keep_verification(report, begun_at=begun_at, at=timezone.now())
        if report.size:
            self.stdout.write(f"共 {report.size} 条 events, 根值 root {report.root.hex()}")
        if report.waiting:
            self.stdout.write(f"{report.waiting} 条待封存 waiting for their seal")
        if report.sound:
            self.stdout.write(self.style.SUCCESS("台账完好。The ledger is whole: nothing altered, missing or put in."))
            return
        for finding in report.findings:
            self.stdout.write(self.style.ERROR(f"{finding.what}: {finding.words}"))
        total = report.counts.total()
        self.stdout.write(
            self.style.ERROR(f"台账被动过，共 {total} 处。The ledger has been tampered with: {total} findings.")
        )
        sys.exit(1)

    def _published(self, size: int | None, root: str | None) -> tuple[int, bytes] | None:
        if size is None and root is None:
            return None
        try:
            published = (size or 0, bytes.fromhex(root or ""))
        except ValueError:
            published = (0, b"")
        if published[0] < 1 or len(published[1]) != 32:
            raise CommandError(
                "--size 和 --root(64 位十六进制)要一起给。Give --size and --root (64 hex digits) together."
            )
        return published

    def _show(self, done: int, total: int) -> None:
        self.stderr.write(f"\r{done * 100 // total}% {done}/{total}", ending="\n" if done == total else "")
        self.stderr.flush()

"""What the worker does for the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from django.utils import timezone

from lianxin.ledger.actions import BATCH, Report, keep_verification, let_go_old, passage, seal_events
from lianxin.ledger.models import Verification

# By night, when nobody waits for a page or a message; once in a night.
NIGHT = (time(1), time(5))
ONCE_IN = timedelta(hours=20)


def seal(*, at: datetime) -> bool:
    """Seal one batch and tell whether more is waiting."""
    return seal_events(at=at) == BATCH


def let_go(*, at: datetime) -> bool:
    """Forget the files of forms that were never sent again; there is never more to do at once."""
    let_go_old(at=at)
    return False


class _Nightly:
    """The verification that this worker has begun; one that dies with its worker is begun anew."""

    def __init__(self) -> None:
        self.passage: Iterator[Report] | None = None
        self.begun_at = datetime.min

    def __call__(self, *, at: datetime) -> bool:
        """Look at one slice of the log and tell whether more is waiting; keep what was found at the end."""
        if self.passage is None:
            if not _is_time(at):
                return False
            self.passage, self.begun_at = passage(), at
        try:
            report = next(self.passage)
            if report.done < report.size:
                return True
            report = next(self.passage, report)  # what lies beyond the log; nothing comes after it
        except BaseException:
            self.passage = None
            raise
        self.passage = None
        keep_verification(report, begun_at=self.begun_at, at=at)
        return False


def _is_time(at: datetime) -> bool:
    if not NIGHT[0] <= timezone.localtime(at).time() < NIGHT[1]:
        return False
    last = Verification.objects.last()
    return last is None or at - last.at >= ONCE_IN


verify = _Nightly()

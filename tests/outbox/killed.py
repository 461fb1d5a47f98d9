"""The real worker with a short patience, so that a test need not wait ten minutes for a lease to end.

Not too short: half a lease is what a worker may sleep between claiming a message and handing it over, and a busy
machine lets it sleep for seconds.
"""

import sys
from datetime import timedelta

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from lianxin.outbox.actions import sending  # noqa: E402
from lianxin.project.management.commands import worker  # noqa: E402

vars(sending).update(LEASE=timedelta(seconds=6), ASK_AFTER=timedelta(seconds=0.2))
worker.DUTIES = tuple((name, run, 0.1) for name, run, _ in worker.DUTIES)
worker.Worker.__init__.__defaults__ = (worker.DUTIES,)

call_command("worker", *sys.argv[1:])

"""What the worker runs for this app."""

from __future__ import annotations

import logging
from datetime import datetime

from lianxin.flow.actions import AlreadyFinished, due_timers
from lianxin.intake import actions as intake
from lianxin.kit.clock import local
from lianxin.kit.refusal import Refusal
from lianxin.serve import actions
from lianxin.serve.channels.listing import SERVICES
from lianxin.serve.models import Application

AT_ONCE = 20  # applications done in one slice
LOOKED_AT = 1000  # of those that cannot go on, so many hold up no other
logger = logging.getLogger(__name__)


def take_in(*, at: datetime) -> bool:
    """Take in the next rows of a list of services that waits, and tell whether there was one."""
    return intake.take_in(SERVICES, at=at)


def watch(*, at: datetime) -> bool:
    """Do what time does to applications: deemed accepted, timers, offices that ended, silence. Tell whether to go on.

    Each application is a transaction of its own; one that cannot go on is said in the log and holds up no other.
    """
    done = 0
    for application in Application.objects.untold(at).order_by("tell_by")[:LOOKED_AT]:
        if done == AT_ONCE:
            break
        try:
            done += actions.deem_accepted(application, at=at)
        except Refusal as refusal:
            logger.error("%s cannot be deemed accepted: %s", application.number, refusal.title)
    for step in due_timers(at=at):
        try:
            actions.ring(step, at=at)
        except AlreadyFinished:
            continue  # somebody was faster
        except Refusal as refusal:
            logger.error("The timer of step %s cannot ring: %s", step.pk, refusal.title)
    actions.hand_over_closed(at=at)
    actions.recount_applications(at=at)
    actions.rate_silent(at=at)
    return done == AT_ONCE


def issue_owed(*, at: datetime) -> bool:
    """Make the receipts that people are owed, and tell whether more may wait. Raises NoPrinter; they go on waiting."""
    return actions.issue_owed(at=at) == actions.OWED_AT_ONCE


def end_abolished(*, at: datetime) -> bool:
    """End applications whose service was abolished with them, and tell whether more may wait."""
    ended = 0
    for application in Application.objects.left_behind(local(at).date()).order_by("id")[:LOOKED_AT]:
        if ended == AT_ONCE:
            break
        try:
            actions.end_with_service(application, at=at)
            ended += 1
        except Refusal as refusal:
            logger.error("%s cannot end with its service: %s", application.number, refusal.title)
    return ended == AT_ONCE

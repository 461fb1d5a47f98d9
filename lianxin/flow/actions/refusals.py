"""What can be refused about processes and their steps, worded for the person refused."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianxin.flow.rules import Trouble
from lianxin.kit.refusal import Refusal


class FlowRefusal(Refusal):
    """A refusal whose words are fixed; `facts` fill them in and are there for machines too."""

    words: str | Promise = ""

    def __init__(self, **facts: Any) -> None:
        super().__init__()
        self.facts = facts

    def __str__(self) -> str:
        return str(self.words) % self.facts


class AlreadyFinished(FlowRefusal):
    """Somebody else was faster."""

    words = _("This step is finished already: %(last)s")


class NoSuchOutcome(FlowRefusal):
    """The step cannot come out like that."""

    status = 422
    words = _("“%(outcome)s” is no outcome of this step. Possible: %(possible)s.")


class AlreadyOver(FlowRefusal):
    """The whole run has ended."""

    words = _("This is over already.")


class NotInForce(FlowRefusal):
    """Nothing new can start by this version."""

    words = _("By the process “%(process)s” nothing new can start: it is not published, or it was retired.")


class OfficeMissing(FlowRefusal):
    """The process needs an office that was not named."""

    words = _("The process needs an office for “%(key)s”, and none is named.")


class ClockSetBack(FlowRefusal):
    """The deed would lie before one that is recorded already."""

    words = _("This would lie before what is recorded already. Is the clock of the machine right?")


class NotSound(FlowRefusal):
    """The process cannot be published as it is."""

    status = 422
    words = _("This process cannot be published yet: %(number)s troubles. The first: %(first)s")

    def __init__(self, troubles: list[Trouble]) -> None:
        first = troubles[0]
        where = f"{first.node}: {first.text}" if first.node else first.text
        super().__init__(number=len(troubles), first=where)
        self.troubles = troubles


class NotADraft(FlowRefusal):
    """Published versions are never changed."""

    words = _("This version is published and is never changed. Write a new version.")


class DraftWaits(FlowRefusal):
    """There is a draft of the same process already."""

    words = _("Version %(version)s of this process is being written already.")


class KeyTaken(FlowRefusal):
    """Another process has that key."""

    words = _("There is a process “%(key)s” already. Write a new version of it.")


class BadKey(FlowRefusal):
    """The key cannot be one."""

    status = 422
    words = _("“%(key)s” cannot be the key of a process: small letters, digits, _ and dots, a letter first.")


class ChangedMeanwhile(FlowRefusal):
    """Two wrote the same draft."""

    words = _("A colleague has changed this draft meanwhile. Please look at it again; yours was not kept.")


class NotKept(FlowRefusal):
    """What was written is no process at all."""

    status = 422
    words = _("This cannot be kept: %(why)s")


class NotLive(FlowRefusal):
    """Only a version in force can be retired."""

    words = _("This version is not in force.")

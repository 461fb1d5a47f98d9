"""What can be wrong with a visit that is written down."""

from __future__ import annotations

from lianxin.kit.refusal import Refusal


class OutOfReach(Refusal):
    """Somebody else's door."""

    status = 403


class NobodyNamed(Refusal):
    """It does not say whom or what was visited, or who went."""

    status = 422


class NotHeldYet(Refusal):
    """It lies in the future, or ends before it begins."""

    status = 422


class NoChecklist(Refusal):
    """The checklist of this kind is missing."""

    status = 422


class FileIncomplete(Refusal):
    """Parts of the file that this kind of visit asks for are empty."""

    status = 422


class AlreadyHandedIn(Refusal):
    """It was handed in; what is wrong is amended, with the reason."""


class StillDraft(Refusal):
    """It was not handed in yet; it is simply edited."""


class NothingChanged(Refusal):
    """An amendment that changes nothing."""

    status = 422


class ClientIdTaken(Refusal):
    """The phone gave one number to two different visits."""

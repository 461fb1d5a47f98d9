"""What is handed to a transport, and what it may answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message on its way out."""

    key: str  # 64 hex characters, the same for each attempt
    way: str
    to: str
    hint: str  # the address masked, for whatever is shown
    subject: str
    text: str


class NotTaken(Exception):
    """The transport certainly does not have the parcel; `permanent` when it never will."""

    def __init__(self, trouble: str, *, permanent: bool = False) -> None:
        super().__init__(trouble)
        self.permanent = permanent


class Unclear(Exception):
    """The transport may have the parcel or may not: the line broke at the wrong moment."""


class NotNow(Exception):
    """The transport could say whether it has a parcel, but cannot be reached."""


class Transport(Protocol):
    """A way out. It knows no database; it is called outside any transaction."""

    keeps_list: bool  # whether `known` can say what was taken

    def hand_over(self, parcel: Parcel) -> str:
        """Hand the parcel over and return the transport's own reference. Raises NotTaken and Unclear."""

    def known(self, key: str) -> bool | None:
        """Tell whether a parcel of this key was taken; None where the transport keeps no such list. Raises NotNow."""

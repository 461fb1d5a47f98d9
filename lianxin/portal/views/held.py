"""Files of a form that came back with an error: held for this browser for a while, and named in the form.

The form carries a number of its own, so that two of the same kind in one browser do not mix. What is held is known to
the session alone; the page names the files and lets the person leave some out.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any, TypedDict

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from lianxin.kit.refusal import Refusal
from lianxin.ledger import actions as ledger
from lianxin.ledger.rules import HELD_FOR
from lianxin.portal.views.visitor import Request

SESSION, FORM, LEFT_OUT = "held", "held", "leave_out"
FORMS_MOST, FILES_MOST = 5, 20


class Entry(TypedDict):
    """One held file in the session."""

    id: str  # by which the page names it; tells nothing
    token: str
    field: str
    name: str
    mime: str
    size: int


class Basket:
    """The files of one form in hand: those that were just chosen, and those held since it came back."""

    def __init__(self, request: Request, *several: str) -> None:
        """Gather the files; a field named in `several` takes more than one, any other only the newest."""
        self.request = request
        self.form = request.POST.get(FORM, "")[:32]
        self.files: MultiValueDict[str, UploadedFile[bytes]] = MultiValueDict()
        self.gone: list[str] = []
        self._held: list[Entry] = []
        left_out = request.POST.getlist(LEFT_OUT)
        for entry in self._known():
            replaced = entry["field"] in request.FILES and entry["field"] not in several
            content = None if replaced else ledger.held_content(entry["token"], at=request.at)
            if replaced or entry["id"] in left_out:
                ledger.let_go(entry["token"])
            elif content is None:
                self.gone.append(entry["name"])
            else:
                self._held.append(entry)
                self.files.appendlist(entry["field"], SimpleUploadedFile(entry["name"], content, entry["mime"]))
        for field, chosen in request.FILES.lists():
            for file in chosen:
                self.files.appendlist(field, file)

    def _known(self) -> list[Entry]:
        forms: dict[str, list[Entry]] = self.request.session.get(SESSION, {})
        if self.form and self.form not in forms:
            self.gone.append(_("the files chosen before"))
        return forms.get(self.form, [])

    @property
    def trouble(self) -> str:
        """What to tell a person whose files are held no longer; empty where all are there."""
        if not self.gone:
            return ""
        names = _(", ").join(self.gone)
        return _("These files could be held no longer: %(names)s. Choose them again, or send it without.") % {
            "names": names
        }

    def hold(self) -> dict[str, Any]:
        """Hold what was just chosen for the next try, and return what the form says of it."""
        missed = []
        for field, chosen in self.request.FILES.lists():
            for file in chosen:
                if (entry := self._hold(field, file)) is not None:
                    self._held.append(entry)
                else:
                    missed.append(file.name)
        forms = {key: rows for key, rows in self.request.session.get(SESSION, {}).items() if key != self.form}
        number = secrets.token_hex(8)
        if self._held:
            forms[number] = self._held
        if forms or SESSION in self.request.session:
            self.request.session[SESSION] = dict(list(forms.items())[-FORMS_MOST:])
        until = self.request.at + HELD_FOR - timedelta(minutes=1)  # a promise that holds also for who sends at its end
        return {"form": number if self._held else "", "files": self._held, "missed": missed, "until": until}

    def _hold(self, field: str, file: Any) -> Entry | None:
        if len(self._held) >= FILES_MOST:
            return None
        file.seek(0)
        try:
            held = ledger.hold_file(content=file, name=file.name, at=self.request.at)
        except Refusal:
            return None
        return Entry(
            id=secrets.token_hex(4), token=held.token, field=field, name=held.name, mime=held.mime, size=held.size
        )


def let_all_go(request: Request) -> None:
    """Forget the files that are held for this browser."""
    for entries in request.session.get(SESSION, {}).values():
        for entry in entries:
            ledger.let_go(entry["token"])

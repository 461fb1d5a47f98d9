"""What is done to the file of a household: each deed with its form, its action and what is said when it is done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianxin.desk.forms import archives as shapes
from lianxin.people.models import User
from lianxin.record import actions
from lianxin.record.figures.files import late
from lianxin.record.models import Fact, Household
from lianxin.record.rules import Regular


class Deed(NamedTuple):
    """One deed on a file: what is asked, what is done, and in which words."""

    form: type[shapes.FileForm]
    act: Callable[..., Any]
    title: str | Promise
    done: str | Promise
    intro: str | Promise = ""


def _edit(household: Household, *, by: Any, at: Any, **values: Any) -> Any:
    return actions.change(household, values=values, by=by, at=at)


DONE = _("It is in the file.")
DEEDS: dict[str, Deed] = {
    "edit": Deed(shapes.EditHouseholdForm, _edit, _("Change the head of the file"), DONE),
    "add": Deed(shapes.AddResidentForm, actions.add_resident, _("Somebody more"), DONE),
    "state": Deed(shapes.FactForm, actions.state, _("A line more"), DONE),
    "verify": Deed(
        shapes.NothingForm, actions.verify, _("All of it is right"), _("Verified today, by you."),
        _("You have gone through the file with the household, and everything in it is still so."),
    ),
    "tell": Deed(
        shapes.NothingForm, actions.tell, _("Told why this is kept"), DONE,
        _("The household was told why this file is kept, who sees it, how long, and that it may look and object."),
    ),
    "decline": Deed(shapes.ReasonForm, actions.decline, _("Would rather not be asked"), DONE),
    "agree": Deed(shapes.NothingForm, actions.agree, _("May be asked again"), DONE),
    "object": Deed(shapes.ObjectForm, actions.object_to, _("The household objects"), _("It waits for the keeper.")),
    "split": Deed(shapes.SplitForm, actions.split, _("Split the household"), _("A new file is open.")),
    "merge": Deed(shapes.MergeForm, actions.merge, _("Merge into another file"), _("The file goes on there.")),
    "move": Deed(shapes.MoveForm, actions.move, _("Moved within the county"), DONE),
    "close": Deed(shapes.CloseForm, actions.close_household, _("Close the file"), _("The file is closed.")),
    "risk": Deed(
        shapes.RiskForm, actions.enter_risk, _("Something to be careful about"), DONE,
        _("Only keepers of these files see it, and it runs out by itself unless somebody looks at it anew."),
    ),
    "bind": Deed(shapes.BindForm, actions.bind, _("Where it stands on paper"), DONE),
}  # fmt: skip
KEEPERS = {"split", "merge", "move", "close", "risk"}


def narrowed(chosen: dict[str, Any], *, user: User, at: datetime) -> QuerySet[Household]:
    """Return the files that an officer reaches and asks for."""
    rows = Household.objects.visible_to(user)
    if not chosen.get("closed"):
        rows = rows.open()
    if words := chosen.get("q"):
        rows = rows.find(words)
    if area := chosen.get("area"):
        rows = rows.filter(area__path__startswith=area.path)
    if presence := chosen.get("presence"):
        rows = rows.filter(presence=presence)
    if regular := chosen.get("late"):
        rows = rows.filter(pk__in=late(user, Regular(regular), at).values("pk"))
    if kind := chosen.get("kind"):
        facts = Fact.objects.on(timezone.localdate(at)).filter(kind=kind)
        rows = rows.filter(pk__in=facts.values("household"))
    return rows

"""What an officer can do to an application: each deed with its form, its one action and what is said when it is done.

The pages and the API read this same table, so that neither can do what the other cannot.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianxin.desk.forms import application as forms
from lianxin.desk.forms.application import ApplicationForm
from lianxin.people.models import User
from lianxin.people.rules import Power
from lianxin.serve import actions
from lianxin.serve.models import Application, deeds_of
from lianxin.serve.rules.application import Deed, may

POWERS = (Power.RECEIVE, Power.PROCESS, Power.DECIDE)


@dataclass(frozen=True, slots=True)
class Act:
    """How a deed is done from the desk."""

    form: type[ApplicationForm]
    action: Callable[..., Any]
    done: str | Promise

    def do(self, form: ApplicationForm, *, by: User, at: datetime) -> Any:
        """Call the one action with what the form holds."""
        return self.action(form.thing(), by=by, at=at, **form.given())


DEEDS: dict[Deed, Act] = {
    Deed.ACCEPT: Act(forms.Nothing, actions.accept, _("Accepted. The clock runs, and the person is told.")),
    Deed.CORRECT: Act(forms.Correct, actions.correct, _("Asked for, once and whole. The person is told.")),
    Deed.SUPPLY: Act(forms.Supply, actions.supply, _("It has come in, and goes back to be checked.")),
    Deed.REFUSE: Act(forms.Refuse, actions.refuse, _("Not accepted. The person gets it in writing.")),
    Deed.STEP: Act(forms.StepForm, actions.step, _("The step is finished. The person is told.")),
    Deed.SUSPEND: Act(forms.Suspend, actions.suspend, _("The clock stands still. The person gets it in writing.")),
    Deed.RESUME: Act(forms.Resume, actions.resume, _("The clock runs again.")),
    Deed.PROPOSE: Act(forms.Propose, actions.propose, _("Proposed. Somebody else signs.")),
    Deed.DECIDE: Act(forms.Decide, actions.decide, _("Decided. The document is issued, and the person is told.")),
    Deed.REPLACE: Act(forms.DocumentForm, actions.replace, _("Issued anew. The old one is marked as replaced.")),
    Deed.REVOKE: Act(forms.DocumentForm, actions.revoke, _("Revoked. Whoever checks it learns so.")),
    Deed.DELIVER: Act(forms.Deliver, actions.deliver, _("Handed out.")),
    Deed.WITHDRAW: Act(forms.Withdraw, actions.withdraw, _("Withdrawn, as the person wishes.")),
    Deed.CLOSE: Act(forms.Close, actions.close, _("Closed without a decision.")),
    Deed.CHANGE_PHONE: Act(forms.ChangePhone, actions.change_phone, _("The phone is changed.")),
    Deed.REASSIGN: Act(forms.Reassign, actions.reassign, _("Given to the other office.")),
}


def open_deeds(application: Application, user: User, *, at: datetime) -> list[Deed]:
    """Return what this officer may do to the application now, beside its steps; what can only be refused is left out.

    A clerk who takes in applications also writes down what the person wishes or brings.
    """
    found = [deed for deed in deeds_of(application, user, at=at) if deed in DEEDS]
    standing = user.stand(at)
    receives = any(
        standing.find(Power.RECEIVE, office) for office in (application.office_id, application.taken_in_id) if office
    )
    if receives:
        found += [deed for deed in (Deed.SUPPLY, Deed.WITHDRAW) if may(deed, application.state)]
    if Deed.CORRECT in found and not application.corrections_count and not receives:
        found.remove(Deed.CORRECT)
    if Deed.DECIDE in found and application.service.two_person and not hasattr(application, "decision"):
        found.remove(Deed.DECIDE)
    return found

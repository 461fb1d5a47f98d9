"""Deciding: proposed by one, signed by one, issued as a document that anybody can check; and what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianxin.flow import actions as flow
from lianxin.flow.models import Step
from lianxin.flow.rules import Definition, Kind, Node
from lianxin.ledger import actions as ledger
from lianxin.people.models import User
from lianxin.serve.actions.deed import ApplicationRefusal, Begun, begin_deed, keep, lock, note, words
from lianxin.serve.actions.documents import issue
from lianxin.serve.actions.stepping import follow
from lianxin.serve.actions.telling import tell
from lianxin.serve.models.application import Application
from lianxin.serve.models.document import Decision, Document
from lianxin.serve.rules import application as rules
from lianxin.serve.rules.application import Deed, Paper, Result, State

TEXT_MOST = 4000


class StepsOpen(ApplicationRefusal):
    """Somebody still works on it."""

    words = _("These steps are not finished yet: %(steps)s. It can be decided after that.")


class NoProposal(ApplicationRefusal):
    """The service asks for two persons, and nobody has proposed a decision."""

    words = _("This service is decided by two persons. Somebody else has to propose the decision first.")


class SamePerson(ApplicationRefusal):
    """Who proposed cannot sign."""

    status = 403
    words = _("You proposed this decision yourself. Somebody else has to sign it.")


class ReasonNeeded(ApplicationRefusal):
    """A denial has to say why, on what basis, and what the person can do."""

    status = 422
    words = _("A denial says why, on what legal basis, and where and until when one can object. Missing: %(missing)s.")


class OtherProposal(ApplicationRefusal):
    """The signature would be under something else than what was proposed."""

    words = _("“%(proposed)s” was proposed. Who does not agree proposes anew, and somebody else signs.")


class NotInForce(ApplicationRefusal):
    """The document was revoked or replaced already."""

    words = _("The document %(number)s is not in force any more.")


class NoDocument(ApplicationRefusal):
    """There is nothing to hand out."""

    words = _("No decision is in force that could be handed out.")


@dataclass(frozen=True, slots=True)
class Said:
    """What a decision says."""

    result: str
    explanation: str = ""
    basis: str = ""
    alternatives: str = ""
    remedy: str = ""


@transaction.atomic
def propose(application: Application, *, said: Said, by: User, at: datetime) -> Decision:
    """Propose a decision for somebody else to sign; a new proposal takes the place of the old.

    Raises ReasonNeeded, StepsOpen, NotAllowed, NotPossibleNow, ClockSetBack.
    """
    begun = begin_deed(application, Deed.PROPOSE, by=by, at=at)
    held = begun.application
    _refuse_open_steps(held)
    decision = _proposed(held, _checked(held, said), by=by, at=at)
    held.state = State.DECIDING
    keep(held, "state", at=at)
    note(begun, Deed.PROPOSE, by=by, at=at, result=decision.result)
    return decision


@transaction.atomic
def decide(application: Application, *, by: User, at: datetime, said: Said | None = None) -> Document:
    """Sign the decision, alone or the one proposed, and issue its document; the person is told that it is finished.

    Where the service asks for two persons, the proposer never signs. Raises NoProposal, SamePerson, OtherProposal,
    ReasonNeeded, StepsOpen, NoPrinter, NotAllowed, NotPossibleNow, ClockSetBack and AlreadyFinished.
    """
    begun = begin_deed(application, Deed.DECIDE, by=by, at=at)
    held = begun.application
    waiting = _refuse_open_steps(held)
    decision = Decision.objects.filter(application=held).first()
    two = held.service.two_person
    if decision is None or (said is not None and not two):
        if two or said is None:
            raise NoProposal()
        decision = _proposed(held, _checked(held, said), by=by, at=at)
    elif two and decision.proposed_by_id in _acting(begun, by):
        raise SamePerson()
    elif said is not None and said.result != decision.result:
        raise OtherProposal(proposed=Result(decision.result).label)
    decision.signed_at, decision.signed_by = at, by
    decision.save(update_fields=["signed_at", "signed_by"])
    held.state, held.result, held.decided_at = State.DECIDED, decision.result, at
    keep(held, "state", "result", "decided_at", at=at)
    document = _issued(held, decision, by=by, at=at)
    note(
        begun, Deed.DECIDE, by=by, at=at, result=decision.result, document=document.number,
        timeliness=held.timeliness, minutes=held.minutes, same_day=held.is_same_day,
    )  # fmt: skip
    if waiting is not None:
        outcome = outcome_for(waiting.run.process.parsed, waiting.definition_node, decision.result)
        follow(begun, flow.finish(waiting, outcome=outcome, by=by, at=at, behalf=begun.behalf), by=by, at=at)
    template = "application.granted" if decision.result == Result.GRANTED else "application.denied"
    tell(held, template, event="decide", at=at)
    return document


@transaction.atomic
def replace(document: Document, *, reason: str, by: User, at: datetime) -> Document:
    """Issue a decision anew, as after a slip of the pen; the old one stays findable and is marked as replaced.

    Raises NotInForce, NothingGiven, NoPrinter, NotAllowed, NotPossibleNow, ClockSetBack.
    """
    begun = begin_deed(document.application, Deed.REPLACE, by=by, at=at)
    held = begun.application
    old = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
    _refuse_gone(old)
    why = words(reason, _("why"), least=4)
    new = _issued(held, held.decision, by=by, at=at)
    old.replaced_by = new
    old.save(update_fields=["replaced_by"])
    keep(held, at=at)
    note(begun, Deed.REPLACE, by=by, at=at, document=old.number, new=new.number, reason=why)
    tell(held, "application.replaced", event=f"replace:{new.pk}", at=at)
    return new


@transaction.atomic
def revoke(document: Document, *, reason: str, by: User, at: datetime) -> Document:
    """Revoke a decision; whoever checks its code learns so, and the person is told.

    Raises NotInForce, NothingGiven, NotAllowed, NotPossibleNow, ClockSetBack.
    """
    begun = begin_deed(document.application, Deed.REVOKE, by=by, at=at)
    old = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
    _refuse_gone(old)
    why = words(reason, _("why"), least=4)
    old.revoked_at, old.revoked_by, old.revoked_why = at, by, why
    old.save(update_fields=["revoked_at", "revoked_by", "revoked_why"])
    keep(begun.application, at=at)
    note(begun, Deed.REVOKE, by=by, at=at, document=old.number, reason=why)
    tell(begun.application, "application.revoked", event=f"revoke:{old.pk}", at=at)
    return old


@transaction.atomic
def deliver(application: Application, *, way: str, by: User, at: datetime, came: bool = False) -> Document:
    """Note that the decision was handed out, how, and whether the person came for it; with a certificate of delivery.

    Raises NoDocument, NothingGiven, NotAllowed, NotPossibleNow, ClockSetBack.
    """
    begun = begin_deed(application, Deed.DELIVER, by=by, at=at)
    how = words(way, _("how it was handed out"), most=120)
    return _delivered(begun, how, by=by, at=at, came=came)


@transaction.atomic
def fetch(document: Document, *, at: datetime) -> Document:
    """Note that the person, who has shown number and code, fetched a document; the first time, a decision is delivered.

    A second time nothing changes. Raises ClockSetBack.
    """
    held = lock(document.application)
    found = Document.objects.select_related("attachment").get(pk=document.pk)
    if found.fetched_at is not None:
        return found
    found.fetched_at = at
    found.save(update_fields=["fetched_at"])
    data = {"document": found.number}
    ledger.note("application.fetch", held, by=None, at=at, data=data)
    if found.paper in rules.DECISIONS and held.state == State.DECIDED and found.replaced_by_id is None:
        begun = begin_deed(held, Deed.DELIVER, by=None, at=at)
        _delivered(begun, "fetched", by=None, at=at)
    return found


def outcome_for(definition: Definition, node: Node, result: str) -> str:
    """Return the outcome of a deciding step that leads to this result, and to no other.

    Where the process does not tell them apart, the first outcome is taken. Raises nothing.
    """
    for outcome in node.outcomes:
        ends = {
            definition.by_key[key].result
            for key in definition.reach(outcome.to)
            if definition.by_key[key].kind is Kind.END
        }
        if ends == {result}:
            return outcome.key
    named = [one.key for one in node.outcomes if one.key[:3] == result[:3]]
    return named[0] if named else node.outcomes[0].key


def _refuse_open_steps(held: Application) -> Step | None:
    """Return the step in which the decision is signed, if there is one. Raises StepsOpen while others are open."""
    if held.run_id is None:
        return None
    steps = list(Step.objects.open().filter(run=held.run_id).select_related("run__process").order_by("id"))
    others = [step.title for step in steps if not step.decides]
    if others:
        raise StepsOpen(steps="、".join(others))
    return steps[0] if steps else None


def _checked(held: Application, said: Said) -> Said:
    """Return what is said, tidied. Raises ReasonNeeded, NothingGiven, TooMuch."""
    result = Result(said.result)
    if result is Result.GRANTED:
        return Said(result, _tidy(said.explanation), _tidy(said.basis)[:300], _tidy(said.alternatives), "")
    needed: dict[str, tuple[str, str | Promise]] = {
        "explanation": (said.explanation, _("why")),
        "basis": (said.basis, _("the legal basis")),
        "remedy": (said.remedy or held.service.remedies, _("where and until when one can object")),
    }
    if missing := [str(what) for text, what in needed.values() if len(_tidy(text)) < rules.WHAT_LEAST]:
        raise ReasonNeeded(missing="、".join(missing))
    texts = {name: words(text, what, most=TEXT_MOST) for name, (text, what) in needed.items()}
    return Said(result, texts["explanation"], texts["basis"][:300], _tidy(said.alternatives), texts["remedy"])


def _tidy(text: str) -> str:
    return words(text, _("text"), least=0, most=TEXT_MOST)


def _proposed(held: Application, said: Said, *, by: User, at: datetime) -> Decision:
    facts = {
        "result": said.result, "explanation": said.explanation, "basis": said.basis, "alternatives": said.alternatives,
        "remedy": said.remedy, "proposed_at": at, "proposed_by": by, "two_person": held.service.two_person,
        "signed_at": None, "signed_by": None,
    }  # fmt: skip
    decision, _made = Decision.objects.update_or_create(application=held, defaults=facts)
    return decision


def _issued(held: Application, decision: Decision, *, by: User, at: datetime) -> Document:
    paper = Paper.GRANT if decision.result == Result.GRANTED else Paper.DENIAL
    payment = rules.first_payment(timezone.localdate(held.decided_at or at))
    values = {
        "explanation": decision.explanation, "basis": decision.basis or held.service.basis,
        "alternatives": decision.alternatives, "remedy": decision.remedy or held.service.remedies,
        "payment": f"{payment:%Y-%m}",
    }  # fmt: skip
    return issue(held, paper, by=by, at=at, values=values)


def _delivered(begun: Begun, way: str, *, by: User | None, at: datetime, came: bool = False) -> Document:
    held = begun.application
    decision = held.documents.decisions().in_force().order_by("-id").first()
    if decision is None:
        raise NoDocument()
    held.state, held.delivered_at = State.DELIVERED, at
    keep(held, "state", "delivered_at", at=at)
    note(begun, Deed.DELIVER, by=by, at=at, document=decision.number, way=way, **({"came": True} if came else {}))
    if by is not None:
        issue(held, Paper.DELIVERY, by=by, at=at, values={"way": way}, rows=[(decision.title, decision.number)])
    tell(held, "application.delivered", event="deliver", at=at)
    return decision


def _refuse_gone(document: Document) -> None:
    if document.revoked_at or document.replaced_by_id:
        raise NotInForce(number=document.number)


def _acting(begun: Begun, by: User) -> set[int]:
    """Who acts: the officer, and the colleague whose powers are used."""
    return {by.pk} | ({begun.behalf.pk} if begun.behalf else set())

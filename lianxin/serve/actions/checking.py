"""Checking what was handed in: everything that is missing told once, accepted, not accepted, or deemed accepted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lianxin.flow import actions as flow
from lianxin.flow.models import Process
from lianxin.ledger import actions as ledger
from lianxin.people import actions as people
from lianxin.people.models import User
from lianxin.people.rules import Power
from lianxin.serve.actions import clock
from lianxin.serve.actions.deed import ApplicationRefusal, Begun, begin_deed, keep, note, words
from lianxin.serve.actions.documents import issue, owe
from lianxin.serve.actions.handing import Given, NoSuchMaterial, hand
from lianxin.serve.actions.stepping import follow, offices_for
from lianxin.serve.actions.telling import day, tell
from lianxin.serve.models.application import Application
from lianxin.serve.models.course import Correction, Fault, Handed
from lianxin.serve.models.service import Material
from lianxin.serve.rules import application as rules
from lianxin.serve.rules.application import Deed, Paper, State, Verdict

DEEM_AT_ONCE = 50  # applications in one round of the clockwork


class NothingWrong(ApplicationRefusal):
    """A correction without anything to correct."""

    status = 422
    words = _("Please name each material that is missing or wrong, and say exactly what is wrong with it.")


class SeenBefore(ApplicationRefusal):
    """A second correction names what could have been said the first time (一次性告知)."""

    words = _(
        "What is missing is told once. This lay there the first time and did not change since: %(names)s. Only what "
        "was handed in after the first notice may be named again."
    )


class LeaderNeeded(ApplicationRefusal):
    """A second correction is asked by who signs decisions, with a reason."""

    status = 403
    words = _("A second notice of what is missing can only be given by who signs decisions, with a reason.")


class NotYetComplete(ApplicationRefusal):
    """What was asked for is not all there."""

    status = 422
    words = _("These were asked for and are still missing: %(names)s.")


class NotAsked(ApplicationRefusal):
    """Something was handed in that nobody asked for."""

    status = 422
    words = _("Only what was asked for can be handed in now: %(names)s.")


class NoProcess(ApplicationRefusal):
    """No process is in force along which the application could go."""

    words = _("No process “%(key)s” is in force. The keeper of the catalogue has to publish one first.")


class StillFaulty(ApplicationRefusal):
    """It is accepted although a material was found wrong."""

    words = _("These were found missing or wrong: %(names)s. Ask for them, or find them in order.")


@transaction.atomic
def look(handed: Handed, *, verdict: str, by: User, at: datetime, remark: str = "") -> Handed:
    """Say whether one material is in order. Needs RECEIVE; while it is being checked.

    Raises NotAllowed, NotPossibleNow, ClockSetBack, NothingGiven and TooMuch.
    """
    begun = begin_deed(handed.application, Deed.ACCEPT, by=by, at=at)
    found = Verdict(verdict)
    said = words(remark, _("what is wrong"), least=rules.WHAT_LEAST) if found is Verdict.WRONG else remark.strip()[:300]
    handed.verdict, handed.remark, handed.seen_by, handed.seen_at = found, said, by, at
    handed.save(update_fields=["verdict", "remark", "seen_by", "seen_at"])
    keep(begun.application, at=at)
    data = {"material": handed.material.key, "verdict": found.value}
    ledger.note("application.look", begun.application, by=by, at=at, behalf=begun.behalf, data=data)
    return handed


@transaction.atomic
def correct(
    application: Application, *, faults: Sequence[rules.Fault], by: User, at: datetime, reason: str = ""
) -> Correction:
    """Tell the applicant once everything that is missing or wrong, each with what exactly; the clock has not begun.

    A second notice may only name what was handed in after the first, needs DECIDE and a reason, and is counted.
    Raises NothingWrong, NoSuchMaterial, SeenBefore, LeaderNeeded, NothingGiven, NotAllowed, NotPossibleNow,
    ClockSetBack.
    """
    begun = begin_deed(application, Deed.CORRECT, by=by, at=at)
    held = begun.application
    named = _named(held, faults)
    why = ""
    if held.corrections_count:
        last = held.corrections.latest("number")
        renewed = set(
            Handed.objects.current().filter(application=held, at__gt=last.at).values_list("material__key", flat=True)
        )
        if again := rules.seen_before(named, renewed=renewed):
            raise SeenBefore(names="、".join(named[key][0].name for key in again))
        if by.stand(at).find(Power.DECIDE, held.office_id) is None:
            raise LeaderNeeded()
        why = words(reason, _("why it could not be seen the first time"), least=rules.WHAT_LEAST)
    held.corrections_count += 1
    correction = Correction.objects.create(application=held, number=held.corrections_count, reason=why, at=at, by=by)
    Fault.objects.bulk_create(
        Fault(correction=correction, material=material, what=what) for material, what in named.values()
    )
    current = Handed.objects.current().filter(application=held)
    for material, what in named.values():
        current.filter(material=material).update(verdict=Verdict.WRONG, remark=what, seen_by=by, seen_at=at)
    held.state, held.tell_by = State.CORRECTION, None
    keep(held, "state", "tell_by", "corrections_count", at=at)
    note(
        begun, Deed.CORRECT, by=by, at=at, correction=correction.number, materials=list(named),
        second=correction.number > 1, reason=why,
    )  # fmt: skip
    rows = [(material.name, what) for material, what in named.values()]
    issue(held, Paper.CORRECTION, by=by, at=at, values={"reason": why}, rows=rows)
    tell(held, "application.correction", event=f"correct:{correction.number}", at=at)
    return correction


@transaction.atomic
def supply(
    application: Application, *, materials: Iterable[Given], at: datetime, by: User | None = None
) -> Application:
    """Hand in what was asked for; when all of it is there it goes back to be checked, and the days are counted anew.

    The applicant does it (by None), or a clerk at a counter with RECEIVE. Raises NotAsked, NotYetComplete,
    NotPossibleNow, ClockSetBack, NotAllowed and what keep_file raises.
    """
    if by is not None:
        _need_counter(application, by, at=at)
    begun = begin_deed(application, Deed.SUPPLY, by=None, at=at)
    held = begun.application
    correction = held.corrections.get(answered_at=None)
    faults = {fault.material.key: fault for fault in correction.faults.select_related("material")}
    given = list(materials)
    if any(one.key not in faults for one in given):
        raise NotAsked(names="、".join(fault.material.name for fault in faults.values()))
    for one in given:
        hand(held, one, by=by, at=at)
        Fault.objects.filter(pk=faults[one.key].pk).update(settled_at=at)
    keys = {one.key for one in given}
    open_ones = [fault for key, fault in faults.items() if fault.settled_at is None and key not in keys]
    if open_ones:
        raise NotYetComplete(names="、".join(fault.material.name for fault in open_ones))
    correction.answered_at = at
    correction.save(update_fields=["answered_at"])
    held.state = State.SUBMITTED
    clock.start_telling(held, at=at)
    keep(held, "state", "received_at", "tell_by", at=at)
    note(begun, Deed.SUPPLY, by=by, at=at, correction=correction.number, materials=sorted(keys))
    came = Handed.objects.current().filter(application=held, material__key__in=keys).select_related("material")
    owe(held, Paper.SUPPLY, at=at, handed=list(came.order_by("id")))
    tell(held, "application.supplied", event=f"supply:{correction.number}", at=at, due=day(held.tell_by))
    return held


@transaction.atomic
def accept(application: Application, *, by: User, at: datetime) -> Application:
    """Accept it: both dates are set and the process begins; the person gets the notice.

    Raises StillFaulty, NoProcess, NotAllowed, NotPossibleNow, ClockSetBack.
    """
    begun = begin_deed(application, Deed.ACCEPT, by=by, at=at)
    held = begun.application
    wrong = Handed.objects.current().filter(application=held, verdict__in=[Verdict.WRONG, Verdict.MISSING])
    if names := [handed.material.name for handed in wrong.select_related("material")]:
        raise StillFaulty(names="、".join(names))
    return _accepted(begun, Deed.ACCEPT, from_when=at, by=by, at=at)


@transaction.atomic
def deem_accepted(application: Application, *, at: datetime) -> bool:
    """Count it as accepted from the day of receipt, because nobody told the person anything in time.

    The law does it (行政许可法 32), no officer. Tells whether it was due; raises NoProcess.
    """
    begun = begin_deed(application, Deed.DEEM_ACCEPTED, by=None, at=at)
    held = begun.application
    if held.tell_by is None or at < held.tell_by or held.received_at is None:
        return False
    _accepted(begun, Deed.DEEM_ACCEPTED, from_when=held.received_at, by=None, at=at)
    return True


def _accepted(begun: Begun, deed: Deed, *, from_when: datetime, by: User | None, at: datetime) -> Application:
    held = begun.application
    process = Process.objects.current(held.service.process_key, at)
    if process is None:
        raise NoProcess(key=held.service.process_key)
    held.state, held.deemed, held.tell_by = State.ACCEPTED, deed is Deed.DEEM_ACCEPTED, None
    clock.start(held, at=from_when)
    facts = held.answer.values if held.answer else {}
    offices = offices_for(held, process, at=at)
    moved = flow.start(process, facts=facts, offices=offices, by=by, at=at, behalf=begun.behalf)
    held.run = moved.run
    keep(held, "state", "run", "tell_by", *clock.CLOCK, at=at)
    dates = {"promised": _iso(held.promised_at), "legal": _iso(held.legal_at), "from": from_when.isoformat()}
    event = note(begun, deed, by=by, at=at, process=str(process), **dates)
    issue(held, Paper.ACCEPTANCE, by=by, at=at, values={})
    tell(held, "application.accepted", event=f"accept:{event.pk}", at=at, due=day(held.promised_at))
    follow(begun, moved, by=by, at=at)
    return held


@transaction.atomic
def refuse(
    application: Application, *, basis: str, reason: str, go_to: str = "", remedy: str, by: User, at: datetime
) -> Application:
    """Do not accept it: why, on what basis, who can help instead, and where one can object; in writing.

    Raises NothingGiven, TooMuch, NotAllowed, NotPossibleNow, ClockSetBack.
    """
    begun = begin_deed(application, Deed.REFUSE, by=by, at=at)
    held = begun.application
    held.closed_why = words(reason, _("why it is not accepted"), least=rules.WHAT_LEAST)
    held.refusal_basis = words(basis, _("the legal basis"), most=200)
    held.refusal_remedy = words(remedy, _("where and until when one can object"), least=rules.WHAT_LEAST)
    held.refusal_go_to = go_to.strip()[:200]
    held.state, held.closed_at, held.tell_by = State.REFUSED, at, None
    fields = ["closed_why", "refusal_basis", "refusal_remedy", "refusal_go_to", "state", "closed_at", "tell_by"]
    keep(held, *fields, at=at)
    held.corrections.filter(answered_at=None).update(answered_at=at)
    note(begun, Deed.REFUSE, by=by, at=at, basis=held.refusal_basis)
    values = {
        "reason": held.closed_why, "basis": held.refusal_basis, "go_to": held.refusal_go_to,
        "remedy": held.refusal_remedy,
    }  # fmt: skip
    issue(held, Paper.REFUSAL, by=by, at=at, values=values)
    tell(held, "application.refused", event="refuse", at=at)
    return held


def _named(held: Application, faults: Sequence[rules.Fault]) -> dict[str, tuple[Material, str]]:
    """Return what is wrong by material, in the order of the list. Raises NothingWrong, NoSuchMaterial, NothingGiven."""
    if not faults or len(faults) > rules.FAULTS_MOST:
        raise NothingWrong()
    asked = {fault.material: fault.what for fault in faults}
    materials = {material.key: material for material in held.service.materials.all()}
    if unknown := set(asked) - set(materials):
        raise NoSuchMaterial(key=sorted(unknown)[0][:40])
    return {
        key: (material, words(asked[key], material.name, least=rules.WHAT_LEAST, most=rules.WHAT_MOST))
        for key, material in materials.items()
        if key in asked
    }


def _need_counter(application: Application, by: User, *, at: datetime) -> None:
    standing = by.stand(at)
    if not any(standing.find(Power.RECEIVE, office) for office in (application.office_id, application.taken_in_id)):
        raise people.NotAllowed(_("This is not a matter of your office, or your post does not include it."))


def _iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""

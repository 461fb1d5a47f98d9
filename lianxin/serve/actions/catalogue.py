"""The catalogue: services drafted, edited, given materials, published and followed by new versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lianxin.flow.models import Process
from lianxin.kit import condition
from lianxin.kit.clock import local
from lianxin.kit.refusal import Refusal
from lianxin.ledger import actions as ledger
from lianxin.ledger.models import Attachment
from lianxin.people import actions as people
from lianxin.people.models import User
from lianxin.people.rules import Power
from lianxin.serve.actions.fitting import WrongService, clean_number, indexed, put, shape_materials
from lianxin.serve.models import Material, Service
from lianxin.serve.rules import catalogue as rules
from lianxin.serve.rules.catalogue import Gap, MaterialRow, State
from lianxin.sheets.models import Sheet

FARTHEST = 3660  # days; a version that begins later than in ten years is a slip of the pen


class NumberTaken(Refusal):
    """Another service has this number."""


class NotADraft(Refusal):
    """What is published is not changed: it is followed by a new version."""


class DraftThere(Refusal):
    """There is a draft of the next version already."""


class NotComplete(Refusal):
    """Too little is said of the service for people to apply for it."""

    status = 422


class WrongDay(Refusal):
    """The day does not fit."""

    status = 422


@transaction.atomic
def draft_service(
    *, number: str, values: Mapping[str, Any], by: User | None, at: datetime, materials: Sequence[MaterialRow] = ()
) -> Service:
    """Write a new service down; nobody sees it until it is published. `by` None is the command line.

    `values` are those of rules.FIELDS; what is left out is not said. Raises WrongService, NumberTaken, NotAllowed and
    the refusals of words that do not fit.
    """
    behalf = may(by, at=at)
    number = clean_number(number)
    if Service.objects.filter(number=number).exists():
        raise NumberTaken(_("There is a service with this number already."))
    service = Service(number=number, version=1, state=State.DRAFT, at=at, by=by)
    write(service, values, materials)
    ledger.note("service.drafted", service, by=by, at=at, behalf=behalf, data={"number": number, "version": 1})
    return service


@transaction.atomic
def edit_service(service: Service, *, values: Mapping[str, Any], by: User | None, at: datetime) -> Service:
    """Change a draft; where nothing differs, nothing is written.

    Raises WrongService, NotADraft, NotAllowed and the refusals of words that do not fit.
    """
    behalf = may(by, at=at)
    service = _held_draft(service)
    before = {key: getattr(service, key) for key in values}
    put(service, values)
    changed = sorted(key for key in values if getattr(service, key) != before[key])
    if changed:
        finish(service, list(service.materials.all()))
        data = {"number": service.number, "version": service.version, "changed": changed}
        ledger.note("service.edited", service, by=by, at=at, behalf=behalf, data=data)
    return service


@transaction.atomic
def list_materials(service: Service, *, rows: Sequence[MaterialRow], by: User | None, at: datetime) -> Service:
    """Say what must be brought for a draft, in this order; a row with a known key keeps its sample.

    Raises WrongService, NotADraft, NotAllowed and the refusals of words that do not fit.
    """
    behalf = may(by, at=at)
    service = _held_draft(service)
    made = shape_materials(rows)
    kept = {material.key: material for material in service.materials.all()}
    for material in made:
        if former := kept.get(material.key):
            material.sample, material.blank_form = former.sample, former.blank_form
    service.materials.all().delete()
    for material in made:
        material.service = service
    Material.objects.bulk_create(made)
    if made:
        service.needs_no_material = False
    finish(service, made)
    data = {"number": service.number, "version": service.version, "count": len(made)}
    ledger.note("service.materials_listed", service, by=by, at=at, behalf=behalf, data=data)
    return service


@transaction.atomic
def attach_sample(
    service: Service, *, key: str, which: str, file: Attachment, by: User | None, at: datetime
) -> Service:
    """Lay a sample or a blank form to a material of a draft, or with an empty `key` a sample of the result.

    Raises WrongService, NotADraft, NotAllowed.
    """
    behalf = may(by, at=at)
    service = _held_draft(service)
    if not key:
        service.result_sample = file
        service.save(update_fields=["result_sample"])
    elif which not in ("sample", "blank_form"):
        raise WrongService(_("It is a sample or a blank form."))
    elif not service.materials.filter(key=key).update(**{which: file}):
        raise WrongService(_("There is no such material any more. Please reload the page."))
    data = {"number": service.number, "version": service.version, "material": key, "sha256": file.sha256}
    ledger.note("service.sample_attached", service, by=by, at=at, behalf=behalf, data=data)
    return service


@transaction.atomic
def revise_service(service: Service, *, by: User | None, at: datetime) -> Service:
    """Begin the next version of a service as a draft with everything the last one says.

    Raises DraftThere, NotAllowed.
    """
    behalf = may(by, at=at)
    draft = copy_of(_newest(service.number), by=by, at=at)
    data = {"number": draft.number, "version": draft.version}
    ledger.note("service.revised", draft, by=by, at=at, behalf=behalf, data=data)
    return draft


@transaction.atomic
def drop_service(service: Service, *, by: User | None, at: datetime) -> None:
    """Throw away a draft, which nobody has seen; what was published stays. Raises NotADraft, NotAllowed."""
    behalf = may(by, at=at)
    service = _held_draft(service)
    data = {"number": service.number, "version": service.version}
    ledger.note("service.dropped", service, by=by, at=at, behalf=behalf, data=data)
    service.delete()


@transaction.atomic
def publish_service(service: Service, *, starts: date, by: User | None, at: datetime) -> Service:
    """Let a draft count from a day on, today or later; the version before it counts until that day.

    An application keeps the version it began under. A service that can be applied for must say all of
    rules.NEEDED_TO_APPLY; other gaps are shown as missing. Raises NotADraft, NotComplete, WrongDay, NotAllowed.
    """
    behalf = may(by, at=at)
    service = _held_draft(service)
    today = local(at).date()
    if starts < today or (starts - today).days > FARTHEST:
        raise WrongDay(_("A version begins today or on a later day, within ten years."))
    need_complete(service)
    _need_tools(service, at=at)
    publish(service, starts)
    data = {"number": service.number, "version": service.version, "from": starts.isoformat(), "gaps": service.gap_count}
    ledger.note("service.published", service, by=by, at=at, behalf=behalf, data=data)
    return service


def publish(service: Service, starts: date) -> None:
    """Close the version before and open this one, for the actions of this room. Raises WrongDay."""
    before = (
        Service.objects.select_for_update()
        .filter(number=service.number)
        .exclude(state=State.DRAFT)
        .order_by("-version")
        .first()
    )
    if before:
        if before.valid_from and before.valid_from > starts:
            raise WrongDay(_("The version before begins only later. Choose a day after it."))
        if before.valid_to is None:
            Service.objects.filter(pk=before.pk).update(valid_to=starts)
        elif before.valid_to > starts:
            raise WrongDay(_("The version before counts for longer. Choose the day on which it ends, or a later one."))
    service.state, service.valid_from, service.valid_to = State.LIVE, starts, None
    service.save(update_fields=["state", "valid_from", "valid_to"])


def need_complete(service: Service) -> None:
    """Refuse a service that offers an application and leaves out what the applicant must know. Raises NotComplete."""
    if not service.name:
        raise NotComplete(_("A service needs a name before it is published."))
    missing = [Gap(key) for key in service.gaps if key in rules.NEEDED_TO_APPLY]
    if service.can_be_applied_for and missing:
        words = _("People are to apply for it here, so this must be said first: %(gaps)s.")
        raise NotComplete(words % {"gaps": "、".join(str(gap.label) for gap in missing)})


def _need_tools(service: Service, *, at: datetime) -> None:
    """Refuse a service whose form or process is not in use, or whose materials ask for answers the form has not."""
    if not service.can_be_applied_for:
        return
    sheet = Sheet.objects.current(service.sheet_key, at)
    if sheet is None or Process.objects.current(service.process_key, at) is None:
        raise NotComplete(_("Its form or its process is not in use. Publish those first."))
    kinds = {question.key: question.kind.value for question in sheet.questions}
    for material in service.materials.exclude(when={}):
        if found := condition.troubles(material.when, kinds, language=get_language() or ""):
            raise NotComplete(_("“%(name)s”: %(why)s") % {"name": material.name[:40], "why": found[0]})


def may(by: User | None, *, at: datetime) -> User | None:
    """Ask for the power over the catalogue; the command line has it. Raises NotAllowed."""
    behalf: User | None = people.need(by, Power.CATALOGUE, at=at, anywhere=True).behalf if by else None
    return behalf


def copy_of(service: Service, *, by: User | None, at: datetime) -> Service:
    """Return the next version as a draft, with the materials, for the actions of this room. Raises DraftThere."""
    if service.state == State.DRAFT:
        raise DraftThere(_("There is a draft of the next version already."))
    materials = list(service.materials.all())
    draft = Service.objects.get(pk=service.pk)
    draft.pk, draft.version, draft.state = None, service.version + 1, State.DRAFT
    draft.valid_from = draft.valid_to = None
    draft.in_flight, draft.at, draft.by = "", at, by
    draft._state.adding = True
    draft.save()
    for material in materials:
        material.pk, material.service = None, draft
        material._state.adding = True
    Material.objects.bulk_create(materials)
    return draft


def write(service: Service, values: Mapping[str, Any], materials: Sequence[MaterialRow]) -> None:
    """Put what is said into a new row and its materials, for the actions of this room."""
    put(service, values)
    made = shape_materials(materials)
    finish(service, made)
    for material in made:
        material.service = service
    Material.objects.bulk_create(made)


def finish(service: Service, materials: Sequence[Material]) -> None:
    """Save a row with what follows from it, for the actions of this room: its gaps, and the words it is found by."""
    service.gaps = [gap.value for gap in rules.gaps(service, materials)]
    service.gap_count = len(service.gaps)
    service.grams = indexed(service)
    service.save()


def _held_draft(service: Service) -> Service:
    held = Service.objects.select_for_update().filter(pk=service.pk).first()
    if held is None or held.state != State.DRAFT:
        raise NotADraft(_("What is published is not changed. Begin a new version."))
    return held


def _newest(number: str) -> Service:
    return Service.objects.select_for_update().filter(number=number).order_by("-version")[0]

"""Lists of services: opened, begun and taken in slice by slice. The channel reads the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxin.kit.clock import local
from lianxin.kit.refusal import Refusal
from lianxin.ledger import actions as ledger
from lianxin.ledger.models import Attachment
from lianxin.people.models import Office, User
from lianxin.serve.actions.catalogue import copy_of, finish, may, need_complete, publish
from lianxin.serve.actions.fitting import clean_number, put, shape_materials
from lianxin.serve.models import CatalogueIntake, Material, Service
from lianxin.serve.rules import catalogue as rules
from lianxin.serve.rules.catalogue import BadService, ListedService, MaterialRow, State

LEASE = timedelta(minutes=2)  # a slice takes seconds; a worker that was killed is replaced after this
TROUBLES_KEPT = 200


class NotWaiting(Refusal):
    """The list is not in a state for this."""


class Overtaken(Refusal):
    """Another worker took these rows."""


class Abolished(Refusal):
    """A list tells of a service that the county has abolished."""


@transaction.atomic
def open_intake(file: Attachment, *, total: int, by: User | None, at: datetime) -> CatalogueIntake:
    """Begin with a file of services: nothing is taken in until columns are chosen. `by` None is the command line.

    Raises NotAllowed.
    """
    behalf = may(by, at=at)
    intake = CatalogueIntake.objects.create(file=file, total=total, by=by, at=at)
    data = {"rows": total, "sha256": file.sha256}
    ledger.note("services.opened", intake, by=by, at=at, behalf=behalf, data=data)
    return intake


@transaction.atomic
def begin_intake(
    intake: CatalogueIntake, *, mapping: Mapping[str, str], publishes: bool, by: User | None, at: datetime
) -> CatalogueIntake:
    """Let the worker take the list in with these columns; `publishes`: people see the services at once, gaps marked.

    Raises NotWaiting, NotAllowed.
    """
    behalf = may(by, at=at)
    intake = CatalogueIntake.objects.select_for_update().get(pk=intake.pk)
    if intake.state != CatalogueIntake.State.MAPPED:
        raise NotWaiting(_("This list has been begun already."))
    intake.state, intake.mapping, intake.publishes = CatalogueIntake.State.RUNNING, dict(mapping), publishes
    intake.save(update_fields=["state", "mapping", "publishes"])
    data = {"mapping": dict(mapping), "publishes": publishes}
    ledger.note("services.begun", intake, by=by, at=at, behalf=behalf, data=data)
    return intake


@transaction.atomic
def claim_intake(*, at: datetime, only: CatalogueIntake | None = None) -> CatalogueIntake | None:
    """Give the oldest running list (or that one) to this worker for a while; None where there is none to take."""
    free = CatalogueIntake.objects.filter(
        Q(lease_until=None) | Q(lease_until__lte=at), state=CatalogueIntake.State.RUNNING
    )
    for intake in free.filter(pk=only.pk) if only else free.order_by("id")[:3]:
        if free.filter(pk=intake.pk).update(lease_until=at + LEASE):
            intake.lease_until = at + LEASE
            return intake
    return None


@transaction.atomic
def release_intake(intake: CatalogueIntake, *, at: datetime) -> None:
    """Let any worker go on with the list at once."""
    CatalogueIntake.objects.filter(pk=intake.pk, lease_until=intake.lease_until).update(lease_until=None)


@transaction.atomic
def take_services(
    intake: CatalogueIntake, *, rows: Sequence[ListedService | BadService], at: datetime
) -> CatalogueIntake:
    """Take the next rows of a list in: all of them or, if the machine dies, none.

    A service that the list describes as it stands is known and stays; one that differs gets a new version, in which
    what the list does not tell stays as the office wrote it. Raises Overtaken.
    """
    first = intake.row
    intake = CatalogueIntake.objects.select_for_update(of=("self",)).select_related("by").get(pk=intake.pk)
    if intake.state != CatalogueIntake.State.RUNNING or intake.row != first:
        raise Overtaken(_("The list is in another state by now. Please reload the page."))
    counts: Counter[str] = Counter()
    missing = Counter(intake.gaps)
    newest = _newest(row.number for row in rows if isinstance(row, ListedService))
    offices = {office.name: office for office in Office.objects.on(local(at).date())}
    for row in rows:
        if isinstance(row, ListedService):
            bad = _take(row, newest, offices, intake, at=at, counts=counts, missing=missing)
        else:
            bad = row
        if bad:
            counts["failed"] += 1
            if len(intake.troubles) < TROUBLES_KEPT:
                intake.troubles.append({"row": bad.row, "trouble": bad.trouble[:200]})
    for key in ("added", "changed", "known", "failed"):
        setattr(intake, key, getattr(intake, key) + counts[key])
    intake.row += len(rows)
    intake.gaps = dict(missing)
    if intake.row >= intake.total:
        intake.state, intake.finished_at, intake.lease_until = CatalogueIntake.State.DONE, at, None
    intake.save()
    data = {"rows": [first, intake.row], **{key: counts[key] for key in ("added", "changed", "known", "failed")}}
    ledger.note("services.taken_in", intake, by=intake.by, at=at, data=data)
    return intake


def _newest(numbers: Any) -> dict[str, Service]:
    """Return the last version of each service of these numbers."""
    found = Service.objects.filter(number__in=list(numbers)).order_by("number", "version").select_related("office")
    return {service.number: service for service in found.prefetch_related("materials")}


def _take(
    row: ListedService,
    newest: dict[str, Service],
    offices: Mapping[str, Office],
    intake: CatalogueIntake,
    *,
    at: datetime,
    counts: Counter[str],
    missing: Counter[str],
) -> BadService | None:
    values = dict(row.values)
    if office := offices.get(values.get("office_name", "")):
        values["office"] = office
    former = newest.get(row.number)
    try:
        with transaction.atomic():
            service = _written(row, values, former, intake, at=at)
    except Refusal as refusal:
        return BadService(row.row, str(refusal))
    counts["known" if service is former else "changed" if former else "added"] += 1
    newest[row.number] = service
    missing.update(service.gaps)
    return None


def _written(
    row: ListedService, values: dict[str, Any], former: Service | None, intake: CatalogueIntake, *, at: datetime
) -> Service:
    """Return the service as it stands after this row: the former one itself where the row tells nothing new."""
    if former is None:
        service = Service(
            number=clean_number(row.number), version=1, state=State.DRAFT, at=at, by=intake.by, source=intake.file.name
        )
        put(service, values)
        made = shape_materials([MaterialRow(name) for name in row.materials])
    else:
        if _says_the_same(former, row, values):
            return former
        if former.state == State.ABOLISHED:
            raise Abolished(
                _("This service was abolished. A list does not bring it back; begin a new version by hand.")
            )
        service = former if former.state == State.DRAFT else copy_of(former, by=intake.by, at=at)
        put(service, values)
        made = list(service.materials.all())
        if row.says_materials and [m.name for m in made] != list(row.materials):
            known = {m.name: m for m in made}
            rows = [_row_of(known[name]) if name in known else MaterialRow(name) for name in row.materials]
            made = shape_materials(rows)
    if made and made[0].service_id is None:
        if service.pk:
            service.materials.all().delete()
        finish(service, made)
        for material in made:
            material.service = service
        Material.objects.bulk_create(made)
    else:
        finish(service, made)
    if intake.publishes:
        need_complete(service)
        publish(service, local(at).date())
    verb = "service.revised" if former else "service.drafted"
    data = {"number": service.number, "version": service.version, "published": intake.publishes, "list": intake.pk}
    ledger.note(verb, service, by=intake.by, at=at, data=data)
    return service


def _says_the_same(former: Service, row: ListedService, values: Mapping[str, Any]) -> bool:
    probe = Service(office=former.office)
    put(probe, values)
    told = all(getattr(probe, key) == getattr(former, key) for key in values)
    return told and (not row.says_materials or [m.name for m in former.materials.all()] == list(row.materials))


def _row_of(material: Material) -> MaterialRow:
    lines = {key: getattr(material, key) for key in rules.MATERIAL_LINES}
    return MaterialRow(
        key=material.key, form=material.form, copies=material.copies, necessity=material.necessity, when=material.when,
        source=material.source, later=material.later, **lines,
    )  # fmt: skip

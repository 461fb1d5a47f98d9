"""Lists of services taken in. The channel reads the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lianxin.intake.models import Intake
from lianxin.intake.rules import BadRow, Taken
from lianxin.kit.clock import local
from lianxin.kit.refusal import Refusal
from lianxin.ledger import actions as ledger
from lianxin.people.models import Office
from lianxin.serve.actions.catalogue import copy_of, finish, need_complete, publish
from lianxin.serve.actions.fitting import clean_number, put, shape_materials
from lianxin.serve.models import Material, Service
from lianxin.serve.rules import catalogue as rules
from lianxin.serve.rules.catalogue import ListedService, MaterialRow, State

DRAFT = "draft"  # the way of a list that is not to be published at once


class Abolished(Refusal):
    """A list tells of a service that the county has abolished."""


@transaction.atomic
def take_services(rows: Sequence[ListedService], *, intake: Intake, at: datetime, seen: set[str]) -> Taken:
    """Take rows of a list in, as `intake.actions.take_rows` asks; of a number the list has one row, so none is `seen`.

    A service that the list describes as it stands is known and stays; one that differs gets a new version, in which
    what the list does not tell stays as the office wrote it. What is missing is tallied.
    """
    counts: Counter[str] = Counter()
    missing: Counter[str] = Counter()
    newest = _newest(row.number for row in rows)
    offices = {office.name: office for office in Office.objects.on(local(at).date())}
    refused = []
    for row in rows:
        if bad := _take(row, newest, offices, intake, at=at, counts=counts, missing=missing):
            refused.append(bad)
    return Taken(**counts, refused=refused, tally=missing)


def _newest(numbers: Any) -> dict[str, Service]:
    """Return the last version of each service of these numbers."""
    found = Service.objects.filter(number__in=list(numbers)).order_by("number", "version").select_related("office")
    return {service.number: service for service in found.prefetch_related("materials")}


def _take(
    row: ListedService,
    newest: dict[str, Service],
    offices: Mapping[str, Office],
    intake: Intake,
    *,
    at: datetime,
    counts: Counter[str],
    missing: Counter[str],
) -> BadRow | None:
    values = dict(row.values)
    if office := offices.get(values.get("office_name", "")):
        values["office"] = office
    former = newest.get(row.number)
    try:
        with transaction.atomic():
            service = _written(row, values, former, intake, at=at)
    except Refusal as refusal:
        return BadRow(row.row, str(refusal))
    counts["known" if service is former else "changed" if former else "added"] += 1
    newest[row.number] = service
    missing.update(service.gaps)
    return None


def _written(
    row: ListedService, values: dict[str, Any], former: Service | None, intake: Intake, *, at: datetime
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
    publishes = intake.way != DRAFT
    if publishes:
        need_complete(service)
        publish(service, local(at).date())
    verb = "service.revised" if former else "service.drafted"
    data = {"number": service.number, "version": service.version, "published": publishes, "list": intake.pk}
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

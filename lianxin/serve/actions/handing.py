"""Handing in materials: which must be there, and each kept with its file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from lianxin.kit.condition import holds
from lianxin.ledger import actions as ledger
from lianxin.ledger.models import Attachment
from lianxin.people.models import User
from lianxin.serve.actions.deed import ApplicationRefusal
from lianxin.serve.models.application import Application
from lianxin.serve.models.course import Handed
from lianxin.serve.models.service import Material, Service
from lianxin.serve.rules.application import Verdict
from lianxin.serve.rules.catalogue import Necessity


class NoSuchMaterial(ApplicationRefusal):
    """Something was handed in that this service does not ask for."""

    status = 422
    words = _("This service does not ask for “%(key)s”.")


@dataclass(frozen=True, slots=True)
class Given:
    """One file, or a paper shown at a counter, for one material of the service."""

    key: str
    content: Any = None  # bytes or a file; None: on paper
    name: str = ""


AUTHORISATION = "authorisation"  # the material by which somebody shows that he may apply for another


def required(service: Service, answers: Mapping[str, Any], *, for_another: bool = False) -> list[Material]:
    """Return the materials that must be there with these answers; those that may come later are not among them."""
    found = []
    for material in service.materials.all():
        needed = material.necessity == Necessity.REQUIRED or (
            material.necessity == Necessity.CONDITIONAL and holds(material.when, answers)
        )
        needed = for_another if material.key == AUTHORISATION else needed
        if needed and not material.later:
            found.append(material)
    return found


def hand(held: Application, given: Given, *, by: User | None, at: datetime) -> Handed:
    """Keep one material of the application in hand; the last one counts. Raises NoSuchMaterial; notes the file."""
    material = Material.objects.filter(service=held.service_id, key=given.key).first()
    if material is None:
        raise NoSuchMaterial(key=given.key[:40])
    attachment = None
    if given.content is not None:
        trust = Attachment.Trust.SEEN if by else Attachment.Trust.GIVEN
        attachment = ledger.keep_file(content=given.content, name=given.name, by=by, at=at, trust=trust)
    Handed.objects.filter(application=held, material=material, replaced=False).update(replaced=True)
    handed = Handed.objects.create(
        application=held, material=material, attachment=attachment, on_paper=attachment is None, at=at,
        verdict=Verdict.GIVEN,
    )  # fmt: skip
    ledger.note("material.handed", handed, by=by, at=at, data={"application": held.pk, "material": material.key})
    return handed

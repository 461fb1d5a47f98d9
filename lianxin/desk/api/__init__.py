"""The officers' half of the JSON API: whatever they do on a page, a program does here through the same actions."""

from ninja import Router

from lianxin.desk.api import (
    applications,
    care,
    cases,
    deeds,
    duties,
    files,
    helping,
    keepers,
    letters,
    lists,
    motions,
    outings,
    receptions,
    reference,
    triage,
    visits,
)
from lianxin.people.api import TokenAuth

router = Router(tags=["officers"], auth=TokenAuth())
router.add_router("", cases.router)
router.add_router("", applications.router)
router.add_router("", deeds.router)
router.add_router("", files.router)
router.add_router("", care.router)
router.add_router("", duties.router)
router.add_router("", helping.router)
router.add_router("", motions.router)
router.add_router("", keepers.router)
router.add_router("", outings.router)
router.add_router("", triage.router)
router.add_router("", letters.router)
router.add_router("", lists.router)
router.add_router("", receptions.router)
router.add_router("", reference.router)
router.add_router("", visits.router)

"""The officers' half of the JSON API: whatever they do on a page, a program does here through the same actions."""

from ninja import Router

from lianxin.desk.api import applications, cases, deeds, letters, lists, receptions, reference, triage, visits
from lianxin.people.api import TokenAuth

router = Router(tags=["officers"], auth=TokenAuth())
router.add_router("", cases.router)
router.add_router("", applications.router)
router.add_router("", deeds.router)
router.add_router("", triage.router)
router.add_router("", letters.router)
router.add_router("", lists.router)
router.add_router("", receptions.router)
router.add_router("", reference.router)
router.add_router("", visits.router)

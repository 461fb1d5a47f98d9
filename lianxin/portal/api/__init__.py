"""The public half of the JSON API: what a resident's own program may do without a token."""

from ninja import Router

from lianxin.portal.api import applications, catalogue, hall, looking, sheets, voices

router = Router(tags=["residents"])
router.add_router("/voices", voices.router)
router.add_router("/hall", hall.router)
router.add_router("", looking.router)
router.add_router("", catalogue.router)
router.add_router("", applications.router)
router.add_router("", sheets.router)

"""The protocol between the county and the telephones of its cadres (docs/field.md)."""

from ninja import Router

from lianxin.field.api import files, sync
from lianxin.field.api.key import HandsetAuth

router = Router(tags=["field"], auth=HandsetAuth())
router.add_router("", sync.router)
router.add_router("", files.router)

"""A service as tests of every room begin with it: complete, so that people may apply for it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from lianxin.kit.clock import local
from lianxin.people.models import Office, User
from lianxin.serve import actions as serve
from lianxin.serve.models import Service
from lianxin.serve.rules.catalogue import MaterialRow

NUMBER = "YX-MED-003"
MATERIALS = (
    MaterialRow("身份证", "identity", "copy", 1, necessity="required", source="self"),
    MaterialRow("居住证", "residence", "original", 1, necessity="conditional", source="government", later=True),
)


def values(office: Office | None, **more: Any) -> dict[str, Any]:
    """Return what is said of a complete service."""
    return {
        "name": "异地就医备案", "also_called": "外地看病登记", "office": office, "theme": "医疗卫生",
        "audience": "自然人", "kind": "promised", "code": "115116020086900000511600001",
        "basis": "《云溪县示例规定》第三条",
        "promised_value": 5, "promised_unit": "workday", "promised_basis": "承诺", "legal_value": 20,
        "legal_unit": "workday", "legal_basis": "《行政许可法》第四十二条", "conditions": "已参加本县医保",
        "is_free": True, "visits": 0, "course": "申请、审核、办结", "result": "备案回执", "remedies": "可申请行政复议",
        "places": [{"name": "医保窗口", "address": "县政务服务大厅二楼", "hours": "9:00-17:00", "phone": "0000-1"}],
        "consult_phone": "12345", "complaint_phone": "12345", **more,
    }  # fmt: skip


def published(office: Office, by: User, at: datetime, *, number: str = NUMBER, **more: Any) -> Service:
    """Write a service down and publish it from today on."""
    draft = serve.draft_service(number=number, values=values(office, **more), materials=MATERIALS, by=by, at=at)
    return serve.publish_service(draft, starts=day(at), by=by, at=at)


def day(at: datetime) -> date:
    """Return the day of the county at that moment."""
    return local(at).date()

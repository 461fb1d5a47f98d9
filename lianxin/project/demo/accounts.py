"""The accounts of the demo county, as `serve` prints them."""

from __future__ import annotations

PASSWORD = "lianxin-demo-2026"  # noqa: S105  printed on purpose, and only where the demo county is installed

ACCOUNTS: list[tuple[str, str]] = [
    ("dispatcher", "分拣、派单、答复"),
    ("registrar", "城关街道，柜台和电话录入"),
    ("handler", "县水务局，经办"),
    ("chief", "县水务局，局长"),
    ("examiner", "复核、回访"),
    ("secretary", "县委书记，来信和批示"),
    ("letter_clerk", "来信登记"),
    ("supervisor", "督办"),
    ("editor", "公开审核"),
    ("hall", "大厅主任：窗口、排班、预约、统计"),
    ("window", "大厅窗口：叫号"),
    ("archive", "人才中心：人事档案外借"),
    ("clerk_medical", "县医疗保障局，受理员"),
    ("reviewer_medical", "县医疗保障局，审核员"),
    ("approver_medical", "县医疗保障局，分管领导：签决定"),
    ("reviewer_labour", "县人力资源和社会保障局，审核员"),
    ("village_keeper", "青石镇，档案管理员：村民议事、帮扶"),
    ("cataloguer", "事项管理：事项、表、流程、名单"),
    ("cadre", "民情书记：走访、入户、民情日记"),
    ("organiser", "走访办：活动、编组、日程、覆盖"),
    ("it", "信息员：日历、单位、账号"),
]


def accounts() -> list[tuple[str, str, str]]:
    """Return user name, password and what the account is for, of each demo account."""
    return [(name, PASSWORD, what) for name, what in ACCOUNTS]

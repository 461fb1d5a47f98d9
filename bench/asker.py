"""What the bench asks: every deed that is measured, each time for another thing than the time before."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from random import Random
from typing import Any
from urllib.parse import quote, urlencode

from bench.drive import request

WORDS = ("路灯", "供水", "工资", "電梯", "垃圾", "河沟", "学校", "养老")
SERVICES = ("异地", "退休", "档案", "失业", "医保", "贷款", "登记", "補貼")
JSON = {"Content-Type": "application/json"}
Made = dict[str, Any]


@dataclass(frozen=True)
class Deed:
    """One thing that is measured: what to ask, what the answer's status must be, and what issue 2 wants of it."""

    name: str
    make: Callable[[], bytes]
    p95: float | None = None  # ms, one at a time
    rate: float | None = None  # a second, eight at once
    right: int = 200
    queries: int = 15


class Asker:
    """Makes requests, each for another thing than the one before."""

    def __init__(self, made: Made) -> None:
        self.made, self.rng, self.number = made, Random(11), count()

    def deeds(self) -> list[Deed]:
        fast = (40.0, 200.0)
        return [
            Deed("create a voice (API)", self.voice, 30.0, 225.0, right=201),
            Deed("list of cases", lambda: self.page("/desk/cases/"), *fast),
            Deed("filtered list", self.filtered, *fast),
            Deed("two-character search", self.search, *fast),
            Deed("case page", lambda: self.page(f"/desk/cases/{self.pick('cases')}/"), *fast),
            Deed("progress (API)", self.progress, *fast),
            Deed("progress page", self.progress_page, *fast),
            Deed("deed on a case (API)", self.deed, rate=135.0),
            Deed("my day", lambda: self.page("/desk/")),
            Deed("home page", lambda: request("GET", "/", headers=self.visitor())),
            Deed("services searched (API)", self.services, 30.0),
            Deed("apply (API)", self.apply, right=201, queries=60),
            Deed("step of an application (API)", self.step, 40.0, 100.0, queries=40),
            Deed("applicant's page", self.applicant, queries=25),
            Deed("decision with its PDF (API)", self.decide, 1000.0, queries=60),
        ]

    def pick(self, what: str) -> Any:
        return self.rng.choice(self.made[what])

    def visitor(self) -> dict[str, str]:
        """This function will give a new address each time, as the proxy in front would tell it."""
        n = next(self.number)
        return {"X-Forwarded-For": f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}"}

    def page(self, path: str) -> bytes:
        return request("GET", path, headers={"Cookie": f"sessionid={self.made['officer']}"})

    def voice(self) -> bytes:
        body = {
            "text": f"第{next(self.number)}次说：{self.pick('villages')}组的路灯上个月起就不亮了，晚上接孩子很危险。",
            "identity": "signed",
            "name": "王明",
            "phone": f"199{next(self.number) % 10**8:08d}",
            "area": self.pick("villages"),
            "wants_reply": True,
        }
        return request("POST", "/api/v1/voices", headers={**self.visitor(), **JSON}, body=json.dumps(body).encode())

    def filtered(self) -> bytes:
        filters: list[dict[str, Any]] = [
            {"state": "handling"},
            {"state": "open", "light": "late"},
            {"area": self.pick("towns"), "state": "closed"},
            {"subject": self.pick("subjects")},
            {"area": self.pick("villages"), "subject": self.pick("subjects")},
        ]
        return self.page("/desk/cases/?" + urlencode(self.rng.choice(filters)))

    def search(self) -> bytes:
        return self.page(f"/desk/cases/?q={quote(self.rng.choice(WORDS))}")

    def progress(self) -> bytes:
        number, code = self.pick("receipts")
        return request("GET", f"/api/v1/voices/{number}?code={code}", headers=self.visitor())

    def progress_page(self) -> bytes:
        number, session = self.pick("browsers")
        return request("GET", f"/track/{number}/", headers={**self.visitor(), "Cookie": f"sessionid={session}"})

    def deed(self) -> bytes:
        number, token = self.made["deeds"][next(self.number) % len(self.made["deeds"])]
        body = json.dumps({"text": "施工队已经进场，预计两天完成。", "public": True}).encode()
        headers = {"Authorization": f"Bearer {token}", **JSON}
        return request("POST", f"/api/v1/cases/{number}/progress", headers=headers, body=body)

    def services(self) -> bytes:
        return request("GET", f"/api/v1/services?q={quote(self.rng.choice(SERVICES))}", headers=self.visitor())

    def apply(self) -> bytes:
        person = {"name": "王明", "phone": f"199{next(self.number) % 10**8:08d}"}
        body = json.dumps({**self.made["apply"], **person}).encode()
        return request("POST", "/api/v1/applications", headers={**self.visitor(), **JSON}, body=body)

    def step(self) -> bytes:
        number, token, step, outcome = self.made["steps"].pop()  # each is finished once
        body = json.dumps({"step": step, "outcome": outcome}).encode()
        headers = {"Authorization": f"Bearer {token}", **JSON}
        return request("POST", f"/api/v1/applications/{number}/step", headers=headers, body=body)

    def applicant(self) -> bytes:
        number, session = self.pick("applicants")
        return request("GET", f"/applications/{number}/", headers={**self.visitor(), "Cookie": f"sessionid={session}"})

    def decide(self) -> bytes:
        number, token, result = self.made["signatures"].pop()
        headers = {"Authorization": f"Bearer {token}", **JSON}
        body = json.dumps({"result": result}).encode()
        return request("POST", f"/api/v1/applications/{number}/decide", headers=headers, body=body)

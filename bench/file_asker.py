"""What the bench asks of the archives: every deed that is measured, each time for another file than before."""

from __future__ import annotations

from random import Random
from typing import Any
from urllib.parse import quote, urlencode

from bench.asker import Deed, Made
from bench.drive import request


class FileAsker:
    """Makes requests for files, each for another one than the one before."""

    def __init__(self, made: Made) -> None:
        self.made, self.rng = made, Random(11)

    def deeds(self) -> list[Deed]:
        listed, read = 20, 40  # queries
        return [
            Deed(
                "files: search by name, county", lambda: self.search("keeper", self.pick("names")), 40.0, queries=listed
            ),
            Deed(
                "files: search by name, town",
                lambda: self.search("archivist", self.pick("names")),
                40.0,
                queries=listed,
            ),
            Deed(
                "files: search by name, cadre", lambda: self.search("cadre", self.pick("names")), 40.0, queries=listed
            ),
            Deed("files: search by number", lambda: self.search("keeper", self.pick("numbers")), 40.0, queries=listed),
            Deed("files: search by phone", lambda: self.search("keeper", self.pick("phones")), 40.0, queries=listed),
            Deed(
                "files: search by identity",
                lambda: self.search("keeper", self.pick("identities")),
                40.0,
                queries=listed,
            ),
            Deed("files: list, county", lambda: self.page("keeper", "/desk/archives/"), 40.0, queries=listed),
            Deed("files: list, town", lambda: self.page("archivist", "/desk/archives/"), 40.0, queries=listed),
            Deed("files: list narrowed", self.narrowed, queries=listed),
            Deed("files: one household", self.household, queries=read),
            Deed("files: one village", self.village, 60.0, queries=read),
            Deed("files: villages of a county", lambda: self.page("keeper", "/desk/archives/villages/"), queries=read),
            Deed("files: villages of a town", lambda: self.page("archivist", "/desk/archives/villages/"), queries=read),
            Deed("visits: coverage of a town", self.coverage, 150.0, queries=listed),
            Deed("visits: coverage of the county", lambda: self.page("organiser", "/desk/visits/coverage/")),
            Deed("visits: doors of a village", self.doors, queries=listed),
            Deed("files: what does not fit", lambda: self.page("archivist", "/desk/archives/integrity/"), queries=read),
            Deed("files: the three regulars", lambda: self.page("archivist", "/desk/archives/regulars/"), queries=read),
        ]

    def pick(self, what: str) -> Any:
        return self.rng.choice(self.made[what])

    def page(self, who: str, path: str) -> bytes:
        return request("GET", path, headers={"Cookie": f"sessionid={self.made['sessions'][who]}"})

    def search(self, who: str, words: str) -> bytes:
        return self.page(who, f"/desk/archives/?q={quote(words)}")

    def narrowed(self) -> bytes:
        filters: list[dict[str, Any]] = [
            {"area": self.pick("villages")},
            {"presence": "away"},
            {"late": "update"},
            {"kind": self.pick("kinds"), "area": self.pick("villages")},
        ]
        return self.page("archivist", f"/desk/archives/?{urlencode(self.rng.choice(filters))}")

    def household(self) -> bytes:
        return self.page("archivist", f"/desk/archives/{self.pick('homes')}/")

    def village(self) -> bytes:
        return self.page("archivist", f"/desk/archives/villages/{self.pick('villages')}/")

    def coverage(self) -> bytes:
        return self.page("organiser", f"/desk/visits/coverage/?area={self.pick('towns')}")

    def doors(self) -> bytes:
        return self.page("cadre", f"/desk/visits/doors/{self.made['village']}/")

"""The machine that is measured on: what it is, how busy it is, and how much of that is ours."""

from __future__ import annotations

import os
import platform
import time
from contextlib import suppress
from pathlib import Path

QUIET = 0.15  # of the machine's time may go to others when a round begins


class Machine:
    """How busy the machine is, and how much of that is ours."""

    def busy(self, seconds: float = 0.5) -> float:
        """This function will tell which share of all cores was at work during that time."""
        before = self._times()
        time.sleep(seconds)
        after = self._times()
        spent = [b - a for a, b in zip(before, after, strict=True)]
        return 1 - (spent[3] + spent[4]) / max(1, sum(spent))

    def wait_until_quiet(self, patience: float) -> float:
        """This function will wait until others leave the machine alone, not for ever; returns how busy it still is."""
        until = time.monotonic() + patience
        while (busy := self.busy()) > QUIET and time.monotonic() < until:
            time.sleep(1)
        return busy

    @staticmethod
    def _times() -> list[int]:
        return [int(each) for each in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]

    @staticmethod
    def facts() -> dict[str, str]:
        info = Path("/proc/cpuinfo").read_text()
        model = next((line.split(":")[1].strip() for line in info.splitlines() if line.startswith("model name")), "")
        memory = int(Path("/proc/meminfo").read_text().split()[1]) // 1024 // 1024
        return {
            "processor": f"{os.cpu_count()} × {model}",
            "memory": f"{memory + 1} GB",
            "system": platform.freedesktop_os_release().get("PRETTY_NAME", platform.platform()),
            "python": platform.python_version(),
        }


def cpu_of(pid: int) -> float:
    """This function will give the processor seconds that a process and all below it have used."""
    parents: dict[int, list[int]] = {}
    used: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = stat.read_text().rpartition(") ")[2].split()
            parents.setdefault(int(fields[1]), []).append(own := int(stat.parent.name))
            used[own] = sum(map(int, fields[11:15]))
    waiting, total = [pid], 0
    while waiting:
        own = waiting.pop()
        total += used.get(own, 0)
        waiting += parents.get(own, [])
    return total / os.sysconf("SC_CLK_TCK")

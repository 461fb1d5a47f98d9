#!/usr/bin/env python3
"""Check with nothing but Python that the events of a proof file are in the public log: python3 check_proof.py FILE.

An event's leaf is SHA-256 of a zero byte and its facts as JSON (sorted keys, no spaces, UTF-8); a node is SHA-256 of a
one byte and the two nodes below it (RFC 9162, section 2.1). Then compare the printed root with the published one.
"""
# ruff: noqa: T201 - a program for residents: printing is all it does

import hashlib
import json
import sys
from pathlib import Path


def leaf_of(event):
    if "facts" not in event:
        return bytes.fromhex(event["leaf"])
    text = json.dumps(event["facts"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(b"\0" + text.encode()).digest()


def root_above(leaf, place, size, path):
    last, current = size - 1, leaf
    for step in path:
        if last == 0:
            return None
        if place % 2 or place == last:
            current = hashlib.sha256(b"\1" + step + current).digest()
            while place % 2 == 0 and place:
                place, last = place // 2, last // 2
        else:
            current = hashlib.sha256(b"\1" + current + step).digest()
        place, last = place // 2, last // 2
    return current.hex() if last == 0 else None


def main(name):
    events = json.loads(Path(name).read_text(encoding="utf-8"))["events"]
    wrong = [
        event["position"]
        for event in events
        if not 0 <= event["position"] < event["size"]
        or root_above(leaf_of(event), event["position"], event["size"], map(bytes.fromhex, event["path"]))
        != event["root"]
    ]
    for position in wrong:
        print(f"不符 WRONG: 第 {position} 条与日志不符 event {position} is not what the log holds")
    for size, root, at in sorted({(event["size"], event["root"], event["at"]) for event in events}):
        print(f"共 {size} 条 size   {at}\n根值 root   {root}\n请与公布的根值核对 compare with the published root")
    print("不符 WRONG" if wrong or not events else f"相符 RIGHT: {len(events)} 条 events")
    return 1 if wrong or not events else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1]))
    except (OSError, ValueError, KeyError, TypeError, IndexError) as problem:
        sys.exit(f"读不懂这个文件 This is not a proof file: {problem!r}")

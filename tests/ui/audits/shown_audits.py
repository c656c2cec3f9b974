"""Audits as the page shows them, made by hand: two rooms, of which one is closed."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from typing import Any

from app.audits.shown_audit import AuditShown, ExpectedRow, RoomShown, ScanShown, Verdict


def scan(code: str, verdict: Verdict = Verdict.FOUND, **more: Any) -> ScanShown:
    """A scan of a code; a known item has the id "id-CODE" unless the code is unknown."""
    known = verdict not in (Verdict.UNKNOWN, Verdict.SEVERAL)
    usual: dict[str, Any] = {"uid": f"id-{code}", "name": f"LT-{code}", "cls": "laptop"} if known else {}
    return ScanShown(f"scan-{code}", code, "10:42:07", verdict, **{**usual, **more})


def audit(**changes: Any) -> AuditShown:
    """Twenty are expected in the store, of which seventeen were found; the office is closed, and lacks one."""
    rows = [ExpectedRow("x", "store", "8718", "no item has this code", Verdict.UNKNOWN)]
    rows += [ExpectedRow(f"n{n}", "store", f"LT-9{n}", "A9", Verdict.NOT_YET, "laptop", f"n{n}") for n in range(3)]
    rows += [ExpectedRow(f"f{n}", "store", f"LT-1{n:02}", "A1", Verdict.FOUND, "laptop", f"f{n}") for n in range(17)]
    rows += [
        ExpectedRow("m", "office", "MON-1", "A2 · Dell", Verdict.MISSING, "monitor", "m"),
        ExpectedRow("d", "office", "DOCK-1", "A3", Verdict.FOUND, "dock", "d", damaged=True),
    ]
    counts = Counter(one.verdict for one in rows)
    counts[Verdict.DAMAGED] = 1
    in_rooms: dict[str, list[ExpectedRow]] = defaultdict(list)
    for one in rows:
        in_rooms[one.room].append(one)
    rooms = (
        RoomShown("office", "Office 2.01", 2, 1, {Verdict.MISSING: 1, Verdict.DAMAGED: 1}, "09:55", True),
        RoomShown("store", "Store", 20, 17, {Verdict.UNKNOWN: 1}, "", True),
    )
    found = AuditShown(
        "audit", "Store", "AUD-1", "In progress", "accent", "Open list", rooms=rooms, rows=tuple(rows),
        in_rooms={room: tuple(its) for room, its in in_rooms.items()}, scans=(scan("A1"),), place="store",
        place_name="Store", expected=22, counts=counts,
    )  # fmt: skip
    return replace(found, **changes)

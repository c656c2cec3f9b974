"""Memory: how much is installed, swap, and the modules. Of an Apple chip it is a part, and has no slot."""

from __future__ import annotations

import re
from typing import Any

from importers.captures.capture import Capture
from importers.captures.entries import text
from importers.captures.macos._answers import Entry, in_bytes, items, pairs, with_inner
from importers.captures.subject import Subject
from importers.discovery.collector import Content, Section, present

_MIB = 1 << 20
_EMPTY = {"", "empty", "dimm_status_empty", "dimm_size_empty"}


def module(entry: Entry, slot: int) -> dict[str, Any] | None:
    """A module in the form of the inventory's ``memories``; None for what is none."""
    size = in_bytes(text(entry, "dimm_size"))
    if size is None and text(entry, "dimm_size").lower() not in _EMPTY:
        return None
    if "dimm_size" not in entry:
        return None
    fitted = bool(size)
    return present(
        numslots=slot,
        caption=text(entry, "_name"),
        type=text(entry, "dimm_type") if fitted else "Empty slot",
        capacity=size // _MIB if size else None,
        speed=text(entry, "dimm_speed") if fitted else None,
        manufacturer=text(entry, "dimm_manufacturer") if fitted else None,
        serialnumber=text(entry, "dimm_serial_number") if fitted else None,
        model=text(entry, "dimm_part_number") if fitted else None,
    )


def swap(words: str) -> int | None:
    """The bytes of ``total = 2048.00M  used = …``."""
    match = re.search(r"total = (\d{1,9})[.,]\d*M", words)
    return int(match[1]) * _MIB if match else None


def _parse(capture: Capture) -> Content:
    kernel, entries = pairs(capture.content("sysctl")), items(capture, "memory")
    found: list[dict[str, Any]] = []
    for entry in with_inner(entries):
        one = module(entry, len(found) + 1)
        if one:
            found.append(one)
    for entry in entries:  # the memory of an Apple chip: one entry with its size and no slot
        size = in_bytes(text(entry, "SPMemoryDataType"))
        if size and not found:
            found.append(
                present(
                    type=text(entry, "dimm_type"), capacity=size // _MIB, manufacturer=text(entry, "dimm_manufacturer")
                )
            )
    told = kernel.get("hw.memsize", "")
    total = int(told) if re.fullmatch(r"\d{6,15}", told) else sum(one.get("capacity", 0) for one in found) * _MIB
    if not total:
        return {}
    swapped = swap(kernel.get("vm.swapusage", ""))
    content: Content = {
        "hardware": {"memory": total // _MIB, **({} if swapped is None else {"swap": swapped // _MIB})},
        "terrier": {"memory": {"total_bytes": total, **({} if swapped is None else {"swap_bytes": swapped})}},
    }
    if found:
        content["memories"] = found
    return content


SUBJECT = Subject(
    "memory", _parse, ("sysctl", "memory"), (Section("memories"), Section("terrier.memory"), Section("hardware"))
)

"""The firmware's SMBIOS tables (DMTF DSP0134), as bytes. Pure functions: where the bytes came from is the caller's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from importers.discovery.collector import present

_MEMORY_DEVICE = 17
_CONNECTOR, _SLOT, _POWER_SUPPLY = 8, 9, 39
#: What a connector is for, by number, section 7.9.3; others are left out.
_CONNECTORS = {
    0x01: "parallel", 0x08: "serial", 0x09: "serial", 0x0D: "keyboard", 0x0E: "mouse",
    0x10: "USB", 0x11: "FireWire", 0x1C: "video", 0x1D: "audio", 0x1F: "network", 0x20: "SATA",
    0x21: "SAS",
}  # fmt: skip
_END = 127
#: Memory types by number, section 7.18.2.
_TYPES = {
    0x0F: "SDRAM", 0x12: "DDR", 0x13: "DDR2", 0x14: "DDR2 FB-DIMM", 0x18: "DDR3", 0x1A: "DDR4", 0x1B: "LPDDR",
    0x1C: "LPDDR2", 0x1D: "LPDDR3", 0x1E: "LPDDR4", 0x20: "HBM", 0x21: "HBM2", 0x22: "DDR5", 0x23: "LPDDR5",
}  # fmt: skip
#: Form factors by number, section 7.18.1.
_FORMS = {
    0x03: "SIMM", 0x05: "Chip", 0x09: "DIMM", 0x0B: "Row of chips", 0x0C: "RIMM", 0x0D: "SODIMM", 0x0F: "FB-DIMM",
    0x10: "Die", 0x11: "CAMM",
}  # fmt: skip


class Structure(NamedTuple):
    """One structure: its type, its formatted bytes (header included), and the strings that it refers to by number."""

    type: int
    data: bytes
    strings: tuple[str, ...]

    def byte(self, offset: int) -> int:
        """The byte at an offset, or 0 where an older firmware's structure ends before it."""
        return self.data[offset] if offset < len(self.data) else 0

    def word(self, offset: int) -> int:
        """The two bytes at an offset, or 0."""
        return int.from_bytes(self.data[offset : offset + 2], "little") if offset + 2 <= len(self.data) else 0

    def double(self, offset: int) -> int:
        """The four bytes at an offset, or 0."""
        return int.from_bytes(self.data[offset : offset + 4], "little") if offset + 4 <= len(self.data) else 0

    def string(self, offset: int) -> str:
        """The string whose number is at an offset, or ""."""
        number = self.byte(offset)
        return self.strings[number - 1].strip() if 0 < number <= len(self.strings) else ""


def structures(table: bytes) -> Iterator[Structure]:
    """The structures of a table, up to the end mark or to where the bytes stop making sense."""
    at = 0
    while at + 4 <= len(table):
        kind, length = table[at], table[at + 1]
        if length < 4 or at + length > len(table):
            return
        end = table.find(b"\0\0", at + length)
        if end < 0:
            return
        text = table[at + length : end]
        strings = tuple(s.decode("latin-1") for s in text.split(b"\0")) if text else ()
        yield Structure(kind, table[at : at + length], strings)
        if kind == _END:
            return
        at = end + 2


def memory_modules(table: bytes) -> list[dict[str, Any]]:
    """The slots of a machine in the form of the inventory's ``memories``; empty ones without a ``capacity`` (MiB)."""
    found: list[dict[str, Any]] = []
    for one in structures(table):
        if one.type == _MEMORY_DEVICE:
            found.append(_module(one, len(found) + 1))
    return found


def _module(one: Structure, slot: int) -> dict[str, Any]:
    size = one.word(0x0C)
    if size == 0x7FFF:
        capacity = one.double(0x1C) & 0x7FFFFFFF
    elif size == 0xFFFF:  # unknown
        capacity = 0
    else:
        capacity = (size & 0x7FFF) // 1024 if size & 0x8000 else size
    fitted = capacity > 0
    speed = one.word(0x15)
    return present(
        numslots=slot,
        caption=one.string(0x10) or one.string(0x11),
        description=_FORMS.get(one.byte(0x0E)),
        type=_TYPES.get(one.byte(0x12)) if fitted else "Empty slot",
        capacity=capacity or None,
        speed=f"{speed} MT/s" if fitted and 0 < speed < 0xFFFF else None,
        manufacturer=one.string(0x17) if fitted else None,
        serialnumber=one.string(0x18) if fitted else None,
        model=one.string(0x1A) if fitted else None,
    )


def slots(table: bytes) -> list[dict[str, Any]]:
    """The expansion slots (section 7.10) in the form of the inventory's ``slots``."""
    found = []
    for one in structures(table):
        if one.type == _SLOT and one.string(0x04):
            usage = {3: "free", 4: "used"}.get(one.byte(0x07))
            found.append(present(name=one.string(0x04), designation=one.string(0x04), status=usage))
    return found


def connectors(table: bytes) -> list[dict[str, Any]]:
    """The connectors on the outside (section 7.9) in the form of the inventory's ``ports``."""
    found = []
    for one in structures(table):
        kind = _CONNECTORS.get(one.byte(0x08), "") if one.type == _CONNECTOR else ""
        outside = one.string(0x06) if kind else ""
        if outside:
            found.append(present(name=outside, caption=outside, description=one.string(0x04), type=kind))
    return found


def power_supplies(table: bytes) -> list[dict[str, Any]]:
    """The power supplies (section 7.40) in the form of the inventory's ``powersupplies``; those that are not there are
    left out.
    """
    found = []
    for one in structures(table):
        if one.type != _POWER_SUPPLY or not one.word(0x0E) & 0x02:
            continue
        flags, power = one.word(0x0E), one.word(0x0C)
        found.append(
            present(
                name=one.string(0x06), location=one.string(0x05), manufacturer=one.string(0x07),
                serialnumber=one.string(0x08), model=one.string(0x0A), partnum=one.string(0x0A),
                power_max=power if power not in (0, 0x8000) else None, hotreplaceable=bool(flags & 0x01),
                plugged=not flags & 0x04,
            )
        )  # fmt: skip
    return found

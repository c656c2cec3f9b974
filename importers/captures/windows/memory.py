"""Memory: how much there is, and its modules. Of the slots only the occupied ones are listed."""

from __future__ import annotations

from typing import Any

from importers.captures.capture import Capture
from importers.captures.entries import text, whole
from importers.captures.subject import Subject
from importers.captures.windows._rows import Row, named, row, rows
from importers.discovery.collector import Content, Section, present

_MIB = 1 << 20
#: Memory types by number: SMBIOS (DMTF DSP0134), section 7.18.2.
_TYPES = {
    15: "SDRAM", 18: "DDR", 19: "DDR2", 20: "DDR2 FB-DIMM", 24: "DDR3", 26: "DDR4", 27: "LPDDR", 28: "LPDDR2",
    29: "LPDDR3", 30: "LPDDR4", 32: "HBM", 33: "HBM2", 34: "DDR5", 35: "LPDDR5",
}  # fmt: skip
#: Form factors as Win32_PhysicalMemory counts them, which is not as SMBIOS does.
_FORMS = {2: "SIP", 3: "DIP", 7: "SIMM", 8: "DIMM", 11: "RIMM", 12: "SODIMM", 13: "SRIMM", 15: "FB-DIMM", 16: "Die"}
#: Win32_PhysicalMemoryArray.MemoryErrorCorrection.
_CORRECTIONS = {4: "Parity", 5: "Single-bit ECC", 6: "Multi-bit ECC", 7: "CRC"}


def _parse(capture: Capture) -> Content:
    modules = rows(capture, "memory")
    correction = named(_CORRECTIONS, row(capture, "memory-arrays"), "MemoryErrorCorrection")
    memories = [_module(one, slot, correction) for slot, one in enumerate(modules, 1)]
    fitted = sum(whole(one, "Capacity") or 0 for one in modules)
    usable = whole(row(capture, "computer-system"), "TotalPhysicalMemory") or 0
    swap = sum(whole(one, "AllocatedBaseSize") or 0 for one in rows(capture, "page-files"))
    total = fitted or usable
    hardware = present(memory=total // _MIB or None, swap=swap or None)
    own = present(total_bytes=total or None, usable_bytes=usable or None, swap_bytes=swap * _MIB or None)
    return present(hardware=hardware, memories=memories, terrier={"memory": own} if own else None)


def _module(one: Row, slot: int, correction: str) -> dict[str, Any]:
    size = whole(one, "Capacity") or 0
    speed = whole(one, "ConfiguredClockSpeed") or whole(one, "Speed")
    maker = text(one, "Manufacturer")
    return present(
        numslots=slot,
        caption=text(one, "DeviceLocator") or text(one, "BankLabel"),
        description=named(_FORMS, one, "FormFactor"),
        type=named(_TYPES, one, "SMBIOSMemoryType"),
        capacity=size // _MIB or None,
        speed=f"{speed} MT/s" if speed else None,
        manufacturer=maker if maker.lower() not in ("unknown", "undefined") else None,
        serialnumber=text(one, "SerialNumber"),
        model=text(one, "PartNumber"),
        memorycorrection=correction,
    )


SUBJECT = Subject(
    "memory",
    _parse,
    ("computer-system", "memory", "memory-arrays", "page-files"),
    (Section("memories"), Section("terrier.memory"), Section("hardware")),
)

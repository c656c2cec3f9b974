"""Memory: how much is installed, swap, and the modules where the firmware's tables may be read (by root)."""

from __future__ import annotations

import re

from importers.discovery.collector import Collector, Content, Section, present
from importers.discovery.host import Probe
from importers.discovery.smbios import memory_modules

_ELEVATE = "memory modules (slots, sizes, serial numbers)"
_BLOCKS = "/sys/devices/system/memory/"
MIB = 1 << 20


def meminfo(text: str) -> dict[str, int]:
    """The fields of /proc/meminfo in bytes."""
    found = {}
    for match in re.finditer(r"^(\w+):\s+(\d+) kB$", text, re.MULTILINE):
        found[match[1]] = int(match[2]) * 1024
    return found


def installed(usable: int, blocks: int, block_size: int) -> int:
    """Bytes of memory in the machine.

    The kernel reserves some, so ``usable`` is less than the installed memory. The blocks that the kernel manages add up
    to the installed memory. They are believed where they exceed the usable memory by no more than an eighth and 512
    MiB, as firmware and a graphics adapter take.
    """
    total = blocks * block_size
    return total if usable <= total <= usable * 9 // 8 + 512 * MIB else usable


def _collect(probe: Probe) -> Content:
    fields = meminfo(probe.read("/proc/meminfo"))
    usable = fields.get("MemTotal", 0)
    if not usable:
        return {}
    size = probe.value(_BLOCKS + "block_size_bytes")
    blocks = sum(1 for name in probe.names(_BLOCKS) if re.fullmatch(r"memory\d+", name))
    total = installed(usable, blocks, int(size, 16)) if re.fullmatch(r"[0-9a-fA-F]+", size) else usable
    tables = probe.read_bytes("/sys/firmware/dmi/tables/DMI", _ELEVATE)
    modules = memory_modules(tables)
    fitted = sum(m["capacity"] for m in modules if "capacity" in m) * MIB
    if usable <= fitted <= usable * 2:
        total = fitted
    swap = fields.get("SwapTotal")
    found: Content = {
        "hardware": present(memory=total // MIB, swap=None if swap is None else swap // MIB),
        "terrier": {"memory": present(total_bytes=total, usable_bytes=usable, swap_bytes=swap)},
    }
    if modules:
        found["memories"] = modules
    return found


COLLECTOR = Collector(
    "memory",
    _collect,
    sections=(
        Section("memories", _ELEVATE),
        Section("terrier.memory"),
        Section("hardware"),
    ),
)

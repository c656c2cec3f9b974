"""The process table of /proc: user, program and start time of each process. Arguments are never read: they can hold
secrets.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from importers.discovery.host import Probe

_KERNEL_THREAD = 0x00200000  # PF_KTHREAD in the flags of /proc/PID/stat


class Process(NamedTuple):
    """A process. ``program`` is the path of its executable, or its short name if the path may not be read.

    ``started`` is in clock ticks after the start of the machine, ``resident`` in pages.
    """

    pid: int
    name: str
    program: str
    uid: int
    started: int
    resident: int
    virtual: int


def stat(text: str) -> tuple[str, list[str]] | None:
    """Name and further fields (from the third on) of /proc/PID/stat. The name may hold blanks and parentheses."""
    start, end = text.find("("), text.rfind(")")
    fields = text[end + 1 :].split()
    return (text[start + 1 : end], fields) if 0 < start < end and len(fields) >= 22 else None


def processes(probe: Probe) -> Iterator[Process]:
    """Every process but the kernel's own threads; processes that end during the scan are skipped."""
    for pid in sorted((name for name in probe.names("/proc") if name.isdigit()), key=int):
        parsed = stat(probe.read(f"/proc/{pid}/stat", most=4096))
        if parsed is None or int(parsed[1][6]) & _KERNEL_THREAD:
            continue
        name, fields = parsed
        uid = probe.owner(f"/proc/{pid}")
        if uid is not None:
            program = program_of(probe, pid) or name
            yield Process(int(pid), name, program, uid, int(fields[19]), int(fields[21]), int(fields[20]))


def program_of(probe: Probe, pid: str) -> str:
    """The path of a process's executable; "" if it may not be read."""
    return probe.link(f"/proc/{pid}/exe").removesuffix(" (deleted)")

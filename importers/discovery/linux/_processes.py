"""The process table of /proc: user, program and start time of each process, the kernel's own threads among them.

Arguments are never read: they can hold secrets.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from importers.discovery.host import Probe

ELEVATE = "processes of other users"
_KERNEL_THREAD = 0x00200000  # PF_KTHREAD in the flags of /proc/PID/stat


class Process(NamedTuple):
    """A process. ``program`` is the path of its executable, or its short name if the path may not be read; of a thread
    of the kernel, which has none, its name in brackets, as ``ps`` has it.

    ``started`` is in clock ticks after the start of the machine, ``resident`` in pages; a thread of the kernel has no
    memory of its own.
    """

    pid: int
    name: str
    program: str
    uid: int
    started: int
    resident: int | None
    virtual: int | None


def stat(text: str) -> tuple[str, list[str]] | None:
    """Name and further fields (from the third on) of /proc/PID/stat. The name may hold blanks and parentheses."""
    start, end = text.find("("), text.rfind(")")
    fields = text[end + 1 :].split()
    return (text[start + 1 : end], fields) if 0 < start < end and len(fields) >= 22 else None


def processes(probe: Probe) -> Iterator[Process]:
    """Every process; those that end during the scan are skipped.

    A machine may hide the processes of others (hidepid of proc(5)): then the first process, which is root's and always
    there, is not listed, or may not be read.
    """
    pids = sorted((name for name in probe.names("/proc") if name.isdigit()), key=int)
    if pids and pids[0] != "1":
        probe.hidden(ELEVATE)
    for pid in pids:
        parsed = stat(probe.read(f"/proc/{pid}/stat", ELEVATE, 4096))
        uid = probe.owner(f"/proc/{pid}")
        if parsed is None or uid is None:
            continue
        name, fields = parsed
        started = int(fields[19])
        if int(fields[6]) & _KERNEL_THREAD:
            yield Process(int(pid), name, f"[{name}]", uid, started, None, None)
        else:
            program = program_of(probe, pid) or name
            yield Process(int(pid), name, program, uid, started, int(fields[21]), int(fields[20]))


def program_of(probe: Probe, pid: str) -> str:
    """The path of a process's executable; "" if it may not be read."""
    return probe.link(f"/proc/{pid}/exe").removesuffix(" (deleted)")

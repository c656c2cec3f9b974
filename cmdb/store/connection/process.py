"""The process that created a file or proposal, and whether it still runs (known on the same computer only)."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

_PROC = Path("/proc")


def this_one() -> dict[str, str]:
    """The identity of this process for ``is_running``; empty if the system does not provide one."""
    try:
        return {"computer": _computer(), "process": str(os.getpid()), "started": _started(os.getpid())}
    except (OSError, IndexError):
        return {}


def is_running(owner: Mapping[str, str]) -> bool | None:
    """Whether the process runs; None if that is unknown, as on another computer."""
    here = this_one()
    if not here or not owner or owner.get("computer") != here["computer"]:
        return None
    try:
        return _started(int(owner["process"]), ended="ZX") == owner["started"]
    except (FileNotFoundError, ProcessLookupError):
        return False
    except (OSError, IndexError, KeyError, ValueError):
        return None


def _computer() -> str:
    """The computer with its boot id, and the namespace of process numbers."""
    return f"{(_PROC / 'sys/kernel/random/boot_id').read_text().strip()} {os.readlink(_PROC / 'self/ns/pid')}"


def _started(number: int, ended: str = "") -> str:
    """When a process was started, in the system's ticks: its number may have been another's before.

    Raises ProcessLookupError where its state is one of ``ended``: it is over, and nobody has asked for its result yet.
    """
    state, *rest = (_PROC / str(number) / "stat").read_text().rpartition(")")[2].split()
    if state in ended:
        raise ProcessLookupError
    return rest[18]

"""A full scan of this computer against what other programs take for less, as whole processes in turn."""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from result import Result

ROOT = Path(__file__).resolve().parent.parent
#: The tasks of FusionInventory's agent besides its inventory.
_OTHER_TASKS = "deploy,collect,esx,netdiscovery,netinventory,wakeonlan"


def measure_scan(folder: Path, times: int) -> list[Result]:
    """``scan --out`` against a bare psutil script that also lists the packages, and FusionInventory's agent."""
    ours = [sys.executable, str(ROOT / "main.py"), "scan", "--out", str(folder / "scan.json")]
    bare = [sys.executable, str(ROOT / "bench" / "probes" / "bare_scan.py"), str(folder / "bare.json")]
    agent = shutil.which("fusioninventory-agent")
    commands = [ours, bare]
    if agent:
        commands.append([agent, f"--local={folder}/", "--force", f"--no-task={_OTHER_TASKS}", "--logger=stderr"])
    (seconds, processor), *others = _medians(commands, times, folder)
    found = []
    for name, limit, (their_seconds, their_processor) in zip(
        ("a bare psutil script", "fusioninventory-agent"), (1.5, 0.25), others, strict=False
    ):
        found.append(Result(f"scan --out, {name}", seconds, their_seconds, limit).told())
        found.append(Result(f"scan --out, {name}, processor", processor, their_processor, limit).told())
    if not agent:
        print("fusioninventory-agent is not installed: the scan was not measured against it", flush=True)
    return found


def _medians(commands: Sequence[Sequence[str]], times: int, folder: Path) -> list[tuple[float, float]]:
    """The medians of seconds and of processor seconds of each command, run in turn after one unmeasured run each."""
    environment = {
        **{key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"},
        "TERRIER_CONFIG": str(folder / "config"),
        "XDG_DATA_HOME": str(folder / "data"),
    }
    taken: list[list[tuple[float, float]]] = [[] for _ in commands]
    for _ in range(times + 1):
        for one, command in zip(taken, commands, strict=True):
            before, start = _processor(), time.perf_counter()
            subprocess.run(command, check=True, cwd=ROOT, env=environment, capture_output=True)
            one.append((time.perf_counter() - start, _processor() - before))
    return [(statistics.median(s for s, _ in one[1:]), statistics.median(p for _, p in one[1:])) for one in taken]


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime

"""Asks PowerShell for the sections that only CIM knows, by the script that takes captures where Terrier is not."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from cmdb.model.errors import FileProblem
from cmdb.model.resources import RESOURCES
from importers.captures.capture import CaptureSection, decoded, parse
from importers.discovery.collector import FAILED, TIMED_OUT

NAME = "terrier-scan.ps1"
_LIMIT = 240
_NO_WINDOW = 0x08000000


def sections(names: Iterable[str]) -> Mapping[str, CaptureSection]:
    """The sections of those names. Where PowerShell or the script is missing, or they may not run, all have failed."""
    wanted = list(names)
    script = found(Path(sys.argv[0]).absolute().parent)
    if script is None:
        return dict.fromkeys(wanted, CaptureSection(FAILED))
    with tempfile.TemporaryDirectory(prefix="terrier-") as folder:
        out = Path(folder) / "scan.capture"
        ended = _run(command(script, wanted, out))
        return answered(wanted, out, TIMED_OUT if not ended else FAILED)


def found(beside: Path) -> Path | None:
    """The script: beside the agent on a stick, or among Terrier's own resources; None if it is in neither place."""
    return next((one for one in (beside / NAME, RESOURCES / "agent" / NAME) if one.is_file()), None)


def command(script: Path, names: Iterable[str], out: Path) -> list[str]:
    """The command that writes those sections into a file."""
    system = os.environ.get("SYSTEMROOT", "C:\\Windows")
    shell = f"{system}\\System32\\WindowsPowerShell\\v1.0\\powershell.exe"
    return [
        shell, "-NoProfile", "-NonInteractive", "-ExecutionPolicy", "Bypass", "-File", str(script),
        "-Sections", ",".join(names), "-Out", str(out),
    ]  # fmt: skip


def answered(names: Iterable[str], out: Path, otherwise: str) -> dict[str, CaptureSection]:
    """The sections that stand in the file; the others have the outcome ``otherwise``."""
    try:
        told = parse(decoded(out.read_bytes())).sections
    except (OSError, FileProblem):
        told = {}
    return {name: told.get(name, CaptureSection(otherwise)) for name in names}


def _run(words: list[str]) -> bool:
    """Whether the command ended in time."""
    import subprocess

    try:
        subprocess.run(words, capture_output=True, timeout=_LIMIT, creationflags=_NO_WINDOW, check=False)
    except subprocess.TimeoutExpired:
        return False
    except OSError:
        return True
    return True

"""Asks PowerShell for the sections that only CIM knows, by the script that takes captures where Terrier is not."""

from __future__ import annotations

import os
import pkgutil
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from cmdb.model.errors import FileProblem
from cmdb.model.resources import RESOURCES
from cmdb.model.whole_files import save_whole
from importers.captures.capture import CaptureSection, decoded, parse
from importers.discovery.collector import FAILED, TIMED_OUT

NAME = "terrier-scan.ps1"
_LIMIT = 240
_NO_WINDOW = 0x08000000


def sections(names: Iterable[str]) -> Mapping[str, CaptureSection]:
    """The sections of those names. Where PowerShell is missing, or may not run, all have failed."""
    wanted = list(names)
    with tempfile.TemporaryDirectory(prefix="terrier-") as folder:
        path, out = Path(folder) / NAME, Path(folder) / "scan.capture"
        content = script()
        save_whole(path, lambda file: file.write(content))
        ended = _run(command(path, wanted, out))
        return answered(wanted, out, FAILED if ended else TIMED_OUT)


def script() -> bytes:
    """The script: among the resources, or beside this module in the agent's archive."""
    path = RESOURCES / "agent" / NAME
    return path.read_bytes() if path.is_file() else pkgutil.get_data(__package__, NAME) or b""


def command(path: Path, names: Iterable[str], out: Path) -> list[str]:
    """The command that writes those sections into a file."""
    system = os.environ.get("SYSTEMROOT", "C:\\Windows")
    shell = f"{system}\\System32\\WindowsPowerShell\\v1.0\\powershell.exe"
    return [
        shell, "-NoProfile", "-NonInteractive", "-ExecutionPolicy", "Bypass", "-File", str(path),
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

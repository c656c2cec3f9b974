"""A computer that answers as a Mac does, wherever the tests run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cmdb.model.resources import RESOURCES
from tests.importers.captures.macos.macs import APPLE_SILICON

SCRIPT = RESOURCES / "agent" / "terrier-scan.sh"
_TOOLS = {
    "scutil --dns": "dns", "scutil --get": "local-name", "ioreg -a": "platform", "dscl -plist": "accounts",
    "defaults export": "updates", "defaults read": "locale", "netstat -rn": "routes", "diskutil apfs": "apfs",
    "sw_vers": "version", "sysctl hw": "sysctl", "ifconfig -a": "interfaces", "networksetup": "ports",
    "ps -axo": "processes", "fdesetup status": "filevault", "pkgutil": "packages", "who": "logged-on", "last": "logins",
    "launchctl print": "launchd-running",
}  # fmt: skip


@pytest.fixture(scope="session")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the script, and tools that answer as a Mac's do: one may hang, some fail, some are missing."""
    folder = tmp_path_factory.mktemp("mac")
    (folder / "answers").mkdir()
    for name, content in APPLE_SILICON.items():
        (folder / "answers" / name).write_text(content, "utf-8")
    kinds = dict(re.findall(r"^profile (\S+) \d+ (SP\w+)", SCRIPT.read_text("utf-8"), re.MULTILINE))
    for name, kind in kinds.items():
        (folder / "answers" / name).rename(folder / "answers" / kind)
    tools = {
        "uname": 'case $1 in -s) echo Darwin ;; *) echo Darwin 24.1.0 arm64 ;; esac',
        "hostname": "echo 'Annas Mac'",
        "system_profiler": '[ "$2" != "${HANGS-}" ] || exec /bin/sleep 60\n' f'cat {folder}/answers/"$2"',
        "dsconfigad": "echo 'You must be root' >&2; exit 1",
        "csrutil": "echo '#section forged collected 0'; echo ' # too'; echo '#end'",
        "socketfilterfw": "exit 3",
    }  # fmt: skip
    for words, answer in _TOOLS.items():
        tool, _, first = words.partition(" ")
        test = f'[ "$1" != {first} ] || ' if first else ""
        tools[tool] = f"{tools.get(tool, '')}\n{test}exec cat {folder}/answers/{answer}"
    (folder / "bin").mkdir()
    (folder / "terrier-scan.sh").write_text(
        SCRIPT.read_text("utf-8").replace("applications 180", "applications 1"), "utf-8"
    )
    for tool, body in tools.items():
        path = folder / "bin" / tool
        path.write_text(f"#!/bin/sh\n{body}\n", "utf-8")
        path.chmod(0o755)
    return folder

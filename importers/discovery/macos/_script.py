"""The script that scans Macs, run for some of its sections: whoever has Python and who has not see the same."""

from __future__ import annotations

import pkgutil
import subprocess
import time
from collections.abc import Iterable

from cmdb.model.resources import RESOURCES
from importers.captures.capture import Capture, decoded, parse
from importers.discovery.host import CollectorTimeout, Probe

NAME = "terrier-scan.sh"
LIMIT = 300.0
"""Seconds: more than the script's own limits for the sections of a subject together, so that those come first."""


def script() -> bytes:
    """The script: among the resources, or beside this module in the agent's archive."""
    path = RESOURCES / "agent" / NAME
    return path.read_bytes() if path.is_file() else pkgutil.get_data(__package__, NAME) or b""


def taken(sections: Iterable[str], probe: Probe) -> Capture:
    """A capture of some sections. Raises CollectorTimeout, and FileProblem where the script wrote none."""
    left = probe.deadline - time.monotonic()
    command = ["/bin/sh", "-s", "--", "--out", "-", "--only", " ".join(sections)]
    try:
        done = subprocess.run(command, input=script(), capture_output=True, timeout=max(left, 0.0), check=False)
    except subprocess.TimeoutExpired:
        raise CollectorTimeout from None
    return parse(decoded(done.stdout), NAME)

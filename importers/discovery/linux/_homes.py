"""The home folders of people (and root), where they may have installed software for themselves."""

from __future__ import annotations

from importers.discovery.host import Probe
from importers.discovery.linux._accounts import passwd

ELEVATE = "software that other users installed for themselves"


def homes(probe: Probe) -> list[tuple[str, int, str]]:
    """Login, user id and home folder of every account that a person (or root) logs on with."""
    accounts = passwd(probe.read("/etc/passwd"))
    people = [a for a in accounts if (a.human or a.uid == 0) and a.home.startswith("/")]
    return [(a.login, a.uid, a.home.rstrip("/")) for a in people]

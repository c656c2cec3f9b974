"""Combines the results of the collectors into one inventory document."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from typing import NamedTuple

from cmdb.model import clock
from cmdb.model.control import Control
from importers.discovery.collector import Collector, CollectorOutcome, Content, merge
from importers.discovery.host import Host, Probe
from importers.discovery.registry import collectors as registered
from importers.discovery.runner import run
from importers.discovery.watch import Watch

CLIENT = "Terrier"
#: Seconds that a watch may take longer than it is told to, for its last look and for naming the programs.
_AFTER_A_WATCH = 60.0


class Inventory(NamedTuple):
    """The result of a scan. ``document`` is the inventory file's content; ``outcomes`` are the outcomes of the
    collectors.
    """

    document: Content
    outcomes: tuple[CollectorOutcome, ...]

    @property
    def elevate(self) -> list[str]:
        """What a scan as administrator would read in addition, in the words of the collectors."""
        return list(dict.fromkeys(what for outcome in self.outcomes for what in outcome.elevate))


def scan(
    control: Control | None = None,
    root: str | os.PathLike[str] = "/",
    collectors: Sequence[Collector] | None = None,
    limit: float | None = None,
    watch: Watch | None = None,
) -> Inventory:
    """Inventories the machine whose file tree starts at ``root``.

    ``collectors`` are the platform's by default; ``limit`` caps each one's own time limit (seconds). After it,
    connections are watched for as long as ``watch`` says. Raises Cancelled.
    """
    moment = clock.moment().timestamp()
    chosen = registered() if collectors is None else collectors
    host = Host(root, any(one.asked for one in chosen))
    results = run(chosen, host, control, limit)
    content: Content = {}
    for _, part in results:
        merge(content, part)
    if watch is not None:
        _watched(chosen, host, content, watch, control or Control())
    outcomes = tuple(outcome for outcome, _ in results)
    own = content.setdefault("terrier", {})
    own["elevated"] = host.elevated
    own["collectors"] = [outcome.document() for outcome in outcomes]
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(moment))
    local = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(moment))
    return Inventory(completed(content, at, local), outcomes)


def _watched(collectors: Sequence[Collector], host: Host, content: Content, watch: Watch, control: Control) -> None:
    """Puts what was seen while connections were watched in the place of those of one moment."""
    for begin in [one.watched for one in collectors if one.watched is not None]:
        seen = begin(Probe(host, watch.seconds + _AFTER_A_WATCH))
        looks = watch.follow(seen, control)
        content.setdefault("terrier", {}).update({**seen.content(), "looks": looks})


def completed(content: Content, scanned_at: str, local: str) -> Content:
    """The document of what was found on a computer. ``local`` is the time of the scan on the computer's own clock."""
    own = content.setdefault("terrier", {})
    own["format"] = 1
    own["scanned_at"] = scanned_at
    content["accesslog"] = {"logdate": local}
    content["versionclient"] = CLIENT
    return {"deviceid": _device_id(content), "action": "inventory", "itemtype": "Computer", "content": content}


def _device_id(content: Content) -> str:
    """The same at every scan of an operating system instance, and telling: host name and the machine-id's first 12."""
    name = content.get("hardware", {}).get("name", "computer")
    own = content["terrier"].get("machine_id") or content.get("hardware", {}).get("uuid", "").replace("-", "")
    return f"{name}-{own[:12].lower()}" if own else str(name)

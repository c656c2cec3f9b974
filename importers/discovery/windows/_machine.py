"""The capture of the running machine."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping

from cmdb.model import clock
from importers.captures.capture import WINDOWS, Capture, CaptureSection
from importers.captures.subject import subjects
from importers.discovery.host import Probe
from importers.discovery.windows import _processes, _registry, _script

Sections = Mapping[str, CaptureSection]


def taken(probe: Probe) -> Capture:
    """The capture of this machine: taken once, by the first collector that asks."""
    return probe.host.once(
        "capture",
        lambda: capture(_registry.WindowsRegistry(), _processes.sections, _script.sections, probe.host.asked),
    )


def capture(
    registry: _registry.Registry,
    processes: Callable[[], Sections],
    script: Callable[[Iterable[str]], Sections],
    asked: bool = False,
) -> Capture:
    """The sections that the subjects read: of the registry, of the processes; of the script what is still missing."""
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(clock.moment().timestamp()))
    found = {**_registry.sections(registry), **processes()}
    read = (one for one in subjects("importers.captures.windows") if asked or not one.asked)
    wanted = dict.fromkeys(name for one in read for name in one.reads)
    found.update(script([name for name in wanted if name not in found]))
    return Capture(WINDOWS, at, found)

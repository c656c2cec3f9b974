"""Services: systemd's by their unit files and the control groups in which they run; OpenRC's; System V's scripts."""

from __future__ import annotations

import re
from typing import Any

from importers.discovery.collector import Collector, Content, Section, present
from importers.discovery.host import Probe
from importers.discovery.linux import _units

_GROUPS = ("/sys/fs/cgroup/system.slice", "/sys/fs/cgroup/systemd/system.slice", "/sys/fs/cgroup/unified/system.slice")
_SUFFIX = ".service"


def init_script(text: str) -> dict[str, str]:
    """The description of a System V script: its LSB header (``# Short-Description: …``), names in lower case."""
    block = re.search(r"^### BEGIN INIT INFO\n(.*?)^### END INIT INFO", text, re.MULTILINE | re.DOTALL)
    lines = block[1].splitlines() if block else []
    return {name.lower(): value.strip() for name, _, value in (line.lstrip("# ").partition(":") for line in lines)}


def _collect(probe: Probe) -> Content:
    found = _of_systemd(probe) if probe.exists("/run/systemd/system") or _running(probe) else []
    known = {one["name"] for one in found}
    found += [one for one in (*_of_openrc(probe), *_of_scripts(probe)) if one["name"] not in known]
    return {"terrier": {"services": found}} if found else {}


def _of_systemd(probe: Probe) -> list[dict[str, Any]]:
    enabled = _units.enabled(probe)
    running = _running(probe)
    stopped = "stopped" if any(map(probe.exists, _GROUPS)) else ""  # without control groups nobody knows
    found = []
    for name, folder in sorted(_units.names(probe, _SUFFIX).items()):
        instances = [n for n in {*enabled, *running} if "@" in n and n.partition("@")[0] + "@" + _SUFFIX == name]
        if "@.service" in name and not instances:  # a template that nothing uses
            continue
        link = probe.link(f"{folder}/{name}")
        if link == "/dev/null":
            short = name.removesuffix(_SUFFIX)
            found.append(present(name=short, manager="systemd", start="masked", state=stopped))
            continue
        if link and name.partition(".")[0] != link.rpartition("/")[2].partition(".")[0]:  # an alias of another unit
            continue
        settings = _units.unit(probe.read(f"{folder}/{name}"))
        found.extend(_service(one, settings, enabled, running, stopped) for one in instances or [name])
    return found


def _service(
    name: str, settings: dict[str, list[str]], enabled: set[str], running: dict[str, int], stopped: str
) -> dict[str, Any]:
    start = settings.get("Service.ExecStart", [])
    installable = "Install.WantedBy" in settings or "Install.RequiredBy" in settings
    return present(
        name=name.removesuffix(_SUFFIX),
        description=" ".join(settings.get("Unit.Description", [])[-1:]),
        manager="systemd",
        program=_units.program(start[0]) if start else None,
        user="".join(settings.get("Service.User", [])[-1:]),
        start="automatic" if name in enabled else "manual" if installable else "on demand",
        state="running" if name in running else stopped,
        pid=running.get(name),
    )


def _running(probe: Probe) -> dict[str, int]:
    """Unit → its first process, for units with a process; systemd gives each service a control group."""
    for base in _GROUPS:
        found: dict[str, int] = {}
        for name in probe.names(base):
            if name.endswith(_SUFFIX):
                pids = probe.read(f"{base}/{name}/cgroup.procs").split()
                if pids or probe.exists(f"{base}/{name}/cgroup.events"):
                    found[name] = int(pids[0]) if pids else 0
        if found:
            return {name: pid for name, pid in found.items() if pid}
    return {}


def _of_openrc(probe: Probe) -> list[dict[str, Any]]:
    """The scripts of OpenRC (Alpine, Gentoo): started at boot if a run level links to them, running if it says so."""
    if not probe.exists("/etc/runlevels"):
        return []
    linked = {name for level in probe.names("/etc/runlevels") for name in probe.names(f"/etc/runlevels/{level}")}
    state = probe.exists("/run/openrc")
    running = set(probe.names("/run/openrc/started"))
    found = []
    for name in probe.names("/etc/init.d"):
        script = probe.read(f"/etc/init.d/{name}", most=8192)
        if not script.partition("\n")[0].rstrip().endswith("openrc-run"):
            continue
        said = re.search(r"^description=([\"'])(.*?)\1", script, re.MULTILINE)
        found.append(
            present(
                name=name, manager="openrc", description=said[2] if said else None, program=f"/etc/init.d/{name}",
                start="automatic" if name in linked else "manual",
                state=("running" if name in running else "stopped") if state else None,
            )
        )  # fmt: skip
    return found


def _of_scripts(probe: Probe) -> list[dict[str, Any]]:
    """Scripts in /etc/init.d, started at boot if a run level of many users links to them."""
    linked = {name[3:] for level in "2345" for name in probe.names(f"/etc/rc{level}.d") if name.startswith("S")}
    found = []
    for name in probe.names("/etc/init.d"):
        header = init_script(probe.read(f"/etc/init.d/{name}", most=8192))
        if header:
            start = "automatic" if name in linked else "manual"
            text = header.get("short-description") or header.get("description")
            program = f"/etc/init.d/{name}"
            found.append(present(name=name, description=text, manager="init", start=start, program=program))
    return found


COLLECTOR = Collector("services", _collect, sections=(Section("terrier.services"),))

"""Security state as far as it may be seen: firewall, protection against malware, lock of the screen, mandatory access
control, updates, restart needed.
"""

from __future__ import annotations

import re
import time
from typing import Any

from importers.discovery.collector import Collector, Content, Section, present
from importers.discovery.host import Probe
from importers.discovery.linux._antivirus import antivirus

_ELEVATE = "firewall rules"
_NFT = ("/usr/sbin/nft", "/sbin/nft", "/usr/bin/nft")
_GROUPS = ("/sys/fs/cgroup/system.slice/", "/sys/fs/cgroup/systemd/system.slice/")
_LAST_REFRESH = ("/var/lib/apt/periodic/update-success-stamp", "/var/cache/apt/pkgcache.bin", "/var/cache/dnf")


def ufw_on(conf: str) -> bool:
    """Whether ufw's configuration enables it."""
    return re.search(r"^ENABLED\s*=\s*['\"]?yes", conf, re.MULTILINE | re.IGNORECASE) is not None


def pending_updates(text: str) -> dict[str, int]:
    """Numbers of updates, and of security updates, that update-notifier has counted."""
    total = re.search(r"^(\d+) (?:updates?|packages?) can be", text, re.MULTILINE)
    urgent = re.search(r"^(\d+) (?:of these updates|updates?)\b.* security", text, re.MULTILINE)
    return present(updates=int(total[1]) if total else None, security_updates=int(urgent[1]) if urgent else None)


def _collect(probe: Probe) -> Content:
    firewalls = _firewalls(probe)
    programs = antivirus(probe)
    stamps = [t for path in _LAST_REFRESH if (t := probe.modified(path)) is not None]
    own = {
        **present(
            mandatory_access_control=_access_control(probe),
            **_screen_lock(probe),
            pending=pending_updates(probe.read("/var/lib/update-notifier/updates-available")),
            lists_refreshed=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(max(stamps))) if stamps else None,
        ),
    }
    if probe.exists("/run/reboot-required"):
        own["restart_required"] = True
    automatic = probe.read("/etc/apt/apt.conf.d/20auto-upgrades")
    if automatic:
        own["automatic_updates"] = re.search(r"Unattended-Upgrade\s+\"[1-9]", automatic) is not None
    found: Content = {}
    if firewalls:
        found["firewalls"] = firewalls
    if programs:
        found["antivirus"] = programs
    if own:
        found["terrier"] = {"security": own}
    return found


def _firewalls(probe: Probe) -> list[dict[str, Any]]:
    found = []
    conf = probe.read("/etc/ufw/ufw.conf")
    if conf:
        found.append({"description": "ufw", "status": "on" if ufw_on(conf) else "off"})
    if probe.exists("/usr/sbin/firewalld") and any(map(probe.exists, _GROUPS)):
        found.append({"description": "firewalld", "status": "on" if _runs(probe, "firewalld") else "off"})
    if not found:
        rules = probe.read("/proc/net/ip_tables_names", _ELEVATE)
        if "filter" in rules.split():
            found.append({"description": "iptables", "status": "on"})
    if not found and (program := next(filter(probe.exists, _NFT), "")):
        if not probe.host.elevated:
            probe.hidden(_ELEVATE)
        elif probe.host.live:
            status = "on" if filters(probe.run(program, "list", "ruleset")) else "off"
            found.append({"description": "nftables", "status": status})
    return found


def filters(ruleset: str) -> bool:
    """Whether a rule set of nftables filters what comes in or through: a chain there drops or rejects something."""
    chains = re.findall(r"^\tchain \S+ \{\n(.*?)^\t\}", ruleset, re.MULTILINE | re.DOTALL)
    targets = re.findall(r"^\tchain (\S+) \{\n(.*?)^\t\}", ruleset, re.MULTILINE | re.DOTALL)
    refusing = {name for name, body in targets if re.search(r"\b(drop|reject)\b", body)}
    for body in chains:
        if re.search(r"type filter hook (?:input|forward|prerouting|ingress)\b", body):
            jumps = set(re.findall(r"\b(?:jump|goto) (\S+)", body))
            if re.search(r"\b(drop|reject)\b", body) or jumps & refusing:
                return True
    return False


def screen_lock(dconf: str) -> dict[str, Any]:
    """What an administrator set for the lock of screens, in a key file of dconf."""
    found: dict[str, Any] = {}
    section = ""
    for line in dconf.splitlines():
        name, equals, value = (part.strip() for part in line.partition("="))
        if name.startswith("["):
            section = name.strip("[]")
        elif equals and section == "org/gnome/desktop/screensaver" and name == "lock-enabled":
            found["screen_lock"] = value == "true"
        elif equals and section == "org/gnome/desktop/session" and name == "idle-delay":
            seconds = value.rpartition(" ")[2]
            if seconds.isdigit():
                found["screen_lock_after"] = int(seconds)
    return found


def _screen_lock(probe: Probe) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for database in probe.names("/etc/dconf/db"):
        if database.endswith(".d"):
            for name in probe.names(f"/etc/dconf/db/{database}"):
                found.update(screen_lock(probe.read(f"/etc/dconf/db/{database}/{name}", most=1 << 16)))
    return found


def _runs(probe: Probe, service: str) -> bool:
    return any(probe.read(f"{base}{service}.service/cgroup.procs").strip() for base in _GROUPS)


def _access_control(probe: Probe) -> str:
    enforcing = probe.value("/sys/fs/selinux/enforce")
    if enforcing:
        return "SELinux, enforcing" if enforcing == "1" else "SELinux, permissive"
    return "AppArmor" if probe.value("/sys/module/apparmor/parameters/enabled") == "Y" else ""


COLLECTOR = Collector(
    "security",
    _collect,
    sections=(
        Section("firewalls", _ELEVATE),
        Section("antivirus"),
        Section("terrier.security"),
    ),
)

"""The texts of collectors: their names, their states, and what only an administrator may read.

The inventory document holds these words in English. Unknown words, such as those of a plug-in, are shown unchanged.
"""

from __future__ import annotations

from cmdb.model.formats import number
from cmdb.model.messages import Message, counted, verbatim
from importers.discovery.collector import ABSENT, COLLECTED, FAILED, NOT_PERMITTED, TIMED_OUT

_STATES = {
    COLLECTED: Message("collected"),
    TIMED_OUT: Message("timed out"),
    NOT_PERMITTED: Message("not permitted"),
    ABSENT: Message("absent"),
    FAILED: Message("failed"),
}
_COLLECTORS = (
    Message("programs"), Message("Store apps"), Message("updates"), Message("licences"), Message("databases"),
    Message("features"),
    Message("accounts"), Message("batteries"), Message("ports and connections"), Message("deb packages"),
    Message("displays"), Message("flatpaks"), Message("guests"), Message("memory"), Message("network"),
    Message("Node packages"), Message("operating system"), Message("PCI devices"), Message("Python packages"),
    Message("printers"), Message("processes"), Message("processors"), Message("rpm packages"),
    Message("scheduled jobs"), Message("security"), Message("services"), Message("snaps"), Message("storage"),
    Message("system"), Message("USB devices"), Message("virtualisation"), Message("apk packages"),
    Message("AppImages"), Message("Homebrew"), Message("Nix packages"), Message("pacman packages"),
    Message("SWID tags"), Message("disk health"),
    Message("input devices"), Message("slots and power supplies"),
    Message("applications"), Message("packages"), Message("cameras"),
    Message("command lines"),
)  # fmt: skip
_ELEVATED = (
    Message("processes of other users"), Message("volume groups of LVM (sizes, physical volumes)"),
    Message("health of disks (SMART)"),
    Message("expansion slots, connectors and power supplies"), Message("jobs of at"), Message("Podman containers"),
    Message("containers and virtual machines of LXD and Incus"),
    Message("which programs own the ports and connections of other users"),
    Message("software that other users installed for themselves"), Message("the cron tables of users"),
    Message("virtual machines of libvirt"), Message("firewall rules"), Message("secure boot"),
    Message("system serial number"), Message("chassis serial number"), Message("mainboard serial number"),
    Message("memory modules (slots, sizes, serial numbers)"), Message("system UUID"),
    Message("printer queues (drivers, addresses)"), Message("Docker containers"), Message("LXC containers"),
    Message("virtual machines of Proxmox"), Message("version of the TPM"), Message("disk encryption in detail"),
    Message("hours, temperature and wear of disks"), Message("virtual machines of Hyper-V"),
    Message("scheduled tasks of other users"), Message("features of Windows"),
)  # fmt: skip
_KNOWN = {one.template: one for one in (*_COLLECTORS, *_ELEVATED)}


def collector_name(name: str) -> Message:
    """A collector's name: "operating system"."""
    return _KNOWN.get(name) or verbatim(name)


def collector_state(state: str) -> Message:
    """The state of a collector in words: "collected", "timed out"."""
    return _STATES.get(state) or verbatim(state)


def counted_state(state: str, number: int) -> Message:
    """How many collectors are in a state: "12 collected", "1 timed out"."""
    if state == COLLECTED:
        return counted("{count} collected", "{count} collected", number)
    if state == TIMED_OUT:
        return counted("{count} timed out", "{count} timed out", number)
    if state == NOT_PERMITTED:
        return counted("{count} not permitted", "{count} not permitted", number)
    if state == ABSENT:
        return counted("{count} absent", "{count} absent", number)
    return counted("{count} failed", "{count} failed", number)


def elevated_part(words: str) -> Message:
    """What a scan as administrator would read in addition: "firewall rules"."""
    return _KNOWN.get(words) or verbatim(words)


def duration(seconds: float) -> Message:
    """The duration of a collector: "0.25 s"."""
    return Message("{seconds} s", seconds=number(seconds, 2))

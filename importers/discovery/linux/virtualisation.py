"""Whether this is a physical machine, a virtual machine of a hypervisor, or a container."""

from __future__ import annotations

import re

from importers.discovery.collector import Collector, Content, Section
from importers.discovery.firmware import of_firmware
from importers.discovery.host import Probe

#: In the initial process namespace, which has this number on every Linux (PROC_PID_INIT_INO), nothing is a container.
_FIRST_NAMESPACE = "pid:[4026531836]"
_CLOCKS = "/sys/devices/system/clocksource/clocksource0/available_clocksource"
_HYPERVISOR_CLOCKS = (("kvm-clock", "KVM"), ("hyperv_clocksource", "Hyper-V"), ("xen", "Xen"))


def container_of(systemd: str, dockerenv: bool, containerenv: str | None, cgroup: str) -> str:
    """The kind of container by its marks, or "". ``containerenv`` is None if the file is missing."""
    if systemd:
        return {"docker": "Docker", "podman": "Podman", "lxc": "LXC", "systemd-nspawn": "systemd-nspawn"}.get(
            systemd, systemd
        )
    if containerenv is not None:
        return "Podman"
    if "kubepods" in cgroup:
        return "Kubernetes"
    if dockerenv or "/docker" in cgroup:
        return "Docker"
    return "LXC" if "/lxc" in cgroup else ""


def _collect(probe: Probe) -> Content:
    found = _container(probe) or _machine(probe)
    return {"hardware": {"vmsystem": found}} if found else {}


def _container(probe: Probe) -> str:
    # A machine that was made from a container's image carries its marks: the namespace and the kernel's own threads,
    # which a container does not see, tell.
    if probe.link("/proc/self/ns/pid") == _FIRST_NAMESPACE or probe.value("/proc/2/comm") == "kthreadd":
        return ""
    environment = probe.read("/run/.containerenv") if probe.exists("/run/.containerenv") else None
    return container_of(
        probe.value("/run/systemd/container"), probe.exists("/.dockerenv"), environment, probe.read("/proc/1/cgroup")
    )


def _machine(probe: Probe) -> str:
    if "microsoft" in probe.value("/proc/sys/kernel/osrelease").lower():
        return "WSL"
    dmi = "/sys/class/dmi/id/"
    vendor, product, bios = (probe.value(dmi + name) for name in ("sys_vendor", "product_name", "bios_vendor"))
    if named := of_firmware(vendor, product, bios):
        return named
    if probe.value("/sys/hypervisor/type") == "xen":
        return "Physical" if "control_d" in probe.read("/proc/xen/capabilities") else "Xen"
    flags = re.search(r"^flags\s*:.*$", probe.read("/proc/cpuinfo", most=8192), re.MULTILINE)
    if (flags and " hypervisor" in flags[0]) or probe.exists("/proc/device-tree/hypervisor"):
        return _of_clocks(probe.value(_CLOCKS)) or "Virtual Machine"
    return "Physical" if vendor or product or flags or probe.exists("/proc/device-tree/model") else ""


def _of_clocks(sources: str) -> str:
    """The hypervisor whose clock the kernel can use, or "": where the firmware tells nothing, the kernel knows it."""
    return next((name for mark, name in _HYPERVISOR_CLOCKS if mark in sources), "")


COLLECTOR = Collector("virtualisation", _collect, sections=(Section("hardware"),))

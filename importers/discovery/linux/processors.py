"""Processors: sockets, physical cores per socket, threads, model. Licences are counted from these.

The kernel's topology under /sys is read first: it distinguishes cores and threads on every architecture. /proc/cpuinfo
gives the names, and the topology too where /sys does not (some containers). A container sees its host's processors; a
virtual machine sees the sockets and cores that its hypervisor made up.
"""

from __future__ import annotations

import os
import re
from typing import NamedTuple

from importers.discovery.collector import Collector, Content, Section, present
from importers.discovery.host import Probe

_CPUS = "/sys/devices/system/cpu/"
_VENDORS = {"GenuineIntel": "Intel", "AuthenticAMD": "AMD", "HygonGenuine": "Hygon", "CentaurHauls": "VIA"}
_ARM_IMPLEMENTERS = {
    0x41: "ARM", 0x42: "Broadcom", 0x43: "Cavium", 0x46: "Fujitsu", 0x48: "HiSilicon", 0x4E: "NVIDIA", 0x50: "APM",
    0x51: "Qualcomm", 0x53: "Samsung", 0x56: "Marvell", 0x61: "Apple", 0x69: "Intel", 0xC0: "Ampere",
}  # fmt: skip
_FAMILIES = re.compile(
    r"(Core\(TM\) (?:Ultra )?[im]?\d\b|Core i\d|Xeon|Celeron|Pentium|Atom|EPYC|Ryzen \d|Athlon|Opteron)"
)
#: What the inventory format takes for an architecture; others are left out.
_ARCHITECTURES = {
    "i386": "i386", "i486": "i486", "i586": "i586", "i686": "i686", "x86_64": "x86_64", "amd64": "x86_64",
    "aarch64": "aarch64", "arm64": "aarch64", "ppc": "powerpc", "ppc64": "powerpc64", "ppc64le": "powerpc64",
    "mips": "mips", "mips64": "mips64", "alpha": "alpha", "sparc": "sparc", "sparc64": "sparc64", "m68k": "m68k",
}  # fmt: skip


class Topology(NamedTuple):
    """Package id → set of core ids, and package id → number of threads."""

    cores: dict[int, set[tuple[int, int]]]
    threads: dict[int, int]


def cpuinfo(text: str) -> list[dict[str, str]]:
    """The blocks of /proc/cpuinfo that describe a processor, each a mapping of its lines."""
    blocks = []
    for block in re.split(r"\n\s*\n", text):
        fields = {}
        for line in block.splitlines():
            name, colon, value = line.partition(":")
            if colon:
                fields[name.strip()] = value.strip()
        if "processor" in fields:
            blocks.append(fields)
    return blocks


def topology_of_cpuinfo(blocks: list[dict[str, str]]) -> Topology:
    """Topology by /proc/cpuinfo. If it does not (ARM), every processor counts as a core of one socket."""
    found = Topology({}, {})
    for number, block in enumerate(blocks):
        package = _whole(block.get("physical id"), 0)
        core = _whole(block.get("core id"), number)
        found.cores.setdefault(package, set()).add((0, core))
        found.threads[package] = found.threads.get(package, 0) + 1
    for package, cores in found.cores.items():
        stated = [_whole(b.get("cpu cores"), 0) for b in blocks if _whole(b.get("physical id"), 0) == package]
        if stated and 0 < stated[0] < len(cores):  # not real core ids: some hypervisors number threads there
            found.cores[package] = {(0, i) for i in range(stated[0])}
    return found


def topology_of_sys(probe: Probe) -> Topology:
    """Topology by /sys: processors that are switched off have none and are left out."""
    found = Topology({}, {})
    for name in probe.names(_CPUS):
        if not re.fullmatch(r"cpu\d+", name):
            continue
        core = probe.number(f"{_CPUS}{name}/topology/core_id")
        if core is None:
            continue
        package = max(0, probe.number(f"{_CPUS}{name}/topology/physical_package_id") or 0)  # -1: unknown
        cluster = probe.number(f"{_CPUS}{name}/topology/die_id") or 0  # core ids repeat from die to die
        found.cores.setdefault(package, set()).add((cluster, core))
        found.threads[package] = found.threads.get(package, 0) + 1
    return found


def architecture(machine: str) -> str:
    """The inventory format's name for an architecture (``cpus.arch`` is a closed list), or ""."""
    word = machine.lower()
    return _ARCHITECTURES.get(word, word if word.startswith("arm") else "")


def speed(name: str, mhz: str, maximum_khz: int | None) -> int | None:
    """MHz: from the model's name, otherwise the kernel's maximum, otherwise the current frequency."""
    match = re.search(r"@\s*([\d.]+)\s*GHz", name)
    if match:
        return round(float(match[1]) * 1000)
    if maximum_khz:
        return round(maximum_khz / 1000)
    return round(float(mhz)) if re.fullmatch(r"\d+(\.\d+)?", mhz) else None


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdigit() else otherwise


def _family_name(name: str) -> str:
    match = _FAMILIES.search(name)
    return match[1].replace("(TM)", "") if match else ""


def _collect(probe: Probe) -> Content:
    blocks = cpuinfo(probe.read("/proc/cpuinfo"))
    topology = topology_of_sys(probe)
    if not topology.cores:
        topology = topology_of_cpuinfo(blocks)
    if not topology.cores:
        return {}
    maximum = probe.number(_CPUS + "cpu0/cpufreq/cpuinfo_max_freq")
    machine = architecture(os.uname().machine) if probe.host.live else ""
    cpus = []
    for package in sorted(topology.cores):
        block = _block_of(blocks, package)
        cpus.append(
            {
                **_described(block, maximum),
                **present(arch=machine),
                "core": len(topology.cores[package]),
                "thread": topology.threads[package],
            }
        )
    flags = f" {blocks[0].get('flags', '')} " if blocks else ""
    own = present(
        sockets=len(cpus),
        cores=sum(cpu["core"] for cpu in cpus),
        threads=sum(cpu["thread"] for cpu in cpus),
        virtualisation="VT-x" if " vmx " in flags else "AMD-V" if " svm " in flags else "",
    )
    return {"cpus": cpus, "terrier": {"processors": own}}


def _block_of(blocks: list[dict[str, str]], package: int) -> dict[str, str]:
    for block in blocks:
        if _whole(block.get("physical id"), 0) == package:
            return block
    return blocks[0] if blocks else {}


def _described(block: dict[str, str], maximum_khz: int | None) -> dict[str, object]:
    name = " ".join((block.get("model name") or block.get("cpu") or block.get("Model") or "").split())
    implementer = block.get("CPU implementer", "")
    maker = _VENDORS.get(block.get("vendor_id", ""), block.get("vendor_id", ""))
    if implementer.startswith("0x"):
        maker = _ARM_IMPLEMENTERS.get(int(implementer, 16), "")
        name = name or f"{maker or 'ARM'} {block.get('CPU part', '')}".strip()
    stepping = block.get("stepping", "")
    return present(
        name=name,
        manufacturer=maker,
        model=block.get("model"),
        familynumber=block.get("cpu family"),
        familyname=_family_name(name),
        stepping=int(stepping) if stepping.isdigit() else None,
        speed=speed(name, block.get("cpu MHz", "").partition("MHz")[0], maximum_khz),
    )


COLLECTOR = Collector("processors", _collect, sections=(Section("cpus"),))

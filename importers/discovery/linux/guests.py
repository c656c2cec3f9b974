"""Virtual machines and containers that this computer hosts, from the files in which each manager keeps them."""

from __future__ import annotations

import json
import re
from typing import Any

from importers.discovery.collector import Collector, Content, Section, present
from importers.discovery.host import Probe

_MIB_PER = {
    "b": 1 / (1 << 20), "kib": 1 / 1024, "k": 1 / 1024, "mib": 1, "m": 1, "gib": 1024, "g": 1024, "tib": 1 << 20,
}  # fmt: skip


def libvirt(text: str) -> dict[str, Any] | None:
    """A guest of libvirt's domain XML, in the form of the inventory's ``virtualmachines``; None if it is none."""
    from xml.etree import ElementTree  # few machines host guests: not imported before one does

    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError:
        return None
    name = root.findtext("name", "").strip()
    if root.tag != "domain" or not name:
        return None
    memory = root.find("memory")
    amount = (memory.text or "").strip() if memory is not None else ""
    unit = memory.get("unit", "KiB").lower() if memory is not None else "kib"
    mac = root.find("devices/interface/mac")
    vcpu = root.findtext("vcpu", "").strip()
    return present(
        name=name,
        uuid=root.findtext("uuid", "").strip(),
        memory=round(int(amount) * _MIB_PER.get(unit, 1 / 1024)) if amount.isdigit() else None,
        vcpu=int(vcpu) if vcpu.isdigit() else None,
        mac=mac.get("address") if mac is not None else None,
        vmtype="libvirt",
        subsystem=root.get("type"),
    )


def proxmox(text: str) -> dict[str, Any]:
    """A guest of a Proxmox configuration file (``key: value``; the lines after a ``[snapshot]`` are of the past)."""
    fields: dict[str, str] = {}
    for line in text.partition("\n[")[0].splitlines():
        key, _, value = line.partition(":")
        fields[key.strip()] = value.strip()
    sockets, cores = (int(fields[k]) if fields.get(k, "").isdigit() else 1 for k in ("sockets", "cores"))
    uuid = re.search(r"uuid=([0-9a-fA-F-]{36})", fields.get("smbios1", ""))
    mac = re.search(r"([0-9A-F]{2}(?::[0-9A-F]{2}){5})", fields.get("net0", ""))
    return present(
        name=fields.get("name") or fields.get("hostname"),
        uuid=uuid[1] if uuid else None,
        memory=int(fields["memory"]) if fields.get("memory", "").isdigit() else None,
        vcpu=sockets * cores,
        mac=mac[1].lower() if mac else None,
    )


def docker(text: str) -> dict[str, Any] | None:
    """A container of Docker's config.v2.json; None if it is none. Its environment is not read."""
    try:
        fields = json.loads(text)
        name = fields["Name"].lstrip("/")
        return present(
            name=name,
            uuid=fields["ID"][:12],
            image=fields.get("Config", {}).get("Image"),
            status="running" if fields.get("State", {}).get("Running") else "off",
            vmtype="docker",
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _collect(probe: Probe) -> Content:
    guests = [*_libvirt(probe), *_proxmox(probe), *_lxc(probe), *_docker(probe)]
    return {"virtualmachines": guests} if guests else {}


def _libvirt(probe: Probe) -> list[dict[str, Any]]:
    found = []
    for file in probe.names("/etc/libvirt/qemu", "virtual machines of libvirt"):
        if file.endswith(".xml"):
            guest = libvirt(probe.read("/etc/libvirt/qemu/" + file, "virtual machines of libvirt"))
            if guest:
                running = probe.exists(f"/run/libvirt/qemu/{guest['name']}.pid")
                found.append({**guest, "status": "running" if running else "off"})
    return found


def _proxmox(probe: Probe) -> list[dict[str, Any]]:
    found = []
    for folder, kind in (("qemu-server", "qemu"), ("lxc", "lxc")):
        for file in probe.names("/etc/pve/" + folder, "virtual machines of Proxmox"):
            number = file.removesuffix(".conf")
            guest = proxmox(probe.read(f"/etc/pve/{folder}/{file}", "virtual machines of Proxmox"))
            if number.isdigit() and guest:
                running = kind == "qemu" and probe.exists(f"/run/qemu-server/{number}.pid")
                status = {} if kind == "lxc" else {"status": "running" if running else "off"}
                found.append({"name": number, **guest, **status, "vmtype": kind, "subsystem": "Proxmox"})
    return found


def _lxc(probe: Probe) -> list[dict[str, Any]]:
    names = probe.names("/var/lib/lxc", "LXC containers")
    return [{"name": n, "vmtype": "lxc"} for n in names if probe.exists(f"/var/lib/lxc/{n}/config")]


def _docker(probe: Probe) -> list[dict[str, Any]]:
    base = "/var/lib/docker/containers/"
    if not probe.exists("/var/lib/docker") and not probe.exists("/run/docker.sock"):
        return []
    names = probe.names(base, "Docker containers")
    read = (docker(probe.read(f"{base}{name}/config.v2.json", "Docker containers")) for name in names)
    return [guest for guest in read if guest]


_PROTECTED = ("virtual machines of libvirt", "virtual machines of Proxmox", "LXC containers", "Docker containers")
COLLECTOR = Collector("guests", _collect, sections=tuple(Section("virtualmachines", words) for words in _PROTECTED))

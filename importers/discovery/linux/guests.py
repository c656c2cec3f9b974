"""Virtual machines and containers that this computer hosts, from the files in which each manager keeps them."""

from __future__ import annotations

import re
from typing import Any

from cmdb.model.json_text import parsed
from importers.discovery.collector import Collector, Content, Section, present
from importers.discovery.host import Probe
from importers.discovery.linux._homes import homes

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
    sockets, cores = (int(fields[k]) if fields.get(k, "").isdigit() else None for k in ("sockets", "cores"))
    uuid = re.search(r"uuid=([0-9a-fA-F-]{36})", fields.get("smbios1", ""))
    mac = re.search(r"([0-9A-F]{2}(?::[0-9A-F]{2}){5})", fields.get("net0", ""))
    return present(
        name=fields.get("name") or fields.get("hostname"),
        uuid=uuid[1] if uuid else None,
        memory=int(fields["memory"]) if fields.get("memory", "").isdigit() else None,
        vcpu=(sockets or 1) * (cores or 1) if sockets or cores else None,
        mac=mac[1].lower() if mac else None,
    )


def docker(text: str) -> dict[str, Any] | None:
    """A container of Docker's config.v2.json; None if it is none. Its environment is not read."""
    try:
        fields: Any = parsed(text)
        name = fields["Name"].lstrip("/")
        return present(
            name=name,
            uuid=fields["ID"][:12],
            image=fields.get("Config", {}).get("Image"),
            status={True: "running", False: "off"}.get(fields.get("State", {}).get("Running")),
            vmtype="docker",
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def podman(text: str) -> list[dict[str, Any]]:
    """The containers of Podman's list (containers.json). Whether they run stands elsewhere, in the process's memory."""
    try:
        listed = parsed(text)
    except ValueError:
        return []
    found = []
    for one in listed if isinstance(listed, list) else []:
        names = one.get("names") if isinstance(one, dict) else None
        if isinstance(names, list) and names and isinstance(one.get("id"), str):
            image = _image(one.get("metadata"))
            found.append(present(name=str(names[0]), uuid=one["id"][:12], image=image, vmtype="podman"))
    return found


def _image(metadata: object) -> str | None:
    """The image that the metadata of Podman's container names: JSON in a text."""
    try:
        told = parsed(metadata) if isinstance(metadata, str) else None
    except ValueError:
        return None
    image = told.get("image-name") if isinstance(told, dict) else None
    return image if isinstance(image, str) else None


def _collect(probe: Probe) -> Content:
    guests = [*_libvirt(probe), *_proxmox(probe), *_lxc(probe), *_lxd(probe), *_docker(probe), *_podman(probe)]
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
    found = [name for name in names if probe.exists(f"/var/lib/lxc/{name}/config")]
    return [{"name": name, "vmtype": "lxc", **_payload(probe, name)} for name in found]


def _payload(probe: Probe, name: str) -> dict[str, str]:
    """Whether an LXC container runs: then it has a control group. Nothing where there are none to be seen."""
    if not any(map(probe.exists, _CONTROLLERS)):
        return {}
    running = any(probe.exists(f"{base}/lxc.payload.{name}") for base in _CONTROLLERS)
    return {"status": "running" if running else "off"}


def _lxd(probe: Probe) -> list[dict[str, Any]]:
    """Containers and virtual machines of LXD and Incus, by the folders in which they are kept."""
    found = []
    for base, manager in _LXD:
        for folder, kind in (("containers", "lxc"), ("virtual-machines", "qemu")):
            for name in probe.names(f"{base}/{folder}", "containers and virtual machines of LXD and Incus"):
                status = _payload(probe, name) if kind == "lxc" else {}
                found.append({"name": name, "vmtype": kind, "subsystem": manager, **status})
    return found


def _podman(probe: Probe) -> list[dict[str, Any]]:
    """Root's containers, and those that people run without rights."""
    found = podman(probe.read(f"/var/lib/{_PODMAN}", "Podman containers"))
    for login, _, home in homes(probe):
        of_person = podman(probe.read(f"{home}/.local/share/{_PODMAN}", "Podman containers"))
        found += [{**one, "owner": login} for one in of_person]
    return found


def _docker(probe: Probe) -> list[dict[str, Any]]:
    base = "/var/lib/docker/containers/"
    if not probe.exists("/var/lib/docker") and not probe.exists("/run/docker.sock"):
        return []
    names = probe.names(base, "Docker containers")
    read = (docker(probe.read(f"{base}{name}/config.v2.json", "Docker containers")) for name in names)
    return [guest for guest in read if guest]


_CONTROLLERS = ("/sys/fs/cgroup", "/sys/fs/cgroup/systemd", "/sys/fs/cgroup/unified")
_LXD = (
    ("/var/lib/lxd", "LXD"), ("/var/snap/lxd/common/lxd", "LXD"), ("/var/lib/incus", "Incus"),
)  # fmt: skip
_PODMAN = "containers/storage/overlay-containers/containers.json"
_PROTECTED = (
    "virtual machines of libvirt", "virtual machines of Proxmox", "LXC containers", "Docker containers",
    "Podman containers", "containers and virtual machines of LXD and Incus",
)  # fmt: skip
COLLECTOR = Collector("guests", _collect, sections=tuple(Section("virtualmachines", words) for words in _PROTECTED))

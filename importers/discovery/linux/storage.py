"""Disks and volumes: built-in and external disks, mounted volumes with size, free space and encryption."""

from __future__ import annotations

import os
import re
from typing import Any, NamedTuple

from importers.discovery.collector import Collector, Content, Section, present
from importers.discovery.host import Probe
from importers.discovery.linux import _lvm, _pools

MIB = 1 << 20
_SECTOR = 512  # /sys counts in these units for any sector size of the disk
_NOT_DISKS = re.compile(r"(loop|ram|zram|dm-|md|nbd|zd|drbd|fd)\d")
_NETWORK = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "ceph", "glusterfs", "fuse.sshfs", "fuse.glusterfs", "afs"}
_LOCAL_WITHOUT_DEVICE = {"zfs", "btrfs", "bcachefs", "overlay"}


class Mount(NamedTuple):
    """One line of mountinfo. ``device`` is "major:minor"."""

    device: str
    subtree: str
    point: str
    filesystem: str
    source: str


def mountinfo(text: str) -> list[Mount]:
    """The mounts of /proc/self/mountinfo (proc(5)); blanks in paths are octal escapes there."""
    found = []
    for line in text.splitlines():
        before, dash, after = line.partition(" - ")
        left, right = before.split(), after.split()
        if dash and len(left) >= 5 and len(right) >= 2:
            found.append(Mount(left[2], _unescape(left[3]), _unescape(left[4]), right[0], _unescape(right[1])))
    return found


def volumes(mounts: list[Mount]) -> list[Mount]:
    """One mount per file system that holds data: its shortest path, without bind mounts, images and kernel views."""
    kept: dict[str, Mount] = {}
    for mount in mounts:
        holds = mount.source.startswith("/dev/") or mount.filesystem in _NETWORK | _LOCAL_WITHOUT_DEVICE
        if not holds or mount.filesystem in ("squashfs", "iso9660", "devtmpfs") or mount.source.startswith("/dev/loop"):
            continue
        if mount.filesystem == "overlay" and mount.point != "/":
            continue
        key = mount.source if mount.filesystem in _NETWORK or mount.device.startswith("0:") else mount.device
        known = kept.get(key)
        if known is None or (len(mount.point), mount.point) < (len(known.point), known.point):
            kept[key] = mount
    return sorted(kept.values(), key=lambda m: m.point)


def udev(text: str) -> dict[str, str]:
    """The data of udev about a device (a file of /run/udev/data): its ``E:`` lines."""
    return dict(line[2:].partition("=")[::2] for line in text.splitlines() if line.startswith("E:"))


def _unescape(path: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda m: chr(int(m[1], 8)), path)


def _collect(probe: Probe) -> Content:
    storages, disks = _disks(probe)
    drives, sizes = _volumes(probe)
    groups, physical, logical = _lvm.volume_groups(probe)
    return present(
        storages=storages,
        drives=drives,
        volume_groups=groups,
        physical_volumes=physical,
        logical_volumes=logical,
        terrier=present(disks=disks, volumes=sizes, storage_pools=_pools.pools(probe)),
    )


def _disks(probe: Probe) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    storages, raw = [], []
    for name in probe.names("/sys/block"):
        if _NOT_DISKS.match(name):
            continue
        base = f"/sys/block/{name}/"
        size = (probe.number(base + "size") or 0) * _SECTOR
        facts = udev(probe.read("/run/udev/data/b" + probe.value(base + "dev")))
        optical = name.startswith("sr")
        if not size and not optical:
            continue
        where = probe.resolved(base)
        usb = "/usb" in where or facts.get("ID_BUS") == "usb"
        interface = _interface(name, where, facts, usb)
        medium = _medium(probe.value(base + "queue/rotational"), optical or interface in ("virtio", "Xen"))
        storages.append(
            present(
                name=name,
                model=facts.get("ID_MODEL", "").replace("_", " ").strip() or probe.value(base + "device/model"),
                manufacturer=_vendor(probe.value(base + "device/vendor"), facts.get("ID_VENDOR", "")),
                serial=facts.get("ID_SERIAL_SHORT")
                or probe.value(base + "device/serial")
                or probe.value(base + "serial"),
                firmware=facts.get("ID_REVISION")
                or probe.value(base + "device/firmware_rev")
                or probe.value(base + "device/rev"),
                wwn=facts.get("ID_WWN_WITH_EXTENSION") or facts.get("ID_WWN") or probe.value(base + "wwid"),
                disksize=size // 1_000_000 or None,
                interface=interface,
                description=interface,
                type="cd" if optical else "disk",
            )
        )
        flag = probe.value(base + "removable")
        removable = True if usb else flag == "1" if flag else None
        raw.append({"name": name, **present(bytes=size or None, removable=removable, medium=medium)})
    return storages, raw


def _medium(rotational: str, moot: bool) -> str:
    return "" if moot else {"0": "solid state", "1": "rotating"}.get(rotational, "")


def _interface(name: str, where: str, facts: dict[str, str], usb: bool) -> str:
    if usb:
        return "USB"
    for word, meaning in (("nvme", "NVMe"), ("mmcblk", "MMC"), ("vd", "virtio"), ("xvd", "Xen")):
        if name.startswith(word):
            return meaning
    if facts.get("ID_BUS") == "ata" or re.search(r"/ata\d+/", where):
        return "SATA" if facts.get("ID_ATA_SATA", "1") == "1" else "IDE"
    if "/virtio" in where:
        return "virtio"
    return "SAS" if "/sas_" in where or "/end_device" in where else "SCSI"


def _vendor(shown: str, stored: str) -> str:
    """The maker, where the disk names one: SATA disks say "ATA" and virtual ones a PCI number."""
    name = shown or stored.replace("_", " ")
    return "" if name in ("ATA", "USB") or name.startswith("0x") else name


def _volumes(probe: Probe) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    drives, raw = [], []
    for mount in volumes(mountinfo(probe.read("/proc/self/mountinfo"))):
        facts = udev(probe.read("/run/udev/data/b" + mount.device))
        encryption = _encryption(probe, mount.device)
        drive = present(
            type=mount.point,
            volumn=mount.source,
            filesystem=mount.filesystem,
            serial=facts.get("ID_FS_UUID"),
            label=facts.get("ID_FS_LABEL"),
            encrypt_name=encryption,
            encrypt_status="Yes" if encryption else None,
            encrypt_type="software" if encryption else None,
        )
        if mount.filesystem not in _NETWORK:  # a query for the free space of an unreachable server never returns
            total, free = _space(probe, mount.point)
            if total:
                drive.update(total=total // MIB, free=free // MIB)
                raw.append({"mount": mount.point, "total_bytes": total, "free_bytes": free})
        drives.append(drive)
    return drives, raw


def _space(probe: Probe, point: str) -> tuple[int, int]:
    probe.check()
    try:
        found = os.statvfs(probe.host.path(point))
    except OSError:
        return 0, 0
    return found.f_blocks * found.f_frsize, found.f_bavail * found.f_frsize


def _encryption(probe: Probe, device: str) -> str:
    """The encryption ("LUKS2", …) of a block device or of what it is made of (LVM on LUKS); "" if there is none."""
    return _encrypted(probe, f"/sys/dev/block/{device}/", 0)


def _encrypted(probe: Probe, base: str, depth: int) -> str:
    mark = probe.value(base + "dm/uuid")
    if mark.startswith("CRYPT-"):
        return mark.split("-")[1]
    if depth < 5:
        for name in probe.names(base + "slaves"):
            if found := _encrypted(probe, f"/sys/block/{name}/", depth + 1):
                return found
    return ""


COLLECTOR = Collector(
    "storage",
    _collect,
    limit=8.0,
    sections=(
        Section("storages"),
        Section("drives"),
        Section("logical_volumes"),
        Section("volume_groups", _lvm.ELEVATE),
        Section("physical_volumes", _lvm.ELEVATE),
        Section("terrier.storage_pools"),
    ),
)

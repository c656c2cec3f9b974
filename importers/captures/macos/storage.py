"""Storage: the disks, and the volumes with their size, free space and encryption."""

from __future__ import annotations

import re
from typing import Any

from importers.captures.capture import Capture
from importers.captures.entries import text, whole
from importers.captures.macos._answers import Entry, items, mapping, objects, plist, with_inner
from importers.captures.subject import Subject
from importers.discovery.collector import Content, Section, present

_MIB = 1 << 20
_MEDIA = {"ssd": "solid state", "solid state": "solid state", "rotational": "rotating"}
#: Volumes of the system that hold nothing of anybody.
_OF_THE_SYSTEM = re.compile(r"/System/Volumes/(?!Data$)|/private/var/vm$|/Library/Developer/CoreSimulator/")


def disk_of(device: str) -> str:
    """The whole disk of a volume's device: "disk3" of "disk3s1s1"."""
    match = re.match(r"disk\d+", device)
    return match[0] if match else ""


def _parse(capture: Capture) -> Content:
    volumes = [one for one in items(capture, "volumes") if text(one, "bsd_name")]
    disks = _disks(capture, volumes)
    drives, sizes = _volumes(capture, volumes)
    found: Content = {}
    if disks:
        found["storages"] = [one for one, _ in disks]
    if drives:
        found["drives"] = drives
    if disks or sizes:
        found["terrier"] = {"disks": [own for _, own in disks], "volumes": sizes}
    return found


def _disks(capture: Capture, volumes: list[Entry]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """The disks in the format's form, each with what that has no place for."""
    told = {text(mapping(one, "physical_drive"), "device_name"): one for one in volumes}
    found = []
    for section, interface in (("nvme", "NVMe"), ("sata", "SATA")):
        for one in with_inner(items(capture, section)):
            device, size = text(one, "bsd_name"), whole(one, "size_in_bytes")
            if not device or not text(one, "device_model"):
                continue
            model = text(one, "device_model")
            drive = mapping(told.get(model, {}), "physical_drive")
            medium = _MEDIA.get((text(one, "spsata_medium_type") or text(drive, "medium_type")).lower())
            protocol = text(drive, "protocol") or interface
            found.append(_disk(one, device, size, protocol, medium or ("solid state" if section == "nvme" else "")))
    known = {text(one, "bsd_name") for section in ("nvme", "sata") for one in with_inner(items(capture, section))}
    models = {one["model"] for one, _ in found}
    return found + _outer(capture, volumes, known, models)


def _disk(
    one: Entry, device: str, size: int | None, interface: str, medium: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    health = text(one, "smart_status")
    shown = present(
        name=device,
        model=text(one, "device_model"),
        serial=text(one, "device_serial"),
        firmware=text(one, "device_revision"),
        disksize=size // 1_000_000 if size else None,
        interface=interface,
        description=interface,
        type="disk",
    )
    own = present(name=device, bytes=size, medium=medium, health="" if health == "Not Supported" else health)
    return shown, {**own, "removable": text(one, "removable_media") == "yes" or text(one, "detachable_drive") == "yes"}


def _outer(
    capture: Capture, volumes: list[Entry], known: set[str], models: set[str]
) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Disks that are known by their volumes alone: those on USB and Thunderbolt, and where no list of disks was got."""
    stores = _physical_stores(capture)
    found: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {}
    for volume in volumes:
        drive = mapping(volume, "physical_drive")
        device = stores.get(disk_of(text(volume, "bsd_name")), disk_of(text(volume, "bsd_name")))
        name, protocol = text(drive, "device_name"), text(drive, "protocol")
        if not name or name in models or device in known or protocol in ("Disk Image", "Virtual Interface"):
            continue
        inner = text(drive, "is_internal_disk") == "yes"
        shown = present(name=device, model=name, interface=protocol, description=protocol, type="disk")
        own = {**present(name=device, medium=_MEDIA.get(text(drive, "medium_type").lower())), "removable": not inner}
        found.setdefault(device, (shown, own))
    return list(found.values())


def _containers(capture: Capture) -> list[Entry]:
    found = plist(capture, "apfs")
    return objects(found, "Containers") if isinstance(found, dict) else []


def _physical_stores(capture: Capture) -> dict[str, str]:
    """The disk of an APFS container → the disk that it lies on."""
    return {
        text(one, "ContainerReference"): disk_of(
            text(next(iter(objects(one, "PhysicalStores")), {}), "DeviceIdentifier")
        )
        for one in _containers(capture)
    }


def _volumes(capture: Capture, volumes: list[Entry]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    encrypted = {
        # An Apple chip encrypts every volume; what needs somebody's key is said by FileVault.
        text(volume, "DeviceIdentifier"): volume.get("FileVault", volume.get("Encryption")) is True
        for container in _containers(capture)
        for volume in objects(container, "Volumes")
    }
    vault = capture.content("filevault").startswith("FileVault is On")
    drives, sizes = [], []
    for one in volumes:
        mount, size, free = text(one, "mount_point"), whole(one, "size_in_bytes"), whole(one, "free_space_in_bytes")
        device = text(one, "bsd_name")
        if not mount or _OF_THE_SYSTEM.match(mount):
            continue
        # The system's volume is a snapshot, and is sealed; what FileVault encrypts is said of the volume itself.
        state = encrypted.get(device, encrypted.get(re.sub(r"(disk\d+s\d+)s\d+$", r"\1", device)))
        on = state or (vault and mount in ("/", "/System/Volumes/Data"))
        drives.append(
            present(
                type=mount,
                volumn=f"/dev/{device}",
                filesystem=text(one, "file_system").lower(),
                label=text(one, "_name"),
                serial=text(one, "volume_uuid"),
                total=size // _MIB if size else None,
                free=free // _MIB if size and free is not None else None,
                systemdrive=True if mount == "/" else None,
                encrypt_name="FileVault" if on else None,
                encrypt_status="Yes" if on else None,
                encrypt_type="software" if on else None,
            )
        )
        if size:
            sizes.append(present(mount=mount, total_bytes=size, free_bytes=free))
    return drives, sizes


SUBJECT = Subject(
    "storage",
    _parse,
    ("nvme", "sata", "volumes", "apfs", "filevault"),
    (Section("storages"), Section("drives")),
)

"""Disks, the volumes on them, and what is encrypted."""

from __future__ import annotations

import re
from typing import Any

from importers.captures.capture import Capture
from importers.captures.entries import text, whole
from importers.captures.subject import Subject
from importers.captures.windows._rows import Row, named, row, rows
from importers.discovery.collector import Content, Section, present

_MIB = 1 << 20
#: MSFT_PhysicalDisk.BusType. What is plugged in: FireWire, USB, SD; virtual disks are of files.
_BUSES = {
    1: "SCSI", 2: "ATAPI", 3: "ATA", 4: "FireWire", 6: "Fibre Channel", 7: "USB", 8: "RAID", 9: "iSCSI", 10: "SAS",
    11: "SATA", 12: "SD", 13: "MMC", 14: "virtual", 15: "virtual", 16: "Storage Spaces", 17: "NVMe",
}  # fmt: skip
_REMOVABLE = (4, 7, 12)
_FILES = (14, 15, 16)
_MEDIA = {3: "rotating", 4: "solid state", 5: "solid state"}
_HEALTH = {0: "good", 1: "warning", 2: "bad"}
_USB = re.compile(r"^(USBSTOR|SD)\\", re.IGNORECASE)
#: Win32_LogicalDisk.DriveType.
_KINDS = {2: "removable", 3: "local", 5: "optical"}
#: Win32_EncryptableVolume.EncryptionMethod.
_METHODS = {
    1: "AES-128 with diffuser", 2: "AES-256 with diffuser", 3: "AES-128", 4: "AES-256", 5: "hardware", 6: "XTS-AES-128",
    7: "XTS-AES-256",
}  # fmt: skip


def _parse(capture: Capture) -> Content:
    storages, own = _disks(capture)
    drives, sizes = _volumes(capture)
    found: Content = present(storages=storages, drives=drives)
    told = present(disks=own, volumes=sizes)
    return {**found, "terrier": told} if found else {}


def _disks(capture: Capture) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The disks as the storage service lists them; where it does not answer, as the device manager does."""
    counters = {text(one, "DeviceId"): one for one in rows(capture, "disk-counters")}
    drives = {text(one, "Index"): one for one in rows(capture, "disk-drives")}
    storages, own = [], []
    for one in rows(capture, "disks"):
        if whole(one, "BusType") not in _FILES:
            number = text(one, "DeviceId")
            storage, more = _disk(one, drives.get(number, {}), counters.get(number, {}))
            storages.append(storage)
            own.append(more)
    if not storages:
        for one in drives.values():
            storages.append(_drive(one))
            own.append(present(name=_name(one, ""), bytes=whole(one, "Size"), removable=_is_away(one)))
    return storages, own


def _name(drive: Row, number: str) -> str:
    return f"PHYSICALDRIVE{text(drive, 'Index') or number}"


def _is_away(drive: Row) -> bool:
    return text(drive, "InterfaceType").upper() == "USB" or _USB.match(text(drive, "PNPDeviceID")) is not None


def _disk(one: Row, drive: Row, counter: Row) -> tuple[dict[str, Any], dict[str, Any]]:
    bus = whole(one, "BusType") or 0
    size = whole(one, "Size") or whole(drive, "Size")
    name = _name(drive, text(one, "DeviceId"))
    storage = present(
        name=name,
        model=text(one, "Model") or text(one, "FriendlyName"),
        manufacturer=_maker(one),
        serial=_serial(one) or _serial(drive),
        firmware=text(one, "FirmwareVersion") or text(drive, "FirmwareRevision"),
        wwn=text(one, "UniqueId") if whole(one, "UniqueIdFormat") in (2, 3) else None,
        disksize=(size or 0) // 1_000_000 or None,
        interface=_BUSES.get(bus),
        description=_BUSES.get(bus),
        type="disk",
    )
    more = present(
        name=name,
        bytes=size,
        removable=bus in _REMOVABLE,
        medium=named(_MEDIA, one, "MediaType"),
        health=named(_HEALTH, one, "HealthStatus"),
        hours=whole(counter, "PowerOnHours"),
        temperature=whole(counter, "Temperature") or None,
        wear=whole(counter, "Wear"),
    )
    return storage, more


def _drive(one: Row) -> dict[str, Any]:
    interface = "USB" if _is_away(one) else text(one, "InterfaceType")
    return present(
        name=_name(one, ""),
        model=text(one, "Model"),
        manufacturer=_maker(one),
        serial=_serial(one),
        firmware=text(one, "FirmwareRevision"),
        disksize=(whole(one, "Size") or 0) // 1_000_000 or None,
        interface=interface,
        description=interface,
        type="disk",
    )


def _maker(one: Row) -> str:
    """The maker, where the disk names one: drivers say "(Standard disk drives)", in the language of Windows."""
    name = text(one, "Manufacturer")
    return "" if name.startswith("(") or name.upper() in ("ATA", "NVME", "USB") else name


def _serial(one: Row) -> str:
    """The serial number on the label: an NVMe drive has it as the adapter's, beside an id with a full stop behind."""
    return text(one, "AdapterSerialNumber") or text(one, "SerialNumber").rstrip(".")


def _volumes(capture: Capture) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    encryption = {_letter(one): one for one in rows(capture, "bitlocker")}
    protection = {_letter(one): whole(one, "BitLockerProtection") for one in rows(capture, "volume-protection")}
    system = text(row(capture, "operating-system"), "SystemDrive").upper()
    drives, sizes = [], []
    for one in rows(capture, "volumes"):
        letter = text(one, "DeviceID").upper()
        if not letter or whole(one, "DriveType") not in _KINDS:
            continue
        size, free = whole(one, "Size"), whole(one, "FreeSpace")
        drive = present(
            letter=letter,
            type=letter,
            description=_KINDS[whole(one, "DriveType") or 0],
            label=text(one, "VolumeName"),
            filesystem=text(one, "FileSystem"),
            serial=text(one, "VolumeSerialNumber"),
            total=size // _MIB if size else None,
            free=free // _MIB if size and free is not None else None,
            **_encryption(encryption.get(letter), protection.get(letter)),
        )
        drives.append({**drive, "systemdrive": letter == system})
        if size and free is not None:
            sizes.append({"mount": letter, "total_bytes": size, "free_bytes": free})
    return drives, sizes


def _letter(one: Row) -> str:
    return text(one, "DriveLetter").upper().rstrip("\\")


def _encryption(told: Row | None, shown: int | None) -> dict[str, Any]:
    """What is said of a volume's encryption: to administrators in detail, to everybody as Explorer shows it.

    Explorer's number: 1 on, 2 off, 3 and 4 on the way, 5 suspended, 6 locked.
    """
    if told is not None and whole(told, "ProtectionStatus") is not None:
        if whole(told, "ProtectionStatus") == 0 and whole(told, "ConversionStatus") in (None, 0):
            return {"encrypt_status": "No"}
        protected = whole(told, "ProtectionStatus") == 1
        method = named(_METHODS, told, "EncryptionMethod")
        status = "Yes" if protected else "No"
        return present(encrypt_name="BitLocker", encrypt_status=status, encrypt_algo=method)
    if shown in (1, 6):
        return {"encrypt_name": "BitLocker", "encrypt_status": "Yes"}
    return {"encrypt_status": "No"} if shown in (0, 2, 3, 4, 5) else {}


SUBJECT = Subject(
    "storage",
    _parse,
    ("operating-system", "disks", "disk-drives", "disk-counters", "volumes", "bitlocker", "volume-protection"),
    (Section("storages"), Section("drives")),
)

"""The machine itself: maker, model, serial numbers, chassis, mainboard, firmware, secure boot, TPM.

From the firmware's DMI tables as the kernel shows them; on boards without DMI from the device tree.
"""

from __future__ import annotations

import re

from importers.discovery.collector import Collector, Content, Section, present
from importers.discovery.host import Probe

_DMI = "/sys/class/dmi/id/"
_SECURE_BOOT = "/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"

#: Chassis types by number: DMTF DSP0134 (SMBIOS), section 7.4.1; 2 is unknown.
CHASSIS = (
    "", "Other", "", "Desktop", "Low Profile Desktop", "Pizza Box", "Mini Tower", "Tower", "Portable", "Laptop",
    "Notebook", "Hand Held", "Docking Station", "All in One", "Sub Notebook", "Space-Saving", "Lunch Box",
    "Main Server Chassis", "Expansion Chassis", "Sub Chassis", "Bus Expansion Chassis", "Peripheral Chassis",
    "RAID Chassis", "Rack Mount Chassis", "Sealed-case PC", "Multi-system", "Compact PCI", "Advanced TCA", "Blade",
    "Blade Enclosing", "Tablet", "Convertible", "Detachable", "IoT Gateway", "Embedded PC", "Mini PC", "Stick PC",
)  # fmt: skip


def firmware_date(text: str) -> str:
    """``2024-03-18`` of the firmware's ``03/18/2024`` (two-digit years are of the 1900s); "" if it is no such date."""
    match = re.fullmatch(r"(\d\d)/(\d\d)/(\d{4}|\d\d)", text.strip())
    if not match or not (1 <= int(match[1]) <= 12 and 1 <= int(match[2]) <= 31):
        return ""
    year = match[3] if len(match[3]) == 4 else "19" + match[3]
    return f"{year}-{match[1]}-{match[2]}"


def secure_boot(efi: bool, variable: bytes) -> str:
    """GLPI's word for secure boot, from the EFI variable: four bytes of attributes, then 1 (on) or 0. "" if unknown."""
    if not efi:
        return "unsupported"
    if len(variable) < 5:
        return ""
    return "enabled" if variable[4] == 1 else "disabled"


def _collect(probe: Probe) -> Content:
    bios = _from_dmi(probe)
    hardware = {}
    if bios:
        chassis = probe.number(_DMI + "chassis_type") or 0
        hardware = present(
            chassis_type=CHASSIS[chassis & 0x7F] if chassis & 0x7F < len(CHASSIS) else "",
            uuid=probe.value(_DMI + "product_uuid", "system UUID").upper(),
        )
    else:
        model = probe.value("/proc/device-tree/model")
        if not model:
            return {}
        bios = present(smodel=model, ssn=probe.value("/proc/device-tree/serial-number"))
    efi = probe.exists("/sys/firmware/efi")
    known = efi or probe.exists("/sys/firmware")
    boot = secure_boot(efi, probe.read_bytes(_SECURE_BOOT, "secure boot", 16)) if known else ""
    if boot:
        bios["secure_boot"] = boot
    found: Content = {"bios": bios}
    if hardware:
        found["hardware"] = hardware
    own = present(
        firmware="UEFI" if efi else "BIOS" if probe.exists("/sys/firmware/dmi") else "",
        tpm=probe.value("/sys/class/tpm/tpm0/tpm_version_major"),
        family=probe.value(_DMI + "product_family"),
    )
    return {**found, **({"terrier": {"system": own}} if own else {})}


def _from_dmi(probe: Probe) -> dict[str, str]:
    bios: dict[str, str] = present(
        smanufacturer=probe.value(_DMI + "sys_vendor"),
        smodel=probe.value(_DMI + "product_name"),
        ssn=probe.value(_DMI + "product_serial", "system serial number"),
        skunumber=probe.value(_DMI + "product_sku"),
        assettag=probe.value(_DMI + "chassis_asset_tag"),
        enclosureserial=probe.value(_DMI + "chassis_serial", "chassis serial number"),
        mmanufacturer=probe.value(_DMI + "board_vendor"),
        mmodel=probe.value(_DMI + "board_name"),
        msn=probe.value(_DMI + "board_serial", "mainboard serial number"),
        bmanufacturer=probe.value(_DMI + "bios_vendor"),
        bversion=probe.value(_DMI + "bios_version"),
        bdate=firmware_date(probe.value(_DMI + "bios_date")),
    )
    return bios


#: What only an administrator may read of the firmware's strings.
_PROTECTED = ("system serial number", "chassis serial number", "mainboard serial number", "secure boot")
COLLECTOR = Collector(
    "system",
    _collect,
    sections=(*(Section("bios", words) for words in _PROTECTED), Section("hardware", "system UUID")),
)

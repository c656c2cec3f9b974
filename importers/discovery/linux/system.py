"""The machine itself: maker, model, serial numbers, chassis, mainboard, firmware, secure boot, TPM.

From the firmware's DMI tables as the kernel shows them; on boards without DMI from the device tree.
"""

from __future__ import annotations

from importers.discovery.collector import Collector, Content, Section, present
from importers.discovery.firmware import CHASSIS
from importers.discovery.host import Probe
from importers.inventory.written_days import day

_DMI = "/sys/class/dmi/id/"
_SECURE_BOOT = "/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"


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
        product_version=probe.value(_DMI + "product_version"),
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
        bdate=day(probe.value(_DMI + "bios_date"), month_first=True),
    )
    return bios


#: What only an administrator may read of the firmware's strings.
_PROTECTED = ("system serial number", "chassis serial number", "mainboard serial number", "secure boot")
COLLECTOR = Collector(
    "system",
    _collect,
    sections=(*(Section("bios", words) for words in _PROTECTED), Section("hardware", "system UUID")),
)

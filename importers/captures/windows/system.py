"""The machine itself: maker, model, serial numbers, chassis, mainboard, firmware, secure boot, TPM."""

from __future__ import annotations

from importers.captures.capture import Capture
from importers.captures.entries import text, whole
from importers.captures.subject import Subject
from importers.captures.windows._dates import MachineDates
from importers.captures.windows._rows import Row, named, row, rows
from importers.discovery.collector import Content, Section, present
from importers.discovery.firmware import CHASSIS, of_firmware

_TPM_2 = "ACPI\\MSFT0101\\"


def _parse(capture: Capture) -> Content:
    system, product = row(capture, "computer-system"), row(capture, "product")
    bios, board, enclosure = row(capture, "bios"), row(capture, "board"), row(capture, "enclosure")
    told = row(capture, "firmware")
    if not (system or product or bios):
        return {}
    maker = text(system, "Manufacturer") or text(product, "Vendor")
    firmware = present(
        smanufacturer=maker,
        smodel=text(system, "Model") or text(product, "Name"),
        ssn=text(bios, "SerialNumber") or text(product, "IdentifyingNumber"),
        skunumber=text(system, "SystemSKUNumber"),
        assettag=text(enclosure, "SMBIOSAssetTag"),
        enclosureserial=text(enclosure, "SerialNumber"),
        mmanufacturer=text(board, "Manufacturer"),
        mmodel=text(board, "Product"),
        msn=text(board, "SerialNumber"),
        bmanufacturer=text(bios, "Manufacturer"),
        bversion=text(bios, "SMBIOSBIOSVersion"),
        bdate=_utc_day(bios),
        secure_boot=_secure_boot(told),
    )
    hypervisor = of_firmware(maker, text(system, "Model"), text(bios, "Manufacturer"))
    hardware = present(
        name=text(system, "DNSHostName") or text(system, "Name") or text(row(capture, "session"), "Name"),
        uuid=text(product, "UUID").upper(),
        chassis_type=_chassis(enclosure),
        vmsystem=hypervisor or "Physical",
    )
    own = present(
        firmware=named({1: "BIOS", 2: "UEFI"}, told, "FirmwareType"),
        family=text(system, "SystemFamily"),
        product_version=text(product, "Version"),
        tpm=_tpm(capture),
    )
    return present(bios=firmware, hardware=hardware, terrier={"system": own} if own else None)


def _utc_day(bios: Row) -> str:
    """The day of the firmware: it is stored as midnight in UTC, which elsewhere is the day before."""
    return MachineDates(0, "").local(bios, "ReleaseDate")[:10]


def _chassis(enclosure: Row) -> str:
    listed = enclosure.get("ChassisTypes")
    for one in listed if isinstance(listed, list) else [listed]:
        if isinstance(one, int) and 0 < one < len(CHASSIS):
            return CHASSIS[one]
    return ""


def _secure_boot(told: Row) -> str:
    if whole(told, "FirmwareType") == 1:
        return "unsupported"
    return named({0: "disabled", 1: "enabled"}, told, "SecureBoot")


def _tpm(capture: Capture) -> str:
    """The version of the TPM: its own word, which administrators may ask for; else version 2 has a known device id."""
    version = text(row(capture, "tpm"), "SpecVersion").partition(",")[0].strip()
    if version and version[0].isdigit():
        return version.removesuffix(".0")
    known = any(text(one, "PNPDeviceID").upper().startswith(_TPM_2) for one in rows(capture, "devices"))
    return "2" if known else ""


SUBJECT = Subject(
    "system",
    _parse,
    ("session", "computer-system", "product", "bios", "board", "enclosure", "firmware", "tpm", "devices"),
    (Section("bios"), Section("hardware")),
)

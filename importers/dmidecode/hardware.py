"""The structures of dmidecode as an inventory document."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from importers.discovery.firmware import of_firmware
from importers.dmidecode.structures import DmiStructure
from importers.inventory.fields import filled, identity, meaningful
from importers.inventory.written_days import day

_SIZE = re.compile(r"(\d{1,12}) ?(kB|KB|MB|GB|TB|bytes)")
_MEBIBYTES = {"bytes": 1 / (1 << 20), "kB": 1 / 1024, "KB": 1 / 1024, "MB": 1, "GB": 1024, "TB": 1 << 20}
_NUMBER = re.compile(r"(\d{1,9})\b.*")
_MOST = 4_096
"""Structures of a kind that are read; no firmware has as many."""


def document_of_hardware(structures: Iterable[DmiStructure], version: str, host: str) -> dict[str, Any]:
    """The document of a machine. ``host`` is its name, where it is known; the structures do not say it."""
    found: dict[str, list[DmiStructure]] = {}
    for one in structures:
        listed = found.setdefault(one.title, [])
        if len(listed) < _MOST:
            listed.append(one)
    bios, hardware = _bios(found), _hardware(found, host)
    content: dict[str, Any] = {
        "versionclient": f"dmidecode {version}".strip(),
        "bios": bios,
        "hardware": hardware,
        "cpus": [_processor(one) for one in found.get("Processor Information", ()) if _is_fitted(one)],
        "memories": _modules(found),
        "slots": [_slot(one) for one in found.get("System Slot Information", ())],
        "ports": [_connector(one) for one in found.get("Port Connector Information", ())],
        "powersupplies": [_supply(one) for one in found.get("System Power Supply", ()) if one.said("Status")],
        "batteries": [_battery(one) for one in found.get("Portable Battery", ())],
    }
    system = _first(found, "System Information")
    if told := filled(family=system.said("Family"), product_version=system.said("Version")):
        content["terrier"] = {"system": told}
    known = meaningful(bios, "ssn", "serial_numbers") or identity(hardware, "uuid") or host
    document: dict[str, Any] = {"deviceid": known, "action": "inventory", "itemtype": "Computer"}
    if "System Information" not in found:  # a part that was asked for: dmidecode -t memory
        document["partial"] = True
    return {**document, "content": {name: part for name, part in content.items() if part}}


def identifies(document: dict[str, Any]) -> bool:
    """Whether the document says which machine it is of."""
    return bool(document["deviceid"])


def _first(found: dict[str, list[DmiStructure]], *titles: str) -> DmiStructure:
    return next((found[title][0] for title in titles if title in found), DmiStructure("", {}))


def _bios(found: dict[str, list[DmiStructure]]) -> dict[str, Any]:
    bios, system = _first(found, "BIOS Information"), _first(found, "System Information")
    chassis = _first(found, "Chassis Information", "System Enclosure or Chassis")
    board = _first(found, "Base Board Information")
    return filled(
        bmanufacturer=bios.said("Vendor"),
        bversion=bios.said("Version"),
        bdate=day(bios.said("Release Date"), month_first=True),
        smanufacturer=system.said("Manufacturer"),
        smodel=system.said("Product Name"),
        ssn=system.said("Serial Number"),
        skunumber=system.said("SKU Number"),
        mmanufacturer=board.said("Manufacturer"),
        mmodel=board.said("Product Name"),
        msn=board.said("Serial Number"),
        assettag=chassis.said("Asset Tag"),
        enclosureserial=chassis.said("Serial Number"),
    )


def _hardware(found: dict[str, list[DmiStructure]], host: str) -> dict[str, Any]:
    bios, system = _first(found, "BIOS Information"), _first(found, "System Information")
    sizes = [_mebibytes(one.said("Size")) for one in found.get("Memory Device", ()) if _is_memory(one)]
    name, _, domain = host.partition(".")
    guest = of_firmware(system.said("Manufacturer"), system.said("Product Name"), bios.said("Vendor"))
    return filled(
        name=name,
        workgroup=domain,
        uuid=system.said("UUID"),
        chassis_type=_first(found, "Chassis Information", "System Enclosure or Chassis").said("Type"),
        vmsystem=guest or ("Physical" if system.fields else ""),
        memory=sum(one for one in sizes if one) or None,
    )


def _is_fitted(processor: DmiStructure) -> bool:
    """Whether a processor is in its socket: it is listed with the sockets that are empty."""
    return not processor.said("Status").casefold().startswith("unpopulated") and bool(
        processor.said("Version", "Family")
    )


def _processor(one: DmiStructure) -> dict[str, Any]:
    signature = dict(re.findall(r"(Family|Model|Stepping) (\d{1,6})", one.said("Signature")))
    return filled(
        name=one.said("Version", "Family"),
        manufacturer=one.said("Manufacturer"),
        core=_number(one.said("Core Count")),
        corecount=_number(one.said("Core Enabled")),
        thread=_number(one.said("Thread Count")),
        speed=_number(one.said("Current Speed", "Max Speed")),
        external_clock=_number(one.said("External Clock")),
        familyname=one.said("Family"),
        familynumber=signature.get("Family"),
        model=signature.get("Model"),
        stepping=_number(signature.get("Stepping", "")),
        id=one.said("ID"),
        serial=one.said("Serial Number"),
        description=one.said("Socket Designation"),
    )


def _is_memory(one: DmiStructure) -> bool:
    """Whether a memory device is main memory: the chip that holds the firmware is listed with them."""
    return one.said("Type").casefold() not in ("flash", "rom", "eeprom", "feprom", "eprom")


def _modules(found: dict[str, list[DmiStructure]]) -> list[dict[str, Any]]:
    """The slots, in a scan's form; empty ones without a capacity."""
    correction = _first(found, "Physical Memory Array").said("Error Correction Type")
    modules = []
    for number, one in enumerate(filter(_is_memory, found.get("Memory Device", ())), 1):
        size = _mebibytes(one.said("Size"))
        slot = filled(numslots=number, caption=one.said("Locator", "Bank Locator"), description=one.said("Form Factor"))
        if size:
            slot.update(
                filled(
                    type=one.said("Type"), capacity=size, speed=one.said("Speed").replace(" MHz", " MT/s"),
                    manufacturer=one.said("Manufacturer"), serialnumber=one.said("Serial Number"),
                    model=one.said("Part Number"), memorycorrection=correction,
                )
            )  # fmt: skip
        else:
            slot["type"] = "Empty slot"
        modules.append(slot)
    return modules


def _slot(one: DmiStructure) -> dict[str, Any]:
    usage = one.said("Current Usage").casefold()
    return filled(
        name=one.said("Designation"), description=one.said("Type"), designation=one.said("ID"),
        status="used" if usage == "in use" else "free" if usage == "available" else "",
    )  # fmt: skip


def _connector(one: DmiStructure) -> dict[str, Any]:
    return filled(
        name=one.said("External Reference Designator", "Internal Reference Designator"),
        caption=one.said("External Connector Type", "Internal Connector Type"),
        description=one.said("Internal Reference Designator"), type=one.said("Port Type"),
    )  # fmt: skip


def _supply(one: DmiStructure) -> dict[str, Any]:
    return filled(
        name=one.said("Name"), manufacturer=one.said("Manufacturer"), serialnumber=one.said("Serial Number"),
        partnum=one.said("Model Part Number"), power_max=_number(one.said("Max Power Capacity")),
        location=one.said("Location"), status=one.said("Status"),
        plugged=_flag(one.said("Plugged")), hotreplaceable=_flag(one.said("Hot Replaceable")),
    )  # fmt: skip


def _battery(one: DmiStructure) -> dict[str, Any]:
    return filled(
        name=one.said("Name"), manufacturer=one.said("Manufacturer"), chemistry=one.said("Chemistry"),
        serial=one.said("Serial Number", "SBDS Serial Number"), capacity=_number(one.said("Design Capacity")),
        voltage=_number(one.said("Design Voltage")),
        date=day(one.said("Manufacture Date", "SBDS Manufacture Date"), month_first=True),
    )  # fmt: skip


def _flag(word: str) -> bool | None:
    return {"yes": True, "no": False}.get(word.casefold())


def _number(text: str) -> int | None:
    match = _NUMBER.fullmatch(text)
    return int(match[1]) or None if match else None


def _mebibytes(text: str) -> int | None:
    match = _SIZE.fullmatch(text)
    return round(int(match[1]) * _MEBIBYTES[match[2]]) or None if match else None

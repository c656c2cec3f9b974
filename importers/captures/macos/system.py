"""The Mac itself: maker, model, serial number, firmware, whether it starts signed systems only."""

from __future__ import annotations

import re

from importers.captures.capture import Capture
from importers.captures.entries import text
from importers.captures.macos._answers import item, pairs, plists
from importers.captures.subject import Subject
from importers.discovery.collector import Content, Section, present

#: What Apple calls a Mac → the kind of chassis in the inventory format.
_CHASSIS = (
    ("macbook", "Laptop"), ("imac", "All in One"), ("mac mini", "Mini PC"), ("macmini", "Mini PC"),
    ("mac studio", "Mini PC"), ("mac pro", "Tower"), ("macpro", "Tower"), ("xserve", "Rack Mount Chassis"),
)  # fmt: skip
_OF_APPLE = re.compile(r"(iMac|Mac|MacBook|MacBookPro|MacBookAir|Macmini|MacPro|Xserve|VirtualMac)[A-Za-z]*\d")
#: What the startup security utility says in English; other languages word it otherwise, and then nothing is said.
_SECURE = {
    "full security": "enabled", "medium security": "enabled", "reduced security": "enabled",
    "permissive security": "disabled", "no security": "disabled",
}  # fmt: skip


def chassis(name: str, model: str) -> str:
    """The kind of chassis by what a Mac is called ("MacBook Pro") or its model ("MacBookPro18,3"); "" if unknown."""
    words = f"{name} {model}".lower()
    return next((kind for word, kind in _CHASSIS if word in words), "")


def _parse(capture: Capture) -> Content:
    told = item(capture, "hardware")
    platform = next(iter(plists(capture, "platform")), {})
    kernel = pairs(capture.content("sysctl"))
    model = text(told, "machine_model") or text(platform, "model") or kernel.get("hw.model", "")
    maker = text(platform, "manufacturer") or ("Apple Inc." if _OF_APPLE.match(model) else "")
    chip = text(told, "chip_type")
    bios = present(
        smanufacturer=maker,
        smodel=model,
        ssn=text(told, "serial_number") or text(platform, "IOPlatformSerialNumber"),
        skunumber=text(told, "model_number"),
        mmanufacturer=maker if text(platform, "board-id") else "",
        mmodel=text(platform, "board-id"),
        bmanufacturer=maker,
        bversion=text(told, "boot_rom_version"),
        secure_boot=_SECURE.get(text(item(capture, "startup-security"), "ibridge_secure_boot").lower()),
    )
    if not model and "ssn" not in bios:
        return {}
    name = text(told, "machine_name")
    hardware = present(
        uuid=(text(told, "platform_UUID") or text(platform, "IOPlatformUUID")).upper(),
        chassis_type=chassis(name, model),
    )
    own = present(family=name, firmware="iBoot" if chip.startswith("Apple") else "UEFI" if told else "")
    found: Content = {"bios": bios, "terrier": {"system": own}}
    if hardware:
        found["hardware"] = hardware
    return found


SUBJECT = Subject(
    "system", _parse, ("hardware", "platform", "sysctl", "startup-security"), (Section("bios"), Section("hardware"))
)

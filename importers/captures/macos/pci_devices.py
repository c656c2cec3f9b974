"""PCI devices, and what makes sound: most Macs have no PCI slot, and list none."""

from __future__ import annotations

from typing import Any

from importers.captures.capture import Capture
from importers.captures.entries import text
from importers.captures.macos._answers import Entry, device_id, items, with_inner
from importers.captures.subject import Subject
from importers.discovery.collector import Content, Section, present


def controller(entry: Entry) -> dict[str, Any] | None:
    """A device in the form of the inventory's ``controllers``; None for what is no device."""
    vendor, product = device_id(text(entry, "sppci_vendor-id")), device_id(text(entry, "sppci_device-id"))
    name = text(entry, "_name")
    if not name or not vendor:
        return None
    return present(
        name=name,
        caption=name,
        type=text(entry, "sppci_device_type").replace("sppci_", "").replace("_", " "),
        pcislot=text(entry, "sppci_slot_name"),
        vendorid=vendor,
        productid=product,
        rev=text(entry, "sppci_revision-id").replace("0x", ""),
        driver=text(entry, "sppci_driver_name"),
    )


def _parse(capture: Capture) -> Content:
    controllers = [one for one in map(controller, with_inner(items(capture, "pci"))) if one]
    sounds = [
        present(name=text(one, "_name"), manufacturer=text(one, "coreaudio_device_manufacturer"))
        for one in with_inner(items(capture, "audio"))
        if text(one, "coreaudio_device_transport") == "coreaudio_device_type_builtin"
    ]
    return present(controllers=controllers, sounds=sounds)


SUBJECT = Subject("PCI devices", _parse, ("pci", "audio"), (Section("controllers"), Section("sounds")))

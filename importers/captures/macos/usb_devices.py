"""USB devices, buses and hubs left out. macOS 26 has a list of another form."""

from __future__ import annotations

import re
from typing import Any

from importers.captures.capture import Capture
from importers.captures.entries import text
from importers.captures.macos._answers import Entry, device_id, items, with_inner
from importers.captures.subject import Subject
from importers.discovery.collector import Content, Section, present


def device(entry: Entry) -> dict[str, Any] | None:
    """A device in the form of the inventory's ``usbdevices``; None for a bus or a hub."""
    name = text(entry, "_name")
    vendor, product = text(entry, "vendor_id"), text(entry, "product_id")
    if not vendor:
        vendor, product = text(entry, "USBDeviceKeyVendorID"), text(entry, "USBDeviceKeyProductID")
    known = "0x05ac" if vendor.startswith("apple_vendor_id") else vendor
    if not name or not device_id(known) or not device_id(product) or re.search(r"\bhub\b", name, re.IGNORECASE):
        return None
    maker = re.search(r"\((.+)\)$", vendor)
    return present(
        name=name,
        caption=name,
        manufacturer=text(entry, "manufacturer")
        or text(entry, "USBDeviceKeyVendorName")
        or (maker[1].strip() if maker else ""),
        vendorid=device_id(known),
        productid=device_id(product),
        serial=text(entry, "serial_num") or text(entry, "USBDeviceKeySerialNumber"),
    )


def _parse(capture: Capture) -> Content:
    entries = [*items(capture, "usb"), *items(capture, "usb-host")]
    found = [one for one in map(device, with_inner(entries)) if one]
    return {"usbdevices": found} if found else {}


SUBJECT = Subject("USB devices", _parse, ("usb", "usb-host"), (Section("usbdevices"),))

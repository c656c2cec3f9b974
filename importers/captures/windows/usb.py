"""USB devices, hubs left out."""

from __future__ import annotations

import re
from typing import Any

from importers.captures.capture import Capture
from importers.captures.entries import text
from importers.captures.subject import Subject
from importers.captures.windows._rows import Row, rows
from importers.discovery.collector import Content, Section, present

_DEVICE = re.compile(r"USB\\VID_([0-9A-F]{4})&PID_([0-9A-F]{4})\\(.+)", re.IGNORECASE)
_CLASS = re.compile(r"USB\\Class_([0-9A-F]{2})(?:&SubClass_([0-9A-F]{2}))?", re.IGNORECASE)
_HUB = re.compile(r"USB\\(ROOT_HUB|Class_09)|HUB", re.IGNORECASE)


def _parse(capture: Capture) -> Content:
    found = [one for row in rows(capture, "devices") if (one := _device(row))]
    return {"usbdevices": found} if found else {}


def _device(one: Row) -> dict[str, Any]:
    """A device; the interfaces of one (``&MI_00``) are parts of it."""
    match = _DEVICE.fullmatch(text(one, "PNPDeviceID"))
    if match is None or _HUB.search(text(one, "Service")):
        return {}
    told = one.get("CompatibleID")
    compatible = " ".join(str(said) for said in told) if isinstance(told, list) else text(one, "CompatibleID")
    kind = _CLASS.search(compatible)
    if kind and kind[1] == "09":
        return {}
    # With an ampersand it is Windows' own number of the place where the device is plugged in.
    serial = "" if "&" in match[3] else match[3]
    return present(
        name=text(one, "Name"),
        caption=text(one, "Name"),
        manufacturer=_maker(one),
        vendorid=match[1].lower(),
        productid=match[2].lower(),
        serial=serial,
        subclass=_number(kind[2]) if kind and kind[2] else None,
        **{"class": _number(kind[1]) if kind else None},
    )


def _maker(one: Row) -> str:
    """The maker; Windows' own drivers say "(Standard USB Host Controller)" and the like, in its language."""
    name = text(one, "Manufacturer")
    return "" if name.startswith("(") else name


def _number(hexadecimal: str) -> str:
    return hexadecimal.lower().lstrip("0") or "0"


SUBJECT = Subject("USB devices", _parse, ("devices",), (Section("usbdevices"),))

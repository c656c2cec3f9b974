"""PCI devices, graphics and sound."""

from __future__ import annotations

import re
from typing import Any

from importers.captures.capture import Capture
from importers.captures.entries import text, whole
from importers.captures.subject import Subject
from importers.captures.windows._rows import Row, rows
from importers.discovery.collector import Content, Section, present

_DEVICE = re.compile(
    r"PCI\\VEN_([0-9A-F]{4})&DEV_([0-9A-F]{4})&SUBSYS_([0-9A-F]{8})&REV_([0-9A-F]{2})\\", re.IGNORECASE
)
_CODE = re.compile(r"&CC_([0-9A-F]{4})", re.IGNORECASE)
_MIB = 1 << 20


def _parse(capture: Capture) -> Content:
    controllers = [found for one in rows(capture, "devices") if (found := _device(one))]
    videos = [_video(one) for one in rows(capture, "video") if text(one, "Name")]
    sounds = [_sound(one) for one in rows(capture, "sound") if text(one, "Name")]
    return present(controllers=controllers, videos=videos, sounds=sounds)


def _device(one: Row) -> dict[str, Any]:
    match = _DEVICE.match(text(one, "PNPDeviceID"))
    if match is None:
        return {}
    told = one.get("HardwareID")
    hardware = " ".join(str(said) for said in told) if isinstance(told, list) else text(one, "HardwareID")
    code = _CODE.search(hardware)
    vendor, product, sub, revision = (part.lower() for part in match.groups())
    maker = text(one, "Manufacturer")
    return present(
        name=text(one, "Name"),
        caption=text(one, "Name"),
        manufacturer=maker if not maker.startswith("(") else None,
        type=text(one, "PNPClass"),
        pciclass=code[1].lower() if code else None,
        vendorid=vendor,
        productid=product,
        pcisubsystemid=f"{sub[4:]}:{sub[:4]}" if sub.strip("0") else None,
        rev=revision,
        driver=text(one, "Service"),
    )


def _video(one: Row) -> dict[str, Any]:
    memory = whole(one, "AdapterRAM") or 0
    width, height = whole(one, "CurrentHorizontalResolution"), whole(one, "CurrentVerticalResolution")
    return present(
        name=text(one, "Name"),
        chipset=text(one, "VideoProcessor"),
        memory=memory // _MIB or None,
        resolution=f"{width}x{height}" if width and height else None,
    )


def _sound(one: Row) -> dict[str, Any]:
    maker = text(one, "Manufacturer")
    return present(
        name=text(one, "Name"), caption=text(one, "Name"), manufacturer=maker if not maker.startswith("(") else None
    )


SUBJECT = Subject(
    "PCI devices",
    _parse,
    ("devices", "video", "sound"),
    (Section("controllers"), Section("videos"), Section("sounds")),
)

"""Displays: what each says of itself (EDID), and how it is connected."""

from __future__ import annotations

from typing import Any

from importers.captures.capture import Capture
from importers.captures.entries import text, whole
from importers.captures.subject import Subject
from importers.captures.windows._rows import Row, named, rows
from importers.discovery import edid
from importers.discovery.collector import Content, Section, present

#: WmiMonitorConnectionParams.VideoOutputTechnology (D3DKMDT_VIDEO_OUTPUT_TECHNOLOGY); a laptop's own panel has an
#: embedded port.
_PORTS = {
    0: "VGA", 4: "DVI", 5: "HDMI", 6: "LVDS", 8: "D-Jpn", 9: "SDI", 10: "DP", 11: "eDP", 12: "UDI", 13: "UDI",
    15: "Miracast", 0x80000000: "eDP",
}  # fmt: skip


def _parse(capture: Capture) -> Content:
    ports = {_instance(one): named(_PORTS, one, "VideoOutputTechnology")
             for one in rows(capture, "monitor-connections")}  # fmt: skip
    told = {_instance(one): one for one in rows(capture, "monitors")}
    blocks = {_instance(one): text(one, "Edid") for one in rows(capture, "edids")}
    # The registry keeps every display that was ever there; the class lists those that are connected.
    found = [
        _display(one, blocks.get(instance, ""), ports.get(instance, ""))
        for instance, one in told.items()
        if one.get("Active") is not False
    ]
    return {"monitors": found} if found else {}


def _instance(one: Row) -> str:
    return text(one, "InstanceName").upper().removesuffix("_0")


def _display(one: Row, encoded: str, port: str) -> dict[str, Any]:
    own = edid.encoded(encoded)
    maker = _letters(one, "ManufacturerName")
    year, week = whole(one, "YearOfManufacture"), whole(one, "WeekOfManufacture")
    made = f"{week}/{year}" if year and week and week <= 54 else str(year or "")
    serial = own.serial if own else _letters(one, "SerialNumberID")
    name = _letters(one, "UserFriendlyName") or (own.name if own else "")
    return present(
        name=name,
        caption=name,
        manufacturer=own.maker if own else edid.MAKERS.get(maker, maker),
        serial=serial if serial != "0" else None,
        description=made,
        port=port,
        base64=encoded if own else None,
    )


def _letters(one: Row, key: str) -> str:
    """A text that the class has as a list of the numbers of its characters, filled up with zeros."""
    found = one.get(key)
    if isinstance(found, str):
        return found.strip()
    numbers = found if isinstance(found, list) else []
    return "".join(chr(n) for n in numbers if isinstance(n, int) and 32 <= n < 0xD800).strip()


SUBJECT = Subject("displays", _parse, ("monitors", "monitor-connections", "edids"), (Section("monitors"),))

"""Displays and graphics adapters, as macOS knows them: makers by number, serial numbers as they were made."""

from __future__ import annotations

import re
from typing import Any

from importers.captures.capture import Capture
from importers.captures.entries import text
from importers.captures.macos._answers import Entry, in_bytes, items, objects
from importers.captures.subject import Subject
from importers.discovery import edid
from importers.discovery.collector import Content, Section, present

_PORTS = {"spdisplays_internal": "eDP-1", "spdisplays_hdmi": "HDMI", "spdisplays_displayport_dongletype_dp": "DP"}


def maker(number: str) -> str:
    """The maker whose three letters are packed into a number (EDID): Dell for "10ac" ("DEL"); the letters where nobody
    is known by them; "" for other words.
    """
    if not re.fullmatch(r"(0x)?[0-9a-fA-F]{1,4}", number):
        return ""
    packed = int(number, 16)
    letters = [packed >> 10 & 31, packed >> 5 & 31, packed & 31]
    if not all(1 <= one <= 26 for one in letters):
        return ""
    word = "".join(chr(64 + one) for one in letters)
    return edid.MAKERS.get(word, word)


def serial(number: str) -> str:
    """The serial number that is a number, as it is read of a display (EDID) elsewhere; "" where it stands for none."""
    found = int(number, 16) if re.fullmatch(r"(0x)?[0-9a-fA-F]{1,8}", number) else 0
    return f"{found:08X}" if found not in (0, 0x01010101, 0xFFFFFFFF) else ""


def display(entry: Entry) -> dict[str, Any] | None:
    """A display in the form of the inventory's ``monitors``. The panel of a Mac is a part of it and has no number."""
    name = text(entry, "_name")
    inner = text(entry, "spdisplays_connection_type") == "spdisplays_internal" or "built-in" in text(
        entry, "spdisplays_display_type"
    )
    year, week = text(entry, "_spdisplays_display-year"), text(entry, "_spdisplays_display-week")
    told = text(entry, "spdisplays_display-serial-number") or serial(text(entry, "_spdisplays_display-serial-number"))
    if not name:
        return None
    made = f"{week}/{year}" if week not in ("", "0") else year
    return present(
        name=name,
        caption=name,
        manufacturer=maker(text(entry, "_spdisplays_display-vendor-id")),
        serial="" if inner else told,
        description=made if year not in ("", "0") else "",
        port=_PORTS["spdisplays_internal"] if inner else _PORTS.get(text(entry, "spdisplays_connection_type")),
    )


def _parse(capture: Capture) -> Content:
    adapters = items(capture, "displays")
    monitors = [
        one for adapter in adapters for entry in objects(adapter, "spdisplays_ndrvs") if (one := display(entry))
    ]
    videos = [one for adapter in adapters if (one := _adapter(adapter))]
    return present(monitors=monitors, videos=videos)


def _adapter(entry: Entry) -> dict[str, Any] | None:
    name = text(entry, "sppci_model") or text(entry, "_name")
    memory = in_bytes(text(entry, "spdisplays_vram") or text(entry, "spdisplays_vram_shared"))
    shown = next(iter(objects(entry, "spdisplays_ndrvs")), {})
    resolution = re.match(r"(\d+) x (\d+)", text(shown, "_spdisplays_pixels"))
    return (
        present(
            name=name,
            chipset=name,
            memory=memory >> 20 if memory else None,
            resolution=f"{resolution[1]}x{resolution[2]}" if resolution else "",
        )
        if name
        else None
    )


SUBJECT = Subject("displays", _parse, ("displays",), (Section("monitors"), Section("videos")))

"""Displays that are plugged in, by what they say of themselves; the panel of a laptop too, named by its connector."""

from __future__ import annotations

import re
from binascii import b2a_base64

from importers.discovery import edid
from importers.discovery.collector import Collector, Content, Section, present
from importers.discovery.hardware_names import MakerNames
from importers.discovery.host import Probe

_DRM = "/sys/class/drm/"


def _collect(probe: Probe) -> Content:
    monitors = []
    names: MakerNames | None = None
    for name in probe.names(_DRM):
        match = re.fullmatch(r"card\d+-(.+)", name)
        data = probe.read_bytes(f"{_DRM}{name}/edid") if match else b""
        display = edid.parse(data)
        if match and display:
            maker = edid.MAKERS.get(display.maker_id, "")
            if not maker:
                names = names or MakerNames.of_displays(probe)
                maker = names.of_letters(display.maker_id)
            made = f"{display.week}/{display.year}" if display.week and display.year else str(display.year or "")
            monitors.append(
                present(
                    base64=b2a_base64(data, newline=False).decode("ascii"),
                    caption=display.name,
                    name=display.name,
                    description=made,
                    manufacturer=maker or display.maker_id,
                    serial=display.serial,
                    port=match[1],
                )
            )
    return {"monitors": monitors} if monitors else {}


COLLECTOR = Collector("displays", _collect, sections=(Section("monitors"),))

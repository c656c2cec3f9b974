"""Printers: queues, supplies, counted pages."""

from __future__ import annotations

from collections.abc import Mapping

from importers.inventory.section_source import SectionSource

SOURCES: Mapping[str, SectionSource] = {
    "printers": SectionSource(
        "printers",
        {
            "name": "name", "description": "description", "driver": "driver", "port": "port",
            "serial_number": "serial", "network": "network", "shared": "shared", "server": "servername",
            "share": "sharename", "resolution": "resolution", "print_processor": "printprocessor",
            "comment": "comment", "status": "status", "error": "errstatus",
        },
    ),
    "supplies": SectionSource(
        "consumables",
        {
            "type": "type", "colour": "color", "unit": "unit", "capacity": "max", "level": "value",
        },
    ),
    "cartridges": SectionSource(
        "cartridges",
        {
            "name": "name", "level": "value",
        },
    ),
    "page_counters": SectionSource(
        "pagecounters",
        {
            "total": "total", "black": "black", "colour": "color", "duplex": "duplex", "both_sides": "rectoverso",
            "scanned": "scanned", "printed": "printtotal", "printed_black": "printblack",
            "printed_colour": "printcolor", "copied": "copytotal", "copied_black": "copyblack",
            "copied_black_a3": "copyblack_a3", "copied_colour": "copycolor", "copied_colour_a3": "copycolor_a3",
            "faxed": "faxtotal",
        },
    ),
}  # fmt: skip
"""Section → where its rows come from."""

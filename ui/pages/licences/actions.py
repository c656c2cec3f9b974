"""What can be done with the licence position, before its page is built."""

from __future__ import annotations

from ui.actions import ActionEntry

ACTIONS = (
    ActionEntry(
        "licences.export",
        "Export compliance workbook…",
        "export",
        "Ctrl+Shift+L",
        ("Edit",),
        "licences that are counted",
    ),
    ActionEntry("licences.positions", "Licence positions", "licences"),
    ActionEntry("licences.exceptions", "Licence exceptions", "warning"),
    ActionEntry("licences.renewals", "Renewals calendar", "calendar"),
    ActionEntry("licences.today", "Judge rights today", "clock"),
)

"""What can be done with scans, before their page is built."""

from __future__ import annotations

from ui.actions import ActionEntry

_EDIT = ("Edit",)

ACTIONS = (
    ActionEntry("scan.start", "Scan this computer", "scan", "Ctrl+R", _EDIT),
    ActionEntry("scan.save", "Save the inventory…", "save", "Ctrl+S", _EDIT, "a scan that is done"),
    ActionEntry(
        "scan.apply", "Put the scan into the register", "", "Ctrl+Shift+Return", _EDIT, "a scan that is done", True
    ),
    ActionEntry("scan.files", "Import inventory files…", "open", "", _EDIT),
    ActionEntry("scan.folder", "Import inventories of a folder…", "folder", "", _EDIT),
)

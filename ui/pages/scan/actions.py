"""The actions of the Scan page, known before the page is built."""

from __future__ import annotations

from cmdb.model.messages import Message
from ui.actions import ActionEntry

_EDIT = ("edit",)

ACTIONS = (
    ActionEntry("scan.start", Message("Scan this computer"), "scan", "Ctrl+R", _EDIT),
    ActionEntry("scan.save", Message("Save the inventory…"), "save", "Ctrl+S", _EDIT, Message("a scan that is done")),
    ActionEntry(
        "scan.next",
        Message("Put the scan into the register"),
        "",
        "Ctrl+Return",
        _EDIT,
        Message("a scan that is done"),
        True,
    ),
    ActionEntry("scan.files", Message("Import inventory files…"), "open", "", _EDIT),
    ActionEntry("scan.stick", Message("Prepare a stick…"), "download", "", ()),
    ActionEntry("scan.folder", Message("Import inventories from a folder or stick…"), "folder", "", _EDIT),
)

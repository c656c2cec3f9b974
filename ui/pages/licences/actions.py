"""The actions of the Licences page, before it is built."""

from __future__ import annotations

from cmdb.model.messages import Message
from ui.actions import ActionEntry

ACTIONS = (
    ActionEntry(
        "licences.export",
        Message("Export compliance workbook…"),
        "export",
        "Ctrl+Shift+L",
        ("edit",),
        Message("licences that are counted"),
    ),
    ActionEntry("licences.list", Message("Export this list…"), "export", "", ("edit",)),
    ActionEntry("licences.positions", Message("Licence positions"), "licences"),
    ActionEntry("licences.exceptions", Message("Licence exceptions"), "warning"),
    ActionEntry("licences.names", Message("Names of installed software"), "software"),
    ActionEntry("licences.recognise", Message("Recognise a name…"), "edit", "", ("edit",)),
    ActionEntry("licences.renewals", Message("Renewals calendar"), "calendar"),
    ActionEntry("licences.today", Message("Judge rights today"), "clock"),
)

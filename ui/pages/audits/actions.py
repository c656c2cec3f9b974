"""The actions of the Audits page, known before the page is built.

While an audit runs its keys are function keys alone, because a scanner types letters, digits and Enter. The page
answers them itself: the window and other pages have some of them for something else.
"""

from __future__ import annotations

from cmdb.model.messages import Message
from ui.actions import ActionEntry

_EDIT = ("edit",)
_RUNNING, _SCANNED = Message("an audit that runs"), Message("a scan of an audit that runs")
_OPEN, _FINISHED = Message("an audit that is shown"), Message("an audit that is finished")

ACTIONS = (
    ActionEntry(
        "audits.new", Message("New audit…"), "audits", "", _EDIT, edits=True,
        hint=Message("look for what should be in a place"),
    ),
    ActionEntry(
        "audits.stack", Message("Scan a stack…"), "barcode", "", _EDIT,
        hint=Message("hand over, take back or move all that is scanned"),
    ),
    ActionEntry("audits.list", Message("All audits"), "list", "", _EDIT, _OPEN),
    ActionEntry("audits.move", Message("Move it here"), "move", "", _EDIT, _SCANNED, edits=True, separator=True),
    ActionEntry("audits.seen", Message("Only seen here"), "eye", "", _EDIT, _SCANNED, edits=True),
    ActionEntry("audits.other", Message("Another place…"), "pin", "", _EDIT, _SCANNED, edits=True),
    ActionEntry("audits.good", Message("It is good"), "good", "", _EDIT, _SCANNED, edits=True),
    ActionEntry("audits.worn", Message("It is worn"), "heart", "", _EDIT, _SCANNED, edits=True),
    ActionEntry("audits.damaged", Message("It is damaged"), "warning", "", _EDIT, _SCANNED, edits=True),
    ActionEntry("audits.photo", Message("Photo of it…"), "camera", "", _EDIT, _SCANNED, edits=True),
    ActionEntry("audits.note", Message("Note on the scan…"), "note", "", _EDIT, _SCANNED, edits=True),
    ActionEntry("audits.withdraw", Message("Take the last scan back"), "undo", "", _EDIT, _SCANNED, edits=True),
    ActionEntry(
        "audits.place", Message("Choose the room…"), "room", "", _EDIT, _RUNNING, edits=True, separator=True,
        hint=Message("where the next scans are made"),
    ),
    ActionEntry(
        "audits.close_room", Message("Close the room…"), "check", "", _EDIT,
        Message("a room that is being looked through"), edits=True, hint=Message("what was not found there is missing"),
    ),
    ActionEntry("audits.codes", Message("Import codes…"), "import", "", _EDIT, _RUNNING, edits=True),
    ActionEntry("audits.finish", Message("Finish the audit…"), "check", "", _EDIT, _RUNNING, edits=True),
    ActionEntry("audits.accept", Message("Accept the audit"), "good", "", _EDIT, _FINISHED, edits=True),
    ActionEntry("audits.drop", Message("Drop the audit…"), "trash", "", _EDIT, _OPEN, edits=True),
    ActionEntry("audits.report", Message("Report of the audit…"), "reports", "", _EDIT, _OPEN, separator=True),
    ActionEntry("audits.sound", Message("Sound at each scan"), "sound", "", _EDIT),
)  # fmt: skip

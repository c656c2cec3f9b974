"""The actions of the History page, before it is built."""

from __future__ import annotations

from cmdb.model.messages import Message
from ui.actions import ActionEntry

_REVISION = Message("a chosen revision")
_CHANGE = Message("a chosen change of a revision that is not undone")
_CONTEXT = ("context",)

RECORD = Message("Undo this record's part…")
VALUE = Message("Undo this value…")

ACTIONS = (
    ActionEntry("history.undo", Message("Undo this revision…"), "undo", "", ("edit", "context"), _REVISION, edits=True),
    ActionEntry("history.undo_record", RECORD, "", "", ("edit",), _CHANGE, edits=True),
    ActionEntry("history.undo_value", VALUE, "", "", ("edit",), _CHANGE, edits=True),
    ActionEntry(
        "history.before", Message("Show the estate before this"), "clock", "", _CONTEXT, _REVISION, separator=True
    ),
    ActionEntry("history.after", Message("Show the estate after this"), "", "", _CONTEXT, _REVISION),
    ActionEntry("history.records", Message("Show its items in Assets"), "assets", "", _CONTEXT, _REVISION),
    ActionEntry("history.compare", Message("Compare what was before this with now"), "split", "", _CONTEXT, _REVISION),
    ActionEntry(
        "history.name", Message("Name this moment…"), "flag", "", _CONTEXT, _REVISION, edits=True, separator=True
    ),
    ActionEntry("history.export", Message("Export this list…"), "export", "", ("edit", "more"), separator=True),
    ActionEntry("history.sources", Message("Sources, and forgetting one…"), "import", "", ("more",)),
    ActionEntry("history.baselines", Message("Baselines…"), "flag", "", ("more",)),
    ActionEntry("history.retention", Message("How long history is kept…"), "settings", "", ("more",)),
)

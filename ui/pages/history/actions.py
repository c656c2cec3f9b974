"""What can be done with the history, before its page is built."""

from __future__ import annotations

from ui.actions import ActionEntry

_REVISION = "a chosen revision"
_CONTEXT = ("context",)

ACTIONS = (
    ActionEntry("history.undo", "Undo this revision…", "undo", "", ("Edit", "context"), _REVISION, edits=True),
    ActionEntry("history.before", "Show the estate before this", "clock", "", _CONTEXT, _REVISION, separator=True),
    ActionEntry("history.after", "Show the estate after this", "", "", _CONTEXT, _REVISION),
    ActionEntry("history.compare", "Compare what was before this with now", "split", "", _CONTEXT, _REVISION),
    ActionEntry("history.name", "Name this moment…", "flag", "", _CONTEXT, _REVISION, edits=True, separator=True),
    ActionEntry("history.baselines", "Baselines…", "flag", "", ("more",)),
    ActionEntry("history.retention", "How long history is kept…", "settings", "", ("more",)),
)

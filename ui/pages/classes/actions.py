"""The actions of the Classes page, before it is built."""

from __future__ import annotations

from cmdb.model.messages import Message
from ui.actions import ActionEntry

_CHOSEN = Message("a class that is chosen on the page Classes")
_ROW = Message("a line that is chosen on the page Classes")

ACTIONS = (
    ActionEntry(
        "classes.new_class", Message("New class below this one…"), "plus", "", ("context",), _CHOSEN, edits=True
    ),
    ActionEntry("classes.rename", Message("Rename this class…"), "edit", "", ("context",), _CHOSEN, edits=True),
    ActionEntry("classes.retire", Message("Retire this class…"), "eye-off", "", ("context",), _CHOSEN, edits=True),
    ActionEntry("classes.new", Message("Add to this list…"), "plus", "Ctrl+N", ("edit",), _CHOSEN, edits=True),
    ActionEntry("classes.edit", Message("Change this line…"), "edit", "Ctrl+E", ("edit",), _ROW, edits=True),
    ActionEntry(
        "classes.sources",
        Message("Sources for this line…"),
        "sort",
        "Ctrl+Shift+R",
        ("edit",),
        _ROW,
        edits=True,
        hint=Message("which source counts for an attribute or a section where they differ"),
    ),
    ActionEntry(
        "classes.class_sources",
        Message("Sources for this class…"),
        "sort",
        "",
        ("context",),
        _CHOSEN,
        edits=True,
        hint=Message("which source counts for all attributes of a class where they differ"),
    ),
    ActionEntry("classes.hide", Message("Retire this line…"), "eye-off", "", ("edit",), _ROW, edits=True),
)

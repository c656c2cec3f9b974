"""The actions of the Map page, before it is built."""

from __future__ import annotations

from cmdb.model.messages import Message
from ui.actions import ActionEntry

_CHOSEN, _SHOWN, _CONTEXT = (
    Message("an item that is selected on the map"),
    Message("something that is shown on the map"),
    ("context",),
)

SAVING = (ActionEntry("map.save", Message("Save this view…"), "save", "", _CONTEXT, _SHOWN, separator=True),)
EXPORTING = (
    ActionEntry("map.svg", Message("Export as SVG…"), "export", needs=_SHOWN),
    ActionEntry("map.png", Message("Export as PNG…"), "export", needs=_SHOWN),
    ActionEntry("map.pdf", Message("Export as PDF…"), "export", needs=_SHOWN),
    ActionEntry("map.csv", Message("Export the list as CSV…"), "export", needs=_SHOWN),
)
LOOKING = (
    ActionEntry(
        "map.fail",
        Message("Fail this"),
        "power",
        "Ctrl+Shift+X",
        _CONTEXT,
        _CHOSEN,
        hint=Message("Let the selected item fail"),
    ),
    ActionEntry(
        "map.impact",
        Message("What fails with it?"),
        "warning",
        "Ctrl+I",
        _CONTEXT,
        _CHOSEN,
        hint=Message("Let it fail alone, and show what it takes down"),
    ),
    ActionEntry(
        "map.expand",
        Message("Show more around it"),
        "plus",
        "",
        _CONTEXT,
        _CHOSEN,
        False,
        Message("Show more neighbours (Enter)"),
        True,
    ),
    ActionEntry("map.collapse", Message("Hide what is behind it"), "minus", "", _CONTEXT, _CHOSEN),
    ActionEntry(
        "map.hide",
        Message("Hide this class"),
        "minus",
        "",
        _CONTEXT,
        _CHOSEN,
        hint=Message("Leave the items of the same class out of the drawing"),
    ),
    ActionEntry(
        "map.unhide", Message("Show all classes"), "plus", "", _CONTEXT, Message("a class that is hidden on the map")
    ),
    ActionEntry("map.start", Message("Start from here"), "focus", "", _CONTEXT, _CHOSEN),
    ActionEntry(
        "map.focus",
        Message("Focus"),
        "camera-focus",
        "",
        _CONTEXT,
        _CHOSEN,
        hint=Message("Put the selected item into the middle (F)"),
    ),
    ActionEntry("map.connect", Message("Connect to…"), "link", "Ctrl+L", _CONTEXT, _CHOSEN, edits=True, separator=True),
    ActionEntry("map.task", Message("Make a task…"), "check", "", _CONTEXT, _CHOSEN, edits=True),
    ActionEntry("map.open", Message("Open in Assets"), "open", "", _CONTEXT, _CHOSEN),
    ActionEntry(
        "map.clear", Message("Nothing fails"), "good", "", _CONTEXT, Message("something that fails"), separator=True
    ),
    ActionEntry(
        "map.find",
        Message("Find in the drawing…"),
        "search",
        "Ctrl+Shift+F",
        _CONTEXT,
        _SHOWN,
        hint=Message("Find a box by its name or class"),
    ),
    ActionEntry("map.fit", Message("Fit"), "fit", "", _CONTEXT, _SHOWN, hint=Message("Show the whole drawing (0)")),
    ActionEntry("map.larger", Message("Larger"), "zoom-in", needs=_SHOWN, hint=Message("Larger (+)")),
    ActionEntry("map.smaller", Message("Smaller"), "zoom-out", needs=_SHOWN, hint=Message("Smaller (-)")),
    ActionEntry(
        "map.back", Message("Back on the map"), "arrow-left", "Ctrl+[", needs=Message("a question asked before")
    ),
    ActionEntry(
        "map.forward",
        Message("Forward on the map"),
        "arrow-right",
        "Ctrl+]",
        needs=Message("a question to come back to"),
    ),
)
LEGEND = (ActionEntry("map.legend", Message("Legend"), "info", "", _CONTEXT, _SHOWN),)
ACTIONS = (*LOOKING, *SAVING, *EXPORTING, *LEGEND)

"""What can be done on the map, before its page is built."""

from __future__ import annotations

from ui.actions import ActionEntry

_CHOSEN, _SHOWN, _CONTEXT = "an item that is selected on the map", "something that is shown on the map", ("context",)

SAVING = (ActionEntry("map.save", "Save this view…", "save", "", _CONTEXT, _SHOWN, separator=True),)
EXPORTING = (
    ActionEntry("map.svg", "Export as SVG…", "export", needs=_SHOWN),
    ActionEntry("map.png", "Export as PNG…", "export", needs=_SHOWN),
    ActionEntry("map.pdf", "Export as PDF…", "export", needs=_SHOWN),
    ActionEntry("map.csv", "Export the list as CSV…", "export", needs=_SHOWN),
)
LOOKING = (
    ActionEntry("map.fail", "Fail this", "power", "Ctrl+Shift+X", _CONTEXT, _CHOSEN, hint="Let the selected item fail"),
    ActionEntry(
        "map.expand", "Show more around it", "plus", "", _CONTEXT, _CHOSEN, False, "Show more neighbours (Enter)", True
    ),
    ActionEntry("map.collapse", "Hide what is behind it", "minus", "", _CONTEXT, _CHOSEN),
    ActionEntry("map.start", "Start from here", "focus", "", _CONTEXT, _CHOSEN),
    ActionEntry(
        "map.focus", "Focus", "camera-focus", "", _CONTEXT, _CHOSEN, hint="Put the selected item into the middle (F)"
    ),
    ActionEntry("map.connect", "Connect to…", "link", "Ctrl+L", _CONTEXT, _CHOSEN, edits=True, separator=True),
    ActionEntry("map.open", "Open in Assets", "open", "", _CONTEXT, _CHOSEN),
    ActionEntry("map.clear", "Nothing fails", "good", "", _CONTEXT, "something that fails", separator=True),
    ActionEntry("map.fit", "Fit", "fit", "", _CONTEXT, _SHOWN, hint="Show the whole drawing (0)"),
    ActionEntry("map.larger", "Larger", "zoom-in", needs=_SHOWN, hint="Larger (+)"),
    ActionEntry("map.smaller", "Smaller", "zoom-out", needs=_SHOWN, hint="Smaller (-)"),
    ActionEntry("map.back", "Back on the map", "arrow-left", "Ctrl+[", needs="a question asked before"),
    ActionEntry("map.forward", "Forward on the map", "arrow-right", "Ctrl+]", needs="a question to come back to"),
)
LEGEND = (ActionEntry("map.legend", "Legend", "info", "", _CONTEXT, _SHOWN),)
ACTIONS = (*LOOKING, *SAVING, *EXPORTING, *LEGEND)

"""The actions of the Import page, known before the page is built."""

from __future__ import annotations

from cmdb.model.messages import Message
from ui.actions import ActionEntry

_EDIT = ("edit",)
_PROBLEMS = Message("problems in Check")

ACTIONS = (
    ActionEntry("import.open", Message("Import files…"), "open", "Ctrl+Shift+O", _EDIT),
    ActionEntry("import.folder", Message("Import a folder…"), "open", "", _EDIT),
    ActionEntry("import.paste", Message("Import a copied table"), "paste", "Ctrl+V", _EDIT),
    ActionEntry(
        "import.next",
        Message("Next step of the import"),
        "arrow-right",
        "Ctrl+Return",
        _EDIT,
        Message("a step that is done"),
    ),
    ActionEntry(
        "import.back",
        Message("Step before"),
        "arrow-left",
        "Ctrl+Backspace",
        _EDIT,
        Message("an import that is under way"),
    ),
    ActionEntry("import.next_problem", Message("Next problem"), "chevron-down", "F8", _EDIT, _PROBLEMS),
    ActionEntry("import.previous_problem", Message("Problem before"), "chevron-up", "Shift+F8", _EDIT, _PROBLEMS),
    ActionEntry(
        "import.rejects", Message("Export rejected rows…"), "export", "", _EDIT, Message("an import that rejected rows")
    ),
    ActionEntry(
        "import.mark", Message("Save a marked copy…"), "sheet", "", _EDIT, Message("a workbook that is checked")
    ),
    ActionEntry("import.sources", Message("What was imported: sources, and forgetting one…"), "history", "", _EDIT),
    ActionEntry(
        "import.restart", Message("Start the import over"), "new", "", _EDIT, Message("files that were opened")
    ),
)

"""What can be done with files that are taken in, before their page is built."""

from __future__ import annotations

from ui.actions import ActionEntry

_EDIT = ("Edit",)

ACTIONS = (
    ActionEntry("import.open", "Import files…", "open", "Ctrl+Shift+O", _EDIT),
    ActionEntry("import.paste", "Import a copied table", "paste", "Ctrl+V", _EDIT),
    ActionEntry("import.next", "Next step of the import", "arrow-right", "Ctrl+Return", _EDIT, "a step that is done"),
    ActionEntry("import.back", "Step before", "arrow-left", "Ctrl+Backspace", _EDIT, "an import that is under way"),
    ActionEntry("import.rejects", "Export rejected rows…", "export", "", _EDIT, "an import that rejected rows"),
    ActionEntry("import.restart", "Start the import over", "new", "", _EDIT, "files that were opened"),
)

"""Classes: the estate's own schema, made and changed in the window, each change shown before it is applied."""

from __future__ import annotations

from cmdb.model.messages import Message
from ui.page import Page, PageEntry
from ui.pages.classes.actions import ACTIONS


def _load() -> type[Page]:
    from ui.pages.classes.page import ClassesPage

    return ClassesPage


PAGE = PageEntry(
    "classes",
    Message("Classes and attributes"),
    "list",
    "answer",
    80,
    _load,
    hint=Message("What the register knows: classes, attributes, statuses, relationship types, sections"),
    actions=ACTIONS,
    listed=False,
    in_menu=True,
)

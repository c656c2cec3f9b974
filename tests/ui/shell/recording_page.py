"""Pages that write down what happens to them, and what the tests of the window ask of it."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from cmdb.model.applied_revision import AppliedRevision
from cmdb.model.messages import Message
from cmdb.model.revision import Edit, Revision, ci
from ui.context import Context
from ui.page import Page, PageEntry
from ui.shell.window import Window
from ui.widgets.dialog import Dialog


class RecordingPage(Page):
    """A page that writes down what happens to it."""

    heard: list[Any]

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.heard = []
        QPushButton("Sheets", self)

    def opened(self, **params: Any) -> None:
        self.heard.append(("opened", params))

    def changed(self, applied: AppliedRevision) -> None:
        self.heard.append(("changed", applied.number))

    def reload(self) -> None:
        self.heard.append(("reload",))

    def state(self) -> dict[str, Any]:
        return {"seen": len(self.heard)}


def entry(name: str, badge: Any = None) -> PageEntry:
    return PageEntry(name, Message(name.capitalize()), "box", "estate", 1, lambda: RecordingPage, badge)


def texts(widget: Any) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel))


def dialog(app: QApplication) -> Dialog:
    (found,) = (w for w in app.topLevelWidgets() if isinstance(w, Dialog) and w.isVisible())
    return found


def probe(window: Window, name: str) -> RecordingPage:
    page = window.stack.page(name)
    assert isinstance(page, RecordingPage)
    return page


def rename(context: Context, old: str, new: str) -> None:
    with context.workspace.store.read() as reader:
        one = reader.find(old)
    context.edit(lambda reader: Revision([Edit(ci(one.uid), "name", old, new)], "anna"), said=f"Renamed to {new}")

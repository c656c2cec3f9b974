"""Collects every text that widgets hold for a person or a screen reader."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QAbstractTableModel, QModelIndex, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QGraphicsView,
    QGroupBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QProgressBar,
    QTabBar,
    QTableView,
    QTreeView,
    QWidget,
)

#: How many rows of a table are looked at.
ROWS = 25
_TAGS = re.compile(r"<[^<>]*>")
_ROLES = {
    "text": Qt.ItemDataRole.DisplayRole,
    "tip": Qt.ItemDataRole.ToolTipRole,
    "accessible text": Qt.ItemDataRole.AccessibleTextRole,
    "accessible description": Qt.ItemDataRole.AccessibleDescriptionRole,
}


Held = list[tuple[QWidget, list[tuple[str, str]]]]
"""Widgets, each with its texts by kind, as they are."""


def held_in(root: QWidget) -> Held:
    """The texts of a widget, all that is in it, and its menus."""
    return [(one, list(held_by(one))) for one in [root, *root.findChildren(QWidget)]]


def texts_of(root: QWidget, held: Held | None = None) -> Iterator[tuple[str, str]]:
    """Where a text stands, and the text: of a widget, all that is in it, and its menus.

    ``held`` is what is in it, if that is known.
    """
    for widget, texts in held_in(root) if held is None else held:
        place = _place(widget)
        for kind, text in texts:
            if text:
                yield f"{place}: {kind}", _TAGS.sub(" ", text)


def held_by(widget: QWidget) -> Iterator[tuple[str, str]]:
    """The texts of one widget by kind, as they are."""
    yield "title", widget.windowTitle()
    yield "tip", widget.toolTip()
    yield "help", widget.whatsThis()
    yield "accessible name", widget.accessibleName()
    yield "accessible description", widget.accessibleDescription()
    for action in widget.actions():
        yield from _of_action(action)
    match widget:
        case QLabel() | QAbstractButton():
            yield "text", widget.text()
        case QLineEdit():
            yield "text", widget.text()
            yield "placeholder", widget.placeholderText()
        case QPlainTextEdit():
            yield "text", widget.toPlainText()
            yield "placeholder", widget.placeholderText()
        case QComboBox():
            for place in range(widget.count()):
                yield "choice", widget.itemText(place)
        case QTabBar():
            for place in range(widget.count()):
                yield "tab", widget.tabText(place)
                yield "tab's tip", widget.tabToolTip(place)
        case QGroupBox() | QMenu():
            yield "title", widget.title()
        case QProgressBar():
            yield "text", widget.text() if widget.isTextVisible() else ""
        case QGraphicsView():
            yield from _of_scene(widget)
        case QAbstractItemView() if widget.model() is not None and not isinstance(widget, QHeaderView):
            yield from _of_model(widget.model(), headed=isinstance(widget, QTableView | QTreeView))


def _of_action(action: QAction) -> Iterator[tuple[str, str]]:
    yield "action", action.text()
    yield "action's tip", action.toolTip()
    yield "action's keys", action.shortcut().toString(action.shortcut().SequenceFormat.NativeText)


def _of_scene(view: QGraphicsView) -> Iterator[tuple[str, str]]:
    for item in view.scene().items() if view.scene() is not None else ():
        yield "item's tip", item.toolTip()
        words = getattr(item, "toPlainText", getattr(item, "text", None))
        if callable(words):
            yield "item", str(words())


def _of_model(model: QAbstractItemModel, *, headed: bool) -> Iterator[tuple[str, str]]:
    if headed:
        for column in range(model.columnCount()):
            for kind, role in _ROLES.items():
                yield f"header's {kind}", _text(model.headerData(column, Qt.Orientation.Horizontal, role))
    yield from _of_rows(model, QModelIndex())


def _of_rows(model: QAbstractItemModel, parent: QModelIndex) -> Iterator[tuple[str, str]]:
    for row in range(min(model.rowCount(parent), ROWS)):
        for column in range(1 if isinstance(model, QAbstractListModel) else model.columnCount(parent)):
            index = model.index(row, column, parent)
            for kind, role in _ROLES.items():
                yield f"cell's {kind}", _text(index.data(role))
        first = model.index(row, 0, parent)
        if not isinstance(model, QAbstractTableModel | QAbstractListModel) and model.rowCount(first):
            yield from _of_rows(model, first)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _place(widget: QWidget) -> str:
    """The classes around a widget, its own last, but for Qt's nameless ones."""
    found: list[str] = []
    at: Any = widget
    while at is not None and len(found) < 4:
        name = type(at).__name__
        if (
            name not in ("QWidget", "QStackedWidget", "ShownStack", "QScrollArea", "QSplitter", "PageStack")
            or not found
        ):
            found.append(name)
        at = at.parent()
    return " / ".join(reversed(found))

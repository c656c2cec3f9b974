"""What the window tells a screen reader: finds interactive elements without a name, and cells that say nothing."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QAbstractListModel, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QComboBox,
    QHeaderView,
    QLabel,
    QListWidget,
    QScrollArea,
    QScrollBar,
    QStackedWidget,
    QTableView,
    QTreeWidget,
    QWidget,
)

Role = QAccessible.Role

#: Roles that a person acts on.
ACTING = frozenset(
    {
        Role.Button, Role.ButtonDropDown, Role.ButtonMenu, Role.CheckBox, Role.RadioButton, Role.ComboBox,
        Role.EditableText, Role.SpinBox, Role.Slider, Role.ScrollBar, Role.Splitter, Role.Link, Role.PageTab,
        Role.List, Role.Tree, Role.Table, Role.Dialog, Role.ProgressBar, Role.Grip,
    }
)  # fmt: skip

#: Roles that say nothing of what a focused widget is.
VAGUE = frozenset({Role.NoRole, Role.Client, Role.Window, Role.Pane})

#: How many rows and columns of a table are asked for their cells.
CELLS = 6
Name = QAccessible.Text.Name


def nameless(root: QWidget) -> set[str]:
    """The interactive elements in a widget, shown or not, that have no name or no role; and cells that say nothing."""
    found = set()
    for widget in [root, *root.findChildren(QWidget)]:
        if (known := QAccessible.queryAccessibleInterface(widget)) is None or inner(widget):
            continue
        role = known.role()
        named = known.text(Name).strip() or labelled(known)
        if isinstance(widget, QAbstractButton) and not widget.isVisible() and not widget.text():
            continue  # not filled yet
        if role in ACTING and not named:
            found.add(f"{place(widget)}: a {role.name} without a name")
        elif takes_keys(widget) and not isinstance(widget, QAbstractItemView):
            if not named:
                found.add(f"{place(widget)}: takes the focus and has no name")
            if role in VAGUE and not isinstance(widget, QScrollArea):
                found.add(f"{place(widget)}: takes the focus and has no role ({role.name})")
        if isinstance(widget, QAbstractItemView) and not isinstance(widget, QHeaderView):
            found |= {f"{place(widget)}: {one}" for one in silent_cells(widget)}
    return found


def takes_keys(widget: QWidget) -> bool:
    """Whether the Tab key stops at a widget."""
    policy = widget.focusPolicy()
    return bool(policy.value & Qt.FocusPolicy.TabFocus.value)


def inner(widget: QWidget) -> bool:
    """Whether a widget is a part of another one that stands for it, or a part that its owner never shows."""
    at = widget.parentWidget()
    if at is None:
        return False
    if isinstance(widget, QScrollBar):
        return not scrolls(widget)
    if isinstance(at, QTableView) and isinstance(widget, QAbstractButton):  # the corner between two headers
        return at.verticalHeader().isHidden()
    if isinstance(at, QAbstractScrollArea) and at.viewport() is widget:
        return True
    return isinstance(widget, QHeaderView | QStackedWidget) or any(
        isinstance(one, QComboBox | QAbstractSpinBox) for one in owners(widget)
    )


def scrolls(bar: QScrollBar) -> bool:
    """Whether a scroll bar is one that can be shown."""
    area = next((one for one in owners(bar) if isinstance(one, QAbstractScrollArea)), None)
    if area is None:
        return True
    if any(isinstance(one, QComboBox) for one in owners(area)):
        return False
    upright = bar.orientation() == Qt.Orientation.Vertical
    policy = area.verticalScrollBarPolicy() if upright else area.horizontalScrollBarPolicy()
    return policy != Qt.ScrollBarPolicy.ScrollBarAlwaysOff and not isinstance(area, QHeaderView)


def owners(widget: QWidget) -> Iterator[QWidget]:
    """What a widget is in, from the inside out."""
    at = widget.parentWidget()
    while at is not None:
        yield at
        at = at.parentWidget()


def labelled(known: QAccessibleInterface) -> bool:
    """Whether a label with words stands for the element."""
    return any(other.text(Name).strip() for other, _ in known.relations(QAccessible.RelationFlag.Label))


def silent_cells(view: QAbstractItemView) -> Iterator[str]:
    """Cells that show something and tell nothing."""
    model = view.model()
    if model is None:
        return
    for row in range(min(model.rowCount(view.rootIndex()), CELLS)):
        columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount(view.rootIndex())
        for column in range(columns):
            index = model.index(row, column, view.rootIndex())
            words = index.data(Qt.ItemDataRole.DisplayRole)
            spoken = index.data(Qt.ItemDataRole.AccessibleTextRole)
            if isinstance(view, QListWidget | QTreeWidget):  # Qt tells their words
                spoken = spoken or words
            if (words or index.data(Qt.ItemDataRole.DecorationRole)) and not spoken:
                yield f"the cell {row}, {column} says nothing"


def place(widget: QWidget) -> str:
    """The classes around a widget, its own last."""
    found: list[str] = []
    at: QWidget | None = widget
    while at is not None and len(found) < 5:
        if type(at).__name__ not in ("QWidget", "QStackedWidget", "ShownStack", "QSplitter", "PageStack") or not found:
            found.append(type(at).__name__)
        at = at.parentWidget()
    label = widget.text()[:30] if isinstance(widget, QLabel) else ""
    return " / ".join(reversed(found)) + (f" ({label})" if label else "")

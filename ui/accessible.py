"""What screen readers are told of widgets that Qt knows nothing about: their roles, and the names of scroll bars."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAbstractScrollArea, QAccessibleWidget, QTableWidget, QTableWidgetItem, QWidget

from cmdb.model.messages import tr


class HasRole:
    """A widget that says its role itself: Qt gives its own classes one, and everything else none."""

    accessible_role: QAccessible.Role


def told_role(name: str, found: QObject) -> QAccessibleInterface | None:
    """The interface of a widget that says its role; None for all others, which Qt knows."""
    if isinstance(found, QWidget) and isinstance(found, HasRole):
        return QAccessibleWidget(found, found.accessible_role, "")
    return None


def tell_roles() -> None:
    """Has screen readers told the roles of the window's own widgets; once in a process."""
    QAccessible.installFactory(told_role)


def name_area(area: QAbstractScrollArea, name: str) -> None:
    """Names a list, tree, table or long text, and its scroll bars."""
    area.setAccessibleName(name)
    name_scroll_bars(area)


def tell_cells(table: QTableWidget) -> None:
    """Has screen readers told the words of a table's cells, also when they are edited."""

    def tell(item: QTableWidgetItem) -> None:
        if item.data(Qt.ItemDataRole.AccessibleTextRole) != item.text():
            item.setData(Qt.ItemDataRole.AccessibleTextRole, item.text())

    table.itemChanged.connect(tell)


def name_scroll_bars(area: QAbstractScrollArea) -> None:
    """Names the scroll bars of an area."""
    bars = {
        tr("Scroll up and down"): (area.verticalScrollBar(), area.verticalScrollBarPolicy()),
        tr("Scroll sideways"): (area.horizontalScrollBar(), area.horizontalScrollBarPolicy()),
    }
    for name, (bar, policy) in bars.items():
        if policy != Qt.ScrollBarPolicy.ScrollBarAlwaysOff:
            bar.setAccessibleName(name)

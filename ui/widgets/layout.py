"""Rows and columns of widgets with the window's spacing (steps of 4 px)."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from ui.accessible import name_scroll_bars

#: In a row or column: a stretch that takes the free space.
STRETCH = None
Item = QWidget | QLayout | int | None
L = TypeVar("L", bound=QBoxLayout)


def _fill(layout: L, items: tuple[Item, ...], spacing: int, margins: tuple[int, int, int, int]) -> L:
    layout.setSpacing(spacing)
    layout.setContentsMargins(*margins)
    for item in items:
        if item is None:
            layout.addStretch(1)
        elif isinstance(item, int):
            layout.addSpacing(item)
        elif isinstance(item, QLayout):
            layout.addLayout(item)
        else:
            layout.addWidget(item)
    return layout


def row(*items: Item, spacing: int = 8, margins: tuple[int, int, int, int] = (0, 0, 0, 0)) -> QHBoxLayout:
    """Items side by side, centred on one line: widgets, layouts, a number (pixels of space) or STRETCH."""
    layout = _fill(QHBoxLayout(), items, spacing, margins)
    for item in items:
        if isinstance(item, QWidget) and item.sizePolicy().verticalPolicy() in (
            QSizePolicy.Policy.Fixed,
            QSizePolicy.Policy.Maximum,
        ):
            layout.setAlignment(item, Qt.AlignmentFlag.AlignVCenter)
    return layout


def column(*items: Item, spacing: int = 8, margins: tuple[int, int, int, int] = (0, 0, 0, 0)) -> QVBoxLayout:
    """Items below each other: widgets, layouts, a number (pixels of space) or STRETCH."""
    return _fill(QVBoxLayout(), items, spacing, margins)


def clear(layout: QLayout) -> None:
    """Takes everything out of a layout and deletes it."""
    while (item := layout.takeAt(0)) is not None:
        if (inner := item.layout()) is not None:
            clear(inner)
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()


def box(layout: QLayout, role: str = "") -> QWidget:
    """A plain widget around a layout; ``role`` as in the style sheet ("ground", "surface")."""
    widget = QWidget()
    if role:
        widget.setProperty("role", role)
        widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    widget.setLayout(layout)
    return widget


class _ScrolledArea(QScrollArea):
    def showEvent(self, event: QShowEvent) -> None:
        """Asks the content again for its size: while it was shown the style may have changed that unheard."""
        super().showEvent(event)
        QCoreApplication.postEvent(self, QEvent(QEvent.Type.LayoutRequest))


def scrolled(content: QWidget, name: str = "") -> QScrollArea:
    """A frameless area that scrolls ``content`` up and down; sideways only where it cannot be as narrow as the area.

    With a ``name`` the Tab key stops at it, so that it is scrolled by keys: for a content that has nothing to stop at.
    """
    area = _ScrolledArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    name_scroll_bars(area)
    area.setAccessibleName(name)
    area.setFocusPolicy(Qt.FocusPolicy.StrongFocus if name else Qt.FocusPolicy.NoFocus)
    area.viewport().setAutoFillBackground(False)
    area.setWidget(content)
    content.setAutoFillBackground(False)
    return area


def scroll_other(area: QScrollArea, layout: QLayout) -> None:
    """Shows other content in a ``scrolled`` area."""
    old = area.takeWidget()
    content = box(layout)
    area.setWidget(content)
    content.setAutoFillBackground(False)
    if old is not None:
        old.deleteLater()

"""Finds what does not fit: words that are cut without a mark, widgets over each other, controls outside their place."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMainWindow,
    QPushButton,
    QRadioButton,
    QRubberBand,
    QScrollArea,
    QScrollBar,
    QSizeGrip,
    QStyle,
    QStyleOptionButton,
    QStyleOptionComboBox,
    QTableView,
    QToolButton,
    QWidget,
)

from tests.ui.accessible_tree import place
from ui.widgets.buttons import PushButton
from ui.widgets.choice_box import ChoiceBox
from ui.widgets.frozen_column import FrozenColumn
from ui.widgets.labels import ElidedText, Heading
from ui.widgets.notice import Toast
from ui.widgets.side_sheet import SideSheet
from ui.widgets.value_choices import ValueRadio, ValueTick

#: What lies over other widgets on purpose.
OVER = (Toast, SideSheet, FrozenColumn, QSizeGrip, QRubberBand)
MARK = "…"
#: Pixels that a font's hinting may add.
SLACK = 2
#: The least of an elided text that says anything, in pixels.
LEAST_SHOWN = 24


def unfit(root: QWidget) -> set[str]:
    """What does not fit in a widget that is shown, and in all that is in it."""
    found = set()
    for widget in shown_in(root):
        for fault in (cut(widget), outside(widget)):
            if fault:
                found.add(f"{place(widget)}: {fault}")
        for one, other in overlapping(widget):
            found.add(f"{place(one)} and {type(other).__name__} {words(other)} lie over each other")
    return found


def shown_in(root: QWidget) -> Iterator[QWidget]:
    """A widget and all that is shown in it; what a field or a scroll bar consists of is theirs."""
    if not root.isVisible() or root.width() == 0 or root.height() == 0:
        return
    yield root
    if isinstance(root, QComboBox | QAbstractSpinBox | QScrollBar | QLineEdit | QHeaderView):
        return
    for child in root.children():
        if isinstance(child, QWidget) and not child.isWindow():
            yield from shown_in(child)


def words(widget: QWidget) -> str:
    """What a widget is called in a fault."""
    text = widget.text() if isinstance(widget, QLabel | QAbstractButton) else ""
    return repr((text or widget.accessibleName())[:32])


def cut(widget: QWidget) -> str:
    """How a widget's words are cut without a mark; "" where they are not."""
    match widget:
        case ElidedText() | Heading() if not widget.wordWrap():
            room, need = widget.contentsRect().width(), widget.fontMetrics().horizontalAdvance(widget.text())
            return f"{words(widget)} has {room} px" if room < min(need, LEAST_SHOWN) else ""
        case QLabel():
            return cut_label(widget)
        case QPushButton() | QCheckBox() | QRadioButton() | QToolButton():
            return cut_button(widget)
        case ChoiceBox():
            return ""
        case QComboBox():
            option = QStyleOptionComboBox()
            widget.initStyleOption(option)
            field = widget.style().subControlRect(
                QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, widget
            )
            return too_wide(widget.currentText(), widget.fontMetrics(), field.width(), "choice")
        case QTableView():
            return cut_columns(widget)
    return ""


def too_wide(text: str, metrics: QFontMetrics, room: int, kind: str) -> str:
    """The fault of a text that needs more than its room."""
    need = max((metrics.horizontalAdvance(line) for line in text.splitlines()), default=0)
    return f"{kind} {text[:32]!r} needs {need} px, has {room}" if need > room + SLACK else ""


def cut_label(label: QLabel) -> str:
    """The fault of a label."""
    text, room = label.text(), label.contentsRect()
    if not text or MARK in text[-2:]:
        return ""
    metrics = label.fontMetrics()
    if label.hasHeightForWidth():
        need = label.heightForWidth(label.width())
        breaks = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft)
        widest = metrics.boundingRect(QRect(0, 0, 1, 100_000), breaks, text).width() if label.wordWrap() else 0
        if need > label.height() + SLACK:
            return f"{text[:32]!r} needs {need} px of height, has {label.height()}"
        return f"a word of {text[:32]!r} needs {widest} px, has {room.width()}" if widest > room.width() + SLACK else ""
    if metrics.height() > room.height() + 2 * SLACK:
        return f"{text[:32]!r} is {metrics.height()} px high, has {room.height()}"
    return too_wide(text, metrics, room.width(), "text")


def cut_button(button: QAbstractButton) -> str:
    """The fault of a button."""
    text = button.text()
    if not text.strip() or MARK in text[-2:] or isinstance(button, QToolButton):
        return ""
    option = QStyleOptionButton()
    if isinstance(button, QPushButton | QCheckBox | QRadioButton):
        button.initStyleOption(option)
    part = {
        QCheckBox: QStyle.SubElement.SE_CheckBoxContents,
        QRadioButton: QStyle.SubElement.SE_RadioButtonContents,
    }.get(next((kind for kind in (QCheckBox, QRadioButton) if isinstance(button, kind)), QPushButton),
          QStyle.SubElement.SE_PushButtonContents)  # fmt: skip
    room = button.style().subElementRect(part, option, button)
    font = QFont(button.font())
    if button.isChecked() and button.property("kind") in ("nav", "tab"):
        font.setWeight(QFont.Weight.DemiBold)
    beside = button.iconSize().width() + 4 if not button.icon().isNull() else 0
    metrics = QFontMetrics(font)
    if metrics.height() > button.height() + SLACK:
        return f"{text[:32]!r} is {metrics.height()} px high, has {button.height()}"
    if isinstance(button, PushButton | ValueRadio | ValueTick):  # cuts its text with a mark
        return f"{text[:32]!r} has {room.width()} px" if room.width() - beside < LEAST_SHOWN and too_wide(
            text.strip(), metrics, room.width() - beside, "") else ""  # fmt: skip
    # A tab's own frame is 2 px at each side; a bold word there may use it.
    return too_wide(text.strip(), metrics, room.width() - beside + 2, "button")


def cut_columns(table: QTableView) -> str:
    """The fault of a table's columns: none is narrower than its header's first letters."""
    header = table.horizontalHeader()
    if header.isHidden() or isinstance(table, FrozenColumn):
        return ""
    narrow = [
        str(table.model().headerData(column, Qt.Orientation.Horizontal) or column)
        for column in range(header.count())
        if not header.isSectionHidden(column) and 0 < header.sectionSize(column) < header.minimumSectionSize()
    ]
    return f"columns {narrow} are under their floor" if narrow else ""


def outside(widget: QWidget) -> str:
    """How a widget leaves the widget that it is in; "" where it does not."""
    around = widget.parentWidget()
    if around is None or widget.isWindow() or isinstance(around, (QMainWindow, *OVER)) or isinstance(widget, OVER):
        return ""
    area = around.parentWidget()
    room = around.rect().adjusted(-SLACK, -SLACK, SLACK, SLACK)
    at = widget.geometry()
    if isinstance(area, QScrollArea) and area.viewport() is around:
        off = area.horizontalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        return f"is {at.width()} px wide in {around.width()}" if off and at.width() > room.width() else ""
    if isinstance(area, QAbstractScrollArea) and area.viewport() is around:
        return ""
    if isinstance(around, QAbstractScrollArea | QTableView):
        return ""
    if at.width() <= 1 or at.height() <= 1 or room.contains(at):
        return ""
    return f"{words(widget)} at {at.getRect()} leaves {around.width()} x {around.height()}"


def overlapping(parent: QWidget) -> Iterator[tuple[QWidget, QWidget]]:
    """The neighbours in a widget that lie over each other."""
    if isinstance(parent, QAbstractScrollArea):
        return
    placed = [
        (one, one.geometry())
        for one in parent.children()
        if isinstance(one, QWidget) and not one.isWindow() and one.isVisible() and not isinstance(one, OVER)
    ]
    for (one, first), (other, then) in combinations(placed, 2):
        common = first.intersected(then)
        if common.width() > SLACK and common.height() > SLACK:
            yield one, other


def cut_painting(painter: QPainter, args: tuple[Any, ...]) -> str:
    """The fault of a text that is painted into a rectangle: it needs more than that, and is not marked as cut."""
    match args:
        case [QRect() | QRectF() as rect, int() | Qt.AlignmentFlag() | Qt.TextFlag() as flags, str(text), *_]:
            pass
        case [int(x), int(y), int(width), int(height), int() | Qt.AlignmentFlag() as flags, str(text), *_]:
            rect = QRect(x, y, width, height)
        case _:
            return ""
    if not text or MARK in text[-2:]:
        return ""
    room, metrics = QRectF(rect).toAlignedRect(), painter.fontMetrics()
    wraps = int(flags) & int(Qt.TextFlag.TextWordWrap)
    if wraps:
        need = metrics.boundingRect(QRect(0, 0, room.width(), 10_000), int(flags), text)
        return f"painted {text[:32]!r} needs {need.height()} px of height, has {room.height()}" if (
            need.height() > room.height() + SLACK) else ""  # fmt: skip
    return too_wide(text, metrics, room.width(), "painted")

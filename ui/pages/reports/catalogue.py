"""The list of reports: grouped, each with its title and what it answers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate
from PySide6.QtWidgets import QStyleOptionViewItem as Option

from app.reports import Report
from cmdb.model.characters import marked
from cmdb.model.messages import tr
from ui.accessible import name_area
from ui.plain_texts import plain_tip
from ui.text_size import px
from ui.theme import Theme
from ui.widgets.spoken_cells import SPOKEN, spoken

Index = QModelIndex | QPersistentModelIndex
ROW, HEADING = 66, 34


class ReportList(QListView):
    """All reports; ``chosen`` fires with a report's name when the cursor comes to it."""

    chosen = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        name_area(self, tr("Reports"))
        self._model = _Model(self)
        self.setModel(self._model)
        self.setItemDelegate(_Delegate(theme, self))
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.selectionModel().currentChanged.connect(self._moved)
        theme.changed.connect(self.viewport().update)

    @property
    def names(self) -> list[str]:
        """The reports' names in the order shown."""
        return [one.name for one in self._model.rows if isinstance(one, Report)]

    def show_reports(self, reports: Iterable[Report]) -> None:
        """Shows reports under their groups."""
        self._model.show_reports(reports)

    def choose(self, name: str) -> None:
        """Puts the cursor on a report."""
        for place, one in enumerate(self._model.rows):
            if isinstance(one, Report) and one.name == name:
                self.setCurrentIndex(self._model.index(place, 0))

    def _moved(self, index: QModelIndex) -> None:
        one = self._model.rows[index.row()] if index.isValid() else ""
        if isinstance(one, Report):
            self.chosen.emit(one.name)


class _Model(QAbstractListModel):
    """Groups as text, reports as themselves."""

    def __init__(self, parent: ReportList) -> None:
        super().__init__(parent)
        self.rows: list[Report | str] = []

    def show_reports(self, reports: Iterable[Report]) -> None:
        self.beginResetModel()
        self.rows = []
        group = ""
        for one in reports:
            if str(one.group) != group:
                group = str(one.group)
                self.rows.append(group)
            self.rows.append(one)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 -- Qt's signature
        return 0 if parent.isValid() else len(self.rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        heading = isinstance(self.rows[index.row()], str)
        return Qt.ItemFlag.NoItemFlags if heading else Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if role in SPOKEN:
            return spoken(index, role)
        one = self.rows[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return one
        if role == Qt.ItemDataRole.DisplayRole:
            return one if isinstance(one, str) else str(one.title)
        if role == Qt.ItemDataRole.ToolTipRole and isinstance(one, Report):
            return plain_tip(str(one.description))
        return None


class _Delegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, parent: ReportList) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: Option, index: Index) -> QSize:
        return QSize(120, px(HEADING if isinstance(index.data(Qt.ItemDataRole.UserRole), str) else ROW))

    def paint(self, painter: QPainter, option: Option, index: Index) -> None:
        one = index.data(Qt.ItemDataRole.UserRole)
        painter.save()
        if isinstance(one, str):
            self._heading(painter, option.rect, one)
        else:
            self.initStyleOption(option, index)
            option.text = ""
            option.widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
            self._report(painter, option.rect.adjusted(16, 7, -12, -7), one)
        painter.restore()

    def _heading(self, painter: QPainter, rect: QRect, text: str) -> None:
        font = self._theme.font(11, QFont.Weight.DemiBold)
        font.setCapitalization(QFont.Capitalization.AllUppercase)
        font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 0.4)
        painter.setFont(font)
        painter.setPen(self._theme.color("faint"))
        side = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom
        painter.drawText(rect.adjusted(16, 0, -12, -5), int(side), text)

    def _report(self, painter: QPainter, rect: QRect, one: Report) -> None:
        """The title, and the description in two lines at most."""
        title, text = self._theme.font(13, QFont.Weight.Medium), self._theme.font(12)
        first, second = _two_lines(str(one.description), QFontMetrics(text), rect.width())
        lines = ((str(one.title), title, "text"), (first, text, "muted"), (second, text, "muted"))
        for number, (words, font, token) in enumerate(lines):
            painter.setFont(font)
            painter.setPen(self._theme.color(token))
            shown = QFontMetrics(font).elidedText(marked(words), Qt.TextElideMode.ElideRight, rect.width())
            place = QRect(rect.x(), rect.y() + number * px(17), rect.width(), px(18))
            painter.drawText(place, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), shown)


def _two_lines(text: str, metrics: QFontMetrics, room: int) -> tuple[str, str]:
    """A text in two lines: as many words in the first as fit, the rest in the second."""
    words = text.split()
    taken = len(words)
    while taken > 1 and metrics.horizontalAdvance(" ".join(words[:taken])) > room:
        taken -= 1
    return " ".join(words[:taken]), " ".join(words[taken:])

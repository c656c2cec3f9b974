"""Twelve months side by side, each with what is due in it; painted from tokens, a click chooses a month."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy

from app.licences.renewals import Renewal, by_month
from cmdb.model.characters import marked
from cmdb.model.formats import month_name, number
from cmdb.model.messages import tr, trn
from ui.text_size import px
from ui.theme import Theme
from ui.widgets.charts import Bar, Chart

COLUMNS = 6
#: Entries that a month has room for.
SHOWN = 3
_HEIGHT = 104
_GAP = 8


class YearChart(Chart):
    """The months from today's on. ``clicked`` fires with a month's key ("2026-11")."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, tr("Renewals by month"))
        self._months: dict[str, list[Renewal]] = {}
        self.chosen = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_renewals(self, found: Sequence[Renewal], today: date) -> None:
        """Shows what is due, by the month of the day that matters."""
        self._months = by_month(found, today)
        bars = []
        for month, due in self._months.items():
            lines = [f"{one.act_by[8:]}  {one.name}" for one in due[:20]]
            first = trn("{month}: {count} renewal", "{month}: {count} renewals", len(due), month=_name(month))
            hint = "\n".join((first, *lines))
            bars.append(Bar(_name(month), len(due), number(len(due)), hint=hint, key=month if due else None))
        self.show_bars(tuple(bars))

    def sizeHint(self) -> QSize:
        """Two rows of six months."""
        return QSize(720, 2 * px(_HEIGHT) + _GAP)

    def area(self, index: int) -> QRectF:
        """A month's cell."""
        width = (self.width() - _GAP * (COLUMNS - 1)) / COLUMNS
        return QRectF(index % COLUMNS * (width + _GAP), index // COLUMNS * (px(_HEIGHT) + _GAP), width, px(_HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The months with their first entries."""
        painter = self._painter()
        for index, (month, due) in enumerate(self._months.items()):
            self._month(painter, index, month, due)
        painter.end()

    def _month(self, painter: QPainter, index: int, month: str, due: Sequence[Renewal]) -> None:
        theme, cell = self.theme, self.area(index).adjusted(0.5, 0.5, -0.5, -0.5)
        chosen, under = month == self.chosen, index == self._under and bool(due)
        line = "accent" if chosen or (under and self.hasFocus()) else "faint" if under else "line"
        painter.setPen(QPen(theme.color(line), 1))
        painter.setBrush(theme.color("accent_ground") if chosen else theme.color("surface"))
        painter.drawRoundedRect(cell, 6, 6)
        inside = cell.adjusted(10, 7, -10, -6)
        bold, plain = theme.font(12, QFont.Weight.DemiBold), theme.font(12)
        painter.setFont(bold)
        painter.setPen(theme.color("text" if due else "faint"))
        top = QRectF(inside.x(), inside.y(), inside.width(), px(18))
        painter.drawText(top, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, _name(month))
        painter.setPen(theme.color("muted" if due else "faint"))
        painter.drawText(top, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, number(len(due)))
        painter.setFont(plain)
        metrics = QFontMetrics(plain)
        room = SHOWN if len(due) <= SHOWN else SHOWN - 1
        for place, one in enumerate(due[:room]):
            y = inside.y() + px(24) + place * px(20)
            painter.setPen(theme.tone(one.tone)[0] if one.tone else theme.color("muted"))
            day = QRectF(inside.x(), y, px(20), px(18))
            painter.drawText(day, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, str(int(one.act_by[8:])))
            name = QRectF(inside.x() + px(22), y, inside.width() - px(22), px(18))
            painter.setPen(theme.color("text"))
            shown = metrics.elidedText(marked(one.name), Qt.TextElideMode.ElideRight, int(name.width()))
            painter.drawText(name, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
        if len(due) > room:
            rest = QRectF(inside.x() + px(22), inside.y() + px(24) + room * px(20), inside.width() - px(22), px(18))
            painter.setPen(theme.color("muted"))
            more = trn("and {count} more", "and {count} more", len(due) - room)
            shown = metrics.elidedText(marked(more), Qt.TextElideMode.ElideRight, int(rest.width()))
            painter.drawText(rest, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)


def _name(month: str) -> str:
    """A month's short name, with its year in January."""
    first = date.fromisoformat(f"{month}-01")
    return month_name(first, year=first.month == 1)

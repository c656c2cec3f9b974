"""The lines of the list of what is expected: rooms that open and close, their items, and how many more were found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.audits.shown_audit import WORDS, AuditShown, ExpectedRow, RoomShown, Verdict, tone
from cmdb.model.characters import marked
from cmdb.model.messages import tr, trn
from ui.plain_texts import plain_tip
from ui.text_size import px
from ui.theme import Theme
from ui.widgets.pill import paint_pill

Index = QModelIndex | QPersistentModelIndex
LINE = int(Qt.ItemDataRole.UserRole)


@dataclass(frozen=True, slots=True)
class Line:
    """A line: a room, an item in it, or with neither item the number of those found there."""

    room: str
    head: RoomShown | None = None
    row: ExpectedRow | None = None
    found: int = 0
    opened: bool = False
    note: str = ""

    @property
    def text(self) -> str:
        """All that it says, for screen readers and for finding it by typing."""
        if self.head is not None:
            return ", ".join(filter(None, (self.head.name, self.note, self.figure)))
        if self.row is None:
            return trn("{count} found", "{count} found", self.found)
        return ", ".join(filter(None, (self.row.name, self.row.about, str(WORDS[self.row.shown_verdict]))))

    @property
    def figure(self) -> str:
        """How much of a room was checked."""
        if self.head is None:
            return ""
        return tr("{checked} of {expected}", checked=self.head.checked, expected=self.head.expected)


class ExpectedLines(QAbstractListModel):
    """The lines as they are opened and filtered now. They are worked out anew at each change: it is cheap."""

    emptied = Signal()
    """Other lines are shown: perhaps none."""

    def __init__(self) -> None:
        super().__init__()
        self._audit: AuditShown | None = None
        self._lines: list[Line] = []
        self._closed: set[str] = set()
        self._opened: set[str] = set()
        self._found: set[str] = set()
        """The rooms whose found items are listed."""
        self._words = ""
        self.verdict: Verdict | None = None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 -- Qt's signature
        """The number of lines."""
        return 0 if parent.isValid() else len(self._lines)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """A line's text, and the line."""
        line = self._lines[index.row()]
        if role == LINE:
            return line
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return marked(line.text)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(line.text)
        return None

    def line(self, place: int) -> Line:
        """The line at a place."""
        return self._lines[place]

    def place_of(self, key: str) -> int:
        """Where an item stands; -1 where it is not shown."""
        return next((n for n, one in enumerate(self._lines) if one.row is not None and one.row.key == key), -1)

    def show_audit(self, audit: AuditShown) -> None:
        """Shows another state of the audit."""
        self._audit = audit
        self._compose()

    def search(self, words: str) -> None:
        """Shows what has these words."""
        self._words = words.casefold().strip()
        self._compose()
        self.emptied.emit()

    def filter_by(self, verdict: Verdict | None) -> None:
        """Shows what turned out so; None: all."""
        self.verdict = verdict
        self._compose()

    def toggle(self, place: int) -> None:
        """Opens or closes a room, or the list of what was found there."""
        line = self._lines[place]
        if line.head is not None:
            (self._closed if line.opened else self._opened).add(line.room)
            (self._opened if line.opened else self._closed).discard(line.room)
        elif line.row is None:
            self._found ^= {line.room}
        else:
            return
        self._compose()

    def _compose(self) -> None:
        lines = list(self._made()) if self._audit is not None and not self._audit.blind else []
        if len(lines) == len(self._lines):
            changed = [place for place, (old, new) in enumerate(zip(self._lines, lines, strict=True)) if old != new]
            self._lines = lines
            if changed:
                self.dataChanged.emit(self.index(changed[0], 0), self.index(changed[-1], 0))
            return
        self.beginResetModel()
        self._lines = lines
        self.endResetModel()

    def _made(self) -> Iterator[Line]:
        assert self._audit is not None
        filtered = bool(self._words) or self.verdict is not None
        for room in self._rooms(self._audit):
            rows: Sequence[ExpectedRow] = self._audit.in_rooms.get(room.uid, ())
            if filtered:
                rows = [one for one in rows if self._is_wanted(one)]
                if not rows:
                    continue
            opened = filtered or self._is_open(self._audit, room)
            yield Line(room.uid, head=room, opened=opened, note=self._note(self._audit, room))
            if opened:
                yield from self._items(room, rows, filtered=filtered)

    def _items(self, room: RoomShown, rows: Sequence[ExpectedRow], *, filtered: bool) -> Iterator[Line]:
        """What is odd first, what was found last: only its number, unless it is asked for."""
        found = [one for one in rows if one.shown_verdict is Verdict.FOUND]
        if filtered:
            yield from (Line(room.uid, row=one) for one in rows)
            return
        yield from (Line(room.uid, row=one) for one in rows[: len(rows) - len(found)])
        if found:
            opened = room.uid in self._found
            yield Line(room.uid, found=len(found), opened=opened)
            if opened:
                yield from (Line(room.uid, row=one) for one in found)

    def _rooms(self, audit: AuditShown) -> list[RoomShown]:
        """The current room first."""
        return sorted(audit.rooms, key=lambda one: one.uid != audit.place)

    def _is_open(self, audit: AuditShown, room: RoomShown) -> bool:
        if room.uid in self._closed:
            return False
        return (
            room.uid in self._opened
            or room.uid == audit.place
            or bool(room.closed and room.odd)
            or len(audit.rooms) == 1
        )

    @staticmethod
    def _note(audit: AuditShown, room: RoomShown) -> str:
        if room.closed:
            return tr("closed {time}", time=room.closed)
        if room.uid == audit.place and audit.running:
            return tr("current room")
        return tr("in progress") if room.begun else tr("not started")

    def _is_wanted(self, one: ExpectedRow) -> bool:
        if self.verdict is Verdict.DAMAGED and not one.damaged:
            return False
        if self.verdict not in (None, Verdict.DAMAGED) and one.verdict is not self.verdict:
            return False
        return not self._words or all(word in f"{one.name} {one.about}".casefold() for word in self._words.split())


class LineDelegate(QStyledItemDelegate):
    """Paints a line: icon, name, what it is, and its pill at the right; of a room an arrow and its numbers."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """One line."""
        return QSize(px(200), px(27))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The ground, then what the line says."""
        self.initStyleOption(option, index)
        option.text = ""
        option.widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        line = index.data(LINE)
        rect = option.rect.adjusted(px(12), 0, -px(12), 0)
        painter.save()
        if line.head is not None:
            self._paint_room(painter, rect, option.rect, line)
        elif line.row is not None:
            self._paint_item(painter, rect, line.row)
        else:
            self._paint_found(painter, rect, line)
        painter.restore()

    def _paint_room(self, painter: QPainter, rect: QRect, whole: QRect, line: Line) -> None:
        assert line.head is not None
        painter.setPen(self._theme.color("line"))
        painter.drawLine(whole.topLeft(), whole.topRight())
        self._arrow(painter, rect, opened=line.opened)
        left = rect.left() + px(20)
        right = self._text(painter, rect, line.figure, "muted", right=True)
        left = self._text(
            painter, QRect(left, rect.top(), right - left - px(8), rect.height()), line.head.name, bold=True
        )
        room = QRect(left + px(6), rect.top(), max(right - left - px(14), 0), rect.height())
        self._text(painter, room, line.note, "muted")

    def _paint_item(self, painter: QPainter, rect: QRect, one: ExpectedRow) -> None:
        verdict = one.shown_verdict
        word = str(WORDS[verdict])
        font = self._theme.font(12, QFont.Weight.DemiBold)
        painter.setFont(font)
        width = painter.fontMetrics().horizontalAdvance(word) + px(18)
        pill = QRect(rect.right() - width, rect.top(), width, rect.height())
        paint_pill(painter, self._theme, pill, word, tone(verdict))
        side, left = px(16), rect.left() + px(20)
        if one.icon:
            ratio = painter.device().devicePixelRatioF()
            pixmap = self._theme.pixmap(one.icon, "muted", side, ratio)
            painter.drawPixmap(left, rect.top() + (rect.height() - side) // 2, pixmap)
        left += side + px(8)
        name = QRect(left, rect.top(), max(pill.left() - left - px(8), 0), rect.height())
        left = self._text(painter, name, one.name)
        about = QRect(left + px(8), rect.top(), max(pill.left() - left - px(16), 0), rect.height())
        self._text(painter, about, one.about, "muted", size=12)

    def _paint_found(self, painter: QPainter, rect: QRect, line: Line) -> None:
        inner = rect.adjusted(px(20), 0, 0, 0)
        self._arrow(painter, inner, opened=line.opened)
        self._text(painter, inner.adjusted(px(20), 0, 0, 0), line.text, "muted")

    def _arrow(self, painter: QPainter, rect: QRect, *, opened: bool) -> None:
        side = px(14)
        ratio = painter.device().devicePixelRatioF()
        pixmap = self._theme.pixmap("chevron-down" if opened else "chevron-right", "muted", side, ratio)
        painter.drawPixmap(rect.left(), rect.top() + (rect.height() - side) // 2, pixmap)

    def _text(
        self, painter: QPainter, rect: QRect, text: str, token: str = "text", *, bold: bool = False,
        right: bool = False, size: int = 13,
    ) -> int:  # fmt: skip
        """Draws a text, cut with a mark where it has no room; where it ends, at the right where it begins."""
        painter.setFont(self._theme.font(size, QFont.Weight.DemiBold if bold else QFont.Weight.Normal))
        painter.setPen(self._theme.color(token))
        metrics = painter.fontMetrics()
        if rect.width() < px(24):
            return rect.left()
        shown = metrics.elidedText(marked(text), Qt.TextElideMode.ElideRight, rect.width())
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(rect, int(side | Qt.AlignmentFlag.AlignVCenter), shown)
        width = metrics.horizontalAdvance(shown)
        return rect.right() - width if right else rect.left() + width

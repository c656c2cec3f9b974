"""The palette: one field that finds actions, pages and configuration items, and runs or opens the chosen one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsDropShadowEffect,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from cmdb.model.characters import marked
from cmdb.model.messages import tr
from ui.accessible import name_area
from ui.text_size import px
from ui.theme import Theme

_WORD = re.compile(r"\w+")
_PLURAL = re.compile(r"(?<=\w\w)(?:(ies)|(ch|sh|ss|x)es|(?<![sui])s)\b")
"""The ending of a word in the plural, in English."""
#: Entries of one group that are shown.
LIMIT = 8
_ENTRY = int(Qt.ItemDataRole.UserRole)
_HEADING = _ENTRY + 1


@dataclass(frozen=True)
class PaletteEntry:
    """One line of the palette. ``note`` is shown muted after the title, ``keys`` at the right."""

    group: str
    title: str
    run: Callable[[], object]
    icon: str = ""
    note: str = ""
    keys: str = ""
    words: str = ""
    """Further words that find it."""
    sure: bool = False
    """It comes from a search of its own, so it is listed whatever its words."""


def score(text: str, title: str, words: str = "") -> int:
    """How well a title matches a text: 0 not at all; the higher the better. Every word must be found.

    A title that begins with the text comes first, then one where words begin with its words, then one that has them in
    the singular or the plural; then what further words find so, then any occurrence, then letters in order ("imps"
    finds "Import spreadsheet").
    """
    query, folded = text.casefold().strip(), title.casefold()
    if not query:
        return 1
    if folded.startswith(query):
        return 100
    parts, single = query.split(), _singular(query).split()
    for said, points in ((folded, 90), (f"{folded} {words.casefold()}", 75)):
        if _begin(_words(said), parts):
            return points
        if _begin(_words(_singular(said)), single):
            return points - 5
    if all(part in folded or part in words.casefold() for part in parts):
        return 50
    letters = iter(folded)
    if len(query) > 2 and folded[:1] == query[0] and all(letter in letters for letter in query if letter != " "):
        return 20
    return 0


def _begin(words: Iterable[str], parts: Iterable[str]) -> bool:
    """Whether words begin with each of the parts."""
    return all(any(word.startswith(part) for word in words) for part in parts)


@lru_cache(maxsize=4096)
def _words(said: str) -> frozenset[str]:
    """The words of a text, also those that punctuation is around."""
    return frozenset((*said.split(), *_WORD.findall(said)))


@lru_cache(maxsize=4096)
def _singular(said: str) -> str:
    """A text with its words in the singular: "warranty", "switch", "laptop"."""
    return _PLURAL.sub(lambda ending: "y" if ending[1] else ending[2] or "", said)


def rank(text: str, offers: Iterable[PaletteEntry], limit: int = LIMIT) -> list[PaletteEntry]:
    """The entries that match a text, the best first within each group; at most ``limit`` of a group.

    The group with the best match comes first; of groups that match equally well, the one that was given first.
    """
    groups: dict[str, list[tuple[int, int, PaletteEntry]]] = {}
    for place, offer in enumerate(offers):
        points = score(text, offer.title, offer.words) or int(offer.sure)
        if points:
            groups.setdefault(offer.group, []).append((-points, place, offer))
    ranked = [sorted(found, key=lambda f: f[:2])[:limit] for found in groups.values()]
    ranked.sort(key=lambda found: found[0][0])
    return [offer for found in ranked for _, _, offer in found]


class _Delegate(QStyledItemDelegate):
    """Paints headings in capitals, and entries with icon, title, note and keys."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """The height of a heading or of an entry."""
        return QSize(100, px(26 if index.data(_HEADING) else 32))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draws one line."""
        theme = self._theme
        area: QRect = option.rect
        painter.save()
        middle = Qt.AlignmentFlag.AlignVCenter
        if heading := index.data(_HEADING):
            font = theme.font(11, QFont.Weight.DemiBold)
            font.setCapitalization(QFont.Capitalization.AllUppercase)
            painter.setFont(font)
            painter.setPen(theme.color("muted"))
            painter.drawText(area.adjusted(10, 4, 0, 0), middle, heading)
            painter.restore()
            return
        offer: PaletteEntry = index.data(_ENTRY)
        view = option.widget
        if isinstance(view, QListWidget) and view.currentIndex() == index:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent_ground"))
            painter.drawRoundedRect(area.adjusted(2, 1, -2, -1), 6, 6)
        if offer.icon:
            side = px(18)
            pixmap = theme.pixmap(offer.icon, "muted", side, view.devicePixelRatioF())
            painter.drawPixmap(area.x() + 10, area.y() + (area.height() - side) // 2, pixmap)
        font, small = theme.font(), theme.font(12)
        metrics, room = QFontMetrics(font), area.width() - 48
        painter.setFont(small)
        painter.setPen(theme.color("muted"))
        keys = QKeySequence(offer.keys).toString(QKeySequence.SequenceFormat.NativeText)
        painter.drawText(area.adjusted(0, 0, -12, 0), middle | Qt.AlignmentFlag.AlignRight, keys)
        room -= QFontMetrics(small).horizontalAdvance(keys) + (16 if keys else 0)
        title = metrics.elidedText(marked(offer.title), Qt.TextElideMode.ElideRight, room)
        painter.setFont(font)
        painter.setPen(theme.color("text"))
        painter.drawText(area.adjusted(38, 0, 0, 0), middle, title)
        used = metrics.horizontalAdvance(title) + 10
        painter.setFont(small)
        painter.setPen(theme.color("muted"))
        note = QFontMetrics(small).elidedText(marked(offer.note), Qt.TextElideMode.ElideRight, max(room - used, 0))
        painter.drawText(area.adjusted(38 + used, 0, 0, 0), middle, note)
        painter.restore()


class Palette(QFrame):
    """The list under the search field, which keeps the focus.

    ``offers`` gives what is known at once (actions, pages); ``search`` looks items up and calls back with offers.
    """

    def __init__(
        self,
        theme: Theme,
        field: QLineEdit,
        host: QWidget,
        offers: Callable[[], list[PaletteEntry]],
        search: Callable[[str, Callable[[list[PaletteEntry]], None]], None],
    ) -> None:
        super().__init__(host)
        self._theme, self._field, self._host = theme, field, host
        self._offers, self._search = offers, search
        self._found: list[PaletteEntry] = []
        self._quiet = False
        self._moved = False
        self._before: QWidget | None = None
        self.setProperty("role", "raised")
        shadow = QGraphicsDropShadowEffect(self)
        shadow.setBlurRadius(32)
        shadow.setOffset(0, 8)
        shadow.setColor(theme.color("text", 0.2) if not theme.tokens.dark else theme.color("side", 0.9))
        self.setGraphicsEffect(shadow)
        self._list = QListWidget()
        self._list.setItemDelegate(_Delegate(theme, self._list))
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setMouseTracking(True)
        name_area(self._list, tr("Search results"))
        self._list.itemClicked.connect(lambda item: self._take(item))
        self._list.itemEntered.connect(self._point)
        self._list.viewport().setAutoFillBackground(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.addWidget(self._list)
        self._timer = QTimer(self, singleShot=True, interval=90)
        self._timer.timeout.connect(self._look_up)
        field.textChanged.connect(self._typed)
        field.installEventFilter(self)
        host.installEventFilter(self)
        self.hide()

    def open(self) -> None:
        """Sets the focus to the field and lists what can be done."""
        self._before = cast("QWidget | None", self.window().focusWidget())
        self._field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._field.selectAll()
        self._fill()

    def dismiss(self) -> None:
        """Closes the list and empties the field."""
        self._timer.stop()
        self._found = []
        self._quiet = True
        self._field.clear()
        self._quiet = False
        self.hide()

    def titles(self) -> list[str]:
        """The titles that are offered, in order."""
        return [offer.title for offer in self._shown()]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The field's keys: Down and Up choose, Enter runs, Esc closes. Leaving the field closes."""
        if watched is self._host:
            if event.type() == QEvent.Type.Resize and self.isVisible():
                self._place()
        elif event.type() == QEvent.Type.FocusOut:
            self.hide()
        elif event.type() == QEvent.Type.MouseButtonPress and not self.isVisible():
            self._fill()
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._key(event.key())
        return super().eventFilter(watched, event)

    def _key(self, key: int) -> bool:
        if key == Qt.Key.Key_Escape:
            self.dismiss()
            self._give_back()
            return True
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            if not self.isVisible():
                self._fill()
            self._move(1 if key == Qt.Key.Key_Down else -1)
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            item = self._list.currentItem()
            if self.isVisible() and self._list.currentRow() >= 0:
                self._take(item)
            return True
        return False

    def _move(self, step: int) -> None:
        self._moved = True
        row = self._list.currentRow() + step
        while 0 <= row < self._list.count():
            if not self._list.item(row).data(_HEADING):
                self._list.setCurrentRow(row)
                return
            row += step

    def _point(self, item: QListWidgetItem) -> None:
        if not item.data(_HEADING):
            self._moved = True
            self._list.setCurrentItem(item)

    def _typed(self, text: str) -> None:
        if not self._quiet:
            self._moved = False
            self._found = [offer for offer in self._found if score(text, offer.title, offer.words)]
            self._fill()
            self._timer.start()

    def _look_up(self) -> None:
        text = self._field.text().strip()
        if not text:
            self._found = []
            return

        def take(offers: list[PaletteEntry]) -> None:
            if self._field.text().strip() == text:
                self._found = offers
                self._fill()

        self._search(text, take)

    def _shown(self) -> list[PaletteEntry]:
        return [d for r in range(self._list.count()) if (d := self._list.item(r).data(_ENTRY)) is not None]

    def _fill(self) -> None:
        text = self._field.text()
        kept: PaletteEntry | None = self._list.currentIndex().data(_ENTRY) if self._moved else None
        before = kept.title if kept is not None else None
        self._list.clear()
        group = ""
        for offer in rank(text, [*self._offers(), *self._found], LIMIT if text.strip() else 40):
            if offer.group != group:
                group = offer.group
                self._heading(group)
            item = QListWidgetItem()
            item.setData(_ENTRY, offer)
            item.setData(int(Qt.ItemDataRole.AccessibleTextRole), f"{offer.title} {offer.note}")
            self._list.addItem(item)
            if before is not None and offer.title == before:
                self._list.setCurrentItem(item)
                before = None
        if not self._list.count():
            self._heading(tr("Nothing found for “{text}”", text=text.strip()))
        elif self._list.currentRow() < 1:
            self._list.setCurrentRow(1)
        self._place()
        self.show()
        self.raise_()

    def _heading(self, text: str) -> None:
        item = QListWidgetItem()
        item.setData(_HEADING, text)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        self._list.addItem(item)

    def _place(self) -> None:
        height = sum(self._list.sizeHintForRow(row) for row in range(self._list.count())) + 14
        width = max(self._field.width(), min(px(560), self._host.width() - 32))
        corner = self._field.mapTo(self._host, QPoint(0, self._field.height() + 6))
        left = corner.x() + (self._field.width() - width) // 2
        left = max(8, min(left, self._host.width() - width - 8))
        self.setGeometry(left, corner.y(), width, min(height, px(460), self._host.height() - corner.y() - 16))

    def _take(self, item: QListWidgetItem) -> None:
        offer: PaletteEntry | None = item.data(_ENTRY)
        if offer is not None:
            self.dismiss()
            self._give_back()
            offer.run()

    def _give_back(self) -> None:
        """Returns the focus to the widget that had it: without a focus, keys have no effect."""
        before, self._before = self._before, None
        if before is not None and before is not self._field and isValid(before):
            before.setFocus()
        else:
            self._host.setFocus()

"""The left navigation: the estate's name, the pages in groups, and the number of items."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QSizePolicy, QVBoxLayout, QWidget

from cmdb.model.characters import marked
from cmdb.model.messages import tr, trn
from ui.page import GROUPS, PageEntry
from ui.plain_texts import plain_tip
from ui.text_size import px, set_sizes
from ui.theme import Theme
from ui.widgets.buttons import PushButton
from ui.widgets.labels import ElidedText, SectionLabel, Text

WIDTH = 196
#: What of an entry's width its icon and margins take, and what its count takes (pixels).
_AROUND, _COUNT = 56, 40


class NavButton(PushButton):
    """One page's entry, with an optional count at the right."""

    def __init__(self, theme: Theme, entry: PageEntry) -> None:
        super().__init__()
        self._title = str(entry.title)
        self._theme = theme
        self._icon = entry.icon
        self._count, self._due = 0, False
        self.setProperty("kind", "nav")
        self.setCheckable(True)
        self.setAutoDefault(False)
        set_sizes(self, icon=18)
        self.setAccessibleName(str(entry.title))
        self._hint = str(entry.hint)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.toggled.connect(self._tint)
        self._tint(False)
        self._fit()

    def show_count(self, number: int, *, due: bool = True) -> None:
        """A number at the right; 0 shows none. It is amber where something is ``due``."""
        self._count, self._due = number, due
        waits = trn("{count} waiting", "{count} waiting", number) if number else ""
        self.setAccessibleDescription(tr("{count}, something is due", count=waits) if waits and due else waits)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The title is cut with a mark where it has no room."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = self.width() - px(_AROUND) - (px(_COUNT) if self._count else 0)
        # Checked, the title is bold.
        font = self._theme.font(weight=QFont.Weight.DemiBold)
        shown = QFontMetrics(font).elidedText(marked(self._title), Qt.TextElideMode.ElideRight, room)
        self.setText(f"  {shown}")
        hint = self._hint
        self.setToolTip(plain_tip(hint if shown == self._title else " – ".join(filter(None, (self._title, hint)))))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The button, and its count in a small badge."""
        super().paintEvent(event)
        if self._count:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            text = str(self._count) if self._count < 1000 else "999+"
            painter.setFont(self._theme.font(11, QFont.Weight.DemiBold))
            width = max(painter.fontMetrics().horizontalAdvance(text) + 10, px(18))
            high = px(17)
            area = self.rect().adjusted(self.width() - width - 8, (self.height() - high) // 2, -8, 0)
            area.setHeight(high)
            ink, ground = self._theme.tone("warning" if self._due else "neutral")
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ground)
            painter.drawRoundedRect(area, high / 2, high / 2)
            painter.setPen(ink)
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)
            painter.end()

    def _tint(self, checked: bool) -> None:
        self.setIcon(self._theme.icon(self._icon, "accent" if checked else "muted"))


class Navigation(QFrame):
    """The pages. ``chosen`` fires with a page's id; arrows move between the entries."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, entries: list[PageEntry]) -> None:
        super().__init__()
        self.setProperty("role", "side")
        set_sizes(self, width=WIDTH)
        self.setAccessibleName(tr("Pages"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 14, 10, 14)
        layout.setSpacing(2)
        brand = Text("Terrier").set_bold()
        set_sizes(brand, text=16)
        self._estate = ElidedText("", "small")
        for label in (brand, self._estate):
            label.setContentsMargins(8, 0, 4, 0)
            layout.addWidget(label)
        layout.addSpacing(10)
        self._buttons: dict[str, NavButton] = {}
        self._group = QButtonGroup(self)
        entries = [entry for entry in entries if entry.listed]
        for group, heading in GROUPS.items():
            if heading and any(entry.group == group for entry in entries):
                label = SectionLabel(str(heading))
                label.setContentsMargins(8, 0, 0, 0)
                layout.addSpacing(12)
                layout.addWidget(label)
                layout.addSpacing(4)
            for entry in entries:
                if entry.group == group:
                    layout.addWidget(self._button(theme, entry))
        layout.addStretch(1)
        self._footer = ElidedText("", "small")
        self._footer.setContentsMargins(8, 0, 0, 0)
        layout.addWidget(self._footer)

    def add_foot(self, widget: QWidget) -> None:
        """Shows something above the number of items."""
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.insertWidget(layout.count() - 1, widget)

    def _button(self, theme: Theme, entry: PageEntry) -> NavButton:
        button = NavButton(theme, entry)
        button.clicked.connect(lambda: self.chosen.emit(entry.id))
        button.installEventFilter(self)
        self._group.addButton(button)
        self._buttons[entry.id] = button
        return button

    def show_estate(self, name: str, footer: str) -> None:
        """The open file's name on top, "2,514 items · saved" at the bottom."""
        self._estate.setText(name)
        self._footer.setText(footer)

    def show_current(self, page: str) -> None:
        """Marks the page that is shown; "" marks none."""
        self._group.setExclusive(False)
        for name, button in self._buttons.items():
            button.setChecked(name == page)
        self._group.setExclusive(True)

    def show_count(self, page: str, number: int, *, due: bool) -> None:
        """What waits on a page; amber where some of it is ``due``."""
        if page in self._buttons:
            self._buttons[page].show_count(number, due=due)

    def set_usable(self, usable: bool) -> None:
        """Pages can be opened only while an estate is open."""
        for button in self._buttons.values():
            button.setEnabled(usable)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Up and Down move the focus between the entries."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {int(Qt.Key.Key_Down): 1, int(Qt.Key.Key_Up): -1}.get(event.key())
            buttons = list(self._buttons.values())
            if step and watched in buttons:
                buttons[(buttons.index(watched) + step) % len(buttons)].setFocus()
                return True
        return super().eventFilter(watched, event)  # type: ignore[arg-type]

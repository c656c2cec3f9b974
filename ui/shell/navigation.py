"""The left navigation: the estate's name, the pages in groups, and the number of items."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QSizePolicy, QWidget

from cmdb.model.characters import marked
from cmdb.model.messages import tr, trn
from ui.page import GROUPS, PageEntry
from ui.plain_texts import plain_tip
from ui.text_size import px, set_sizes
from ui.theme import Theme
from ui.widgets.buttons import PushButton
from ui.widgets.labels import ElidedText, SectionLabel, Text
from ui.widgets.layout import STRETCH, box, column, row, scrolled
from ui.widgets.page_states import Icon

#: Its width, and the width where it shows icons only.
WIDTH, FOLDED = 196, 56
#: What of an entry's width its icon and margins take, and what its count takes (pixels).
_AROUND, _COUNT = 56, 40


class NavButton(PushButton):
    """One page's entry, with an optional count at the right."""

    def __init__(self, theme: Theme, entry: PageEntry) -> None:
        super().__init__()
        self._title = str(entry.title)
        self._theme = theme
        self._icon = entry.icon
        self._count, self._due, self._whole = 0, False, True
        self._folded = False
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

    def show_count(self, number: int, *, due: bool = True, whole: bool = True) -> None:
        """A number at the right; 0 shows none. It is amber, with an edge, where something is ``due``. One that is
        not ``whole`` says that there may be more.
        """
        self._count, self._due, self._whole = number, due, whole
        waits = trn("{count} waiting", "{count} waiting", number) if number else ""
        if not whole:
            least = trn("at least {count} waiting, still counting", "at least {count} waiting, still counting", number)
            waits = least if number else tr("Still counting…")
        self.setAccessibleDescription(tr("{count}, something is due", count=waits) if waits and due else waits)
        self._fit()

    def fold(self, folded: bool) -> None:
        """Shows the icon alone; its title stands in the tooltip."""
        self._folded = folded
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The title is cut with a mark where it has no room."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        if self._folded:
            self.setText("")
            self.setToolTip(plain_tip(" – ".join(filter(None, (self._title, self._hint)))))
            self.update()
            return
        room = self.width() - px(_AROUND) - (px(_COUNT) if self._badge() else 0)
        # Checked, the title is bold.
        font = self._theme.font(weight=QFont.Weight.DemiBold)
        shown = QFontMetrics(font).elidedText(marked(self._title), Qt.TextElideMode.ElideRight, room)
        self.setText(f"  {shown}")
        hint = self._hint
        self.setToolTip(plain_tip(hint if shown == self._title else " – ".join(filter(None, (self._title, hint)))))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The button, and its count in a small badge, which has an edge where something is due. Of a folded one it is
        a disc where something is due, else a ring.
        """
        super().paintEvent(event)
        text = self._badge()
        if not text or (self._folded and not self._count):
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink, ground = self._theme.tone("warning" if self._due else "neutral")
        if self._folded:
            side = px(8)
            painter.setPen(Qt.PenStyle.NoPen if self._due else QPen(ink, 1))
            painter.setBrush(ink if self._due else Qt.BrushStyle.NoBrush)
            painter.drawEllipse(self.width() - side - 3, 3, side, side)
        else:
            painter.setFont(self._theme.font(11, QFont.Weight.DemiBold))
            width = max(painter.fontMetrics().horizontalAdvance(text) + 10, px(18))
            high = px(17)
            area = QRect(self.width() - width - 8, (self.height() - high) // 2, width, high)
            painter.setPen(QPen(ink, 1) if self._due else Qt.PenStyle.NoPen)
            painter.setBrush(ground)
            painter.drawRoundedRect(QRectF(area).adjusted(0.5, 0.5, -0.5, -0.5), high / 2, high / 2)
            painter.setPen(ink)
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)
        painter.end()

    def _badge(self) -> str:
        """The text of the badge; "" for none."""
        if not self._count:
            return "" if self._whole else "…"
        if self._count >= 1000:
            return "999+"
        return str(self._count) if self._whole else f"{self._count}+"

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
        self._folded = False
        self._brand, self._mark = Text("Terrier").set_bold(), Icon(theme, "terrier", "accent", 24)
        set_sizes(self._brand, text=16)
        self._mark.hide()
        self._estate = ElidedText("", "small")
        self._buttons: dict[str, NavButton] = {}
        self._headings: list[SectionLabel] = []
        self._group = QButtonGroup(self)
        self._footer = ElidedText("", "small")
        for label in (self._brand, self._estate, self._footer):
            label.setContentsMargins(8, 0, 4, 0)
        pages = scrolled(self._pages(theme, [entry for entry in entries if entry.listed]))
        pages.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._feet = column(spacing=0)
        self.setLayout(
            column(
                row(STRETCH, self._mark, STRETCH), self._brand, self._estate, 8, pages, self._feet, self._footer,
                spacing=2, margins=(10, 14, 10, 14),
            )
        )  # fmt: skip

    def _pages(self, theme: Theme, entries: list[PageEntry]) -> QWidget:
        """The entries in their groups. They scroll where the window is too low for all."""
        layout = column(spacing=2)
        for group, heading in GROUPS.items():
            found = [entry for entry in entries if entry.group == group]
            if heading and found:
                label = SectionLabel(str(heading))
                label.setContentsMargins(8, 0, 0, 0)
                self._headings.append(label)
                layout.addSpacing(10)
                layout.addWidget(label)
            for entry in found:
                layout.addWidget(self._button(theme, entry))
        layout.addStretch(1)
        return box(layout)

    def add_foot(self, widget: QWidget) -> None:
        """Shows something above the number of items."""
        self._feet.addWidget(widget)

    def fold(self, folded: bool) -> None:
        """Shows icons only, where the window is narrow; or icons and titles."""
        if folded == self._folded:
            return
        self._folded = folded
        set_sizes(self, width=FOLDED if folded else WIDTH)
        for widget in (self._brand, self._estate, self._footer, *self._headings):
            widget.setVisible(not folded)
        self._mark.setVisible(folded)
        layout = self.layout()
        assert layout is not None
        layout.setContentsMargins(*((6, 14, 6, 14) if folded else (10, 14, 10, 14)))
        for button in self._buttons.values():
            button.fold(folded)

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

    def show_count(self, page: str, number: int, *, due: bool, whole: bool = True) -> None:
        """What waits on a page; amber, with an edge, where some of it is ``due``. There may be more if it is not the
        ``whole``.
        """
        if page in self._buttons:
            self._buttons[page].show_count(number, due=due, whole=whole)

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

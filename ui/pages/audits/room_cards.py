"""The rooms of an audit as cards, each with how far it is. A click makes one the place of the next scans."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QWidget

from app.audits.shown_audit import WORDS, AuditShown, RoomShown, Verdict, tone
from cmdb.model.formats import Percent, listing
from cmdb.model.messages import tr, trn
from ui.plain_texts import menu_label
from ui.text_size import px, set_sizes
from ui.theme import Theme
from ui.widgets.buttons import MenuButton, PushButton
from ui.widgets.labels import ElidedText, Text
from ui.widgets.layout import column, row

LEAST = 152
"""The least width of a card, in pixels."""
_ODD = (Verdict.MISSING, Verdict.ELSEWHERE, Verdict.DAMAGED, Verdict.UNKNOWN)


class CheckedBar(QWidget):
    """How much of a room was checked: what was found, then what is odd, in their colours."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._shares: list[tuple[str, float]] = []
        set_sizes(self, height=5)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_shares(self, shares: Sequence[tuple[str, float]]) -> None:
        """The tones and their shares of the whole, from the left."""
        self._shares = list(shares)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A bar on a quiet ground."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("line"))
        area = QRectF(self.rect())
        painter.drawRoundedRect(area, area.height() / 2, area.height() / 2)
        left = 0.0
        for name, share in self._shares:
            painter.setBrush(self._theme.tone(name)[0])
            width = min(share, 1.0) * area.width()
            painter.drawRoundedRect(QRectF(left, 0, width, area.height()), area.height() / 2, area.height() / 2)
            left += width
        painter.end()


class RoomCard(PushButton):
    """A room: its name, "17 of 20", the bar, and what there is to say of it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("kind", "room")
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._name = ElidedText().set_bold()
        self._figure = Text("", "muted")
        self.bar = CheckedBar(theme)
        self._note = ElidedText("", "small")
        for part in (self._name, self._figure, self.bar, self._note):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        head = row(self._name, self._figure, spacing=6)
        head.setStretch(0, 1)
        self.setLayout(column(head, self.bar, self._note, spacing=3, margins=(12, 6, 12, 6)))

    def show_room(
        self, name: str, figure: str, note: str, shares: Sequence[tuple[str, float]], *, current: bool
    ) -> None:
        """Shows a room; the ``current`` one is the place of the next scans."""
        self._name.setText(name)
        self._figure.setText(figure)
        self._note.setText(note)
        self._name.set_tone("accent" if current else "")
        self._note.set_tone("accent" if current else "")
        self.bar.show_shares(shares)
        self.setChecked(current)
        self.setAccessibleName(name)
        self.setAccessibleDescription(", ".join(filter(None, (figure, note))))

    def sizeHint(self) -> QSize:
        """As its contents need."""
        layout = self.layout()
        return layout.sizeHint() if layout is not None else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        """As high as its contents need; its words give way."""
        return QSize(px(LEAST) // 2, self.sizeHint().height())


class RoomCards(QWidget):
    """As many cards as there is room for, in a row; the others are in a menu behind them."""

    chosen = Signal(str)
    """The id of a room; "" for all of them."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._audit: AuditShown | None = None
        self.cards: list[RoomCard] = []
        self._ids: list[str] = []
        self.more = MenuButton("", self._fill_menu)
        self.more.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(8)
        self._line.addWidget(self.more)
        self.more.hide()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or fewer cards fit."""
        super().resizeEvent(event)
        self._show()

    def show_audit(self, audit: AuditShown) -> None:
        """Shows the rooms of an audit."""
        self._audit = audit
        self.setVisible(bool(audit.rooms))
        self._show()

    def _fitting(self, number: int) -> int:
        """How many of the rooms have a card, beside that of all rooms."""
        room = max(self.width(), px(LEAST))
        fit = max((room + 8) // (px(LEAST) + 8) - 1, 1)
        return number if number <= fit else max(fit - 1, 1)

    def _show(self) -> None:
        audit = self._audit
        if audit is None:
            return
        shown = self._chosen_rooms(audit)
        while len(self.cards) < len(shown) + 1:
            made = RoomCard(self._theme)
            made.clicked.connect(partial(self._clicked, len(self.cards)))
            self.cards.append(made)
            self._line.insertWidget(len(self.cards) - 1, made, 1)
        self._ids = ["", *(one.uid for one in shown)]
        self._show_all(audit)
        for card, room in zip(self.cards[1:], shown, strict=False):
            current = room.uid == audit.place and audit.running
            figure, shares = self._numbers(audit, room)
            card.show_room(room.name, figure, self._note(audit, room, current=current), shares, current=current)
            card.show()
        for card in self.cards[len(shown) + 1 :]:
            card.hide()
        left = len(audit.rooms) - len(shown)
        self.more.setVisible(left > 0)
        self.more.setText(trn("{count} more", "{count} more", left))

    def _chosen_rooms(self, audit: AuditShown) -> list[RoomShown]:
        """Those with a card, in order: the current room is always one of them."""
        number = self._fitting(len(audit.rooms))
        shown = list(audit.rooms[:number])
        current = next((one for one in audit.rooms[number:] if one.uid == audit.place), None)
        if current is not None and shown:
            shown[-1] = current
        return shown

    def _show_all(self, audit: AuditShown) -> None:
        checked = sum(one.checked for one in audit.rooms)
        figure = "" if audit.blind else _of(checked, audit.expected)
        note = (
            ""
            if audit.blind
            else tr("{share} checked", share=Percent(checked / audit.expected))
            if audit.expected
            else ""
        )
        shares = [] if audit.blind else _shares(audit.counts, checked, audit.expected)
        self.cards[0].show_room(tr("All rooms"), figure, note, shares, current=not audit.place)

    @staticmethod
    def _numbers(audit: AuditShown, room: RoomShown) -> tuple[str, list[tuple[str, float]]]:
        if audit.blind:
            return "", []
        return _of(room.checked, room.expected), _shares(room.odd, room.checked, room.expected)

    @staticmethod
    def _note(audit: AuditShown, room: RoomShown, *, current: bool) -> str:
        if current:
            return tr("current room")
        if room.closed:
            odd = (
                []
                if audit.blind
                else [
                    f"{number} {str(WORDS[verdict]).lower()}"
                    for verdict in _ODD
                    if (number := room.odd.get(verdict, 0))
                ]
            )
            return tr("closed · {odd}", odd=listing(odd)) if odd else tr("closed")
        return tr("in progress") if room.begun else tr("not started")

    def _clicked(self, place: int) -> None:
        self._show()  # it is checked once the audit says so
        self.chosen.emit(self._ids[place])

    def _fill_menu(self, menu: QMenu) -> None:
        audit = self._audit
        for room in audit.rooms if audit is not None else ():
            if room.uid not in self._ids and audit is not None:
                figure = self._numbers(audit, room)[0]
                menu.addAction(menu_label(f"{room.name}   {figure}"), partial(self.chosen.emit, room.uid))


def _of(checked: int, expected: int) -> str:
    return tr("{checked} of {expected}", checked=checked, expected=expected)


def _shares(odd: object, checked: int, expected: int) -> list[tuple[str, float]]:
    """What was checked in its colours: what is odd behind what was found."""
    numbers = odd if isinstance(odd, dict) else {}
    if not expected:
        return []
    amber = sum(numbers.get(one, 0) for one in (Verdict.ELSEWHERE, Verdict.DAMAGED))
    red = numbers.get(Verdict.MISSING, 0)
    found = max(checked - amber - red, 0)
    return [("good", found / expected), (tone(Verdict.ELSEWHERE), amber / expected), ("bad", red / expected)]

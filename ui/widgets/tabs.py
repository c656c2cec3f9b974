"""Tabs and segments: one of a few views, chosen by click or with the arrow keys."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFont, QFontMetrics, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QFrame, QHBoxLayout, QMenu, QPushButton, QSizePolicy

from cmdb.model.characters import marked
from cmdb.model.messages import tr
from ui.plain_texts import plain_label, plain_tip
from ui.theme import Theme
from ui.widgets.buttons import IconButton, PushButton
from ui.widgets.labels import Hairline
from ui.widgets.layout import column

#: Room beside a title, and the least width of one, in pixels.
_PADDING, _LEAST = 4, 32
#: The space between titles that have too little room, in pixels.
_TIGHT = 6


class _Tab(PushButton):
    def sizeHint(self) -> QSize:
        """Room for the words as they are when chosen, in bold: so nothing moves when another is chosen."""
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        more = QFontMetrics(bold).horizontalAdvance(self.text()) - self.fontMetrics().horizontalAdvance(self.text())
        hint = super().sizeHint()
        return QSize(hint.width() + max(0, more), hint.height())

    def _missing(self) -> int:
        """Tabs cut their titles themselves: those that are not chosen need less than their hint, which is of bold."""
        return 0

    def minimumSizeHint(self) -> QSize:
        """As wide as its words."""
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrows move to the neighbour."""
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()))
        group = self.group()
        if step is None or group is None:
            super().keyPressEvent(event)
            return
        buttons = [b for b in group.buttons() if b.isVisible()]
        wanted = buttons[(buttons.index(self) + step) % len(buttons)]
        wanted.setFocus()
        wanted.click()


class _Choice(QFrame):
    """Buttons of which one is chosen; ``chosen`` fires with its name."""

    chosen = Signal(str)
    _kind = "tab"
    _spacing = 16

    def __init__(self, names: tuple[tuple[str, str], ...]) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._row = QHBoxLayout()
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(self._spacing)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        self._titles = dict(names)
        self._short: dict[str, str] = {}
        for name, title in names:
            button = _Tab(title)
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
            button.setProperty("kind", self._kind)
            button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
            button.clicked.connect(lambda _=False, name=name: self.chosen.emit(name))
            self._group.addButton(button)
            self._row.addWidget(button)
            self._buttons[name] = button
        self._group.buttonToggled.connect(self._stop_at)
        if names:
            self._buttons[names[0][0]].setChecked(True)

    def _stop_at(self, button: QAbstractButton, chosen: bool) -> None:
        """The Tab key stops at the chosen one alone, whoever chose it; the arrows lead to the others."""
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if chosen else Qt.FocusPolicy.ClickFocus)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The chosen one takes the focus: the frame around them shows none, and is no stop of the Tab key."""
        super().focusInEvent(event)
        if self.current:
            self._buttons[self.current].setFocus(event.reason())

    @property
    def current(self) -> str:
        """The chosen name."""
        return next((name for name, button in self._buttons.items() if button.isChecked()), "")

    @property
    def shown(self) -> list[str]:
        """The names of those that are not hidden, in order."""
        return [name for name, button in self._buttons.items() if not button.isHidden()]

    def choose(self, name: str) -> None:
        """Chooses without firing ``chosen``. The focus goes along: two tabs would look chosen."""
        focused = any(button.hasFocus() for button in self._buttons.values())
        self._buttons[name].setChecked(True)
        if focused:
            self._buttons[name].setFocus()

    def set_title(self, name: str, title: str, short: str = "") -> None:
        """Another title ("Relationships 21"), and its ``short`` form ("Relationships") for where there is no room."""
        self._titles[name], self._short[name] = title, short
        self._buttons[name].setText(title)
        self._fit()

    def set_shown(self, name: str, shown: bool) -> None:
        """Shows or hides one."""
        self._buttons[name].setVisible(shown)
        self._fit()

    def _fit(self) -> None:
        """Called when a title or the room for the titles has changed."""


class Tabs(_Choice):
    """Words over a line, the chosen one underlined: ``Tabs((("details", "Details"), …))``.

    Where the titles need more than the width, they are shortened: first to their short forms (see ``set_title``), then
    they stand closer, then the longest are cut with "…". The tooltip has the whole title.
    """

    _spacing = 12

    def __init__(self, names: tuple[tuple[str, str], ...]) -> None:
        super().__init__(names)
        self._group.buttonToggled.connect(lambda *_: self._fit())  # the chosen one is bold
        self._row.addStretch(1)
        self.setLayout(column(self._row, Hairline(), spacing=0))

    def minimumSizeHint(self) -> QSize:
        """Low demands on the width: titles can be cut."""
        return QSize(120, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cuts the titles anew."""
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        """Cuts the titles anew: now the style's font is known."""
        super().showEvent(event)
        self._fit()

    def _fit(self) -> None:
        shown = [name for name, button in self._buttons.items() if not button.isHidden()]
        gaps = len(shown) - 1
        room = self._room() - self._spacing * gaps
        texts = {name: self._titles[name] for name in shown}
        if sum(map(self._width, shown, texts.values())) > room:
            texts = {name: self._short.get(name) or title for name, title in texts.items()}
        widths = {name: self._width(name, text) for name, text in texts.items()}
        tight = sum(widths.values()) > room
        self._row.setSpacing(_TIGHT if tight else self._spacing)
        if tight:
            room = self._room() - _TIGHT * gaps
        level = max(widths.values(), default=0)
        while level > _LEAST and sum(min(width, level) for width in widths.values()) > room:
            level -= 1
        for name, width in widths.items():
            button, title, text = self._buttons[name], self._titles[name], texts[name]
            if width > level:
                text = self._metrics(name).elidedText(marked(text), Qt.TextElideMode.ElideRight, level - _PADDING)
            button.setText(text)
            button.setFixedWidth(min(width, level))
            button.setToolTip(plain_tip("" if text == title else title))
            button.setAccessibleName(title)

    def _room(self) -> int:
        """The width that there is for the titles, in pixels."""
        return self.width()

    def _width(self, name: str, text: str) -> int:
        return self._metrics(name).horizontalAdvance(text) + _PADDING

    def _metrics(self, name: str) -> QFontMetrics:
        font = QFont(self._buttons[name].font())
        font.setWeight(QFont.Weight.DemiBold if self._buttons[name].isChecked() else QFont.Weight.Normal)
        return QFontMetrics(font)


class Segments(_Choice):
    """A small switch between views, drawn as one control."""

    _kind = "segment"
    _spacing = 2

    def __init__(self, names: tuple[tuple[str, str], ...]) -> None:
        super().__init__(names)
        self.setProperty("role", "segments")
        self._row.setContentsMargins(2, 2, 2, 2)
        self.setLayout(self._row)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)


class FoldingTabs(Tabs):
    """Tabs of which those that have no room are in a menu at the end, with their whole titles; the chosen one stays."""

    def __init__(self, theme: Theme, names: tuple[tuple[str, str], ...]) -> None:
        super().__init__(names)
        self._offered = {name for name, _ in names}
        self.more = IconButton(theme, "more", tr("More tabs"), size=24)
        self.more.hide()
        menu = QMenu(self.more)
        menu.aboutToShow.connect(lambda: self._fill(menu))
        self.more.setMenu(menu)
        self._row.insertWidget(len(names), self.more)

    @property
    def shown(self) -> list[str]:
        """The names of those that are not hidden, in order; those in the menu, too."""
        return [name for name in self._buttons if name in self._offered]

    @property
    def folded(self) -> list[str]:
        """The names of those that are in the menu."""
        return [name for name in self.shown if self._buttons[name].isHidden()]

    def set_shown(self, name: str, shown: bool) -> None:
        """Shows or hides one."""
        (self._offered.add if shown else self._offered.discard)(name)
        self._fit()

    def _fill(self, menu: QMenu) -> None:
        menu.clear()
        for name in self.folded:
            menu.addAction(plain_label(self._titles[name]), partial(self._choose_folded, name))

    def _choose_folded(self, name: str) -> None:
        self.choose(name)
        self.chosen.emit(name)
        self._buttons[name].setFocus()

    def _fit(self) -> None:
        kept = self._fitting()
        for name, button in self._buttons.items():
            button.setVisible(name in kept)
        self.more.setVisible(len(kept) < len(self._offered))
        super()._fit()

    def _fitting(self) -> set[str]:
        """The names of those that have room in their short forms, from the first on."""
        names = self.shown
        widths = {name: self._width(name, self._short.get(name) or self._titles[name]) + _TIGHT for name in names}
        if sum(widths.values()) - _TIGHT <= self.width():
            return set(names)
        room = self.width() - self.more.width() - widths.get(self.current, 0)
        kept = {self.current} & set(names)
        for name in names:
            if name in kept:
                continue
            room -= widths[name]
            if room < 0:
                break
            kept.add(name)
        return kept

    def _room(self) -> int:
        return self.width() - (self.more.width() + _TIGHT if self.more.isVisibleTo(self) else 0)

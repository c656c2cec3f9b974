"""The thin top bar: undo, redo, the search field that is also the palette, the draft, the time control, the menu."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QMenu, QSizePolicy

from cmdb.model.characters import marked
from cmdb.model.messages import tr
from ui.actions import Action
from ui.plain_texts import plain_tip
from ui.text_size import px, set_sizes
from ui.theme import Theme
from ui.widgets.buttons import Button, IconButton, MenuButton
from ui.widgets.field_icons import field_line
from ui.widgets.labels import KeyCap, Text
from ui.widgets.layout import STRETCH, row
from ui.widgets.search import add_magnifier

HEIGHT = 49
#: The most that a draft's name takes in the bar, in pixels.
_DRAFT = 120
#: The space between and beside the parts, and the least width of the draft and the time, in pixels.
_AROUND, _NARROWEST = 72, 70


class PaletteField(QLineEdit):
    """The search field. Its key is shown while it is empty."""

    def __init__(self, theme: Theme, keys: str) -> None:
        super().__init__()
        self.setProperty("kind", "search")
        self.setPlaceholderText(tr("Search items, people, software, actions…"))
        self.setAccessibleName(tr("Search and commands"))
        add_magnifier(self, theme)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        set_sizes(self, least_width=120)
        set_sizes(self, most_width=420)
        cap = KeyCap(QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText))
        set_sizes(cap, height=19)
        cap.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        field_line(self).addWidget(cap, alignment=Qt.AlignmentFlag.AlignVCenter)
        self._cap = cap
        self.textChanged.connect(self._show_key)
        self._show_key("")

    def _show_key(self, text: str) -> None:
        """The key is shown in an empty field; the placeholder leaves room for it."""
        self._cap.setVisible(not text)
        margins = self.textMargins()
        margins.setRight(0 if text else self._cap.sizeHint().width() + 12)
        self.setTextMargins(margins)


class TopBar(QFrame):
    """The bar over the pages."""

    def __init__(
        self, theme: Theme, undo: Action, redo: Action, palette_keys: str, fill_drafts: Callable[[QMenu], object]
    ) -> None:
        super().__init__()
        self.setProperty("role", "bar")
        set_sizes(self, height=HEIGHT)
        self._undo, self._redo = undo, redo
        self._buttons = [IconButton(theme, a.icon, a.tooltip, a.run) for a in (undo, redo)]
        self.field = PaletteField(theme, palette_keys)
        self.time = Button(
            tr("Now"), icon="clock", theme=theme, hint=tr("Look at the estate as it was at another moment")
        )
        self.draft = MenuButton("", fill_drafts, icon="draft", theme=theme)
        self.show_draft("")
        self.menu = IconButton(theme, "menu", tr("Menu"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 0, 12, 0)
        layout.addLayout(row(*self._buttons, STRETCH, spacing=4), 1)
        layout.addWidget(self.field, 2)
        layout.addLayout(row(STRETCH, self.draft, self.time, self.menu, spacing=8), 1)
        self.refresh()

    def event(self, event: QEvent) -> bool:
        """Where not all has room, the draft and the time are cut."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self._fit()
        return super().event(event)

    def _fit(self) -> None:
        right = (self.draft, self.time)
        others = [*self._buttons, self.menu]
        need = sum(one.sizeHint().width() for one in (*right, *others)) + self.field.minimumWidth() + px(_AROUND)
        for one in right:
            one.give_way(_NARROWEST if need > self.width() else 0)

    def show_draft(self, name: str) -> None:
        """Names the open draft; "" is none."""
        shown = self.fontMetrics().elidedText(marked(name), Qt.TextElideMode.ElideRight, _DRAFT)
        self.draft.setText(shown or tr("No draft"))
        self.draft.setAccessibleName(tr("Draft: {name}", name=name) if name else tr("No draft"))
        hint = tr("Choose a draft: changes that are planned, and what the estate would be with them")
        self.draft.setToolTip(plain_tip(hint if shown == name else f"{name} – {hint}"))

    def refresh(self) -> None:
        """Asks again what can be undone and redone."""
        for button, action in zip(self._buttons, (self._undo, self._redo), strict=True):
            button.setEnabled(action.enabled())
            button.setToolTip(plain_tip(action.tooltip))

    def set_usable(self, usable: bool) -> None:
        """Search, time and drafts need an open estate."""
        self.time.setEnabled(usable)
        self.draft.setEnabled(usable)
        self.refresh()


class PastBanner(QFrame):
    """The coloured band that is shown while the past is shown and nothing can be edited."""

    def __init__(self, theme: Theme, back: Callable[[], object]) -> None:
        super().__init__()
        self.setProperty("role", "past")
        self._text = Text("", tone="warning", wrap=True).set_bold()
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setLayout(row(self._text, Button(tr("Back to now"), back), margins=(20, 5, 12, 5)))
        self.hide()

    def show_moment(self, label: str) -> None:
        """Says which moment is shown; "" hides the band."""
        self._text.setText(
            tr("You are looking at the estate as of {moment}. Nothing can be edited here.", moment=label)
        )
        self.setVisible(bool(label))

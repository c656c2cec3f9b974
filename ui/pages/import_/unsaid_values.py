"""What no column of a sheet says, each with an offer to say it for every row."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QMenu, QWidget

from app.estate_settings import CURRENCY, estate_settings
from app.imports.draft import SheetDraft
from app.imports.unsaid import UnsaidValue, unsaid
from cmdb.model.messages import tr
from ui.context import Context
from ui.plain_texts import plain_label
from ui.widgets.buttons import MenuButton
from ui.widgets.layout import clear, column
from ui.widgets.notice import InlineMessage


class UnsaidValues(QWidget):
    """A line for each. ``use`` gets an attribute and the value for every row; ``ask`` asks for another one."""

    def __init__(
        self, context: Context, use: Callable[[str, str], object], ask: Callable[[UnsaidValue], object]
    ) -> None:
        super().__init__()
        self._context, self._use, self._ask = context, use, ask
        self._currency = ""
        self._lines = column(spacing=4)
        self.setLayout(self._lines)
        self.buttons: dict[str, MenuButton] = {}

    def show_sheet(self, sheet: SheetDraft) -> None:
        """Shows what a sheet doesn't say."""
        clear(self._lines)
        found = unsaid(self._context.schema, sheet)
        self.buttons = {one.attribute.name: self._button(one) for one in found}
        for one in found:
            line = InlineMessage(self._context.theme, str(one.text), "warning", self.buttons[one.attribute.name])
            self._lines.addWidget(line)
        self.setVisible(bool(found))
        if any(not one.attribute.choices for one in found):
            self._context.query(estate_settings, self._know, key=("import", "currency"), owner=self, now=True)

    def _know(self, settings: dict[str, str]) -> None:
        self._currency = settings[CURRENCY.name]

    def _button(self, one: UnsaidValue) -> MenuButton:
        return MenuButton(tr("Set for all rows"), partial(self._fill, one), theme=self._context.theme)

    def _fill(self, one: UnsaidValue, menu: QMenu) -> None:
        """The choices of the attribute; of currencies the estate's, and any other."""
        name = one.attribute.name
        for choice in one.attribute.choices:
            menu.addAction(plain_label(choice.label), partial(self._use, name, choice.label))
        if not one.attribute.choices:
            if self._currency:
                title = tr("{currency}, the estate's", currency=self._currency)
                menu.addAction(plain_label(title), partial(self._use, name, self._currency))
            menu.addAction(tr("Another…"), partial(self._ask, one))

"""The test code: scanned once at each computer, it shows how scanner and keyboard agree."""

from __future__ import annotations

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.codes.keyboards import TEST_CODE
from app.printing.symbols import Symbol, symbol
from cmdb.model.messages import tr
from ui.context import Context
from ui.printing.ink import PAPER
from ui.printing.symbol_drawing import draw_symbol, symbol_rects
from ui.text_size import set_sizes
from ui.widgets.buttons import Button
from ui.widgets.labels import Text
from ui.widgets.layout import STRETCH, box, column, row

_SIDE = 260


class SymbolView(QWidget):
    """A symbol on white paper, with its quiet zone, in whatever theme: a scanner reads dark on light."""

    def __init__(self, shown: Symbol, name: str) -> None:
        super().__init__()
        self._symbol = shown
        self.setAccessibleName(name)
        set_sizes(self, width=_SIDE, height=_SIDE)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Modules of whole pixels."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), PAPER)
        modules = self._symbol.width + 2 * self._symbol.symbology.quiet
        module = max(min(self.width(), self.height()) // modules, 1)
        around = (min(self.width(), self.height()) - module * self._symbol.width) // 2
        draw_symbol(painter, symbol_rects(self._symbol, around, around, module))
        painter.end()


def show_test_code(context: Context) -> None:
    """Shows the test code to be scanned from the screen, and what it is for."""
    shell = context.shell
    about = tr(
        "Scan this once at this computer. A scanner types like a keyboard: where it counts on another layout than this "
        "computer has, Terrier sees it by this code, and translates what is scanned from then on."
    )
    picture = SymbolView(symbol(TEST_CODE, "qr"), tr("Test code"))
    content = column(Text(about, "muted", wrap=True), 8, row(STRETCH, picture, STRETCH), STRETCH, spacing=4)
    shell.sheet(tr("Try the scanner"), box(content), (Button(tr("Close"), shell.close_sheet),))

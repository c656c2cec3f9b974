"""Tables on paper: the headings on every page, cells wrapped so that nothing is cut off."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from app.printing.paper import PaperTable
from app.printing.symbols import Symbol, symbol
from cmdb.model.characters import marked
from ui.printing.paper_layout import PaperLayout
from ui.printing.paper_style import MM, broken
from ui.printing.symbol_drawing import symbol_rects
from ui.printing.table_widths import table_widths

_SAMPLE = 400
"""So many rows say how wide the columns are."""
_POINTS = 8.0
_PAD = 1.2 * MM
_TALL = 8 * MM
"""The height of a linear symbol in a cell."""


def add_table(layout: PaperLayout, table: PaperTable) -> None:
    """Lays a table out below what is there. Raises InvalidValue of a cell that its symbol cannot hold."""
    drawing = _TableDrawing(layout, table)
    drawing.heading(begins=True)
    for row in table.rows:
        drawing.row(row)
    layout.y += 3 * MM


class _TableDrawing:
    def __init__(self, layout: PaperLayout, table: PaperTable) -> None:
        self._layout, self._table = layout, table
        self._space = layout.style.metrics(_POINTS).lineSpacing()
        self._widths = _widths(layout, table)

    def heading(self, begins: bool = False) -> None:
        """The headings, with room for a row below them where the table begins."""
        layout = self._layout
        lines = self._lines([column.header for column in self._table.columns], bold=True)
        height = max(map(len, lines), default=0) * self._space + 2 * _PAD
        if begins:
            layout.need(height + 2 * self._space + 4 * _PAD)
        layout.ground(QRectF(layout.left, layout.y, layout.width, height), "neutral_ground")
        self._draw(lines, bold=True)

    def row(self, cells: tuple[str, ...]) -> None:
        """A row; one that is higher than a page goes on on the next."""
        layout = self._layout
        texts = [marked(cell) for cell in cells]
        lines = self._lines(texts)
        count = max(map(len, lines), default=0)
        symbols = [
            symbol(cell, c.symbology) if c.symbology and cell else None
            for c, cell in zip(self._table.columns, cells, strict=True)
        ]
        above = max([0.0, *(_height(one) for one in symbols if one is not None)])
        if layout.need(min(above + count * self._space + 2 * _PAD, self._page_room())):
            self.heading()
        if above:
            self._coded_row(symbols, lines, above)
        else:
            self._text_row(lines, count)
        layout.rule(layout.left, layout.y, layout.width)

    def _coded_row(self, symbols: list[Symbol | None], lines: list[list[str]], above: float) -> None:
        """Symbols with their texts below; the texts of the other cells are beside them."""
        coded = [bool(column.symbology) for column in self._table.columns]
        top = self._layout.y
        self._draw_symbols(symbols)
        self._draw([[] if one else found for one, found in zip(coded, lines, strict=True)])
        beside, self._layout.y = self._layout.y, top + above
        self._draw([found if one else [] for one, found in zip(coded, lines, strict=True)])
        self._layout.y = max(beside, self._layout.y)

    def _text_row(self, lines: list[list[str]], count: int) -> None:
        layout, done = self._layout, 0
        while True:
            fitting = max(1, int((layout.bottom - layout.y - 2 * _PAD) // self._space))
            self._draw([found[done : done + fitting] for found in lines])
            done += fitting
            if done >= count:
                return
            layout.begin_page()
            self.heading()

    def _page_room(self) -> float:
        return self._layout.bottom - self._layout.top - 25 * MM

    def _lines(self, texts: list[str], bold: bool = False) -> list[list[str]]:
        style = self._layout.style
        font, metrics = style.font(_POINTS, bold), style.metrics(_POINTS, bold)
        return [broken(text, font, metrics, width - 2 * _PAD) for text, width in zip(texts, self._widths, strict=True)]

    def _draw(self, lines: list[list[str]], bold: bool = False) -> None:
        layout, x = self._layout, self._layout.left
        for column, found, width in zip(self._table.columns, lines, self._widths, strict=True):
            for number, line in enumerate(found):
                box = QRectF(x + _PAD, layout.y + _PAD + number * self._space, width - 2 * _PAD, self._space)
                layout.mark(layout.text_mark(line, box, _POINTS, bold, right=column.numeric))
            x += width
        layout.y += max(map(len, lines), default=0) * self._space + 2 * _PAD

    def _draw_symbols(self, symbols: list[Symbol | None]) -> None:
        layout, x = self._layout, self._layout.left
        for made, width in zip(symbols, self._widths, strict=True):
            if made is not None:
                module = _module(made)
                rects = symbol_rects(made, x + made.symbology.quiet * module, layout.y + _quiet(made), module, _TALL)
                layout.symbol(rects)
            x += width


def _module(made: Symbol) -> float:
    """A whole number of dots: half a millimetre, and for a linear symbol a quarter of one."""
    return 6 if made.symbology.is_linear else 12


def _quiet(made: Symbol) -> float:
    """The room above and below a symbol; a linear one needs it at its sides only."""
    return _PAD if made.symbology.is_linear else max(_PAD, made.symbology.quiet * _module(made))


def _height(made: Symbol) -> float:
    return 2 * _quiet(made) + (_TALL if made.symbology.is_linear else made.height * _module(made))


def _widths(layout: PaperLayout, table: PaperTable) -> list[float]:
    """The widths of the columns: those of symbols as wide as these, the others share what is left."""
    fixed: dict[int, float] = {}
    for place, column in enumerate(table.columns):
        if column.symbology:
            made = [symbol(row[place], column.symbology) for row in table.rows if row[place]]
            fixed[place] = max([20 * MM, *((one.width + 2 * one.symbology.quiet) * _module(one) for one in made)])
    texts = [place for place in range(len(table.columns)) if place not in fixed]
    shared = table_widths(
        [table.columns[place].header for place in texts],
        [table.columns[place].numeric or table.columns[place].whole for place in texts],
        [[marked(row[place]) for place in texts] for row in table.rows[:_SAMPLE]],
        layout.style.metrics(_POINTS),
        layout.style.metrics(_POINTS, bold=True),
        layout.width - sum(fixed.values()),
        _PAD,
    )
    found = iter(shared)
    return [fixed[place] if place in fixed else next(found) for place in range(len(table.columns))]

"""How wide the columns of a table are: measured with its font, never narrower than what must be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtGui import QFont, QFontMetrics

from ui.text_size import px

if TYPE_CHECKING:
    from PySide6.QtWidgets import QComboBox, QTableView, QTableWidget

#: Space beside a cell's text, and beside a header's title with its sort arrow, in pixels.
_PAD, _HEADER = 24, 38
#: The limits of a column, in figures of the font: narrower is none, wider than the others none but the name.
_LEAST, _MOST, _MOST_OF_NAME = 7, 32, 52


@dataclass(frozen=True, slots=True)
class ColumnRoom:
    """The widths of a column in pixels: with ``floor`` its header and most of its values are read (half of them, of
    names nine of ten), with ``natural`` all of them.
    """

    floor: int
    natural: int


@dataclass(frozen=True, slots=True)
class ColumnTexts:
    """What is measured of a column: its header, the texts of some rows, and the pixels that stand beside a text.

    ``whole``: short values that say nothing when they are cut (a status, a date, an amount). ``is_name``: what rows are
    called by. ``font`` draws the texts, where it is not the table's: figures of one width are wider than others.
    """

    header: str
    texts: Sequence[str] = ()
    beside: int = 0
    whole: bool = False
    is_name: bool = False
    font: QFont | None = None


def measured_room(font: QFont, columns: Sequence[ColumnTexts]) -> list[ColumnRoom]:
    """The widths of columns for a table's font."""
    metrics, bold = QFontMetrics(font), QFontMetrics(header_font(font))
    figure = metrics.horizontalAdvance("0")
    found = []
    for one in columns:
        most = figure * (_MOST_OF_NAME if one.is_name else _MOST)
        of_texts = QFontMetrics(one.font) if one.font is not None else metrics
        widths = sorted(of_texts.horizontalAdvance(text) + px(_PAD + one.beside) for text in one.texts if text)
        longest = widths[-1] if widths else 0
        head = max(bold.horizontalAdvance(one.header) + px(_HEADER), figure * _LEAST)
        natural = min(max(head, longest), most)
        most_read = widths[len(widths) * (9 if one.is_name else 5) // 10] if widths else 0
        read = min(most_read, figure * _MOST) if one.is_name else most_read
        found.append(ColumnRoom(min(natural, max(head, longest if one.whole else read)), natural))
    return found


#: What a pill has around its text, and an icon with its distance, in pixels.
PILL, ICON = 18, 24


def shared_room(columns: Sequence[ColumnRoom], room: int, last: int = -1) -> list[int]:
    """The widths of columns in ``room`` pixels: the widest shrink first, none below its floor, and the ``last`` one (of
    the name) only where that does not do. Where the floors do not fit, all are at their floors, and the table scrolls.
    """
    if 0 <= last < len(columns):
        whole = [ColumnRoom(one.natural, one.natural) if n == last else one for n, one in enumerate(columns)]
        if sum(one.floor for one in whole) <= room:
            return shared_room(whole, room)
    level = max((one.natural for one in columns), default=0)

    def at(level: int) -> list[int]:
        return [min(one.natural, max(level, one.floor)) for one in columns]

    low, high = 0, level
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if sum(at(middle)) <= room else (low, middle - 1)
    return at(low)


def header_font(font: QFont) -> QFont:
    """The font of headers."""
    found = QFont(font)
    found.setWeight(QFont.Weight.DemiBold)
    return found


def texts_of(table: QTableView, column: int, rows: int = 40) -> list[str]:
    """The texts of a column in the first rows."""
    model = table.model()
    return [str(model.index(row, column).data() or "") for row in range(min(model.rowCount(), rows))]


def fit_box(table: QTableWidget, column: int, box: QComboBox) -> None:
    """Makes a column of a table at least as wide as a box that stands in its cells, and the paddings of a cell."""
    room = box.sizeHint().width() + 4 * table.fontMetrics().averageCharWidth()
    table.setColumnWidth(column, max(table.columnWidth(column), room))

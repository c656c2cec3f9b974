"""How sheets of workbooks are printed: on paper that holds their columns at a size that can be read."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from cmdb.model import clock
from cmdb.model.formats import day as written_day
from cmdb.model.messages import tr

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

_A4 = 9
#: The widths of columns that A4 holds, upright and across, between the margins: also where a wide font stands in for
#: the workbook's own.
_UPRIGHT, _ACROSS = 70, 104
#: Print is never smaller than this share of its size: ten points are then seven.
_LEAST = 70
#: The height of a line of text, and of a row without any, in points; and the tallest row.
_LINE, _ROOM, _TALLEST = 13.0, 2.5, 400.0


def set_up_printing(
    sheet: Worksheet, widths: Sequence[float], *, title: str, right: str = "", foot: str = "", headings: bool = True
) -> None:
    """Sets paper, margins, size, page breaks, header and footer; ``widths`` are those of the columns, in letters.

    A sheet that is too wide is printed on several pages beside each other, each with the first column.
    """
    total = sum(widths)
    sheet.set_paper(_A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.75, bottom=0.65)
    if total > _UPRIGHT:
        sheet.set_landscape()
    if total <= _ACROSS * 100 / _LEAST:
        sheet.fit_to_pages(1, 0)
    else:
        sheet.set_print_scale(_LEAST)
        sheet.print_across()
        sheet.repeat_columns(0, 0)
        sheet.set_v_pagebreaks(_breaks(widths))
    if headings:
        sheet.repeat_rows(0)
    sheet.set_header(f"&L&8{printed(title)}&R&8{printed(right or written_day(clock.today()))}")
    pages = tr("Page {page} of {pages}", page="&P", pages="&N")
    sheet.set_footer(f"&L&8{printed(foot)}&R&8{pages}")


def _breaks(widths: Sequence[float]) -> list[int]:
    """The columns that begin a page."""
    room, found = _ACROSS * 100 / _LEAST, []
    used = 0.0
    for place, width in enumerate(widths):
        if used and used + width > room:
            found.append(place)
            used = widths[0]
        used += width
    return found


def row_height(cells: Sequence[tuple[str, float]]) -> float | None:
    """The height of a row whose texts wrap, each with the width of its column; None for one line."""
    lines = max((_lines(text, width) for text, width in cells), default=1)
    return min(_TALLEST, lines * _LINE + _ROOM) if lines > 1 else None


def _lines(text: str, width: float) -> int:
    """The lines that a text takes: words are not cut, but letters are narrower than the digits that widths count."""
    room = max(4.0, width)
    return sum(max(1, math.ceil(len(part) / room)) for part in text.split("\n"))


def printed(text: str) -> str:
    """A text in a printed header, where "&" begins a code."""
    return text.replace("&", "&&")

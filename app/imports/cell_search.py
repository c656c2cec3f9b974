"""Finding a text in the cells of a sheet. No Qt; for a worker."""

from __future__ import annotations

from collections.abc import Callable

from app.imports.draft import SheetDraft
from cmdb.model.control import Control
from importers.spreadsheets.sheets.workbook import cell_text


def find_cells(control: Control, sheet: SheetDraft, text: str) -> list[tuple[int, int]]:
    """The cells below the header that hold a text, in any case, as (row as shown, column index), in order of rows.

    Raises Cancelled.
    """
    wanted = text.casefold()
    if not wanted:
        return []
    body, first = sheet.sheet.body, sheet.sheet.header_row + 1
    found: list[tuple[int, int]] = []
    for index in range(len(sheet.sheet.headers)):
        control.check()
        cells = [row[index] for row in body]
        as_text: Callable[[object], str] = str if set(map(type, cells)) <= {str} else cell_text
        texts = list(map(as_text, cells))
        hits = {one for one in set(texts) if wanted in one.casefold()}
        if hits:
            found += [(row, index) for row, one in enumerate(texts, first) if one in hits]
    control.check()
    found.sort()
    return found

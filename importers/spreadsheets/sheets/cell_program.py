"""Run as a program: reads the sheets of a workbook for ``workbook_process``.

It imports nothing of Terrier: it is started by its path. Each line of standard input names a sheet (JSON); the answers
are pickles of plain values and dates. Columns are sent one by one and let go of, so that not all cells are held twice.
"""

from __future__ import annotations

import gc
import json
import pickle
import sys
from array import array
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from itertools import count
from typing import Any, BinaryIO

#: The first rows of a sheet are sent ahead: they can be looked at while the others are packed.
_AHEAD = 60
#: Types whose equal values are the same.
_ALIKE = {str, date, datetime}
#: The first cells of a column show whether values come again; they need not be looked for in a list of numbers.
_LOOKED_AT = 10_000


def main() -> int:
    """Sends what sheets there are, then those that are asked for; or why there are none."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    gc.disable()  # nothing here refers to itself
    out = sys.stdout.buffer
    try:
        book = CalamineWorkbook.from_path(sys.argv[1])
        found = [m for m in book.sheets_metadata if m.typ == SheetTypeEnum.WorkSheet]
        send(out, ("sheets", [(m.name, m.visible != SheetVisibleEnum.Visible) for m in found]))
        for line in sys.stdin.buffer:
            send_sheet(out, book.get_sheet_by_name(json.loads(line)))
    except PasswordError:
        send(out, ("password", None))
    except (CalamineError, OSError, ValueError) as error:
        send(out, ("damaged", str(error)))
    except BaseException as error:  # a panic of its native code
        if type(error).__name__ != "PanicException":
            raise
        send(out, ("damaged", str(error)))
    return 0


def send_sheet(out: BinaryIO, sheet: Any) -> None:
    """Sends a sheet's first rows, how many rows and columns it has and what is merged, then its columns."""
    rows: list[list[Any]] = sheet.to_python(skip_empty_area=False)
    merged = sheet.merged_cell_ranges or []
    del sheet
    send(out, ("first", rows[:_AHEAD]))
    count, columns = len(rows), list(zip(*rows, strict=True))
    rows.clear()
    send(out, ("sheet", (count, len(columns), merged)))
    columns.reverse()
    while columns:
        send(out, ("column", packed(columns.pop())))


def packed(column: Sequence[Any]) -> tuple[list[Any], bytes]:
    """The different values of a column, and the place of each cell's among them; or all its cells, and nothing."""
    first = column[:_LOOKED_AT]
    if 2 * len(set(first)) < len(first) and set(map(type, column)) <= _ALIKE:
        places: defaultdict[Any, int] = defaultdict(count().__next__)
        packed_places = array("I", map(places.__getitem__, column))
        if 2 * len(places) < len(column):
            return list(places), packed_places.tobytes()
    return list(column), b""


def send(out: BinaryIO, answer: tuple[str, Any]) -> None:
    """Sends an answer. Nothing in it refers to itself, which is what a pickle otherwise must look for."""
    pickler = pickle.Pickler(out, 5)
    pickler.fast = True
    pickler.dump(answer)
    out.flush()


if __name__ == "__main__":
    sys.exit(main())

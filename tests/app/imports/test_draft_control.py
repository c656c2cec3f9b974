"""The work on an opened file can be stopped: while it is read anew, and between two columns of a check."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.imports.draft import change_options, check_sheets, open_workbook
from cmdb.model.control import Control
from cmdb.model.errors import Cancelled
from cmdb.model.schema import Schema
from importers.spreadsheets import ReadOptions


class _AtCheck(Control):
    """Stops at one of its checks."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number
        self.seen = 0

    def check(self) -> None:
        self.seen += 1
        if self.seen == self.number:
            self.cancel()
        super().check()


def test_a_check_stops_between_columns_and_a_file_that_is_read_anew_stays_as_it_was(tmp_path: Path) -> None:
    path, schema = tmp_path / "laptops.csv", Schema.load()
    path.write_text("Name,Serial,Status\na,1,Deployed\nb,2,Deployed\n")
    draft = open_workbook(path, ReadOptions(), schema, ())
    [sheet] = draft.sheets
    control = _AtCheck(3)  # the first is that of the sheet
    with pytest.raises(Cancelled):
        check_sheets(control, [sheet], schema)
    assert sheet.reading is None

    control.number = 0
    with pytest.raises(Cancelled):
        change_options(sheet, schema, (), control, encoding="cp1252")
    assert (draft.sheets, draft.asked) == ([sheet], {})
    check_sheets(Control(), [sheet], schema)
    assert sheet.reading is not None
    assert len(sheet.reading.observations) == 2

"""What was corrected in the window stands in the marked copy, and in what it remembers."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import openpyxl

from app import import_proposal
from app.imports.draft import check_sheets, open_files, open_workbook, reject_cells
from app.imports.marked_copies import is_applied, record_tags, write_marked_draft
from cmdb.model.control import Control
from cmdb.model.schema import Schema
from cmdb.store.upkeep.startup import create_estate
from importers.spreadsheets import ReadOptions, read_files, write_rejects


def test_corrected_cells_are_written_and_remembered(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Laptops"
    for row in (["Laptops", "", "", "", "Sites"], ["Name", "Status", "Model", "", "Name", "Country"],
                ["a", "Brokenn", "M", "", "HQ", "DE"], ["b", "Lots", "M"], ["c", "In stock", "M"]):  # fmt: skip
        sheet.append(row)
    book.save(tmp_path / "list.xlsx")
    store = create_estate(tmp_path / "e.terrier")
    control = Control()
    [file], failed = open_files(control, [tmp_path / "list.xlsx"], store.schema, [])
    assert (failed, [one.name for one in file.sheets]) == ([], ["Laptops, columns A:C", "Laptops, columns E:F"])
    file.sheets[0].mend(3, 1, "In repair")
    file.sheets[1].mend(3, 1, "FR")
    check_sheets(control, file.sheets, store.schema)
    readings = [one.reading for one in file.sheets if one.reading is not None]
    proposal = import_proposal.propose(store, readings, "ann", control)
    applied = store.apply(proposal.revision)
    with store.read() as reader:
        tags = record_tags(reader, proposal)
    copy = write_marked_draft(file, tmp_path / "copy.xlsx", proposal, store.schema, applied, tags)
    assert (copy.rows, copy.cells, copy.instead) == (1, 1, None)
    cells = openpyxl.load_workbook(copy.path)["Laptops"]
    assert [cells["B3"].value, cells["F3"].value] == ["In repair", "FR"]
    assert [cell.coordinate for row in cells for cell in row if cell.comment is not None] == ["B4"]
    with store.read() as reader:
        [again], _ = open_files(control, [copy.path], store.schema, [], applied=lambda marks: is_applied(reader, marks))
    check_sheets(control, again.sheets, store.schema)
    assert [one.reading.read for one in again.sheets if one.reading is not None] == [1, 0]
    [elsewhere], _ = open_files(control, [copy.path], store.schema, [])
    check_sheets(control, elsewhere.sheets, store.schema)
    assert [one.reading.read for one in elsewhere.sheets if one.reading is not None] == [3, 1]
    store.close()


def test_rejected_rows_keep_formulas_and_decimals_as_they_are(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Laptops"
    for row in (["Name", "Status", "Purchase cost", "Notes"], ["a", "Brokenn", 1.125, "'=1+1"]):
        book.active.append(row)
    book.save(tmp_path / "x.xlsx")
    schema = Schema.load()
    [sheet] = open_workbook(tmp_path / "x.xlsx", ReadOptions(), schema, ()).sheets
    sheet.strict = True
    check_sheets(Control(), [sheet], schema)
    assert sheet.reading is not None
    [(origin, cells, reasons)] = sheet.reading.rejects
    assert reject_cells([sheet], origin) == cells == ["a", "Brokenn", "1.1250", "=1+1"]
    reading = sheet.reading
    sheet.mend(2, 1, "Lost")
    sheet.reading = reading
    write_rejects(tmp_path / "r.csv", [reading], schema, [(origin, reject_cells([sheet], origin), reasons)])
    [again] = read_files([tmp_path / "r.csv"], schema)
    [row] = again.observations
    assert (row.values["status"], row.values["notes"], row.values["purchase_cost"]) == (
        "Lost",
        "=1+1",
        Decimal("1.125"),
    )

"""What was corrected in the window stands in the marked copy, and in what it remembers."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from app import import_proposal
from app.imports.draft import check_sheets, open_files
from app.imports.marked_copies import is_applied, record_tags, write_marked_draft
from cmdb.model.control import Control
from cmdb.store.upkeep.startup import create_estate


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

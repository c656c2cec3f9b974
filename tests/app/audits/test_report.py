"""The report of an audit: rows, a workbook, and a document with lines to sign on."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from app.audits.report import COLUMNS, paper, result_rows, save_report
from app.audits.running import excuse, finish
from app.audits.sheets import audit_sheet
from app.printing.paper import PaperFields, PaperTable, SignatureLine
from cmdb.model.errors import InvalidValue
from tests.app.audits.building import build
from tests.cmdb.estates import Places


def test_what_differs_comes_first_and_all_is_there(places: Places, tmp_path: Path) -> None:
    with places.borrowed("sqlite") as store:
        building = build(store)
        audit = building.started(blind=True)
        building.scan(audit, *(f"A{n}" for n in range(1, 18)), "A90", "NO-SUCH-TAG")
        building.do(excuse, audit, building.items[19:], "at home", "Bea")
        with store.read() as reader:
            hidden = audit_sheet(reader, audit)
            with pytest.raises(InvalidValue, match="AUD-1 is a blind audit"):
                save_report(reader.schema, hidden, tmp_path / "report.xlsx")
        building.do(finish, audit, "Bea")
        with store.read() as reader:
            sheet, schema = audit_sheet(reader, audit), reader.schema
            rows = [dict(zip((c.name for c in COLUMNS), row, strict=True)) for row in result_rows(schema, sheet)]
            document = paper(schema, sheet)
            save_report(schema, sheet, tmp_path / "report.xlsx")
    assert [row["result"] for row in rows] == [
        "missing", "missing", "outside", "unknown", *["found"] * 10, *rows_between(rows)
    ]  # fmt: skip
    assert (rows[2]["name"], rows[2]["scanned_in"], rows[2]["by"]) == ("LT-90", "Store", "Bea")
    assert rows[3]["code"] == "NO-SUCH-TAG"
    fields, signed = (
        [one for one in document.blocks if isinstance(one, kind)] for kind in (PaperFields, SignatureLine)
    )
    assert ("Missing", "2") in fields[0].rows  # type: ignore[union-attr]
    assert ("Excused", "1") in fields[0].rows  # type: ignore[union-attr]
    assert [one.label for one in signed] == ["Audited by", "Accepted by"]  # type: ignore[union-attr]
    differ, fit = (one for one in document.blocks if isinstance(one, PaperTable))
    assert (len(differ.rows), len(fit.rows)) == (4, 18)
    assert any("at home" in cell for row in fit.rows for cell in row)
    book = openpyxl.load_workbook(tmp_path / "report.xlsx", read_only=True)
    assert book.sheetnames == ["Results", "Scans", "Audit"]
    assert sum(1 for _ in book["Scans"].rows) == 1 + 19
    book.close()


def rows_between(rows: list[dict[str, object]]) -> list[object]:
    """The results of the last rows: found and excused ones, by name."""
    rest = [row["result"] for row in rows[14:]]
    assert sorted(map(str, rest)) == ["excused", *["found"] * 7]
    return rest

"""What is exported and not changed says nothing new when it is imported: every type of attribute, every format.

The formats with ids compare a file with what was exported, whatever a text looks like. LibreOffice, where it is
installed, opens the files, saves them in other formats, and every cell stays what it was.
"""

from __future__ import annotations

import shutil
import subprocess
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmdb.model.characters import one_line, visible
from cmdb.model.observation import NamedReference
from cmdb.model.revision import new_id
from cmdb.model.schema import Attribute, Schema
from importers.exported_json import IMPORTER
from importers.importer import Options
from importers.spreadsheets import SheetReading, read_files
from importers.spreadsheets.sheets.opening import open_file
from importers.spreadsheets.sheets.workbook import Sheet
from importers.tables import Table, columns_of, write
from importers.tables.cells import unescape
from tests.laws import examples

SCHEMA = Schema.load()
CLASS = SCHEMA.classes["laptop"]
TRICKY = (
    "=1+1", "+49 30 1", "-dash", "@home", "'quoted", "'0042", "'=x", "''=x", "00042", "1e5", "TRUE", "2024-03-04",
    "03/04/2024", "10%", "#REF!", "#N/A", "a  b", "tab\there", "two\nlines", "three\r\nlines", "comma, semi; bar|",
    'quote " here', "\U0001f600 \U0001f469\u200d\U0001f4bb", "\u05e9\u05dc\u05d5\u05dd", "e\u0301", "1.000", "1,5",
    "nan", "_x0041_", "<b>&amp;", "\u00a0x", "?", "N/A",
)  # fmt: skip
LONG = ("x" * 32_767, "'" + "=" * 32_000, "\U0001f600" * 16_383)
TYPED: dict[str, st.SearchStrategy[Any]] = {
    "integer": st.integers(0, 10**6), "number": st.decimals(0, 10**6, places=4), "boolean": st.booleans(),
    "money": st.decimals(Decimal("0.01"), 10**9, places=4), "date": st.dates().map(str),
    "time": st.datetimes().map(lambda moment: f"{moment:%Y-%m-%dT%H:%M:%SZ}".zfill(20)),
    "email": st.just("a@example.org"),
    "url": st.just("https://example.org/?a=b&c=d"), "uuid": st.uuids().map(str),
}  # fmt: skip
TEXT = st.one_of(
    st.sampled_from(TRICKY),
    st.text(st.characters(codec="utf-8"), max_size=20).map(lambda text: visible(text).strip()).filter(bool),
)  # fmt: skip


def values_of(attribute: Attribute) -> st.SearchStrategy[Any]:
    """Values that the register can hold."""
    if attribute.of_amounts:
        return st.just("EUR")
    if attribute.type == "choice":
        return st.sampled_from([choice.value for choice in attribute.choices])
    return TYPED.get(attribute.type, TEXT)


ROW = st.fixed_dictionaries(
    {"name": TEXT}, optional={a.name: values_of(a) for a in CLASS.attributes.values() if a.name != "name"}
)


def export(path: Path, rows: list[dict[str, Any]]) -> list[str]:
    """Writes the rows and returns their ids."""
    columns, ids = columns_of(CLASS, schema=SCHEMA), [new_id() for _ in rows]
    cells = [[row.get(column.name) for column in columns] for row in rows]
    write(path, [Table("Laptops", columns, cells, iter(ids), "laptop")])
    return ids


def read(path: Path) -> SheetReading:
    if path.suffix == ".json":
        assert IMPORTER.recognises(path.read_bytes()[:65_536])
        [found] = IMPORTER.read(path, SCHEMA, Options(), None)  # type: ignore[arg-type]
        assert isinstance(found, SheetReading)
        return found
    return read_files([path], SCHEMA)[0]


def said(reading: SheetReading) -> tuple[list[Any], list[Any]]:
    """What a reading of an export says anew, and what stands in the way."""
    rows = [(o.evidence.get("record"), o.values, o.clears) for o in reading.observations]
    return [row for row in rows if row[1] or row[2]], [(p.row, p.column, str(p.message)) for p in reading.problems]


@pytest.mark.parametrize("ending", [".xlsx", ".ods", ".json"])
@examples(8, soak=300)
@given(st.lists(ROW, min_size=1, max_size=4))
def test_what_nobody_changed_says_nothing(
    tmp_path_factory: pytest.TempPathFactory, ending: str, rows: list[dict[str, Any]]
) -> None:
    path = tmp_path_factory.getbasetemp() / f"law{ending}"
    ids = export(path, rows)
    reading = read(path)
    assert said(reading) == ([], [])
    assert [o.evidence["record"] for o in reading.observations] == [[uid] for uid in ids]
    for observation, row in zip(reading.observations, rows, strict=True):
        known, wanted = observation.untouched, dict(row)
        for name, value in list(known.items()):
            if isinstance(value, NamedReference):  # a name is one line
                known[name], wanted[name] = " ".join(value.name.split()), " ".join(one_line(row[name]).split())
        assert {n: _lines(v) for n, v in known.items()} == {n: _lines(v) for n, v in wanted.items()}


def _lines(value: Any) -> Any:
    return "\n".join(value.splitlines()).strip() if isinstance(value, str) else value


def test_a_changed_cell_is_said_and_a_longer_text_than_a_cell_holds_is_not(tmp_path: Path) -> None:
    rows = [{"name": "one", "notes": "x" * 40_000, "order_number": "a  b"}, {"name": "two", "notes": "=1"}]
    rows += [{"name": "below zero", "memory": -4, "purchase_cost": Decimal("-0.5"), "purchase_date": "1855-01-01"}]
    rows += [{"name": f"long {number}", "notes": text} for number, text in enumerate(LONG)]
    for ending in (".xlsx", ".ods", ".json"):
        path = tmp_path / f"out{ending}"
        export(path, rows)
        assert said(read(path)) == ([], [])
    path.write_text(path.read_text("utf-8").replace('"two"', '"three"'), "utf-8")
    [changed], problems = said(read(path))
    assert (changed[1], problems) == ({"name": "three"}, [])


SOFFICE = shutil.which("soffice")


def converted(path: Path, ending: str, folder: Path, how: str = "") -> Path:
    """The file as LibreOffice saves it in another format; ``how``: its filter and the filter's options."""
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    command = [
        str(SOFFICE),
        profile,
        "--headless",
        "--convert-to",
        ending + how,
        "--outdir",
        str(folder / ending),
        str(path),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return folder / ending / f"{path.stem}.{ending}"


def cells_of(sheet: Sheet) -> list[list[Any]]:
    """The cells as values, texts without what makes them safe; hidden columns left out."""
    return [[_lines(unescape(cell)) if isinstance(cell, str) else cell for cell in row[:-2]] for row in sheet.rows]


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_and_saves_what_was_exported(tmp_path: Path) -> None:
    texts = [*TRICKY, LONG[0]]
    rows: list[dict[str, Any]] = [
        {
            "name": f"LT {number}", "notes": text, "asset_tag": f"{number:05d}", "purchase_date": "2024-02-29",
            "purchase_cost": Decimal("1234.5"), "currency": "EUR", "memory": 16384, "status": "Deployed",
            "last_seen": "2026-01-02T03:04:05Z", "assigned_to": "Ann Lee",
        }
        for number, text in enumerate(texts)
    ]  # fmt: skip
    for ending, other in (("xlsx", "ods"), ("ods", "xlsx")):
        path = tmp_path / f"out.{ending}"
        export(path, rows)
        file, [wanted] = converted(path, other, tmp_path), open_file(path).sheets[:1]
        assert said(read(file)) == ([], []), file.name
        assert cells_of(open_file(file).sheets[0]) == cells_of(wanted), file.name
    reading = read(converted(tmp_path / "out.xlsx", "csv", tmp_path, ":Text - txt - csv (StarCalc):44,34,76,1"))
    assert (reading.rejected, [o.values for o in reading.observations if o.values]) == (0, [])

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from cmdb.model.cell_hash import cell_hash
from cmdb.model.observation import NamedReference
from cmdb.model.revision import new_id
from cmdb.model.schema import Schema
from importers.importer import Options
from importers.spreadsheets import ReadOptions, SheetReading, read_files, write_rejects
from importers.tables import Table, columns_of, write

NAMES = ["name", "serial_number", "status", "model", "purchase_date", "purchase_cost", "memory", "notes"]
ROWS: list[list[Any]] = [
    ["srv-1", "00123", "Deployed", "R650", "2024-03-31", Decimal("1234.5"), 128, "two\nlines"],
    ["=srv-2", "S2", "Retired", None, None, None, 65536, "-dash"],
    ["srv-3", "S3", "In stock", "R650", "2020-01-01", Decimal(0), None, None],
]


def export(path: Path, schema: Schema) -> tuple[Path, list[str]]:
    ids = [new_id() for _ in ROWS]
    columns = columns_of(schema.classes["server"], NAMES)
    assert write(path, [Table("Servers", columns, ROWS, ids, "server")]) == 3
    return path, ids


@pytest.fixture
def exported(tmp_path: Path, schema: Schema) -> tuple[Path, list[str]]:
    return export(tmp_path / "estate.xlsx", schema)


def edit(path: Path, cells: dict[str, Any]) -> Path:
    """As a person would in a spreadsheet program."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    for place, value in cells.items():
        sheet[place] = value
    book.save(path)
    return path


@pytest.mark.parametrize("ending", [".xlsx", ".ods"])
def test_an_untouched_export_says_nothing_new(tmp_path: Path, schema: Schema, ending: str) -> None:
    path, ids = export(tmp_path / f"estate{ending}", schema)
    [reading] = read_files([path], schema, Options(reading=ReadOptions(clear_blanks=True)))
    assert (reading.source.kind, reading.source.name) == ("person", "")
    assert [(o.values, o.clears, o.evidence) for o in reading.observations] == [({}, (), {"record": [i]}) for i in ids]
    assert (reading.problems, reading.unmapped, reading.read) == ([], [], 3)


def test_what_an_older_estate_holds_comes_back_as_it_is(tmp_path: Path, schema: Schema) -> None:
    names = ["name", "serial_number", "mac_address", "memory", "disk_size"]
    rows = [["srv-1", "N/A", "00-1A-2B-3C-4D-5E", 8, 487432], ["srv-2", "see sticker", "two ports", 16, 243712]]
    ids = [new_id() for _ in rows]
    path = tmp_path / "old.xlsx"
    write(path, [Table("Servers", columns_of(schema.classes["server"], names), rows, ids, "server")])
    [reading] = read_files([path], schema)
    assert [one.values for one in reading.observations] == [{}, {}]
    assert reading.problems == []


@pytest.mark.parametrize("ending", [".xlsx", ".ods"])
@pytest.mark.parametrize("separator", ["\u2028", "\x85", "\x0b"], ids=["U+2028", "NEL", "VT"])
def test_a_cell_with_a_rare_line_separator_counts_as_unchanged(
    tmp_path: Path, schema: Schema, ending: str, separator: str
) -> None:
    path, ids = tmp_path / f"estate{ending}", [new_id()]
    columns = columns_of(schema.classes["server"], ["name", "notes"])
    write(path, [Table("Servers", columns, [["srv-1", f"one{separator}two"]], ids, "server")])
    [reading] = read_files([path], schema, Options(reading=ReadOptions(clear_blanks=True)))
    assert [(o.values, o.clears, o.evidence) for o in reading.observations] == [({}, (), {"record": ids})]
    assert reading.problems == []


def test_only_edited_cells_are_said(exported: tuple[Path, list[str]], schema: Schema) -> None:
    path, ids = exported
    changes = {"C2": "Retired", "D4": None, "G3": 131072, "A5": "srv-4", "B5": "S4"}
    [reading] = read_files([edit(path, changes)], schema)
    first, second, third, added = reading.observations
    assert (first.values, first.clears) == ({"status": "Retired"}, ())
    assert first.evidence == {"record": [ids[0]], "base": [f"status={cell_hash('Deployed')}"]}
    assert second.values == {"memory": 131072}
    assert (third.values, third.clears) == ({}, ("model",))
    assert (added.values, added.evidence) == ({"name": "srv-4", "serial_number": "S4"}, {})


def test_sorted_rows_and_moved_columns_are_still_known(exported: tuple[Path, list[str]], schema: Schema) -> None:
    path, ids = exported
    book = openpyxl.load_workbook(path)
    rows = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
    book = openpyxl.Workbook()
    for number, row in enumerate([rows[0], rows[3], rows[1], rows[2]], 1):
        for column, value in enumerate([*reversed(row[:4]), *row[4:]], 1):
            cell = book.worksheets[0].cell(number, column, value)
            cell.data_type = "s" if isinstance(value, str) else cell.data_type
    book.save(path)
    [reading] = read_files([path], schema)
    assert [(o.values, o.evidence["record"]) for o in reading.observations] == [({}, [ids[i]]) for i in (2, 0, 1)]


def test_a_copied_row_and_a_deleted_name_are_refused(exported: tuple[Path, list[str]], schema: Schema) -> None:
    path, _ = exported
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    for column in range(1, sheet.max_column + 1):
        sheet.cell(5, column).value = sheet.cell(2, column).value
    sheet["A5"], sheet["A4"] = "a copy", None
    book.save(path)
    [reading] = read_files([path], schema)
    assert [(p.row, p.kind, p.severity) for p in reading.problems] == [
        (4, "required", "error"),
        (5, "copied-row", "error"),
    ]
    assert reading.rejected == 2


@pytest.mark.parametrize(
    ("above", "below", "refused"),
    [
        ({"A": "a copy", "B": "S9"}, {}, [2]), ({"D": "other"}, {}, [2]), ({"A": "a copy", "B": "S9"}, {"D": "x"}, [2]),
        ({"B": "S8"}, {"B": "S9"}, [2, 5]), ({"D": "one"}, {"D": "other"}, [2, 5]), ({}, {"B": "S9"}, [5]),
    ],
)  # fmt: skip
def test_a_row_that_was_copied_above_its_own_does_not_change_the_record(
    exported: tuple[Path, list[str]], schema: Schema, above: dict[str, str], below: dict[str, str], refused: list[int]
) -> None:
    path, ids = exported
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    for column in range(1, sheet.max_column + 1):
        sheet.cell(5, column).value = sheet.cell(2, column).value
    for row, cells in ((2, above), (5, below)):
        for column, text in cells.items():
            sheet[f"{column}{row}"] = text
    book.save(path)
    [reading] = read_files([path], schema)
    assert [(p.row, p.kind) for p in reading.problems] == [(row, "copied-row") for row in refused]
    own = [one for one in reading.observations if one.evidence["record"] == [ids[0]]]
    assert [sorted(one.values) for one in own] == ([] if len(refused) > 1 else [["model"]] if "D" in below else [[]])


def test_an_export_of_several_classes(tmp_path: Path, schema: Schema) -> None:
    columns = [*columns_of(schema.classes["hardware"], ["name", "serial_number"])]
    from importers.tables import Column

    columns.insert(1, Column("class", "Class"))
    ids = [new_id(), new_id()]
    write(
        tmp_path / "a.xlsx",
        [Table("Hardware", columns, [["a", "Laptop", "1"], ["b", "Monitor", "2"]], ids, "hardware")],
    )
    [reading] = read_files([edit(tmp_path / "a.xlsx", {"C3": "22"})], schema)
    assert [(o.cls, o.values, o.evidence["record"]) for o in reading.observations] == [
        ("laptop", {}, [ids[0]]), ("monitor", {"serial_number": "22"}, [ids[1]]),
    ]  # fmt: skip


STRICT = ReadOptions(strict=True)

# -- rejects --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".ods"])
def test_rejects_can_be_mended_and_imported(
    read: Callable[..., SheetReading], schema: Schema, tmp_path: Path, ending: str
) -> None:
    reading = read("Name,Status,Serial\n=a,Brokenn,1\nb,Retired,2\nc,Lostt,03\n", name="servers.csv", options=STRICT)
    path = tmp_path / f"rejected{ending}"
    assert write_rejects(path, [reading], schema) == 2
    [again] = read_files([path], schema, Options(reading=STRICT))
    assert again.rejected == 2
    assert again.unmapped == []
    assert [cells[1:4] for _, cells, _ in again.rejects] == [["=a", "Brokenn", "1"], ["c", "Lostt", "03"]]
    if ending == ".csv":
        mended = path.read_text("utf-8-sig").replace("Brokenn", "Retired").replace("Lostt", "Lost")
        assert "Did you mean Lost?" in mended
        path.write_text(mended, "utf-8")
        [mended_reading] = read_files([path], schema)
        assert [(o.cls, o.values["name"], o.values["serial_number"]) for o in mended_reading.observations] == [
            ("server", "=a", "1"), ("server", "c", "03"),
        ]  # fmt: skip


def test_rejects_of_several_sheets_in_one_csv(schema: Schema, xlsx: Callable[..., Path], tmp_path: Path) -> None:
    path = xlsx({
        "Servers": [["Name", "Status"], ["a", "Brokenn"]],
        "Laptops": [["Serial", "Name", "Status"], ["S1", "b", "Goneish"]],
    })  # fmt: skip
    readings = read_files([path], schema, Options(reading=STRICT))
    assert write_rejects(tmp_path / "r.csv", readings, schema) == 2
    [again] = read_files([tmp_path / "r.csv"], schema)
    assert [(p.row, p.value) for p in again.problems] == [(2, "Brokenn"), (3, "Goneish")]


def test_a_rounded_serial_stays_rejected(schema: Schema, xlsx: Callable[..., Path], tmp_path: Path) -> None:
    path = xlsx({"Servers": [["Name", "Serial"], ["a", 6.37702e15], ["b", 637702000000.0]]})
    write_rejects(tmp_path / "r.csv", read_files([path], schema), schema)
    [again] = read_files([tmp_path / "r.csv"], schema)
    assert [p.value for p in again.problems] == ["6.37702E+15", "6.37702E+11"]
    assert again.rejected == 2


def test_rejects_may_come_from_elsewhere(read: Callable[..., SheetReading], schema: Schema, tmp_path: Path) -> None:
    reading = read("Name,Serial\na,1\n", name="servers.csv")
    rejects = [(reading.observations[0].origin, ["a", "1"], ["There is another a."])]
    assert write_rejects(tmp_path / "r.csv", [reading], schema, rejects) == 1
    assert (tmp_path / "r.csv").read_text("utf-8-sig").splitlines() == [
        "Class,Name,Serial,Rejected because",
        "Server,a,1,There is another a.",
    ]


def test_no_rejects_no_file(read: Callable[..., SheetReading], schema: Schema, tmp_path: Path) -> None:
    assert write_rejects(tmp_path / "r.csv", [read("Name,Serial\na,1\n", name="servers.csv")], schema) == 0
    assert not (tmp_path / "r.csv").exists()


def test_rejected_rows_of_an_export_keep_their_ids(
    exported: tuple[Path, list[str]], schema: Schema, tmp_path: Path
) -> None:
    path, ids = exported
    readings = read_files([edit(path, {"C2": "Brokenn", "D2": "R750"})], schema)
    write_rejects(tmp_path / "r.xlsx", readings, schema)
    [again] = read_files([edit(tmp_path / "r.xlsx", {"C2": "Lost"})], schema)
    [seen] = again.observations
    assert seen.evidence["record"] == [ids[0]]
    assert seen.values == {"status": "Lost", "model": NamedReference("hardware_model", "R750")}

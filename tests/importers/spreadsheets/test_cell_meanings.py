"""What cells mean: thousands, sizes, dates, junk, addresses; and what becomes of one that can't be read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from cmdb.model.schema import Schema
from importers.spreadsheets import ReadOptions, SheetReading, read_files, write_rejects

Read = Callable[..., SheetReading]


def test_a_cell_that_the_row_can_lack_is_left_out_and_said(read: Read) -> None:
    reading = read(
        "Name,Serial,Status,Purchase date,Memory\na,S1,Brokenn,soon,8 GB\nb,6.37702E+15,Retired,2024-01-01,8 GB\n",
        name="servers.csv",
        options=ReadOptions(clear_blanks=True),
    )
    assert [(p.row, p.column, p.severity) for p in reading.problems] == [
        (2, "Status", "left-out"), (2, "Purchase date", "left-out"), (3, "Serial", "error"),
    ]  # fmt: skip
    [one] = reading.observations
    assert one.values == {"name": "a", "serial_number": "S1", "memory": 8192}
    assert one.clears == (), "what can't be read is not blank"
    assert (reading.rejected, [origin.row for origin, _, _ in reading.rejects]) == (1, [3])
    licence = "Product,Metric,Quantity,Pack size\nTool,device,-3,\nTool,device,5,many\n"
    assert read(licence, cls="entitlement").rejected == 2, "without them it would be another purchase"


def test_what_stands_for_no_identity_is_left_out_and_said(read: Read) -> None:
    junk = ("N/A", "see sticker", "?", "release-keys", "16843009", "00000000")
    rows = "".join(f"pc-{at},{value},{value}\n" for at, value in enumerate(junk, 1))
    reading = read("Name,Serial,Tag\n" + rows + "?,S9,A9\npc-8,12345,7\n", name="laptops.csv")
    kept = {o.values["name"]: (o.values.get("serial_number"), o.values.get("asset_tag")) for o in reading.observations}
    assert kept == {
        "pc-1": (None, None), "pc-2": (None, None), "pc-3": (None, None), "pc-4": (None, None),
        "pc-5": (None, "16843009"), "pc-6": (None, None), "A9": ("S9", "A9"), "pc-8": ("12345", "7"),
    }  # fmt: skip
    assert {(p.kind, p.severity) for p in reading.problems} == {("junk", "warning")}
    assert len(reading.problems) == 12


@pytest.mark.parametrize(
    ("rows", "delimiter", "numbers", "kinds"),
    [
        (["1.000", "5"], ",", [1000, 5], []),  # whole numbers beside it: the point groups
        (["1.000", "2.500"], ",", [1000, 2500], []),  # two and a half is no count
        (["1.000"], ",", [1000], ["ambiguous-number"]),
        (["1.000"], ";", [1000], []),  # decimal commas: the point groups
        (['"1,000"'], ",", [1000], []),
        (["1,000"], ";", [1], ["ambiguous-number"]),
        (["1.000.000", "1.000"], ",", [1_000_000, 1000], []),
        (["1.000", '"2,000"', "7"], ",", [7], ["ambiguous-number"] * 2),
    ],
)
def test_thousands_of_a_count(
    read: Read, rows: list[str], delimiter: str, numbers: list[int], kinds: list[str]
) -> None:
    text = delimiter.join(("Name", "Pages printed")) + "\n"
    text += "".join(f"p{at}{delimiter}{row}\n" for at, row in enumerate(rows))
    reading = read(text, cls="printer")
    found = [one.values["pages_printed"] for one in reading.observations if "pages_printed" in one.values]
    assert (found, [p.kind for p in reading.problems]) == (numbers, kinds)


@pytest.mark.parametrize(
    ("costs", "amounts"),
    [
        ("1.000 €|99,50 €", ["1000", "99.5"]),
        ("$1.000|$99.50", ["1", "99.5"]),
        ("KWD 1.250|KWD 2.000", ["1.25", "2"]),
        ("1.250,- €|99,-", ["1250", "99"]),
        ("1.250 €|2.000 €", ["1250", "2000"]),
        ("0.500|1.250", ["0.5", "1.25"]),
    ],
)
def test_thousands_of_an_amount(read: Read, costs: str, amounts: list[str]) -> None:
    rows = "".join(f'"p{at}"\t"{cost}"\n' for at, cost in enumerate(costs.split("|")))
    reading = read("Name\tPurchase cost\n" + rows, name="servers.tsv")
    assert [one.values["purchase_cost"] for one in reading.observations] == [Decimal(a) for a in amounts]


def test_sizes_are_read_in_the_units_that_they_can_be_in(read: Read) -> None:
    def sizes(header: str, *cells: str) -> list[object]:
        rows = "".join(f"p{at};{cell}\n" for at, cell in enumerate(cells))
        name = "memory" if "emory" in header else "disk_size"
        return [one.values.get(name) for one in read(f"Name;{header}\n{rows}", name="laptops.csv").observations]

    assert sizes("Disk size", "237.4", "476.2") == [237, 476]
    assert sizes("Disk size", "487432", "243712") == [476, 238]
    assert sizes("Disk size (MB)", "487432,00", "512") == [476, None], "half a GiB is not none"
    assert sizes("Disk size", "256060514304", "512110190592") == [238, 477]
    assert sizes("Memory", "16777216", "8388608") == [16384, 8192]
    assert sizes("Disk size", "512GB SSD", "256 GB SSD + 1 TB HDD", "2 x 480 GB") == [512, 1280, 960]
    assert sizes("Memory", "16,384 MB", "8GB DDR4") == [16384, 8192]
    assert sizes("Memory", "8 GB", "1,5 GB") == [8192, 1536]
    assert sizes("Memory", "16 GB", "1.024 MB", "8 Go") == [16384, 1024, 8192]


def test_dates_that_can_hardly_be_are_said(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERRIER_NOW", "2026-11-30T12:00:00Z")
    reading = read(
        "Name,Purchase date,Warranty until\na,01/15/55,01/15/55\nb,01/20/2026,01/20/2025\nc,01/20/2031,01/20/2099\n"
        "d,01/20/2024,01/20/2027\n",
        name="laptops.csv",
    )
    days = [(one.values["purchase_date"], one.values["warranty_until"]) for one in reading.observations]
    assert days[:2] == [("1955-01-15", "2055-01-15"), ("2026-01-20", "2025-01-20")]
    assert [(p.row, p.column, p.code) for p in reading.problems] == [
        (2, "Purchase date", "date.long-past"), (3, "Warranty until", "date.order"),
        (4, "Purchase date", "date.to-come"), (4, "Warranty until", "date.far-ahead"),
    ]  # fmt: skip


def test_numbers_that_are_dates_are_read_and_said(read: Read, schema: Schema, xlsx: Callable[..., Path]) -> None:
    reading = read("Name,Purchase date,Last seen\na,1711929600,1711929600000\nb,20240401,\n", name="laptops.csv")
    assert [one.values["purchase_date"] for one in reading.observations] == ["2024-04-01"] * 2
    assert reading.observations[0].values["last_seen"] == "2024-04-01T00:00:00Z"
    assert [p.code for p in reading.problems] == ["date.seconds"] * 2
    [numbers] = read_files([xlsx({"Laptops": [["Name", "Purchase date"], ["a", 20240401], ["b", 45383]]})], schema)
    assert [one.values["purchase_date"] for one in numbers.observations] == ["2024-04-01"] * 2


def test_what_programs_write_for_no_date_is_blank_and_a_clock_is_kept(read: Read) -> None:
    blanks = ("0000-00-00", "0000-00-00 00:00:00", "1/0/1900", "1899-12-30", "01/01/1970", "0")
    rows = "".join(f"pc-{at},{day},25/03/2026 14:30\n" for at, day in enumerate(blanks))
    reading = read("Name,Purchase date,Last seen\n" + rows, name="laptops.csv")
    assert (reading.problems, [one.values.get("purchase_date") for one in reading.observations]) == ([], [None] * 6)
    assert {str(one.values["last_seen"])[:10] for one in reading.observations} == {"2026-03-25"}
    assert {str(one.values["last_seen"])[14:16] for one in reading.observations} == {"30"}


def test_addresses_of_adapters_have_one_form(read: Read) -> None:
    given = ("00-1A-2B-3C-4D-5E", "001a.2b3c.4d5e", "001A2B3C4D5E", "0:1a:2b:3c:4d:5e", "zz:zz")
    reading = read("Name,MAC\n" + "".join(f"pc-{at},{mac}\n" for at, mac in enumerate(given)), name="laptops.csv")
    assert [one.values.get("mac_address") for one in reading.observations] == ["00:1a:2b:3c:4d:5e"] * 4
    assert [(p.value, p.severity) for p in reading.problems] == [("zz:zz", "error")]


def test_sentences_quote_cells_as_they_are_shown(schema: Schema, xlsx: Callable[..., Path]) -> None:
    rows = [["Name", "Purchase cost", "Status", "Memory"], ["a", date(2024, 5, 6), 1, True]]
    [reading] = read_files([xlsx({"Servers": rows})], schema)
    told = " ".join(str(p.message) for p in reading.problems)
    assert "2024-05-06" in told
    assert "“1”" in told
    assert "datetime" not in told


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_damaged_character_is_replaced_and_said(
    schema: Schema, text: Callable[..., Path], tmp_path: Path, encoding: str
) -> None:
    content = "Name,Serial\nnb-\udfff1,S1\nnb-2,S2\nnb-\ud8003,6.37702E+15\n".encode(encoding, "surrogatepass")
    [reading] = read_files([text(content, name="laptops.csv")], schema)
    assert [one.values["name"] for one in reading.observations] == ["nb-\ufffd1", "nb-2"]
    told = [(p.row, p.column, p.code) for p in reading.problems]
    assert told == [(2, "Name", "text.lost"), (4, "Name", "text.lost"), (4, "Serial", "scientific")]
    assert write_rejects(tmp_path / "rejects.csv", [reading], schema) == 1


def test_several_identifiers_and_marks_for_the_cell_above_are_no_values(read: Read) -> None:
    rows = 'Name,Serial,Assigned to,Model\na,"S1; S2",Ann Lee,M1\nb,"S3,4",ditto,"MX; 2"\nc,dito,Do. Little,"""  "\n'
    reading = read(rows, name="laptops.csv")
    assert {(p.row, p.column, p.kind) for p in reading.problems} == {
        (2, "Serial", "several"), (3, "Assigned to", "ditto"), (4, "Serial", "junk"), (4, "Model", "ditto"),
    }  # fmt: skip
    assert [o.values.get("serial_number") for o in reading.observations] == ["S3,4", None]


def test_words_for_nothing_reject_no_row(read: Read) -> None:
    reading = read("Name,MAC,Purchase cost\na,n. v.,k. A.\n", name="printers.csv")
    assert (reading.problems, reading.observations[0].values) == ([], {"name": "a"})

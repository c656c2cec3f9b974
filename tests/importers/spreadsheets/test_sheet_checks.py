from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from cmdb.model.errors import FileProblem
from cmdb.model.observation import Link, NamedReference
from cmdb.model.schema import Schema
from importers.spreadsheets import ReadOptions, SheetReading, check, map_columns, open_file, read_files

Read = Callable[..., SheetReading]
Files = Callable[..., Path]


def said(reading: SheetReading, severity: str = "error") -> list[tuple[int, str, str]]:
    return [(p.row, p.column, p.kind) for p in reading.problems if p.severity == severity]


def test_rows_become_observations(read: Read) -> None:
    reading = read(
        "Name,Serial number,Model,Status,Purchase date,Purchase cost,Memory\n"
        'srv-1,S1,R650,in use,2024-03-31,"1,234.50",64 GB\n',
        name="servers.csv",
    )
    [seen] = reading.observations
    assert seen.cls == "server"
    assert seen.values == {
        "name": "srv-1", "serial_number": "S1", "model": NamedReference("hardware_model", "R650"), "status": "Deployed",
        "purchase_date": "2024-03-31", "purchase_cost": Decimal("1234.5"), "memory": 65536,
    }  # fmt: skip
    assert str(seen.origin) == "servers.csv, servers, row 2"
    assert (reading.source.kind, reading.source.name) == ("sheet", "servers.csv")
    assert (reading.read, reading.rejected, reading.problems) == (1, 0, [])


STRICT = ReadOptions(strict=True)


def test_every_problem_of_every_row_is_told(read: Read) -> None:
    reading = read(
        "Name,Status,Purchase date,Purchase cost\na,Brokenn,31.31.2024,cheap\nb,In stock,2024-01-01,5\n,,2024-13-01,\n",
        name="servers.csv",
        options=STRICT,
    )
    assert said(reading) == [
        (2, "Status", "choice"), (2, "Purchase date", "date"), (2, "Purchase cost", "money"),
        (4, "Name", "required"), (4, "Purchase date", "date"),
    ]  # fmt: skip
    status = reading.problems[0]
    assert (status.value, status.file, status.sheet) == ("Brokenn", "servers.csv", "servers")
    assert "Did you mean In repair?" in str(status.message)
    assert "Retired" in status.suggested
    assert [o.values["name"] for o in reading.observations] == ["b"]
    assert (reading.read, reading.rejected) == (3, 2)
    assert [(origin.row, cells[1]) for origin, cells, _ in reading.rejects] == [(2, "Brokenn"), (4, "")]
    assert len(reading.rejects[0][2]) == 3


def test_serials_that_became_rounded_numbers(read: Read, schema: Schema, xlsx: Files) -> None:
    reading = read('Name,Serial number,Notes\na,6.37702E+15,"1,2E+10"\nb,S2,x\n', name="servers.csv")
    assert said(reading) == [(2, "Serial number", "scientific")]
    rows = [["Name", "Serial number"], ["a", 6.37702e15], ["b", 12345678901234.0], ["c", 637702000000.0], ["d", 77.0]]
    [reading] = read_files([xlsx({"Servers": rows})], schema)
    assert said(reading) == [(2, "Serial number", "scientific"), (4, "Serial number", "scientific")]
    assert [o.values["serial_number"] for o in reading.observations] == ["12345678901234", "77"]


def test_lost_leading_zeros(read: Read) -> None:
    reading = read("Name,Asset tag\na,004711\nb,004712\nc,4713\nd,104714\n", name="servers.csv")
    assert said(reading, "warning") == [(4, "Asset tag", "leading-zeros")]
    assert len(reading.observations) == 4


def test_the_order_of_dates_is_decided_by_the_others(read: Read) -> None:
    head = "Name,Purchase date\n"
    reading = read(head + "a,03/04/2024\nb,25/04/2024\n", name="servers.csv")
    assert [o.values["purchase_date"] for o in reading.observations] == ["2024-04-03", "2024-04-25"]
    assert reading.problems == []
    reading = read(head + "a,03/04/2024\nb,04/25/2024\n", name="servers.csv")
    assert reading.observations[0].values["purchase_date"] == "2024-03-04"
    reading = read(head + "a,03/04/2024\nb,05/05/2024\n", name="servers.csv")
    assert said(reading, "warning") == [(2, "Purchase date", "ambiguous-date")]
    reading = read(head + "a,03/04/2024\n", name="servers.csv", options=ReadOptions(day_first=False))
    assert reading.observations[0].values["purchase_date"] == "2024-03-04"
    assert reading.problems == []


def test_another_date_column_settles_the_order(read: Read) -> None:
    reading = read("Name,Purchase date,Warranty until\na,03/04/2024,12/31/2027\n", name="servers.csv")
    assert reading.observations[0].values["purchase_date"] == "2024-03-04"
    assert reading.problems == []


def test_dates_of_both_orders_are_not_guessed(read: Read) -> None:
    reading = read("Name,Purchase date\na,25/04/2024\nb,04/25/2024\nc,03/04/2024\n", name="servers.csv", options=STRICT)
    assert said(reading) == [(4, "Purchase date", "ambiguous-date")]
    assert [o.values["purchase_date"] for o in reading.observations] == ["2024-04-25", "2024-04-25"]


def test_dates_stored_as_numbers(read: Read, schema: Schema, xlsx: Files) -> None:
    [reading] = read_files(
        [xlsx({"Servers": [["Name", "Purchase date"], ["a", 45382], ["b", date(2024, 3, 31)]]})], schema
    )
    assert [o.values["purchase_date"] for o in reading.observations] == ["2024-03-31", "2024-03-31"]
    assert said(reading, "warning") == [(2, "Purchase date", "date-number")]
    reading = read("Name,Purchase date\na,45382\n", name="servers.csv")
    assert reading.observations[0].values["purchase_date"] == "2024-03-31"


def test_text_that_became_a_date(schema: Schema, xlsx: Files) -> None:
    rows = [["Name", "Serial number", "Notes"], ["a", date(2024, 3, 1), ""], ["b", "S2", date(2024, 3, 1)]]
    [reading] = read_files([xlsx({"Servers": rows})], schema)
    assert said(reading) == [(2, "Serial number", "date-for-text")]
    assert said(reading, "warning") == [(3, "Notes", "date-for-text")]


def test_decimal_commas(read: Read) -> None:
    reading = read("Name;Purchase cost\na;1.234,50\nb;2,5\nc;1.000\n", name="servers.csv")
    assert [o.values["purchase_cost"] for o in reading.observations] == [1234.5, 2.5, 1000.0]
    reading = read('Name,Purchase cost\na,"1,234.50"\nb,2.5\n', name="servers.csv")
    assert [o.values["purchase_cost"] for o in reading.observations] == [1234.5, 2.5]


def test_memory_without_a_unit(read: Read) -> None:
    reading = read("Name,Memory\na,16\nb,512\n", name="servers.csv")
    assert [o.values["memory"] for o in reading.observations] == [16384, 524288]
    assert said(reading, "warning") == [(1, "Memory", "unit")]
    assert read("Name,Memory (GB)\na,16\n", name="servers.csv").observations[0].values["memory"] == 16384
    assert read("Name,Memory\na,16384\n", name="servers.csv").observations[0].values["memory"] == 16384
    assert read("Name,Memory (MiB)\na,128\n", name="servers.csv").observations[0].values["memory"] == 128


def test_blanks_that_are_not_plain(read: Read) -> None:
    reading = read("Name,Model,Notes\n srv\u00a01 ,\u00a0R650\u00a0,  \n\u00a0,,\n   ,,\n", name="servers.csv")
    [seen] = reading.observations
    assert seen.values == {"name": "srv 1", "model": NamedReference("hardware_model", "R650")}
    assert said(reading, "warning") == [(2, "Name", "blanks"), (2, "Model", "blanks")]
    assert reading.read == 1


def test_error_values_reject_their_rows(read: Read) -> None:
    reading = read(
        "Name,Model,Colour\na,#REF!,x\nb,#N/A,x\nc,R650,#REF!\nd,####,x\n", name="servers.csv", options=STRICT
    )
    assert said(reading) == [(2, "Model", "error-value"), (3, "Model", "error-value"), (5, "Model", "error-value")]
    assert [o.values["name"] for o in reading.observations] == ["c"]


def test_totals_repeated_headers_and_notes_are_skipped(read: Read) -> None:
    reading = read(
        "Name,Serial number,Purchase cost\nb,S1,5\nName,Serial number,Purchase cost\nTotal Commander,S2,6\n\n"
        "Total,,11\nExported on 2024-05-01,,\n",
        name="servers.csv",
    )
    assert [o.values["name"] for o in reading.observations] == ["b", "Total Commander"]
    assert [p.row for p in reading.problems] == [3, 6, 7]
    assert all(p.severity == "warning" for p in reading.problems)
    assert (reading.read, reading.rejected) == (2, 0)


def test_identical_rows_collapse(read: Read) -> None:
    reading = read("Name,Serial\na,1\nb,2\na,1\n", name="servers.csv")
    assert [o.values["name"] for o in reading.observations] == ["a", "b"]
    assert said(reading, "warning") == [(4, "", "duplicate")]


def test_headers_that_repeat_or_are_missing(read: Read) -> None:
    reading = read("Name,Model,Model,,Serial\na,R1,R2,x,1\n", name="servers.csv")
    assert reading.observations[0].values["model"].name == "R1"
    assert [(p.column, p.kind) for p in reading.problems] == [("Model", "header"), ("Column D", "header")]
    assert reading.unmapped == ["Model", "Column D"]


def test_merged_cells_say_the_same_for_each_row(schema: Schema, tmp_path: Path) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "m.xlsx") as book:
        sheet = book.add_worksheet("Servers")
        for r, row in enumerate([["Name", "Location"], ["a", ""], ["b", ""], ["c", "R2"]]):
            sheet.write_row(r, 0, row)
        sheet.merge_range(1, 1, 2, 1, "R1")
    [reading] = read_files([tmp_path / "m.xlsx"], schema)
    assert [o.values["location"].name for o in reading.observations] == ["R1", "R1", "R2"]
    assert said(reading, "warning") == [(2, "Location", "merged")]


def test_a_missing_name_is_an_error_unless_something_stands_in(read: Read) -> None:
    reading = read("Name,Asset tag,Notes\n,T1,\n,,lonely\nx,T3,\n", name="servers.csv")
    assert [(o.values["name"], o.evidence) for o in reading.observations] == [
        ("T1", {"fallback_name": ["T1"]}), ("x", {}),
    ]  # fmt: skip
    assert said(reading) == [(3, "Name", "required")]
    reading = read("Product,Metric,Quantity,Order number\nVisio,device,5,PO-1\n,device,2,PO-2\n", cls="Entitlement")
    assert [o.values["name"] for o in reading.observations] == ["Visio, device, PO-1"]
    assert said(reading) == [(3, "Product", "required")]


def test_first_and_last_name_make_a_name(read: Read) -> None:
    reading = read("First name,Last name,Email\nJane,Doe,Jane@Example.org\n,Ra,\n", name="people.csv")
    assert [o.values["name"] for o in reading.observations] == ["Jane Doe", "Ra"]
    assert reading.observations[0].values["email"] == "jane@example.org"
    assert reading.observations[0].evidence == {}


def test_references_by_address_and_by_class(read: Read) -> None:
    reading = read(
        "Name,Assigned to,Location\na,jane@example.org,Room:R1\nb,Jane Doe <jane@example.org>,-\nc,n/a,x: y\n",
        name="laptops.csv",
    )
    assert [o.values.get("assigned_to") for o in reading.observations] == [
        NamedReference("person", "jane@example.org", (("email", "jane@example.org"),)),
        NamedReference("person", "Jane Doe", (("email", "jane@example.org"),)), None,
    ]  # fmt: skip
    assert [o.values.get("location") for o in reading.observations] == [
        NamedReference("room", "R1"),
        None,
        NamedReference("place", "x: y"),
    ]


def test_equal_mentions_are_one_object(read: Read) -> None:
    first, second = read("Name,Model\na,R1\nb,R1\n", name="servers.csv").observations
    assert first.values["model"] is second.values["model"]


def test_what_a_sheet_says_of_its_people(read: Read) -> None:
    reading = read("Name,Assigned to,Assigned to email\na,Jane,J@X.org\nb,Jo,\nc,,k@x.org\n", name="laptops.csv")
    assert [o.values["assigned_to"] for o in reading.observations] == [
        NamedReference("person", "Jane", (("email", "j@x.org"),)), NamedReference("person", "Jo"),
        NamedReference("person", "k@x.org", (("email", "k@x.org"),)),
    ]  # fmt: skip


def test_rows_of_several_classes(read: Read) -> None:
    reading = read(
        "Name,Class,Memory,Diagonal\na,Laptop,8 GB,\nb,monitor,,24\nc,Monitor,4 GB,27\n"
        "d,Hardware,,\ne,Toaster,,\nf,,,\n"
    )
    assert [(o.cls, o.origin.row) for o in reading.observations] == [("laptop", 2), ("monitor", 3), ("monitor", 4)]
    assert reading.observations[1].values["diagonal"] == 24
    assert said(reading) == [(5, "Class", "class"), (6, "Class", "class"), (7, "Class", "class")]
    assert said(reading, "warning") == [(4, "Memory", "class")]


def test_blank_cells_keep_or_clear(read: Read) -> None:
    content = "Name,Model,Notes\na,,x\n"
    assert read(content, name="servers.csv").observations[0].clears == ()
    cleared = read(content, name="servers.csv", options=ReadOptions(clear_blanks=True)).observations[0]
    assert cleared.clears == ("model",)


def test_constants_fill_what_is_blank(schema: Schema, text: Files) -> None:
    sheet = open_file(text("Name,Status\na,\nb,Retired\n", "servers.csv")).sheets[0]
    mapping = replace(map_columns(sheet, schema), constants={"status": "in stock", "environment": "test"})
    rows = [o.values for o in check(sheet, mapping, schema).observations]
    assert [(r["status"], r["environment"]) for r in rows] == [("In stock", "test"), ("Retired", "test")]
    broken = replace(mapping, constants={"environment": "nowhere"})
    assert check(sheet, broken, schema).rejected == 2


def test_transforms(schema: Schema, text: Files) -> None:
    sheet = open_file(text('Name,Assigned to,Serial\nDE-srv1.corp,"Doe, Jane",abc\n', "servers.csv")).sheets[0]
    mapping = map_columns(sheet, schema).use(0, transforms=("trim:de-", "before:.", "upper"))
    mapping = mapping.use(1, transforms=("first",)).use(2, transforms=("upper",))
    [seen] = check(sheet, mapping, schema).observations
    assert (seen.values["name"], seen.values["serial_number"]) == ("SRV1", "ABC")
    assert seen.values["assigned_to"].name == "Jane"


# -- links, relationships, installations, assignments ---------------------------------------------------------------


def test_link_columns_make_links(read: Read) -> None:
    reading = read(
        "Name,Powered by,Group,Needs,Contains\nsrv,pdu-1; PDU:pdu-2,power,1,\nrack-x,,,,srv\nq,pdu-1,g,many,\n",
        name="servers.csv",
    )
    first, second = reading.observations
    assert first.links == [
        Link("powered_by", NamedReference("", "pdu-1"), False, "power", "1"),
        Link("powered_by", NamedReference("pdu", "pdu-2"), False, "power", "1"),
    ]
    assert second.links == [Link("part_of", NamedReference("", "srv"), True)]
    assert said(reading) == [(4, "Needs", "needs")]


def test_a_relationship_sheet(read: Read) -> None:
    reading = read(
        "Source,Relationship,Target,Group,Needs\n"
        "app,runs on,srv-1,hosts,50%\napp,Runs On,srv-2,hosts,50 %\nsrv-3,runs,app,,\nServer:a,hates,b,,\nx,uses,,,\n"
    )
    assert reading.kind == "relationship"
    assert [(s.source.name, s.type, s.target.name, s.group, s.needs) for s in reading.links] == [
        ("app", "runs_on", "srv-1", "hosts", "50%"), ("app", "runs_on", "srv-2", "hosts", "50%"),
        ("app", "runs_on", "srv-3", "", ""),
    ]  # fmt: skip
    assert said(reading) == [(5, "Relationship", "relationship"), (6, "Target", "required")]
    assert "depends on" in reading.problems[0].suggested


def test_rows_of_a_group_must_agree(read: Read) -> None:
    reading = read(
        "Source,Relationship,Target,Group,Needs\n"
        "a,powered by,p1,power,1\na,powered by,p2,Power,2\nb,powered by,p1,power,2\na,powered by,p3,power,\n"
        "n1,member of,c,nodes,2\nn2,member of,c,nodes,3\n"
    )
    assert [(p.row, p.kind) for p in reading.problems] == [(2, "needs"), (3, "needs"), (6, "needs"), (7, "needs")]
    assert [s.origin.row for s in reading.links] == [4, 5]


def test_an_installation_sheet(read: Read) -> None:
    reading = read(
        "Computer,Product,Publisher,Version,User,Environment,Installed on\n"
        "srv-1,SQL Server,Microsoft,15.0,,prod,2024-02-01\nsrv-2,,x,1,,,\nsrv-3,Foo,x,1,,moon,\n",
        options=STRICT,
    )
    [seen] = reading.installations
    assert seen.computer == NamedReference("computer", "srv-1")
    assert (seen.installed.product, seen.installed.version, seen.installed.environment) == (
        "SQL Server",
        "15.0",
        "production",
    )
    assert seen.installed.installed_on == "2024-02-01"
    assert said(reading) == [(3, "Product", "required"), (4, "Environment", "choice")]


def test_an_assignment_sheet(read: Read) -> None:
    reading = read("Product,Person\nVisio,jane@x.org\nVisio,\n")
    [seen] = reading.assignments
    assert seen.licence == NamedReference("software_product", "Visio")
    assert seen.holder == NamedReference("person", "jane@x.org", (("email", "jane@x.org"),))
    assert said(reading) == [(3, "Person or Computer", "required")]


# -- whole files ----------------------------------------------------------------------------------------------------


def test_workbooks_in_one_go(schema: Schema, xlsx: Files) -> None:
    path = xlsx({
        "Servers": [["Name", "Serial"], ["a", "1"]],
        "Remarks": [["Dear colleagues"], ["this is how it is done"]],
        "Empty": [],
        "Links": [["Source", "Relationship", "Target"], ["a", "runs on", "b"]],
    })  # fmt: skip
    servers, links = read_files([path], schema)
    assert (servers.cls, links.kind) == ("server", "relationship")
    assert [(p.sheet, p.severity, p.kind) for p in servers.problems] == [("Remarks", "warning", "sheet")]
    [only] = read_files([path], schema, sheet="links")
    assert only.kind == "relationship"


def test_nothing_to_import_is_one_clear_line(schema: Schema, text: Files, xlsx: Files) -> None:
    with pytest.raises(FileProblem, match="tell no class"):
        read_files([text("Dear all\nnothing\n")], schema)
    with pytest.raises(FileProblem, match="is empty"):
        read_files([xlsx({"S": []})], schema)


def test_hidden_sheets_are_passed_over(schema: Schema, tmp_path: Path) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "h.xlsx") as book:
        for name in ("Servers", "Laptops"):
            book.add_worksheet(name).write_row(0, 0, ["Name", "Serial"])
            book.get_worksheet_by_name(name).write_row(1, 0, [name, "1"])
        book.get_worksheet_by_name("Laptops").hide()
    assert [r.cls for r in read_files([tmp_path / "h.xlsx"], schema)] == ["server"]
    assert [r.cls for r in read_files([tmp_path / "h.xlsx"], schema, sheet="Laptops")] == ["laptop"]


def test_a_sheet_without_rows_reads_nothing(read: Read) -> None:
    reading = read("Name,Serial\n", name="servers.csv")
    assert (reading.read, reading.observations, reading.problems) == (0, [], [])


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

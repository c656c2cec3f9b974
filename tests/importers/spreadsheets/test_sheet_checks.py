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
from importers.importer import Options
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
    assert list(first.links) == [
        Link("powered_by", NamedReference("", "pdu-1"), False, "power", "1"),
        Link("powered_by", NamedReference("pdu", "pdu-2"), False, "power", "1"),
    ]
    assert list(second.links) == [Link("part_of", NamedReference("", "srv"), True)]
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
    [only] = read_files([path], schema, Options(sheet="links"))
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
    assert [r.cls for r in read_files([tmp_path / "h.xlsx"], schema, Options(sheet="Laptops"))] == ["laptop"]


def test_a_sheet_without_rows_reads_nothing(read: Read) -> None:
    reading = read("Name,Serial\n", name="servers.csv")
    assert (reading.read, reading.observations, reading.problems) == (0, [], [])


def test_an_id_that_was_written_into_a_sheet_says_which_record_a_row_is(read: Callable[..., SheetReading]) -> None:
    uid = "01900000-0000-7000-8000-000000000001"
    reading = read(f"Asset tag,Name,Terrier record\nY1,renamed,{uid}\nX2,two,\n", cls="laptop")
    assert [one.evidence.get("record") for one in reading.observations] == [[uid], None]
    assert reading.unmapped == []

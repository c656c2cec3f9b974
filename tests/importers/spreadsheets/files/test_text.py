from __future__ import annotations

from pathlib import Path

import pytest

from cmdb.model.errors import FileProblem
from importers.spreadsheets import open_file
from importers.spreadsheets.files.file_type import kind_of
from importers.spreadsheets.files.text import read_text


def rows(text: str) -> list[list[str]]:
    return read_text("x.csv", text.encode()).rows


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ('"Tag", "Serial", "Site"\n"S1", "SN1", "Berlin, HQ"\n', ["S1", "SN1", "Berlin, HQ"]),
        ('Tag,  "Site"\nS1,  "Berlin, ""HQ"""\n', ["S1", 'Berlin, "HQ"']),
        ('"Tag" ; "Site" ; "Note"\n"S1" ; "a;b" ; "c"\n', ["S1 ", "a;b ", "c"]),
        ('Tag,Note\nS1, "quoted" and more\nS2, "again" and more\n', ["S2", ' "again" and more']),
        ('Tag,Size\nS1,24" wide\n', ["S1", '24" wide']),
        ('Tag,Notes\nS1,"two\nlines"\n', ["S1", "two\nlines"]),
        ("'Tag','Site'\n'S1','Berlin, HQ'\n", ["S1", "Berlin, HQ"]),
        ("'Tag', 'Site'\n'S1', 'O''Neil, HQ'\n", ["S1", "O'Neil, HQ"]),
        ("Tag,Site\n'S1,O'Neil'\n", ["'S1", "O'Neil'"]),
        ('Tag,Note\n"S1","24\\" wide, \\"new\\""\n', ["S1", '24" wide, "new"']),
        ('Tag,Path\n"S1","C:\\"\n"S2","D:\\x"\n', ["S2", "D:\\x"]),
    ],
)
def test_blanks_before_quotes_are_read_as_the_file_means_them(text: str, last: list[str]) -> None:
    assert rows(text)[-1] == last


def test_the_end_mark_of_old_systems_is_no_row() -> None:
    for end in ("\x1a", "\r\n\x1a", "\n\x1a\x1a\n", "\n\0\0\0", "\x1a\0\0"):
        assert rows(f"Tag,Name\nT-1,one{end}") == [["Tag", "Name"], ["T-1", "one"]], end
    assert kind_of(b"Tag,Name\nT-1,one\n\x1a" + bytes(20)) == "text"


def test_single_nuls_are_left_out_and_said() -> None:
    data = b"Tag,Name\nT-1,o\0ne\nT-2,two\nT-3,\0\n" + b"T-4,four\n" * 9
    assert kind_of(data) == "text"
    table = read_text("x.csv", data)
    assert table.rows[1:4] == [["T-1", "one"], ["T-2", "two"], ["T-3", ""]]
    assert table.nul == (2, 4)


def test_damage_to_lines_is_listed_on_the_sheet(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"Tag,Name\nT-1,o\0ne\n" + b"T-4,four\n" * 9)
    assert [(r.row, r.code) for r in open_file(path).sheets[0].remarks] == [(2, "encoding.nul")]


MARKDOWN = '# Inventory\n\n| Name | Site | Note |\n|:---|:---:|---:|\n| pc-1 | Paris | a \\| b |\n| pc-2 | | "x |\n'
PRINTED = "+------+-------+\n| name | site  |\n+------+-------+\n| pc-1 | Paris |\n| pc-2 |       |\n+------+-------+\n"
POSTGRES = " name | site\n------+-------\n pc-1 | Paris\n pc-2 | \n(2 rows)\n"


def test_ruled_tables_have_no_row_of_lines() -> None:
    assert rows(MARKDOWN) == [
        ["# Inventory", "", ""], ["", "", ""], ["Name", "Site", "Note"], ["", "", ""], ["pc-1", "Paris", "a | b"],
        ["pc-2", "", '"x'],
    ]  # fmt: skip
    blank = ["", ""]
    cells = [["name", "site"], blank, ["pc-1", "Paris"], ["pc-2", ""]]
    assert rows(PRINTED) == [blank, *cells, blank]
    assert rows(POSTGRES) == [*cells, ["(2 rows)", ""]]
    assert rows("Name|Tag\na|--\nb|-\n")[1] == ["a", "--"]


@pytest.mark.parametrize(
    ("text", "row", "column"),
    [
        ('Tag,Name\nT-1,one\nT-2,"two\nT-3\nT-4,four\n', 3, 2),
        ('Tag,Name\nT-1,one\n"T-2,two\nmore,and,more\n', 3, 1),
        ('Tag,Name\nT-1,"a\nb"\nT-2,x,"y', 3, 3),
    ],
)
def test_a_quote_that_never_closes_is_named_where_it_begins(text: str, row: int, column: int) -> None:
    with pytest.raises(FileProblem, match=f"x.csv, row {row}, column {column}: a quotation mark opens a cell there"):
        read_text("x.csv", text.encode())


@pytest.mark.parametrize(
    ("text", "row", "seen"),
    [
        ('Tag,Name\nT-1,one\nT-2,"two\nT-3,three\n\nT-4,"fo,ur"\n', 3, "two"),
        ('Tag,Name\nT-1,one\nT-2,"two\nT-3,"three"\n\nT-4,"fo,ur"\n', 3, "two"),
        ('"Tag", "Name"\n"T-1", "one"\n"T-2", "two\n"T-3", "three"\n\n"T-4", "fo,ur"\n', 3, "two"),
    ],
)
def test_a_lone_quote_is_left_out_where_its_lines_are_rows(text: str, row: int, seen: str) -> None:
    table = read_text("x.csv", text.encode())
    assert table.lone_quotes == (row,)
    assert table.rows[1:] == [["T-1", "one"], ["T-2", seen], ["T-3", "three"], ["", ""], ["T-4", "fo,ur"]]


def test_a_quote_that_closes_in_a_later_cell_is_said() -> None:
    table = read_text("x.csv", b'Tag,Name\nT-1,"one\nand two" more\nT-3,three\n')
    assert table.open_quotes == (2,)
    fine = read_text("x.csv", b'Tag,Name\nT-1,"one ""big"" \nT-2, two"\nT-3,"a\r\nb"\n')
    assert fine.open_quotes == ()


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ('b|"|2|"|"', ["b", '"', "2", '"', '"']),
        ('b|"|2|x|y', ["b", '"', "2", "x", "y"]),
        ('b|"|2|x"|y|z|w', ["b", "|2|x", "y", "z", "w"]),
        ('b|""|2|x|y', ["b", "", "2", "x", "y"]),
    ],
)
def test_a_quotation_mark_alone_is_a_cell_where_its_line_has_no_other_reading(line: str, cells: list[str]) -> None:
    table = read_text("x.csv", f"A|B|C|D|E\na|b|1|c|d\n{line}\nc|d|3|e|f\n".encode())
    assert table.rows[2] == cells

"""Line breaks and delimiters that no quotation marks enclose."""

from __future__ import annotations

import pytest

from importers.spreadsheets.files.text import read_text

HEAD = "Name;Serial;Notes;Site\n"


@pytest.mark.parametrize(
    ("text", "rows", "joined", "torn", "wide"),
    [
        # several torn rows, and lines of one cell within them
        (HEAD + "a;1;x\ny;K\nb;2;ok;K\nc;3;x\n\ny\nz;P\n", [["a", "1", "x\ny", "K"], ["b", "2", "ok", "K"],
            ["c", "3", "x\n\ny\nz", "P"]], (2, 4), (), ()),
        # one, where blank cells at the end are written, or where the rows end otherwise
        (HEAD + "a;1;x\ny;K\nb;2;ok;\n", [["a", "1", "x\ny", "K"], ["b", "2", "ok", ""]], (2,), (), ()),
        (HEAD.replace("\n", "\r\n") + "a;1;x\ny;K\r\nb;2;ok;K\r\n", [["a", "1", "x\ny", "K"], ["b", "2", "ok", "K"]],
            (2,), (), ()),
        (HEAD.replace("\n", "\r\n") + "a;1;x\ny;K\nz\r\nb;2;ok;K\r\nc;3;ok;K\r\nnote\n", [["a", "1", "x\ny", "K\nz"],
            ["b", "2", "ok", "K"], ["c", "3", "ok", "K"], ["note", "", "", ""]], (2,), (), ()),
        (HEAD.replace("\n", "\r\n") + "a;1;x;K\r\nb;2;ok;K\nfirst floor\r\n", [["a", "1", "x", "K"],
            ["b", "2", "ok", "K\nfirst floor"]], (3,), (), ()),
        # one, of which nothing is known for sure
        (HEAD + "a;1;x\ny;K\nb;2;ok;K\n", [["a", "1", "x", ""], ["y", "K", "", ""], ["b", "2", "ok", "K"]],
            (), (2,), ()),
        # rows without their blank cells, notes and titles are no torn rows
        (HEAD + "a;1\nb;2;ok\nc\nd;4;ok;K\n", [["a", "1", "", ""], ["b", "2", "ok", ""], ["c", "", "", ""],
            ["d", "4", "ok", "K"]], (), (), ()),
        (HEAD + "a;1;x;K\nmore\nb;2;ok;K\n", [["a", "1", "x", "K"], ["more", "", "", ""], ["b", "2", "ok", "K"]],
            (), (), ()),
        # a delimiter within a cell
        (HEAD + "a;1;x;K\nb;2;x;y;K\nc;3;x;K\n", [["a", "1", "x", "K", ""], ["b", "2", "x", "y", "K"],
            ["c", "3", "x", "K", ""]], (), (), (3,)),
        (HEAD + "a;1;x;K;\nb;2;x;K\n", [["a", "1", "x", "K", ""], ["b", "2", "x", "K", ""]], (), (), ()),
    ],
)  # fmt: skip
def test_rows_with_other_numbers_of_cells_than_the_header(
    text: str, rows: list[list[str]], joined: tuple[int, ...], torn: tuple[int, ...], wide: tuple[int, ...]
) -> None:
    table = read_text("x.csv", text.encode(), delimiter=";")
    assert table.rows[1:] == rows
    assert table.uneven is not None
    assert (table.uneven.joined, table.uneven.torn, table.uneven.wide) == (joined, torn, wide)


def test_formulas_that_keep_a_text_are_the_text() -> None:
    table = read_text("x.csv", b'="Name","Tag"\na,="0012"\nb,"=""0013"""\nc,=1+2\nd,\'="4"\ne,="a"&"b"\nf,=""0014""\n')
    assert table.rows == [
        ["Name", "Tag"],
        ["a", "0012"],
        ["b", "0013"],
        ["c", "=1+2"],
        ["d", '\'="4"'],
        ["e", '="a"&"b"'],
        ["f", "0014"],
    ]

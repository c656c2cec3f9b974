"""Symbols: what is drawn is read back, and what one cannot hold is refused with what to do."""

from __future__ import annotations

import pytest
import zxingcpp
from PIL import Image

from app.printing.symbols import SYMBOLOGIES, Symbol, symbol
from cmdb.model.errors import InvalidValue


def read(made: Symbol, module: int = 2) -> str:
    """What a reader finds in a symbol that is drawn with its quiet zone."""
    quiet, tall = made.symbology.quiet, 30 if made.symbology.is_linear else 1
    rows = [row for row in made.rows for _ in range(tall)]
    picture = Image.new("L", (made.width + 2 * quiet, len(rows) + 2 * quiet), 255)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            if dark:
                picture.putpixel((x + quiet, y + quiet), 0)
    large = picture.resize((picture.width * module, picture.height * module), Image.Resampling.NEAREST)
    return ",".join(one.text for one in zxingcpp.read_barcodes(large))


@pytest.mark.parametrize("name", SYMBOLOGIES)
def test_what_is_drawn_is_read_back(name: str) -> None:
    for content in ("LT-00042", "7", "Büro 3/Regal-1", "x" * 40):
        assert read(symbol(content, name)) == content
    assert all(len(row) == symbol("LT-00042", name).width for row in symbol("LT-00042", name).rows)


def test_a_matrix_is_square() -> None:
    for content in ("LT-1", "ABCDEFGHIJKL", "日本"):
        made = symbol(content, "datamatrix")
        assert made.width == made.height


def test_what_a_symbol_cannot_hold_is_refused() -> None:
    for name, content, said in (
        ("code128", "日本", "choose QR or DataMatrix"),
        ("code128", "x" * 2000, "is too long for a Code 128: shorten it"),
        ("qr", "x" * 5000, "is too long for a QR"),
        ("qr", "", "needs something to hold"),
        ("aztec", "x", "There are: qr, datamatrix"),
    ):
        with pytest.raises(InvalidValue, match=said):
            symbol(content, name)

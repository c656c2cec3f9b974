"""Documents on paper: what is said in them stands on their pages, whole, and their codes are read back."""

from __future__ import annotations

import io
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from app.printing import pdf_process
from app.printing.paper import (
    PageBreak,
    PaperBlock,
    PaperCode,
    PaperCodes,
    PaperColumn,
    PaperDocument,
    PaperFields,
    PaperHeading,
    PaperPicture,
    PaperTable,
    PaperText,
    SignatureLine,
)
from cmdb.model.control import Control
from cmdb.model.errors import Cancelled
from ui.printing.pdf import pdf_of, picture_of
from ui.theme import Theme


def drawn(theme: Theme, *blocks: PaperBlock, landscape: bool = False) -> pypdfium2.PdfDocument:
    document = PaperDocument("Room R1", blocks, "1 Dec 2026", footer="Harbour, revision 4", landscape=landscape)
    content, pages = pdf_of(document, theme.family)
    made = pypdfium2.PdfDocument(io.BytesIO(content))
    assert len(made) == pages
    return made


def texts(made: pypdfium2.PdfDocument) -> list[str]:
    return [page.get_textpage().get_text_range() for page in made]


def ink() -> bytes:
    """A signature that was drawn on the screen."""
    held = io.BytesIO()
    Image.new("RGB", (60, 20), (0x20, 0x30, 0xF0)).save(held, "PNG")
    return held.getvalue()


def test_every_block_stands_on_the_page(theme: Theme) -> None:
    made = drawn(
        theme,
        PaperHeading("Handed over"),
        PaperText("By hand.\nWith a bag."),
        PaperFields((("Person", "Anna Berg"), ("Place", "Berlin"))),
        PaperTable((PaperColumn("Tag"), PaperColumn("Price", numeric=True)), (("LT-1", "12.00"),)),
        SignatureLine("Received", "Anna Berg", "1 Dec 2026", ink()),
        PaperPicture(ink(), caption="The rack"),
        PageBreak(),
        PaperCodes((PaperCode("R1", "Room R1"),)),
    )
    first, second = texts(made)
    for text in ("Room R1", "Handed over", "With a bag.", "Anna Berg", "LT-1", "12.00", "The rack", "Page 1 of 2"):
        assert text in first
    assert "Harbour, revision 4" in second
    assert "Room R1" in second
    drawn_page = made[0].render(scale=1).to_pil().convert("RGB")
    assert any(blue > red + 150 for _, (red, _, blue) in drawn_page.getcolors(1 << 20) or ())


def test_a_table_repeats_its_headings_and_cuts_nothing(theme: Theme) -> None:
    long = " ".join(f"word{n}" for n in range(2500))
    rows = (*((f"LT-{n}", "short") for n in range(150)), ("LT-long", long))
    made = drawn(theme, PaperTable((PaperColumn("The tag"), PaperColumn("Note")), rows), landscape=True)
    found = texts(made)
    assert all("The tag" in page for page in found)
    words = " ".join(found).split()
    assert {f"word{n}" for n in range(2500)} <= set(words)
    assert words.count("short") == 150


def test_codes_of_a_document_are_read_back(theme: Theme) -> None:
    columns = (PaperColumn("Code", symbology="qr"), PaperColumn("Name"), PaperColumn("Bars", symbology="code128"))
    table = PaperTable(columns, tuple((f"LT-{n}", f"Laptop {n}", f"C{n}") for n in range(5)))
    codes = PaperCodes(tuple(PaperCode(f"P{n}", "A place " * 30) for n in range(5)), "datamatrix")
    (page,) = drawn(theme, table, codes)
    picture = page.render(scale=203 / 72).to_pil().convert("L")
    read = sorted(one.text for one in zxingcpp.read_barcodes(picture))
    assert read == sorted(f"{kind}{n}" for kind in ("LT-", "C", "P") for n in range(5))


def test_a_name_in_any_script_is_drawn_and_empty_documents_too(theme: Theme) -> None:
    document = PaperDocument("مكتب 😀 " * 40, (PaperTable((PaperColumn("Name"),), ()),), footer="f" * 400)
    assert pdf_of(document, theme.family)[1] == 1
    picture = picture_of(document, 0, theme.family, 300)
    assert (picture.width(), picture.height()) == (300, 424)


def test_the_command_line_has_it_drawn_by_another_process(tmp_path: Path) -> None:
    document = PaperDocument("Room R1", (PaperText("Bücher"), PaperPicture(ink())), size="Letter")
    path = tmp_path / "room.pdf"
    assert pdf_process.write_pdf(document, path, Control()) == 1
    assert "Bücher" in texts(pypdfium2.PdfDocument(path))[0]
    stopped = Control()
    stopped.cancel()
    with pytest.raises(Cancelled):
        pdf_process.write_pdf(document, path, stopped)

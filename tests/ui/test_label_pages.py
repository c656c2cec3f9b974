"""Labels on paper: every code is read back from the page as a printer of 203 dpi draws it."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from app.labels.fitting import check_fits, fits
from app.labels.stocks import stock_named, stocks
from app.printing.label_placing import placed
from app.printing.label_sheet import LabelSheet, LabelText
from app.printing.symbols import SYMBOLOGIES, symbol
from ui.printing.pdf import pdf_of
from ui.theme import Theme

LONG = "😀 مكتب " + "A very long name of a laptop " * 7


def rendered(sheet: LabelSheet, theme: Theme, dpi: int = 203) -> list[Image.Image]:
    content, pages = pdf_of(sheet, theme.family)
    document = pypdfium2.PdfDocument(io.BytesIO(content))
    assert len(document) == pages
    return [page.render(scale=dpi / 72, grayscale=True).to_pil().convert("L") for page in document]


def read(pages: Sequence[Image.Image], symbology: str = "qr") -> list[str]:
    kind = getattr(zxingcpp.BarcodeFormat, SYMBOLOGIES[symbology].format)
    return sorted(one.text for page in pages for one in zxingcpp.read_barcodes(page, kind, try_rotate=False))


def darkest(picture: Image.Image) -> int:
    return min(grey for grey, count in enumerate(picture.histogram()) if count)


@pytest.mark.parametrize("symbology", SYMBOLOGIES)
def test_every_label_that_can_hold_a_code_is_read_back_at_203_dpi(symbology: str, theme: Theme) -> None:
    held = [one for one in stocks().values() if fits("LT-00042", one, symbology, 203, 6)]
    assert len(held) >= 20
    for stock in held:
        count = min(3, stock.per_page)
        labels = tuple(LabelText(f"LT-{n:05}", (LONG, "ThinkPad")) for n in range(count))
        sheet = LabelSheet(stock, labels, symbology, 6.0, 203, start=stock.per_page - count + 1)
        assert read(rendered(sheet, theme), symbology) == [f"LT-{n:05}" for n in range(count)], stock.label


def test_pages_begin_at_a_label_and_the_printer_s_offset_moves_all(theme: Theme) -> None:
    stock = stock_named("avery l7160")
    labels = tuple(LabelText(f"LT-{n:05}", (f"Laptop {n}",)) for n in range(20))
    first, second = rendered(LabelSheet(stock, labels, start=5, dpi=203), theme)
    assert len(read([first])) == 17
    assert read([second]) == [f"LT-{n:05}" for n in (17, 18, 19)]
    assert darkest(first.crop((0, 0, first.width, round((stock.first[1] + 38) * 203 / 25.4)))) == 255
    moved, _ = rendered(LabelSheet(stock, labels, start=5, dpi=203, offset=(2.0, 3.0)), theme)
    places = [zxingcpp.read_barcodes(page)[0].position.top_left for page in (first, moved)]
    assert (places[1].x - places[0].x, places[1].y - places[0].y) == (16, 24)


def test_a_module_is_a_whole_number_of_dots_and_nothing_stands_in_its_quiet_zone(theme: Theme) -> None:
    for name in ("L7651", "5167", "11352", "zebra-2x1", "TZe-12"):
        stock = stock_named(name)
        for symbology in SYMBOLOGIES:
            for dpi in (180, 203, 300, 600):
                at = placed(stock, symbol("A1", symbology), "A1", dpi, 6, 4, logo=True)
                if at is None:
                    continue
                assert at.module * 25.4 / dpi >= 0.25
                assert at.quiet.x >= 0
                assert at.quiet.x + at.quiet.width <= stock.size[0] * dpi / 25.4 + 1
                boxes = [box for box in (at.tag, *at.lines, at.logo) if box is not None]
                for box in boxes:
                    beside = box.x >= at.quiet.x + at.quiet.width - 1 or box.x + box.width <= at.quiet.x + 1
                    assert beside or box.y >= at.y + 1 or box.y + box.height <= at.quiet.y + 1
                    assert box.y + box.height <= stock.size[1] * dpi / 25.4 + 1


def test_a_test_page_has_frames_and_rulers(theme: Theme) -> None:
    (page,) = rendered(LabelSheet(stock_named("L7160"), (), frames=True), theme)
    assert darkest(page) < 100
    assert darkest(page.crop((0, 0, 8, 400))) < 100
    assert check_fits(LabelSheet(stock_named("L7160"), ())) == 0


def test_500_labels_from_the_fifth_of_21_are_24_pages_and_all_read_back(theme: Theme) -> None:
    labels = tuple(LabelText(f"LT-{n:05}", (f"Laptop {n}", "ThinkPad T14")) for n in range(500))
    sheet = LabelSheet(stock_named("L7160"), labels, start=5, dpi=203)
    check_fits(sheet)
    pages = rendered(sheet, theme)
    assert (len(pages), read(pages)) == (24, [label.content for label in labels])

"""Documents and labels as PDFs, and as pictures of their pages. From any thread; a QGuiApplication must be there."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QSizeF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter, QPdfWriter

from app.printing.label_sheet import LabelSheet
from app.printing.paper import PaperDocument
from cmdb.model.whole_files import save_whole
from ui.printing.label_pages import LabelDrawing
from ui.printing.paper_blocks import pages_of
from ui.printing.paper_layout import page_size
from ui.printing.paper_style import DOTS

Printed = PaperDocument | LabelSheet
"""What can be printed."""


def write_pdf(document: Printed, path: Path, family: str) -> int:
    """Writes a document as a PDF in the font ``family``; returns its pages. Raises FileProblem."""
    content, pages = pdf_of(document, family)
    save_whole(path, lambda file: file.write(content))
    return pages


def pdf_of(document: Printed, family: str) -> tuple[bytes, int]:
    """A document as a PDF, and the number of its pages."""
    drawing = PageDrawings(document, family)
    held = QBuffer()  # Qt says nothing of a disk that is full: the file is written by others
    held.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(held)
    writer.setResolution(drawing.dpi)
    writer.setPageLayout(drawing.layout())
    writer.setTitle(document.title)
    writer.setCreator("Terrier")
    painter = QPainter(writer)
    try:
        for number in range(drawing.count):
            if number:
                writer.newPage()
            drawing.draw(painter, number)
    finally:
        painter.end()
    return bytes(held.data().data()), drawing.count


def picture_of(document: Printed, number: int, family: str, width: int) -> QImage:
    """A page of a document as a picture so wide, as it will be printed."""
    drawing = PageDrawings(document, family)
    scale = width / (drawing.size[0] * drawing.dpi / 25.4)
    picture = QImage(width, round(drawing.size[1] * drawing.dpi / 25.4 * scale), QImage.Format.Format_RGB32)
    picture.fill(0xFFFFFFFF)
    painter = QPainter(picture)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    painter.scale(scale, scale)
    try:
        drawing.draw(painter, number)
    finally:
        painter.end()
    return picture


class PageDrawings:
    """The pages of a document or of labels: their number and size (in millimetres), and each one drawn."""

    def __init__(self, document: Printed, family: str) -> None:
        if isinstance(document, LabelSheet):
            self.dpi, self.size, self.count = document.dpi, document.stock.page_size, document.pages
            self.draw = LabelDrawing(document, family).page
        else:
            pages = pages_of(document, family)
            self.dpi, self.size, self.count = DOTS, page_size(document), len(pages)

            def draw(painter: QPainter, number: int) -> None:
                for mark in pages[number]:
                    mark(painter)

            self.draw = draw

    def layout(self) -> QPageLayout:
        """The page without margins, so that a millimetre is one on paper."""
        wide, high = self.size
        side = QPageLayout.Orientation.Landscape if wide > high else QPageLayout.Orientation.Portrait
        standing = QSizeF(min(wide, high), max(wide, high))
        size = QPageSize(standing, QPageSize.Unit.Millimeter, "", QPageSize.SizeMatchPolicy.FuzzyMatch)
        return QPageLayout(size, side, QMarginsF())

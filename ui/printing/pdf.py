"""Documents as PDFs, and as pictures of their pages. From any thread; a QGuiApplication must be there."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter, QPdfWriter

from app.printing.paper import PaperDocument
from cmdb.model.whole_files import save_whole
from ui.printing.paper_blocks import pages_of
from ui.printing.paper_layout import PaperPage, page_size
from ui.printing.paper_style import DOTS, MM


def write_pdf(document: PaperDocument, path: Path, family: str) -> int:
    """Writes a document as a PDF in the font ``family``; returns its pages. Raises FileProblem."""
    content, pages = pdf_of(document, family)
    save_whole(path, lambda file: file.write(content))
    return pages


def pdf_of(document: PaperDocument, family: str) -> tuple[bytes, int]:
    """A document as a PDF, and the number of its pages."""
    pages = pages_of(document, family)
    held = QBuffer()  # Qt says nothing of a disk that is full: the file is written by others
    held.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(held)
    writer.setResolution(DOTS)
    size = QPageSize.PageSizeId.Letter if document.size == "Letter" else QPageSize.PageSizeId.A4
    side = QPageLayout.Orientation.Landscape if document.landscape else QPageLayout.Orientation.Portrait
    writer.setPageLayout(QPageLayout(QPageSize(size), side, QMarginsF()))
    writer.setTitle(document.title)
    writer.setCreator("Terrier")
    painter = QPainter(writer)
    try:
        for number, page in enumerate(pages):
            if number:
                writer.newPage()
            _paint(painter, page)
    finally:
        painter.end()
    return bytes(held.data().data()), len(pages)


def picture_of(document: PaperDocument, number: int, family: str, width: int) -> QImage:
    """A page of a document as a picture so wide, as it will be printed."""
    wide, high = page_size(document)
    scale = width / (wide * MM)
    picture = QImage(width, round(high * MM * scale), QImage.Format.Format_RGB32)
    picture.fill(0xFFFFFFFF)
    painter = QPainter(picture)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    painter.scale(scale, scale)
    try:
        _paint(painter, pages_of(document, family)[number])
    finally:
        painter.end()
    return picture


def _paint(painter: QPainter, page: PaperPage) -> None:
    for mark in page:
        mark(painter)

"""Printing on a printer: the pages as a PDF has them, at their own size."""

from __future__ import annotations

from PySide6.QtGui import QPainter
from PySide6.QtPrintSupport import QPrinter

from cmdb.model.errors import UserError
from cmdb.model.messages import Message
from ui.printing.pdf import PageDrawings, Printed


def printer_for(document: Printed, family: str, name: str = "") -> QPrinter:
    """A printer whose page is the document's, without margins: a millimetre is one on paper."""
    drawing = PageDrawings(document, family)
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    if name:
        printer.setPrinterName(name)
    printer.setFullPage(True)
    printer.setPageLayout(drawing.layout())
    printer.setDocName(document.title)
    printer.setCreator("Terrier")
    return printer


def print_document(document: Printed, printer: QPrinter, family: str) -> None:
    """Prints all pages. Raises UserError where the printer takes none."""
    drawing = PageDrawings(document, family)
    painter = QPainter()
    if not painter.begin(printer):
        raise UserError(Message("The printer {name} takes nothing now.", name=printer.printerName()))
    try:
        scale = printer.resolution() / drawing.dpi
        for number in range(drawing.count):
            if number:
                printer.newPage()
            painter.save()
            painter.scale(scale, scale)
            drawing.draw(painter, number)
            painter.restore()
    finally:
        painter.end()

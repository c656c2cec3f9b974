"""10,000 labels to a PDF, against drawing their symbols alone. A thousand are measured: both grow with the number."""

from __future__ import annotations

import os

from result import Result, in_turn

from app.labels.fitting import check_fits
from app.labels.stocks import stock_named
from app.printing.label_sheet import LabelSheet, LabelText
from app.printing.symbols import symbol

LABELS = 1_000


def measure(times: int) -> list[Result]:
    """How often the symbols are drawn meanwhile."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtGui import QGuiApplication

    from ui.interface_font import INTER
    from ui.printing.pdf import pdf_of

    application = QGuiApplication.instance() or QGuiApplication([])
    texts = [f"LT-{number:05}" for number in range(LABELS)]
    labels = tuple(LabelText(text, ("ThinkPad T14 Gen 3", "Lenovo", f"PF-{text}")) for text in texts)
    sheet = LabelSheet(stock_named("L7160"), labels)

    def printed() -> None:
        check_fits(sheet)
        pdf_of(sheet, INTER)

    found = in_turn(
        "labels to a PDF, against drawing the symbols alone",
        printed,
        lambda: [symbol(t, "qr") for t in texts],
        10,
        times,
    )
    application.processEvents()
    return [found]

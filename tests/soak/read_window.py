"""A window on a small estate, with a sheet that is about to be imported: what the screen reader's test reads.

``python -m tests.soak.read_window FOLDER``; it stands until it is ended.
"""

from __future__ import annotations

import sys
import traceback
from pathlib import Path

from PySide6.QtCore import QTimer

from app.settings import Settings
from cmdb.store.upkeep.startup import create_estate
from tests.app.small_estate import fill_small
from ui.run import application, make_window

SHEET = "Name;Asset tag;Serial number;Status\nLT-9001;A9001;SN9001;In stock\nLT-9002;A9002;SN9002;In stock\n"


def main(folder: Path) -> int:
    """Opens the window and its page Import, with the sheet."""
    estate, sheet = folder / "small.terrier", folder / "Laptops.csv"
    store = create_estate(estate)
    fill_small(store)
    store.close()
    sheet.write_text(SHEET, "utf-8")
    app = application()
    window = make_window(app, Settings(folder / "settings"))
    sys.excepthook = lambda kind, error, trace: traceback.print_exception(error)
    window.services.problem = traceback.print_exception  # type: ignore[method-assign] # to be read in the test's output
    window.show()
    window.activateWindow()
    window.estate.opened.connect(
        lambda _: QTimer.singleShot(0, lambda: window.services.go("import", files=[str(sheet)]))
    )
    window.estate.open(str(estate))
    return app.exec()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))

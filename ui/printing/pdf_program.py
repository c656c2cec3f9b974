"""Run as a program: draws what is on standard input, and writes the number of pages and the PDF to standard output.

It is started by its path (``app.printing.pdf_process``), so it says itself where Terrier's modules are.
"""

from __future__ import annotations

import sys
from pathlib import Path


def main() -> int:
    """Answers with a line, the number of pages, and the PDF."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    import msgspec
    from PySide6.QtGui import QGuiApplication

    from app.languages import of_system, platform_locale
    from cmdb.model.language import SPEAKER
    from ui import interface_font
    from ui.printing.pdf import Printed, pdf_of

    SPEAKER.use(of_system(system=platform_locale()))
    interface_font.prepare()
    application = QGuiApplication(sys.argv[:1])
    interface_font.prepare()  # where Qt takes fonts itself, it must run before
    content, pages = pdf_of(msgspec.json.decode(sys.stdin.buffer.read(), type=Printed), interface_font.INTER)
    sys.stdout.buffer.write(b"%d\n" % pages + content)
    sys.stdout.buffer.flush()
    application.quit()
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Pages of PDF documents are drawn by a process of its own, which may fail, hang or be ended."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from app.attachments import pdf_pages
from app.attachments.pdf_pages import PageDrawing, is_available
from cmdb.model.errors import Cancelled, FileProblem


def document(pages: int) -> bytes:
    """A document of some pages of A4, each with its number."""
    kids = b" ".join(b"%d 0 R" % (4 + 2 * n) for n in range(pages))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, pages),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for n in range(pages):
        text = b"BT /F1 36 Tf 72 720 Td (Page %d) Tj ET" % (n + 1)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % (5 + 2 * n)
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text))
    out, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    entries = b"".join(b"%010d 00000 n \n" % place for place in places)
    table = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, entries)
    return out + table + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(out))


@pytest.mark.skipif(not is_available(), reason="pypdfium2 is not installed")
def test_a_page_is_drawn_and_what_is_no_document_is_refused() -> None:
    page = PageDrawing(document(2), 1, 300, 1000).draw()
    assert (page.pages, page.width) == (2, 300)
    assert len(page.points) == 4 * page.width * page.height
    assert len(set(page.points)) > 2, "it is not blank"
    with pytest.raises(FileProblem):
        PageDrawing(b"%PDF-1.7 nothing", 0, 300, 1000).draw()
    with pytest.raises(FileProblem):
        PageDrawing(document(1), 7, 300, 1000).draw()


@pytest.fixture
def hanging(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What draws never answers."""
    program = tmp_path / "hangs.py"
    program.write_text("import time\ntime.sleep(600)\n")
    monkeypatch.setattr(pdf_pages, "_RENDERER", program)
    monkeypatch.setattr(pdf_pages, "is_available", lambda: True)


def test_one_that_hangs_is_ended(hanging: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_pages, "SECONDS", 0.3)
    with pytest.raises(FileProblem, match="cannot be shown"):
        PageDrawing(b"", 0, 300, 1000).draw()


def test_one_that_nobody_waits_for_is_ended(hanging: None) -> None:
    drawing = PageDrawing(b"", 0, 300, 1000)
    begun = time.monotonic()
    threading.Timer(0.3, drawing.stop).start()
    with pytest.raises(Cancelled):
        drawing.draw()
    assert time.monotonic() - begun < 10
    with pytest.raises(Cancelled):
        drawing.draw()

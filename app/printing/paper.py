"""A document for paper as plain data: its title and its blocks, in turn. The texts are worded as they will be read.

It is drawn in one place (``ui.printing``), for the window and the command line alike. Each page has a foot ("Page 2 of
5") with the document's ``footer`` before it; pages after the first repeat its ``header``, or its title.
"""

from __future__ import annotations

import msgspec


class PaperHeading(msgspec.Struct, frozen=True, tag=True):
    """A heading; ``level`` 1 begins a part, 2 a section in it. It stays with what follows."""

    text: str
    level: int = 1


class PaperText(msgspec.Struct, frozen=True, tag=True):
    """A paragraph; its lines end where the text has line breaks. A quiet one is a remark."""

    text: str
    quiet: bool = False
    bold: bool = False


class PaperFields(msgspec.Struct, frozen=True, tag=True):
    """Labels with their values, one below the other."""

    rows: tuple[tuple[str, str], ...]


class PaperColumn(msgspec.Struct, frozen=True):
    """A column of a table. One of numbers is aligned right; a ``whole`` one, too, is only wrapped where nothing else
    gives way. With a ``symbology`` ("qr", "datamatrix" or "code128") its cells are drawn as symbols, their text below.
    """

    header: str
    numeric: bool = False
    whole: bool = False
    symbology: str = ""


class PaperTable(msgspec.Struct, frozen=True, tag=True):
    """A table. Its headings are repeated on each page, and cells are wrapped so that nothing is cut off.

    The cells of a row are as many as the columns.
    """

    columns: tuple[PaperColumn, ...]
    rows: tuple[tuple[str, ...], ...]


class SignatureLine(msgspec.Struct, frozen=True, tag=True):
    """A line to sign on: what is signed (``label``), by whom and when, as far as known, and the signature itself as the
    bytes of a picture, where it was drawn on the screen. It is not parted by the end of a page.
    """

    label: str
    name: str = ""
    day: str = ""
    picture: bytes = b""


class PaperPicture(msgspec.Struct, frozen=True, tag=True):
    """A picture (the bytes of a PNG or a JPEG) with the text below it; at most so high."""

    content: bytes
    height_mm: float = 40.0
    caption: str = ""


class PaperCode(msgspec.Struct, frozen=True):
    """A symbol: what it holds, and the text below it (what it holds, unless said otherwise)."""

    content: str
    caption: str = ""


class PaperCodes(msgspec.Struct, frozen=True, tag=True):
    """Symbols side by side, as many as a line holds."""

    codes: tuple[PaperCode, ...]
    symbology: str = "qr"
    module_mm: float = 0.5


class PageBreak(msgspec.Struct, frozen=True, tag=True):
    """What follows begins a page."""


PaperBlock = PaperHeading | PaperText | PaperFields | PaperTable | SignatureLine | PaperPicture | PaperCodes | PageBreak


class PaperDocument(msgspec.Struct, frozen=True, tag=True):
    """A document on pages of one size ("A4" or "Letter")."""

    title: str
    blocks: tuple[PaperBlock, ...]
    subtitle: str = ""
    header: str = ""
    footer: str = ""
    landscape: bool = False
    size: str = "A4"

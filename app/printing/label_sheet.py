"""Sheets and rolls of labels as plain data: how they are divided, and what stands on each label."""

from __future__ import annotations

import msgspec

PAGES = {"A4": (210.0, 297.0), "Letter": (215.9, 279.4)}
"""The sizes of pages in millimetres, width first."""
LEAST_MM = 0.25
"""The least width of a module: two dots of a printer with 203 dots per inch."""


class LabelStock(msgspec.Struct, frozen=True):
    """Labels as they are bought, in millimetres. A roll has a page for each label (``page`` "").

    ``first`` is the left and top edge of the first label, ``pitch`` the way from one to the next, ``margin`` what stays
    white inside of each. ``also`` are other numbers under which the same sheet is sold.
    """

    name: str
    label: str
    size: tuple[float, float]
    page: str = ""
    grid: tuple[int, int] = (1, 1)
    first: tuple[float, float] = (0.0, 0.0)
    pitch: tuple[float, float] = (0.0, 0.0)
    margin: tuple[float, float] = (1.5, 1.0)
    dpi: int = 300
    also: tuple[str, ...] = ()

    @property
    def page_size(self) -> tuple[float, float]:
        """The width and the height of a page."""
        return PAGES[self.page] if self.page else self.size

    @property
    def per_page(self) -> int:
        """How many labels a page has."""
        return self.grid[0] * self.grid[1]

    def corner(self, place: int) -> tuple[float, float]:
        """The left and top edge of a label by its place on the page, from 0, row by row."""
        row, column = divmod(place, self.grid[0])
        return self.first[0] + column * self.pitch[0], self.first[1] + row * self.pitch[1]


class LabelText(msgspec.Struct, frozen=True):
    """What stands on a label: what its code holds, which stands below it too, and further lines."""

    content: str
    lines: tuple[str, ...] = ()


class LabelSheet(msgspec.Struct, frozen=True, tag=True):
    """Labels for one stock. ``start`` is the place of the first one on the first page, from 1; ``offset`` moves all of
    them (millimetres to the right and down), as printers pull paper askew. ``logo`` is a picture's bytes.

    With ``frames`` the edges of the labels are drawn, and rulers: a page to try the printer with.
    """

    stock: LabelStock
    labels: tuple[LabelText, ...]
    symbology: str = "qr"
    points: float = 7.0
    dpi: int = 300
    start: int = 1
    offset: tuple[float, float] = (0.0, 0.0)
    logo: bytes = b""
    frames: bool = False
    title: str = ""

    @property
    def pages(self) -> int:
        """The number of pages; one at least."""
        return max(1, -(-(len(self.labels) + self.start - 1) // self.stock.per_page))

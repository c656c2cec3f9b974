"""The drawing as a file: SVG, PDF or PNG with title, date and legend.

It is painted on the window's thread, where pixmaps and fonts belong, but a few strokes at a time: the window answers
in between. The job that writes the file asks for them, tells how far it is, and can be cancelled. The last turn of a
PDF is the only long one: there Qt packs the page, in one piece.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QPointF, QRectF, QSize
from PySide6.QtGui import QFont, QFontMetricsF, QImage, QImageWriter, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QStyleOptionGraphicsItem

from cmdb.graph.diagram import Diagram
from cmdb.model.control import Control
from cmdb.model.whole_files import save_whole
from ui.graph.edges import Lines
from ui.graph.legend import ROW, paint_rows, rows_of, width_of
from ui.graph.nodes import NodeItem
from ui.theme import Theme

_EDGE = 32.0
_ROOM = 24.0
_HEAD = 64.0
#: A PNG is drawn at twice the size on the screen, unless that would be larger than this many pixels a side.
_LARGEST = 5_000
#: The seconds that are painted at a time: half of a frame.
_TURN = 0.008


class MapDrawing:
    """A picture on its way into a file. ``ending``: .svg, .pdf or .png; ``part`` of the scene is all of it.

    ``drawn`` of ``total`` is its progress, ``done`` whether all is painted.
    """

    def __init__(
        self, ending: str, picture: Diagram, lines: Lines, part: QRectF, theme: Theme, title: str, note: str
    ) -> None:
        self._ending, self._picture, self._lines, self._theme = ending, picture, lines, theme
        self._title, self._note, self._rows = title, note, rows_of(picture)
        self._part = part.adjusted(-_ROOM, -_ROOM, _ROOM, _ROOM)
        words = (QFontMetricsF(theme.font(19, QFont.Weight.DemiBold)), title), (QFontMetricsF(theme.font(12)), note)
        widest = max(metrics.horizontalAdvance(text) for metrics, text in words)
        width = max(self._part.width(), width_of(theme, self._rows) + 2 * _EDGE, widest + 2 * _EDGE, 360.0)
        self._whole = QRectF(0, 0, width, _HEAD + self._part.height() + len(self._rows) * ROW + _EDGE)
        self._ratio = max(0.1, min(2.0, _LARGEST / width, _LARGEST / self._whole.height())) if ending == ".png" else 1.0
        self._ground = theme.color("surface")
        size = QSize(round(width * self._ratio), round(self._whole.height() * self._ratio))
        self._image = QImage(size, QImage.Format.Format_ARGB32) if ending == ".png" else None
        self._held = QBuffer()
        self._held.open(QIODevice.OpenModeFlag.WriteOnly)
        self.drawn, self.done = 0, False
        self.total = len(self._strips()) + len(lines.order) + len(picture.nodes)
        self._strokes = self._paint()

    def paint_some(self, seconds: float = _TURN) -> None:
        """Paints for a moment. On the window's thread."""
        end = time.perf_counter() + seconds
        for _ in self._strokes:
            self.drawn += 1
            if time.perf_counter() >= end:
                return
        self.done = True

    def close(self) -> None:
        """Gives up what was begun. On the window's thread."""
        self._strokes.close()

    def write(self, file: BinaryIO) -> None:
        """Writes what was painted. From any thread. Qt says nothing of a disk that is full, so the bytes are held."""
        if self._image is not None:
            QImageWriter(self._held, QByteArray(b"png")).write(self._image)
        file.write(self._held.data().data())

    def _paint(self) -> Generator[None, None, None]:
        """Title, lines, boxes, legend: a stroke at each step."""
        with self._painter() as painter:
            for strip in self._strips():
                painter.fillRect(strip, self._ground)
                yield
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(self._theme.color("text"))
            painter.setFont(self._theme.drawing_font(19, QFont.Weight.DemiBold))
            painter.drawText(QPointF(_EDGE, 34), self._title)
            painter.setPen(self._theme.color("muted"))
            painter.setFont(self._theme.drawing_font(12))
            painter.drawText(QPointF(_EDGE, 54), self._note)
            left, top = (self._whole.width() - self._part.width()) / 2, _HEAD
            origin = QPointF(left, top) - self._part.topLeft()
            with _moved(painter, origin):
                yield from self._lines.strokes(painter)
            for number, node in self._picture.nodes.items():
                with _moved(painter, origin + QPointF(*self._picture.positions[number])):
                    NodeItem(self._theme, node).paint(painter, QStyleOptionGraphicsItem())
                yield
            paint_rows(painter, self._theme, self._rows, _EDGE, _HEAD + self._part.height())

    def _strips(self) -> list[QRectF]:
        """The ground in parts: of a large image it takes longer than a frame. They overlap, so that no seam shows."""
        number = 32 if self._image is not None else 1
        height = self._whole.height() / number
        return [QRectF(0, at * height, self._whole.width(), height + 2) for at in range(number)]

    @contextmanager
    def _painter(self) -> Iterator[QPainter]:
        """A painter of the file's kind."""
        device = self._device()
        painter = QPainter(device)
        painter.scale(self._ratio, self._ratio)
        try:
            yield painter
        finally:
            painter.end()

    def _device(self) -> QImage | QSvgGenerator | QPdfWriter:
        if self._image is not None:
            return self._image
        if self._ending == ".svg":
            svg = QSvgGenerator()
            svg.setOutputDevice(self._held)
            svg.setSize(self._whole.size().toSize())
            svg.setViewBox(self._whole)
            svg.setTitle(self._title)
            svg.setDescription(self._note)
            return svg
        pdf = QPdfWriter(self._held)  # one page as large as the drawing, a scene pixel being 1/96 inch
        pdf.setTitle(self._title)
        pdf.setCreator("Terrier")
        pdf.setResolution(96)
        pdf.setPageSize(QPageSize(self._whole.size() * 72 / 96, QPageSize.Unit.Point))
        pdf.setPageMargins(QMarginsF(0, 0, 0, 0))
        return pdf


@contextmanager
def _moved(painter: QPainter, by: QPointF) -> Iterator[None]:
    """Paints elsewhere; what is set meanwhile is forgotten after."""
    painter.save()
    painter.translate(by)
    try:
        yield
    finally:
        painter.restore()


def write_drawing(
    control: Control, path: Path, drawing: MapDrawing, on_window: Callable[[Callable[[], None]], None]
) -> None:
    """Paints a drawing, a moment at a time on the window's thread, and writes it. Raises FileProblem, Cancelled."""
    while not drawing.done:
        _wait_for(control, drawing.paint_some, on_window)
        control.progress(drawing.drawn, drawing.total)
    save_whole(path, drawing.write)


def _wait_for(control: Control, work: Callable[[], None], on_window: Callable[[Callable[[], None]], None]) -> None:
    """Has something done on the window's thread, and waits for it. Raises what it raises, and Cancelled."""
    over, failures = threading.Event(), list[Exception]()

    def turn() -> None:
        try:
            work()
        except Exception as error:
            failures.append(error)
        finally:
            over.set()

    on_window(turn)
    while not over.wait(0.05):
        control.check()
    if failures:
        raise failures[0]

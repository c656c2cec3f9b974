"""The drawing as a file: SVG, PDF or PNG with title, date and legend."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QPointF, QRectF, QSize
from PySide6.QtGui import QFont, QFontMetricsF, QImage, QImageWriter, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QGraphicsScene

from cmdb.graph.diagram import Diagram
from cmdb.model.whole_files import save_whole
from ui.graph.legend import ROW, LegendRow, paint_rows, rows_of, width_of
from ui.theme import Theme

_EDGE = 32.0
_ROOM = 24.0
_HEAD = 64.0
#: A PNG is drawn at twice the size on the screen, unless that would be larger than this many pixels a side.
_LARGEST = 5_000


def save_picture(
    path: Path, scene: QGraphicsScene, part: QRectF, picture: Diagram, theme: Theme, title: str, note: str
) -> None:
    """Writes an SVG, PDF or PNG, by the path's ending; ``part`` of the scene is all of it. Raises FileProblem."""
    part = part.adjusted(-_ROOM, -_ROOM, _ROOM, _ROOM)
    save_whole(path, lambda file: file.write(_drawn(path.suffix.lower(), scene, part, picture, theme, title, note)))


def _drawn(
    ending: str, scene: QGraphicsScene, part: QRectF, picture: Diagram, theme: Theme, title: str, note: str
) -> bytes:
    """The bytes of the file: Qt says nothing of a disk that is full."""
    held = QBuffer()
    held.open(QIODevice.OpenModeFlag.WriteOnly)
    rows = rows_of(picture)
    words = (QFontMetricsF(theme.font(19, QFont.Weight.DemiBold)), title), (QFontMetricsF(theme.font(12)), note)
    widest = max(metrics.horizontalAdvance(text) for metrics, text in words)
    width = max(part.width(), width_of(theme, rows) + 2 * _EDGE, widest + 2 * _EDGE, 360.0)
    height = _HEAD + part.height() + len(rows) * ROW + _EDGE
    if ending == ".svg":
        device = QSvgGenerator()
        device.setOutputDevice(held)
        device.setSize(QSize(round(width), round(height)))
        device.setViewBox(QRectF(0, 0, width, height))
        device.setTitle(title)
        device.setDescription(note)
        painter = QPainter()
        painter.begin(device)
        _draw(painter, scene, part, theme, title, note, rows, QRectF(0, 0, width, height))
        painter.end()
        return bytes(held.data().data())
    if ending == ".pdf":
        whole = QRectF(0, 0, width, height)
        _draw_pdf(held, lambda painter: _draw(painter, scene, part, theme, title, note, rows, whole), whole, title)
        return bytes(held.data().data())
    ratio = max(0.1, min(2.0, _LARGEST / width, _LARGEST / height))
    image = QImage(QSize(round(width * ratio), round(height * ratio)), QImage.Format.Format_ARGB32)
    painter = QPainter(image)
    painter.scale(ratio, ratio)
    _draw(painter, scene, part, theme, title, note, rows, QRectF(0, 0, width, height))
    painter.end()
    QImageWriter(held, QByteArray(b"png")).write(image)
    return bytes(held.data().data())


def _draw_pdf(held: QBuffer, draw: Callable[[QPainter], None], whole: QRectF, title: str) -> None:
    """One page as large as the drawing, a scene pixel being 1/96 inch."""
    writer = QPdfWriter(held)
    writer.setTitle(title)
    writer.setCreator("Terrier")
    writer.setResolution(96)
    writer.setPageSize(QPageSize(whole.size() * 72 / 96, QPageSize.Unit.Point))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    painter = QPainter(writer)
    draw(painter)
    painter.end()


def _draw(
    painter: QPainter,
    scene: QGraphicsScene,
    part: QRectF,
    theme: Theme,
    title: str,
    note: str,
    rows: list[LegendRow],
    whole: QRectF,
) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillRect(whole, theme.color("surface"))
    painter.setPen(theme.color("text"))
    painter.setFont(theme.drawing_font(19, QFont.Weight.DemiBold))
    painter.drawText(QPointF(_EDGE, 34), title)
    painter.setPen(theme.color("muted"))
    painter.setFont(theme.drawing_font(12))
    painter.drawText(QPointF(_EDGE, 54), note)
    target = QRectF((whole.width() - part.width()) / 2, _HEAD, part.width(), part.height())
    scene.render(painter, target, part)
    paint_rows(painter, theme, rows, _EDGE, _HEAD + part.height())

"""Pictures from files of other people: decoded in a worker thread, within limits that are looked at first."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QColor, QImage, QImageReader, QPainter, QPixmap

from app.attachments.file_types import PICTURES
from app.attachments.pdf_pages import PdfPage
from cmdb.model.errors import FileProblem
from cmdb.model.formats import Plain
from cmdb.model.messages import Message

_FORMATS = {kind: kind.partition("/")[2].encode() for kind in PICTURES}
MOST_POINTS = 60_000_000
"""Points of a picture that is decoded: a file of some kilobytes can say that it has billions."""
_MOST_OF_PHOTOS = 250_000_000
"""Of photos (JPEG), which are decoded at a smaller scale at once."""
_LONGEST = 30_000


def decoded(data: bytes, kind: str, box: QSize) -> QImage:
    """A picture, turned as its camera was held, no larger than the box (in points of the screen).

    Raises FileProblem where it is too large or damaged.
    """
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    source = QImageReader(buffer, QByteArray(_FORMATS.get(kind, b"")))
    source.setAutoDetectImageFormat(False)
    source.setAutoTransform(True)
    size = source.size()
    if not size.isValid() or kind not in _FORMATS:
        raise FileProblem(Message("The picture cannot be shown: it is damaged."))
    most = _MOST_OF_PHOTOS if kind == "image/jpeg" else MOST_POINTS
    if size.width() * size.height() > most or max(size.width(), size.height()) > _LONGEST:
        raise FileProblem(
            Message(
                "The picture has {width} × {height} points, which is too many to show it.",
                width=Plain(size.width()),
                height=Plain(size.height()),
            )
        )
    turned = source.transformation() & source.transformation().TransformationRotate90
    room = box.transposed() if turned else box
    if size.width() > room.width() or size.height() > room.height():
        source.setScaledSize(size.scaled(room, Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1)))
    image = source.read()
    if image.isNull():
        raise FileProblem(Message("The picture cannot be shown: it is damaged."))
    return image


def shown(image: QImage, ratio: float, edge: QColor) -> QPixmap:
    """A picture for a screen with so many points for a pixel, with an edge: a page may be as white as its ground."""
    pixmap = QPixmap.fromImage(image)
    painter = QPainter(pixmap)
    painter.setPen(edge)
    painter.drawRect(pixmap.rect().adjusted(0, 0, -1, -1))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def of_page(page: PdfPage) -> QImage:
    """The picture of a page of a document."""
    image = QImage(page.points, page.width, page.height, 4 * page.width, QImage.Format.Format_RGB32)
    return image.copy()  # the first one does not hold its points

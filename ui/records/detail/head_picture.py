"""The picture of a record beside its name: its own, or its model's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import QToolButton

from app.attachments.contents import content
from cmdb.model.messages import tr
from ui.plain_texts import plain_tip
from ui.widgets.pictures import decoded

if TYPE_CHECKING:
    from cmdb.model.attachments import Attachment
    from ui.context import Context

SIDE = 52
"""The most that it is wide and high, in pixels."""


class HeadPicture(QToolButton):
    """A small picture, hidden while there is none. It is decoded in a worker; a click asks to see it larger."""

    def __init__(self, context: Context, page: str) -> None:
        super().__init__()
        self._context, self._key = context, (page, "picture")
        self._shown = ""
        self.setAutoRaise(True)
        self.setAccessibleName(tr("Picture"))
        self.setToolTip(plain_tip(tr("Show the picture")))
        self.hide()

    def show_of(self, file: Attachment | None) -> None:
        """Shows a picture; None hides it. One that cannot be shown stays hidden."""
        if file is None:
            self._context.tasks.forget(self._key)
            self._shown = ""
            self.hide()
            return
        if file.sha256 == self._shown:
            return
        self._shown = file.sha256
        self.hide()
        side = round(SIDE * self.devicePixelRatioF())
        self._context.query(
            lambda reader: decoded(content(reader, file), file.type, QSize(side, side)), self._show, lambda _: None,
            key=self._key, owner=self, lane="slow",
        )  # fmt: skip

    def _show(self, image: QImage) -> None:
        pixmap = QPixmap.fromImage(image)
        pixmap.setDevicePixelRatio(self.devicePixelRatioF())
        size = pixmap.deviceIndependentSize().toSize()
        self.setIconSize(size)
        self.setFixedSize(size + QSize(6, 6))
        self.setIcon(QIcon(pixmap))
        self.show()

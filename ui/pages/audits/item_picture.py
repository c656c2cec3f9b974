"""The picture of what was scanned, or its icon and that there is none yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QFrame

from app.attachments.record_picture import picture_of
from cmdb.model.messages import tr
from ui.text_size import px, set_sizes
from ui.widgets.labels import Text
from ui.widgets.layout import STRETCH, column, row
from ui.widgets.page_states import Icon
from ui.widgets.pictures import decoded

if TYPE_CHECKING:
    from app.attachments.record_picture import RecordPicture
    from ui.context import Context

WIDTH, HEIGHT = 116, 164


class ItemPicture(QFrame):
    """A frame with a picture; it is read and decoded in a worker, and that of a scan before is not waited for."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.setProperty("role", "photo")
        self._icon = Icon(context.theme, "barcode", "muted", 40)
        self._none = Text(tr("No photo yet"), "muted", wrap=True)
        self._none.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._image = QPixmap()
        self._shown = ""
        set_sizes(self, width=WIDTH, height=HEIGHT)
        self.setLayout(
            column(
                STRETCH, row(STRETCH, self._icon, STRETCH), STRETCH, self._none,
                margins=(4, 4, 4, 12),
            )
        )  # fmt: skip

    def show_of(self, uid: str, icon: str, *, again: bool = False) -> None:
        """Shows the picture of a record; ``again``: it may have another one now."""
        self._icon.set_icon(icon or "barcode")
        if uid == self._shown and not again:
            return
        self._shown = uid
        self._show(None)
        if not uid:
            self._context.tasks.forget(("audits", "picture"))
            return
        ratio = self.devicePixelRatioF()
        room = QSize(round(px(WIDTH - 12) * ratio), round(px(HEIGHT - 24) * ratio))

        def done(found: QImage | None) -> None:
            if self._shown == uid:
                self._show(found)

        self._context.query(
            lambda reader: _read(picture_of(reader, uid), room), done, lambda _: None,
            key=("audits", "picture"), owner=self, lane="slow",
        )  # fmt: skip

    @property
    def has_picture(self) -> bool:
        """Whether a picture is shown."""
        return not self._image.isNull()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The picture in the middle of the frame."""
        super().paintEvent(event)
        if self.has_picture:
            size = self._image.deviceIndependentSize().toSize()
            painter = QPainter(self)
            painter.drawPixmap((self.width() - size.width()) // 2, (self.height() - size.height()) // 2, self._image)
            painter.end()

    def _show(self, image: QImage | None) -> None:
        self._icon.setVisible(image is None)
        self._none.setVisible(image is None)
        self._image = QPixmap.fromImage(image) if image is not None else QPixmap()
        self._image.setDevicePixelRatio(self.devicePixelRatioF())
        self.setAccessibleName(tr("Photo") if image is not None else tr("No photo yet"))
        self.update()


def _read(found: RecordPicture | None, room: QSize) -> QImage | None:
    return decoded(found.data, found.type, room) if found is not None else None

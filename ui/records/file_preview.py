"""A file beside the table: its picture, its pages, or the beginning of its text."""

from __future__ import annotations

import itertools
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontDatabase, QImage
from PySide6.QtWidgets import QLabel, QWidget

from app.attachments.contents import LARGEST_SHOWN, beginning, content, is_cut
from app.attachments.file_types import PDF, PICTURES, is_text
from app.attachments.pdf_pages import PageDrawing, PdfPage
from cmdb.model.formats import Size, moment
from cmdb.model.messages import tr
from ui.widgets.buttons import Button
from ui.widgets.labels import Text
from ui.widgets.layout import STRETCH, box, column, row
from ui.widgets.page_states import EmptyState, PageStates
from ui.widgets.pictures import decoded, of_page, shown

if TYPE_CHECKING:
    from cmdb.model.attachments import Attachment
    from ui.context import Context

WIDTH, HEIGHT = 372, 1_200
"""The size of a picture in the sheet, in pixels."""
_numbers = itertools.count(1)


def can_be_shown(file: Attachment) -> bool:
    """Whether there is more to show of a file than what is known of it."""
    shown = file.type in PICTURES or file.type == PDF or is_text(file.type)
    return shown and bool(file.sha256) and file.size <= LARGEST_SHOWN


class FilePreview(QWidget):
    """Shows one file; what it shows is made in a worker, and no longer made once it is closed."""

    def __init__(self, context: Context, file: Attachment, ratio: float) -> None:
        super().__init__()
        self._context, self._file, self._ratio = context, file, ratio
        self._key = ("files", "preview", next(_numbers))
        self._page = self._pages = 0
        self._data = b""
        self.picture = QLabel()
        self.picture.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        self.text = Text("", wrap=True)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._cut = Text(tr("This is the beginning; the file goes on."), "muted", wrap=True)
        self.where = Text("", "muted")
        self.back = Button(tr("Previous page"), partial(self._turn, -1))
        self.on = Button(tr("Next page"), partial(self._turn, 1))
        self._turns = box(row(self.back, self.on, self.where, STRETCH))
        for one in (self.picture, self.text, self._cut, self._turns):
            one.hide()
        known = tr("{size}, added by {author}, {time}", size=Size(file.size), author=file.author or "—",
                   time=moment(file.added))  # fmt: skip
        shown = column(self._turns, self.picture, self.text, self._cut, STRETCH, spacing=8)
        self._states = PageStates(context.theme, box(shown))
        lines = [Text(known, "muted", wrap=True), *([Text(file.about, wrap=True)] if file.about else [])]
        self.setLayout(column(*lines, self._states, spacing=8))
        self.destroyed.connect(partial(context.tasks.forget, self._key))
        self._begin()

    def _begin(self) -> None:
        file = self._file
        if not can_be_shown(file):
            words = tr("Files of this type are not shown here.")
            if not file.sha256:
                words = tr("Its content is not kept in this estate.")
            elif file.size > LARGEST_SHOWN:
                words = tr("It is too large to be shown here.")
            self._states.empty(EmptyState(self._context.theme, "document", tr("No preview"), words))
            return
        self._states.loading()
        if file.type in PICTURES:
            size = QSize(round(WIDTH * self._ratio), round(HEIGHT * self._ratio))
            self._context.query(
                lambda reader: decoded(content(reader, file), file.type, size), self._show_picture, self._failed,
                key=self._key, owner=self, lane="slow",
            )  # fmt: skip
        elif is_text(file.type):
            self._context.query(lambda reader: beginning(reader, file), self._show_text, self._failed,
                                key=self._key, owner=self)  # fmt: skip
        else:
            self._context.query(lambda reader: content(reader, file), self._read, self._failed,
                                key=self._key, owner=self, lane="slow")  # fmt: skip

    def _failed(self, error: Exception) -> None:
        self._states.failed(error)

    def _show_picture(self, image: QImage) -> None:
        self.picture.setPixmap(shown(image, self._ratio, self._context.theme.color("line")))
        self.picture.setAccessibleName(tr("Picture {file}", file=self._file.name))
        self.picture.show()
        self._states.content()

    def _show_text(self, text: str) -> None:
        self.text.setText(text)
        self.text.show()
        self._cut.setVisible(is_cut(self._file))
        self._states.content()

    # -- pages ------------------------------------------------------------------------------------------------------

    def _read(self, data: bytes) -> None:
        self._data = data
        self._draw()

    def _turn(self, step: int) -> None:
        self._page = max(0, min(self._page + step, self._pages - 1))
        self._draw()

    def _draw(self) -> None:
        drawing = PageDrawing(self._data, self._page, round(WIDTH * self._ratio), round(HEIGHT * self._ratio))
        self._context.tasks.run(
            drawing.draw, self._show_page, self._failed, key=self._key, owner=self, lane="slow", stop=drawing.stop
        )

    def _show_page(self, page: PdfPage) -> None:
        self._pages = page.pages
        self._turns.setVisible(page.pages > 1)
        self.where.setText(tr("{page} of {pages}", page=self._page + 1, pages=page.pages))
        self.back.setEnabled(self._page > 0)
        self.on.setEnabled(self._page + 1 < page.pages)
        self._show_picture(of_page(page))

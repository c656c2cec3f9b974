"""One file in the list of a record's files: its picture, its name, what is known of it, and a menu."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QImage, QResizeEvent
from PySide6.QtWidgets import QFrame, QMenu, QToolButton

from cmdb.model.characters import marked
from cmdb.model.formats import Size, moment
from cmdb.model.messages import tr
from ui.plain_texts import plain_tip
from ui.text_size import set_sizes
from ui.widgets.buttons import IconButton, LinkButton
from ui.widgets.labels import ElidedText, Text
from ui.widgets.layout import STRETCH, Item, column, row
from ui.widgets.pictures import shown

if TYPE_CHECKING:
    from cmdb.model.attachments import Attachment
    from ui.theme import Theme

PICTURE = 44
"""The width and height of a file's picture, in pixels."""


class ElidedLink(LinkButton):
    """A word that can be clicked and that is cut in its middle where there is no room; the tooltip has all of it."""

    def __init__(self, text: str, clicked: Callable[[], object]) -> None:
        super().__init__(text, clicked)
        self._whole = text

    def sizeHint(self) -> QSize:
        """Room for all of the text, also while it is cut."""
        return QSize(
            self.fontMetrics().horizontalAdvance(self._whole) + self._beside() + 2, super().sizeHint().height()
        )

    def minimumSizeHint(self) -> QSize:
        """Room for a few letters."""
        return QSize(min(60, self.sizeHint().width()), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cuts the text anew."""
        super().resizeEvent(event)
        room = self.width() - self._beside()
        shown = self.fontMetrics().elidedText(marked(self._whole), Qt.TextElideMode.ElideMiddle, room)
        if shown != self.text():
            self.setText(shown)
            self.setAccessibleName(self._whole)
            self.setToolTip(plain_tip("" if shown == self._whole else self._whole))

    def _beside(self) -> int:
        """The width of all but the text."""
        return super().sizeHint().width() - self.fontMetrics().horizontalAdvance(self.text())


class FileRow(QFrame):
    """A file. ``preview`` is called when it is clicked, ``fill`` fills its menu each time that opens."""

    def __init__(
        self, theme: Theme, file: Attachment, preview: Callable[[], object], fill: Callable[[QMenu], object]
    ) -> None:
        super().__init__()
        self.file, self._theme = file, theme
        self.picture = QToolButton()
        self.picture.setFixedSize(PICTURE + 8, PICTURE + 8)
        set_sizes(self.picture, icon=20)
        self.picture.setIcon(theme.icon("document"))
        self.picture.setAutoRaise(True)
        self.picture.setAccessibleName(tr("Preview of {file}", file=file.name))
        self.picture.setToolTip(plain_tip(tr("Preview of {file}", file=file.name)))
        self.picture.clicked.connect(lambda: preview())
        name = ElidedLink(file.name, preview)
        known = tr(
            "{size} · {author} · {time}", size=Size(file.size), author=file.author or "—", time=moment(file.added)
        )
        lines: list[Item] = [row(name, STRETCH), ElidedText(known, "muted")]
        if file.about:
            lines.append(Text(file.about, "", wrap=True))
        self.more = IconButton(theme, "more", tr("What can be done with {file}", file=file.name), size=24)
        menu = QMenu(self.more)

        def refill() -> None:
            menu.clear()
            fill(menu)

        menu.aboutToShow.connect(refill)
        self.more.setMenu(menu)
        texts = column(*lines, spacing=1)
        layout = row(self.picture, spacing=8, margins=(0, 4, 0, 4))
        layout.addLayout(texts, 1)
        layout.addWidget(self.more)
        layout.setAlignment(self.picture, Qt.AlignmentFlag.AlignTop)
        layout.setAlignment(self.more, Qt.AlignmentFlag.AlignTop)
        self.setLayout(layout)

    def show_picture(self, image: QImage) -> None:
        """Shows its picture in place of the icon."""
        pixmap = shown(image, self.devicePixelRatioF(), self._theme.color("line"))
        self.picture.setIconSize(QSize(PICTURE, PICTURE))
        self.picture.setIcon(QIcon(pixmap))

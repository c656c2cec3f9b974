"""The guide in a window of its own, beside the pages: contents, search, and links that stay inside."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from PySide6.QtCore import Qt, QTimer, QUrl, Signal
from PySide6.QtGui import (
    QDesktopServices,
    QFont,
    QImage,
    QResizeEvent,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QSplitter, QTextBrowser, QWidget

from app.guide import DOCUMENTS, GUIDE, anchor_of, search, sections
from cmdb.model.messages import tr, trn
from ui.text_size import px, set_sizes
from ui.theme import Theme
from ui.widgets.buttons import IconButton
from ui.widgets.labels import Text
from ui.widgets.layout import STRETCH, box, column, row
from ui.widgets.search import SearchField
from ui.widgets.written_file import open_file

_PLACE = int(Qt.ItemDataRole.UserRole)
_SIZE = (980, 680)
#: Room beside a picture, in pixels.
_BESIDE = 40
#: How long (milliseconds) a width stays before pictures follow it.
_PAUSE = 150


def _path_of(name: QUrl | str) -> str:
    return name if isinstance(name, str) else name.toString()


class GuideText(QTextBrowser):
    """One document at a time. Links to documents open here, others in the system's programs.

    ``placed`` fires when another document or section is shown.
    """

    placed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.shown = ""
        self._trail: list[str] = []
        self.setOpenLinks(False)
        self.setAccessibleName(tr("Guide"))
        self.anchorClicked.connect(self._follow)
        self._resized = QTimer(self, singleShot=True, interval=_PAUSE)
        self._resized.timeout.connect(self._fit_pictures)

    def show_place(self, place: str) -> None:
        """Shows a document, or a section of it ("guide.md#assets")."""
        if self.shown and place != self.shown:
            self._trail.append(self.shown)
        self._open(place)

    def can_go_back(self) -> bool:
        """Whether there is a place to go back to."""
        return bool(self._trail)

    def go_back(self) -> None:
        """Shows what was shown before."""
        if self._trail:
            self._open(self._trail.pop())

    def render_again(self) -> None:
        """Shows the same place in the theme's present colours and size of text."""
        place, self.shown = self.shown, ""
        if place:
            self._open(place)

    def _open(self, place: str) -> None:
        document, _, anchor = place.partition("#")
        if document != self.shown.partition("#")[0]:
            try:
                text = (DOCUMENTS / document).read_text("utf-8")
            except OSError:
                self.setPlainText(tr("{file} is missing from this installation.", file=document))
                self.shown = place
                return
            self.document().setDefaultFont(self._theme.font())
            self.document().setMarkdown(text, QTextDocument.MarkdownFeature.MarkdownDialectGitHub)
            self._lay_out()
        self.shown = place
        self._go_to(anchor)
        self.placed.emit()

    def _lay_out(self) -> None:
        """Space between paragraphs, headings of the window's sizes, and hairlines in tables."""
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        block = self.document().begin()
        while block.isValid():
            cursor.setPosition(block.position())
            level, in_table = block.blockFormat().headingLevel(), cast(object, cursor.currentTable()) is not None
            space = QTextBlockFormat()
            space.setLineHeight(125, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
            if level:
                space.setTopMargin(px(18 if level < 3 else 12))
                space.setBottomMargin(px(6))
                words = QTextCharFormat()
                words.setFont(self._theme.font({1: 19, 2: 17}.get(level, 14), QFont.Weight.DemiBold))
                cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
                cursor.mergeCharFormat(words)
            elif not in_table:
                space.setBottomMargin(px(3 if block.textList() is not None else 9))
            cursor.mergeBlockFormat(space)
            block = block.next()
        for frame in self.document().rootFrame().childFrames():
            lines = frame.frameFormat().toTableFormat()
            if lines.isValid():
                lines.setBorderBrush(self._theme.color("line"))
                lines.setCellPadding(px(5))
                lines.setBottomMargin(px(9))
                frame.setFrameFormat(lines)
        cursor.endEditBlock()

    def _go_to(self, anchor: str) -> None:
        block = self.heading(anchor)
        bar = self.verticalScrollBar()
        if block is None:
            bar.setValue(0)
            return
        self.setTextCursor(QTextCursor(block))
        bar.setValue(int(self.document().documentLayout().blockBoundingRect(block).top()) - 8)

    def heading(self, anchor: str) -> QTextBlock | None:
        """The heading that an anchor names; None where there is none."""
        block = self.document().begin()
        while anchor and block.isValid():
            if block.blockFormat().headingLevel() and anchor_of(block.text()) == anchor:
                return block
            block = block.next()
        return None

    def _follow(self, url: QUrl) -> None:
        target = url.toString()
        document, _, anchor = target.partition("#")
        if url.scheme() not in ("", "file"):
            QDesktopServices.openUrl(url)
        elif document.endswith(".md") or not document:
            here = self.shown.partition("#")[0]
            path = (DOCUMENTS / here).parent / document if document else DOCUMENTS / here
            inside = Path(path).resolve()
            if inside.is_relative_to(DOCUMENTS.resolve()):
                name = inside.relative_to(DOCUMENTS.resolve()).as_posix()
                self.show_place(f"{name}#{anchor}" if anchor else name)
        else:
            open_file((DOCUMENTS / document).resolve())

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """Pictures, no wider than the text."""
        if kind != QTextDocument.ResourceType.ImageResource:
            return super().loadResource(kind, name)
        picture = QImage(str((DOCUMENTS / self.shown.partition("#")[0]).parent / _path_of(name)))
        room = max(self.viewport().width() - _BESIDE, 200)
        if picture.width() > room:
            picture = picture.scaledToWidth(room, Qt.TransformationMode.SmoothTransformation)
        return picture

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Pictures follow the width, once it stays: a whole document takes longer than a frame to show."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width() and self.shown:
            self._resized.start()

    def _fit_pictures(self) -> None:
        at = self.verticalScrollBar().value()
        self.render_again()
        self.verticalScrollBar().setValue(at)


class GuideWindow(QWidget):
    """Contents and search on the left, the text on the right. It stays open beside the main window."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setProperty("role", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(tr("Guide – Terrier"))
        self.search = SearchField(theme, tr("Search the guide…"))
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Contents"))
        self.list.setWordWrap(True)
        self.list.setSpacing(2)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.count = Text("", "small")
        self.text = GuideText(theme)
        self.back = IconButton(theme, "arrow-left", tr("Back"), self.text.go_back)
        self.home = IconButton(theme, "help", tr("The beginning of the guide"), lambda: self.text.show_place(GUIDE))
        left = box(column(row(self.back, self.home, STRETCH), self.search, self.count, self.list, spacing=6))
        set_sizes(left, least_width=220)
        split = QSplitter()
        split.addWidget(left)
        split.addWidget(self.text)
        split.setStretchFactor(1, 1)
        split.setSizes([px(270), px(700)])
        split.setChildrenCollapsible(False)
        self.setLayout(column(split, margins=(12, 12, 12, 12)))
        self.resize(min(px(_SIZE[0]), self.screen().availableSize().width() - 40),
                    min(px(_SIZE[1]), self.screen().availableSize().height() - 60))  # fmt: skip
        self.search.textChanged.connect(self._fill)
        self.search.returnPressed.connect(self._take_first)
        self.list.itemClicked.connect(self._take)
        self.list.itemActivated.connect(self._take)
        theme.changed.connect(self.text.render_again)
        self.text.placed.connect(lambda: self.back.setEnabled(self.text.can_go_back()))
        self._fill("")

    def show_place(self, place: str) -> None:
        """Comes to the front with a document, or a section of it."""
        self.show()
        self.raise_()
        self.activateWindow()
        self.text.show_place(place)
        self.search.setFocus()

    def _fill(self, words: str) -> None:
        """The contents of the guide; or what has the words."""
        self.list.clear()
        if not words.strip():
            self.count.setText(tr("Contents"))
            for one in sections(GUIDE):
                self._add(("    " if one.level > 2 else "") + one.title, one.place)
            return
        found = search(words)
        self.count.setText(trn("{count} section", "{count} sections", len(found)))
        for find in found:
            self._add(f"{find.section.title}\n{find.excerpt}", find.section.place)

    def _add(self, text: str, place: str) -> None:
        item = QListWidgetItem(text)
        item.setData(_PLACE, place)
        self.list.addItem(item)

    def _take(self, item: QListWidgetItem) -> None:
        self.text.show_place(str(item.data(_PLACE)))

    def _take_first(self) -> None:
        if self.list.count():
            self.list.setCurrentRow(0)
            self._take(self.list.item(0))

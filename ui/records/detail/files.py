"""The files that are kept with a record: added by a dialog, by dropping or by pasting them; shown, saved, opened."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODevice, QMimeData, QSize
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QMenu

from app.attachments.attaching import NewFile, attaching, detaching, file_of, files_at, largest, write_out
from app.attachments.contents import LARGEST_SHOWN, content, files_of
from app.attachments.file_names import cleaned
from app.attachments.file_types import PDF, PICTURES
from app.attachments.pdf_pages import PageDrawing
from cmdb.model import clock
from cmdb.model.control import Control
from cmdb.model.messages import Message, tr, trn
from ui.plain_texts import plain_tip
from ui.records.detail.file_row import PICTURE, FileRow
from ui.records.detail.past_tab import PastTab, lines_layout
from ui.records.file_preview import FilePreview
from ui.widgets.buttons import Button
from ui.widgets.file_dialog import ask_to_open, ask_to_save
from ui.widgets.labels import Hairline, Text
from ui.widgets.layout import box, row
from ui.widgets.page_states import EmptyState
from ui.widgets.pictures import decoded, of_page
from ui.widgets.written_file import open_file, say_written

if TYPE_CHECKING:
    from cmdb.model.attachments import Attachment
    from cmdb.model.records import CI
    from ui.context import Context

FIRST = 100
"""Files that are shown."""
_DOCUMENTS, _DRAWN = 20, 16 << 20
"""How many documents have a small picture of their first page, and the bytes that one may have: each is drawn by a
process of its own.
"""
_REMEMBERED = 200
"""Small pictures that are kept in memory."""


class FilesTab(PastTab):
    """The files of one record; they are read when the tab is shown."""

    def __init__(self, context: Context, page: str) -> None:
        super().__init__(context, page, "files")
        self._pictures: OrderedDict[str, QImage] = OrderedDict()
        self.rows: list[FileRow] = []

    @property
    def ready(self) -> bool:
        """Whether files can be added: a record is shown, as it is now."""
        return self._ci is not None and self._context.editable

    def _ask(self, ci: CI) -> None:
        self._question(lambda reader: files_of(reader, ci.uid), self._show)

    def _show(self, found: list[Attachment]) -> None:
        self.rows = []
        if not found:
            said = tr("Photos, invoices, contracts: drop them here, paste them, or choose them.")
            if not self._context.editable:
                said = tr("None were kept with it at that time.")
            add = self._button() if self._context.editable else None
            self._states.empty(EmptyState(self._context.theme, "document", tr("No files are kept with it"), said, add))
            return
        layout = lines_layout()
        if self._context.editable:
            hint = Text(tr("or drop them here, or paste them"), "muted", wrap=True)
            head = row(self._button(), spacing=8)
            head.addWidget(hint, 1)
            layout.addWidget(box(head))
            layout.addSpacing(4)
        for file in found[:FIRST]:
            line = FileRow(self._context.theme, file, partial(self.preview, file), partial(self._fill_menu, file))
            self.rows.append(line)
            layout.addWidget(line)
            layout.addWidget(Hairline())
        if len(found) > FIRST:
            layout.addWidget(Text(tr("More are listed by {command}.", command="attachments"), "muted", wrap=True))
        self._fill(layout)
        documents = [line for line in self.rows if line.file.type == PDF and line.file.size <= _DRAWN]
        for line in self.rows:
            if line.file.type in PICTURES or line in documents[:_DOCUMENTS]:
                self._ask_picture(line)

    def _button(self) -> Button:
        return Button(tr("Add files…"), self.ask_for_files, icon="plus", theme=self._context.theme)

    # -- small pictures ---------------------------------------------------------------------------------------------

    def _ask_picture(self, line: FileRow) -> None:
        file = line.file
        if not 0 < file.size <= LARGEST_SHOWN:
            return
        if file.sha256 in self._pictures:
            line.show_picture(self._pictures[file.sha256])
            return
        side = round(PICTURE * line.devicePixelRatioF())

        def done(image: QImage) -> None:
            self._pictures[file.sha256] = image
            if len(self._pictures) > _REMEMBERED:
                self._pictures.popitem(last=False)
            line.show_picture(image)

        self._context.query(
            lambda reader: _small(content(reader, file), file.type, side), done, lambda _: None,
            key=("files", "small", file.uid), owner=line, lane="slow",
        )  # fmt: skip

    # -- adding -----------------------------------------------------------------------------------------------------

    def ask_for_files(self) -> None:
        """Asks which files are to be added."""
        paths = ask_to_open(self._context.workspace.settings, self, "attachments", tr("Add files"), "")
        if paths:
            self.add_paths(paths)

    def paste(self) -> None:
        """Adds the files or the picture of the clipboard."""
        self.add_from(QApplication.clipboard().mimeData())

    def add_from(self, data: QMimeData | None) -> None:
        """Adds what was dropped or is on the clipboard: files of this computer, or a picture."""
        shell = self._context.shell
        urls = data.urls() if data is not None and data.hasUrls() else []
        paths = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
        if not self.ready:
            shell.toast(tr("Choose a record first, as it is now; files are kept with it."), tone="warning")
        elif paths:
            self.add_paths(paths)
        elif data is not None and data.hasImage():
            self._add_picture(QImage(data.imageData()))
        else:
            shell.toast(tr("There is neither a file of this computer nor a picture to add."), tone="warning")

    def add_paths(self, paths: Sequence[Path]) -> None:
        """Adds files: they are read in a worker, then kept as one change."""
        workspace = self._context.workspace
        most, estate = largest(workspace.settings), workspace.where
        self._add(lambda: files_at(paths, most, Control(), estate))

    def _add_picture(self, image: QImage) -> None:
        name = tr("Picture {time}.png", time=clock.moment().strftime("%Y-%m-%d %H.%M.%S"))
        most = largest(self._context.workspace.settings)

        def encode() -> list[NewFile]:
            buffer = QBuffer()
            buffer.open(QIODevice.OpenModeFlag.WriteOnly)
            image.save(buffer, "PNG")  # type: ignore[call-overload]
            return [file_of(name, bytes(buffer.data().data()), most)]

        if image.isNull():
            self._context.shell.toast(tr("The picture on the clipboard cannot be read."), tone="warning")
        else:
            self._add(encode)

    def _add(self, read: Callable[[], list[NewFile]]) -> None:
        if self._ci is None:
            return
        uid, author = self._ci.uid, self._context.author

        def attach(files: list[NewFile]) -> None:
            said = trn("{count} file added", "{count} files added", len(files))
            if len(files) == 1:
                said = tr("{file} added", file=files[0].name)
            self._context.edit(
                lambda reader: attaching(reader, uid, files, author)[0], said, doing=Message("Keeping files")
            )

        self._context.tasks.run(read, attach, self._context.shell.problem, lane="slow")

    # -- one file ---------------------------------------------------------------------------------------------------

    def preview(self, file: Attachment) -> None:
        """Shows a file in the side sheet."""
        shell = self._context.shell
        buttons = [Button(tr("Save as…"), partial(self.save, file))]
        opening = Button(tr("Open"), partial(self.open_file, file))
        refusal = self._context.workspace.opened_files.refusal(file)
        if refusal is None:
            buttons.insert(0, opening)
        shell.sheet(file.name, FilePreview(self._context, file, self.devicePixelRatioF()), tuple(buttons))

    def _fill_menu(self, file: Attachment, menu: QMenu) -> None:
        refusal = self._context.workspace.opened_files.refusal(file)
        menu.setToolTipsVisible(True)
        menu.addAction(tr("Preview"), partial(self.preview, file))
        opening = menu.addAction(tr("Open"), partial(self.open_file, file))
        opening.setEnabled(refusal is None)
        opening.setToolTip(plain_tip(str(refusal or "")))
        menu.addAction(tr("Save as…"), partial(self.save, file))
        menu.addSeparator()
        menu.addAction(tr("Remove"), partial(self.remove, file)).setEnabled(self._context.editable)

    def save(self, file: Attachment) -> None:
        """Asks where to, and writes it there."""
        settings = self._context.workspace.settings
        path = ask_to_save(settings, self, "attachments", tr("Save a file"), cleaned(file.name), {})
        if path is not None:
            self._context.query(
                lambda reader: write_out(reader, file, path),
                lambda _: say_written(self._context.shell, path),
                self._context.shell.problem, lane="slow",
            )  # fmt: skip

    def open_file(self, file: Attachment) -> None:
        """Lets the system's program for it open a copy."""

        def done(path: Path) -> None:
            if not open_file(path):
                self._context.shell.toast(
                    tr("No program opens {file}. Save it instead.", file=file.name), tone="warning"
                )

        opened = self._context.workspace.opened_files
        self._context.query(lambda reader: opened.copy_of(reader, file), done, self._context.shell.problem, lane="slow")

    def remove(self, file: Attachment) -> None:
        """Takes it off the record."""
        author = self._context.author
        said = tr("{file} removed", file=file.name)
        self._context.edit(lambda reader: detaching(reader, [file], author), said)


def _small(data: bytes, kind: str, side: int) -> QImage:
    """The small picture of a file. Raises FileProblem, Cancelled."""
    if kind == PDF:
        return of_page(PageDrawing(data, 0, side, side).draw())
    return decoded(data, kind, QSize(side, side))

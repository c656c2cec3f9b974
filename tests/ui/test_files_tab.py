"""Files of a record in the window: added, shown, pasted, dropped, saved, opened and removed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QDropEvent, QImage
from PySide6.QtWidgets import QLabel

from app.attachments import opened_files
from app.attachments.attaching import attaching, files_at
from app.attachments.contents import files_of
from cmdb.model.applied_revision import AppliedRevision
from cmdb.model.attachments import Attachment
from cmdb.model.control import Control
from cmdb.model.errors import FileProblem
from cmdb.model.revision import Edit, Revision, ci, new_id
from ui.context import Context
from ui.pages.assets.page import AssetsPage
from ui.pages.tasks.page import TasksPage
from ui.records.detail.panel import DetailPanel
from ui.records.file_preview import FilePreview
from ui.widgets.pictures import decoded

Settle = Callable[..., None]


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """A photo, a text and a script."""
    photo, text, script = tmp_path / "front.png", tmp_path / "note.txt", tmp_path / "run.sh"
    picture = QImage(400, 300, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.darkCyan)
    assert picture.save(str(photo))
    text.write_text("One line\nand another\u202e")
    script.write_text("#!/bin/sh\necho")
    return [photo, text, script]


@pytest.fixture
def panel(laptop_details: DetailPanel, settle: Settle) -> DetailPanel:
    """The details of a laptop, its files open."""
    laptop_details.show_tab("files")
    settle()
    return laptop_details


def kept(context: Context, uid: str) -> list[Attachment]:
    with context.workspace.read() as reader:
        return files_of(reader, uid)


def words(panel: DetailPanel) -> str:
    return "\n".join(label.text() for label in panel.files.findChildren(QLabel))


def test_files_are_added_shown_and_removed(
    context: Context, panel: DetailPanel, files: list[Path], settle: Settle, shell: Any
) -> None:
    assert "No files are kept with it" in words(panel)
    panel.files.add_paths(files)
    settle()
    assert [line.file.name for line in panel.files.rows] == ["front.png", "note.txt", "run.sh"]
    assert panel.files.rows[0].picture.iconSize().width() == 44
    assert panel.tabs._titles["files"] == "Files 3"
    assert not panel._picture.isHidden()
    for line, found in zip(panel.files.rows, ("picture", "text", "none"), strict=True):
        panel.files.preview(line.file)
        preview = shell.content
        settle()
        assert isinstance(preview, FilePreview)
        assert (preview.picture.isHidden(), preview.text.isHidden()) == (found != "picture", found != "text")
    panel.files.remove(panel.files.rows[0].file)
    settle()
    assert [one.name for one in kept(context, panel.uid)] == ["note.txt", "run.sh"]
    context.workspace.undo_stack.undo()
    settle()
    assert len(panel.files.rows) == 3


def test_a_text_is_shown_with_marks_for_what_nobody_sees(
    context: Context, panel: DetailPanel, files: list[Path], settle: Settle, shell: Any
) -> None:
    panel.files.add_paths(files[1:2])
    settle()
    panel.files.preview(panel.files.rows[0].file)
    settle()
    assert shell.content.text.text() == "One line\nand another\ufffd"


def test_a_picture_and_files_are_pasted_and_dropped(
    context: Context, panel: DetailPanel, files: list[Path], settle: Settle
) -> None:
    picture = QMimeData()
    picture.setImageData(QImage(str(files[0])))
    panel.files.add_from(picture)
    settle()
    (one,) = kept(context, panel.uid)
    assert (one.type, one.name.startswith("Picture ")) == ("image/png", True)
    dropped = QMimeData()
    dropped.setUrls([QUrl.fromLocalFile(str(files[1])), QUrl("https://example.org/x.png")])
    panel.dropEvent(
        QDropEvent(QPoint(5, 5), Qt.DropAction.CopyAction, dropped, Qt.MouseButton.LeftButton,
                   Qt.KeyboardModifier.NoModifier)
    )  # fmt: skip
    settle()
    assert [found.name for found in kept(context, panel.uid)][1:] == ["note.txt"]


def test_only_documents_and_pictures_are_opened_and_copies_go(
    context: Context, panel: DetailPanel, files: list[Path], settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: bool(opened.append(Path(url.toLocalFile()))) or True)
    panel.files.add_paths(files)
    settle()
    photo, _, script = (line.file for line in panel.files.rows)
    assert context.workspace.opened_files.refusal(script) is not None
    panel.files.open_file(photo)
    settle()
    (copy,) = opened
    assert copy.read_bytes() == files[0].read_bytes()
    assert (copy.stat().st_mode & 0o777, copy.parent.stat().st_mode & 0o777) == (0o400, 0o700)
    context.workspace.opened_files.close()
    assert not copy.exists()


def test_nothing_of_an_encrypted_estate_is_written_to_a_disk(
    context: Context, panel: DetailPanel, files: list[Path], settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel.files.add_paths(files[:1])
    settle()
    hidden = opened_files.OpenedFiles(encrypted=True)
    monkeypatch.setattr(opened_files, "_folder_in_memory", lambda: None)
    file = panel.files.rows[0].file
    assert "readable copy" in str(hidden.refusal(file))


def test_a_picture_that_says_that_it_is_huge_is_not_decoded(tmp_path: Path, files: list[Path]) -> None:
    from PySide6.QtCore import QSize

    data = bytearray(files[0].read_bytes())
    assert decoded(bytes(data), "image/png", QSize(44, 44)).width() == 44
    data[16:24] = (60_000).to_bytes(4, "big") * 2
    for wrong in (bytes(data), b"\x89PNG\r\n\x1a\n", b""):
        with pytest.raises(FileProblem):
            decoded(wrong, "image/png", QSize(44, 44))


def test_the_picture_of_a_model_stands_beside_its_items(
    context: Context, panel: DetailPanel, files: list[Path], settle: Settle
) -> None:
    model = new_id()
    new = Edit(ci(model), "", None, {"class": "hardware_model", "name": "EliteBook 840"})
    context.workspace.store.apply(Revision([new, Edit(ci(panel.uid), "model", None, model)], "anna"))
    settle()
    assert panel._picture.isHidden()
    with context.workspace.read() as reader:
        revision, _ = attaching(reader, model, files_at(files[:1], 1 << 20, Control()), "anna")
    context.workspace.store.apply(revision)
    settle()
    assert not panel._picture.isHidden()


def test_of_the_past_files_are_shown_and_none_are_added(
    context: Context, panel: DetailPanel, files: list[Path], settle: Settle, shell: Any
) -> None:
    panel.files.add_paths(files[:1])
    settle()
    with context.workspace.read() as reader:
        number = reader.number
    context.moment.set(number - 1, "then")
    panel.reload()
    settle()
    assert "None were kept with it at that time." in words(panel)
    panel.files.add_paths(files[1:])
    settle()
    context.moment.set(None)
    assert len(kept(context, panel.uid)) == 1


def test_both_pages_with_details_are_told_of_files(context: Context, settle: Settle) -> None:
    applied = AppliedRevision(1, "one", updated=frozenset({"task"}), kinds=frozenset({"attachment"}))
    for page in (AssetsPage(context), TasksPage(context)):
        assert any(one.is_concerned(applied) for one in page.depends_on())
        settle()
        page.deleteLater()

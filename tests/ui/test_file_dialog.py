"""Dialogs begin where the last one for the same purpose ended; what was written offers to be opened and shown."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton, QWidget

from app.preferences import FOLDER, folder_for, keep, keep_folder
from app.settings import Settings
from app.workspace import Workspace
from cmdb.model.errors import InvalidValue
from cmdb.model.messages import Message
from ui.run import make_window
from ui.widgets.file_dialog import FileDialog, ask_for_folder, ask_to_open, ask_to_save

UI = Path(__file__).resolve().parents[2] / "ui"
KINDS = {".xlsx": Message("Workbook (*.xlsx)"), ".csv": Message("Text (*.csv)")}


def test_each_purpose_has_its_folder(app: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings, over = Settings(tmp_path / "settings"), QWidget()
    began: list[str] = []
    exports, imports = tmp_path / "exports", tmp_path / "imports"
    exports.mkdir()
    imports.mkdir()

    def save(_: object, title: str, start: str, filters: str) -> tuple[str, str]:
        began.append(start)
        return str(exports / "list"), "Text (*.csv)"

    def read(_: object, title: str, start: str, filters: str) -> tuple[list[str], str]:
        began.append(start)
        return [str(imports / "a.csv")], ""

    def folder(_: object, title: str, start: str) -> str:
        began.append(start)
        return ""

    for name, answer in (("name_to_write", save), ("names_to_read", read), ("folder", folder)):
        monkeypatch.setattr(FileDialog, name, answer)
    assert ask_to_save(settings, over, "export", "Export", "Laptops", KINDS) == exports / "list.csv"
    assert ask_to_open(settings, over, "import", "Import", "", otherwise=tmp_path) == [imports / "a.csv"]
    assert ask_to_save(settings, over, "export", "Export", "Laptops", KINDS) == exports / "list.csv"
    assert ask_for_folder(settings, over, "import", "Import") is None
    home = Path.home()
    assert began == [str(home / "Laptops.xlsx"), str(tmp_path), str(exports / "Laptops.xlsx"), str(imports)]
    imports.rmdir()
    assert folder_for(settings, "import") == home
    over.deleteLater()


@pytest.mark.skipif(not Path("/proc/locks").exists(), reason="the system does not list its locks")
def test_a_dialog_in_the_folder_of_the_open_estate_leaves_its_locks(
    app: QApplication, estate: Path, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def held() -> list[str]:
        lines = Path("/proc/locks").read_text("utf-8").splitlines()
        own = (estate.stat().st_ino, estate.with_name(f"{estate.name}-shm").stat().st_ino)
        mine = [line for line in lines if any(f":{number} " in line for number in own)]
        return sorted(line.partition(":")[2] for line in mine)

    with workspace.read() as reader:
        assert reader.number
        before = held()
        assert before
        over = QWidget()
        monkeypatch.setattr(FileDialog, "exec", lambda dialog: look(dialog))

        def look(dialog: FileDialog) -> int:
            dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
            dialog.show()
            end = time.monotonic() + 1.5
            while time.monotonic() < end:
                app.processEvents()
            dialog.hide()
            return 0

        assert FileDialog.names_to_read(over, "Open", str(estate.parent), "All files (*)") == ([], "All files (*)")
        assert held() == before
        over.deleteLater()


def test_the_folder_of_the_settings_counts_for_all_dialogs_until_they_end_elsewhere(tmp_path: Path) -> None:
    settings, chosen, own = Settings(tmp_path / "settings"), tmp_path / "estate papers", tmp_path / "exports"
    chosen.mkdir()
    own.mkdir()
    keep_folder(settings, "export", own)
    keep(settings, FOLDER, str(chosen))
    assert folder_for(settings, "export") == folder_for(settings, "import", tmp_path) == chosen
    keep_folder(settings, "export", own)
    assert [folder_for(settings, purpose) for purpose in ("export", "import")] == [own, chosen]
    with pytest.raises(InvalidValue, match="no folder"):
        keep(settings, FOLDER, str(tmp_path / "gone"))
    chosen.rmdir()
    assert folder_for(settings, "import") == Path.home()


def test_no_dialog_for_files_goes_around_it() -> None:
    asking = re.compile(r"\bQFileDialog\b")
    found = {str(path.relative_to(UI)) for path in UI.rglob("*.py") if asking.search(path.read_text("utf-8"))}
    assert found == {"widgets/file_dialog.py"}


def test_whatever_says_that_a_file_was_written_says_which() -> None:
    """A message with a file's name that nobody can open."""
    telling = re.compile(r"toast\([^\n]*(written|[Ss]aved)[^\n]*tone=\"good\"\)")
    found = {str(path.relative_to(UI)) for path in UI.rglob("*.py") if telling.search(path.read_text("utf-8"))}
    assert found == set()


def test_what_was_written_can_be_opened_and_shown(
    app: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = make_window(app, Settings(tmp_path))
    opened: list[Path] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(Path(url.toLocalFile())))
    window.show()
    file = tmp_path / "list.xlsx"
    for words in ("Open", "Show in folder"):
        window.services.toast("12 rows written to list.xlsx", tone="good", file=file)
        button = next(one for one in window.toast.findChildren(QPushButton) if one.text() == words)
        assert button.isVisible()
        button.click()
        assert window.toast.isHidden()
    assert opened == [file, tmp_path]
    window.services.toast("Saved")
    assert not any(one.isVisible() for one in window.toast.findChildren(QPushButton))
    window.close()

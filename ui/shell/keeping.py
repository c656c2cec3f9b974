"""Backups and checking in the window: what File, Backups… and File, Check the estate do."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget

from ui.widgets.buttons import Button
from ui.widgets.dates import ago, plural
from ui.widgets.dialog import Dialog
from ui.widgets.labels import Line, Text
from ui.widgets.layout import STRETCH, Item, box, column, row
from ui.widgets.notice import InlineMessage

if TYPE_CHECKING:
    from cmdb.store.upkeep.backups import Backup
    from ui.shell.window import Window

_WHEN = (
    "One a day, one before each large import, and one before a newer Terrier changes the file. The older ones grow "
    "fewer. They are on the same disk as the estate: keep copies elsewhere, too."
)


class Keeping:
    """Shows the backups that an estate keeps of itself, puts one back, and has the estate checked."""

    def __init__(self, window: Window) -> None:
        self._window = window

    def is_file(self) -> bool:
        """Whether the open estate is a file."""
        workspace = self._window.estate.workspace
        return workspace is not None and "://" not in str(workspace.store.where)

    # -- checking ---------------------------------------------------------------------------------------------------

    def check(self) -> None:
        """Checks all of the estate in a job, and shows what was found."""
        workspace = self._window.estate.workspace
        if workspace is None:
            return
        from cmdb.store.upkeep.integrity import check_integrity

        store = workspace.store
        workspace.jobs.start(
            "Checking the estate",
            lambda control: check_integrity(store, control),
            done=self._checked,
            failed=self._failed,
        )

    def _failed(self, error: BaseException) -> None:
        self._window.services.problem(error)

    def _checked(self, problems: list[str]) -> None:
        if not problems:
            self._window.toast.say("Checked: no problems found.", "good")
            return
        theme, lines = self._window.theme, "\n".join(problems)
        field = QPlainTextEdit(lines)
        field.setReadOnly(True)
        field.setMinimumSize(560, 220)
        field.setAccessibleName("Problems")
        text = "Nothing was repaired. If the file is damaged, put a backup back (File, Backups…)."
        title = f"Checking found {plural(len(problems), 'problem')}"
        dialog = Dialog(theme, self._window, title, text, field, icon="warning", token="warning")
        copy = Button("Copy", lambda: QApplication.clipboard().setText(lines), icon="copy", theme=theme)
        dialog.add_button(copy)
        dialog.add_button(Button("Close", dialog.accept), default=True)
        dialog.open()

    # -- backups ----------------------------------------------------------------------------------------------------

    def show_backups(self) -> None:
        """Lists the estate's backups in the side sheet."""
        workspace = self._window.estate.workspace
        if workspace is None:
            return
        where = Path(workspace.store.where)

        def look() -> list[tuple[Backup, int]]:
            from cmdb.store.upkeep.backups import kept

            return [(one, one.path.stat().st_size) for one in kept(where)]

        self._window.tasks.run(look, lambda found: self._list(where, found), self._failed, key="backups")

    def _list(self, where: Path, found: list[tuple[Backup, int]]) -> None:
        items: list[Item] = [Text(_WHEN, "muted", wrap=True), 4]
        if not found:
            items.append(InlineMessage(self._window.theme, "There is no backup yet."))
        for backup, size in found:
            items += [self._line(backup, size), Line()]
        folder = Text(f"They stand in {where.name}.backups, beside the estate.", "small", wrap=True)
        content = box(column(*items, 8, folder, STRETCH, spacing=6, margins=(0, 4, 0, 12)))
        self._window.services.sheet("Backups", content)

    def _line(self, backup: Backup, size: int) -> QWidget:
        moment = backup.made.astimezone(UTC).isoformat()
        words = column(Text(ago(moment)), Text(f"{backup.occasion} · {size / 1e6:,.1f} MB", "small"), spacing=0)
        button = Button("Restore…", lambda: self._ask(backup))
        button.setEnabled(not self._read_only())
        button.setAccessibleName(f"Restore the backup of {ago(moment)}")
        return box(row(box(words), STRETCH, button))

    def _read_only(self) -> bool:
        workspace = self._window.estate.workspace
        return workspace is None or workspace.store.read_only

    def _ask(self, backup: Backup) -> None:
        when = ago(backup.made.astimezone(UTC).isoformat())
        self._window.services.confirm(
            f"Put back the backup of {when}?",
            "What was changed since is not in it. The present file is kept beside it, as .before-restore.",
            "Restore",
            lambda: self._restore(backup.path),
            danger=True,
        )

    def _restore(self, path: Path) -> None:
        def ended(error: Exception | None) -> None:
            if error is None:
                self._window.toast.say("The backup is in place.", "good")
            else:
                self._window.services.problem(error)

        self._window.services.close_sheet()
        self._window.estate.restore(path, ended)

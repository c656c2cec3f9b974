"""Backups and checking in the window: what File, Backups… and File, Check the estate do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget

from cmdb.model.control import Control
from cmdb.model.formats import Size
from cmdb.model.messages import Message, tr, trn
from cmdb.model.relative_times import ago
from ui.accessible import name_area
from ui.plain_texts import plain_tip
from ui.shell.estate import OpenEstate
from ui.shell.services import Services
from ui.tasks import Tasks
from ui.text_size import set_sizes
from ui.theme import Theme
from ui.widgets.buttons import Button
from ui.widgets.dialog import Dialog
from ui.widgets.labels import Hairline, Text
from ui.widgets.layout import STRETCH, Item, box, column, row
from ui.widgets.notice import InlineMessage
from ui.widgets.written_file import show_folder

if TYPE_CHECKING:
    from app.estates import EstateBackup
    from app.workspace import Workspace

_WHEN = Message(
    "One a day, one before each large import, and one before a newer Terrier changes the file. The older ones grow "
    "fewer. They are on the same disk as the estate: keep copies elsewhere, too."
)


#: Why a backup was made, by the store's word for it.
_OCCASIONS = {
    "daily": Message("daily"),
    "before import": Message("before import"),
    "before migration": Message("before migration"),
    "by hand": Message("by hand"),
}


class BackupActions:
    """Shows an estate's backups, restores one, and checks the estate."""

    def __init__(self, theme: Theme, parent: QWidget, estate: OpenEstate, tasks: Tasks, services: Services) -> None:
        self._theme, self._parent = theme, parent
        self._estate, self._tasks, self._services = estate, tasks, services

    def is_file(self) -> bool:
        """Whether the open estate is a file."""
        workspace = self._estate.workspace
        return workspace is not None and not workspace.on_server

    # -- checking ---------------------------------------------------------------------------------------------------

    def check(self) -> None:
        """Checks all of the estate in a job, and shows what was found."""
        workspace = self._estate.workspace
        if workspace is None:
            return

        def work(control: Control) -> list[str]:
            from app.estates import check

            return check(workspace, control)

        workspace.jobs.start(
            Message("Checking the estate"),
            work,
            done=self._checked,
            failed=self._failed,
        )

    def _failed(self, error: BaseException) -> None:
        self._services.problem(error)

    def _checked(self, problems: list[str]) -> None:
        if not problems:
            self._services.toast(tr("Checked: no problems found."), tone="good")
            return
        theme, lines = self._theme, "\n".join(problems)
        field = QPlainTextEdit(lines)
        field.setReadOnly(True)
        set_sizes(field, least_width=560, least_height=220)
        name_area(field, tr("Problems"))
        text = tr("Nothing was repaired. If the file is damaged, put a backup back (File, Backups…).")
        title = trn("Checking found {count} problem", "Checking found {count} problems", len(problems))
        dialog = Dialog(theme, self._parent, title, text, field, icon="warning", token="warning")
        copy = Button(tr("Copy"), lambda: QApplication.clipboard().setText(lines), icon="copy", theme=theme)
        dialog.add_button(copy)
        dialog.add_button(Button(tr("Close"), dialog.accept), default=True)
        dialog.open()

    # -- backups ----------------------------------------------------------------------------------------------------

    def show_backups(self) -> None:
        """Lists the estate's backups in the side sheet."""
        workspace = self._estate.workspace
        if workspace is None:
            return

        def look() -> list[EstateBackup]:
            from app.estates import kept_backups

            return kept_backups(workspace)

        self._tasks.run(look, lambda found: self._list(workspace, found), self._failed, key="backups")

    def _list(self, workspace: Workspace, found: list[EstateBackup]) -> None:
        items: list[Item] = [Text(str(_WHEN), "muted", wrap=True), 4]
        if not found:
            items.append(InlineMessage(self._theme, tr("There is no backup yet.")))
        for backup in found:
            items += [self._line(backup), Hairline()]
        folder = Text(
            tr("They are in the folder {folder}, beside the estate.", folder=f"{workspace.name}.backups"),
            "small",
            wrap=True,
        )
        content = box(column(*items, 8, folder, STRETCH, spacing=6, margins=(0, 4, 0, 12)))
        now = Button(tr("Back up now"), lambda: self.back_up(self.show_backups), icon="save", theme=self._theme)
        now.setEnabled(not self._read_only())
        self._services.sheet(tr("Backups"), content, (now,))

    def back_up(self, then: Callable[[], object] = lambda: None) -> None:
        """Makes a backup in a job, says so, and calls ``then``."""
        workspace = self._estate.workspace
        if workspace is None:
            return

        def work(control: Control) -> Path | None:
            from app.estates import back_up_now

            return back_up_now(workspace, control)

        def done(made: Path | None) -> None:
            if made is None:
                self._services.toast(tr("Nothing has changed since the latest backup."), tone="good")
            else:
                self._services.remind(tr("Backed up."), tr("Show in folder"), lambda: show_folder(made))
            then()

        workspace.jobs.start(Message("Backing up"), work, done=done, failed=self._failed)

    def _line(self, backup: EstateBackup) -> QWidget:
        moment = backup.made.astimezone(UTC).isoformat()
        words = column(
            Text(ago(moment)),
            Text(
                tr(
                    "{occasion} · {size}",
                    occasion=_OCCASIONS.get(backup.occasion, backup.occasion),
                    size=Size(backup.size),
                ),
                "small",
            ),
            *([self._head(backup)] if backup.head.number else []),
            spacing=0,
        )
        button = Button(tr("Restore…"), lambda: self._ask(backup))
        button.setEnabled(not self._read_only())
        button.setAccessibleName(tr("Restore the backup of {time}", time=ago(moment)))
        return box(row(box(words), STRETCH, button))

    @staticmethod
    def _head(backup: EstateBackup) -> Text:
        text = Text(tr("The journal's head: {head}", head=f"{backup.head.number}:{backup.head.hash[:16]}…"), "small")
        text.setToolTip(plain_tip(str(backup.head)))
        return text

    def _read_only(self) -> bool:
        workspace = self._estate.workspace
        return workspace is None or workspace.read_only

    def _ask(self, backup: EstateBackup) -> None:
        when = ago(backup.made.astimezone(UTC).isoformat())
        self._services.confirm(
            tr("Put back the backup of {time}?", time=when),
            tr("What was changed since is not in it. The present file is kept beside it, as .before-restore."),
            tr("Restore"),
            lambda: self._restore(backup.path),
            danger=True,
        )

    def _restore(self, path: Path) -> None:
        def ended(error: Exception | None) -> None:
            if error is None:
                self._services.toast(tr("The backup is in place."), tone="good")
            else:
                self._services.problem(error)

        self._services.close_sheet()
        self._estate.restore(path, ended)

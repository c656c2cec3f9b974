"""Encrypted estates in the window: who asks for the passphrase, and what File, Encrypt… does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from cmdb.model.control import Control
from cmdb.model.errors import UserError
from cmdb.model.messages import Message, tr
from ui.shell.estate import OpenEstate, PassphraseRequest
from ui.shell.services import Services
from ui.tasks import Tasks
from ui.theme import Theme

if TYPE_CHECKING:
    from app.estates import RekeyedEstate
    from app.workspace import Workspace


class EncryptionActions:
    """Asks the person for passphrases."""

    def __init__(self, theme: Theme, parent: QWidget, estate: OpenEstate, tasks: Tasks, services: Services) -> None:
        self._theme, self._parent = theme, parent
        self._estate, self._tasks, self._services = estate, tasks, services

    def ask(self, question: PassphraseRequest) -> None:
        """Asks for the passphrase of an estate that is being opened."""
        from ui.shell.passphrase import UnlockDialog

        UnlockDialog(
            self._theme, self._parent, Path(question.where).name, question.answer, question.leave,
            wrong=question.wrong, can_remember=question.can_remember,
        ).open()  # fmt: skip

    def can_encrypt(self) -> bool:
        """Whether the open estate is a file that may be written to, and not encrypted yet."""
        return self._is_ours() and not self.can_change()

    def can_change(self) -> bool:
        """Whether the open estate is encrypted."""
        workspace = self._estate.workspace
        return self._is_ours() and workspace is not None and workspace.encrypted

    def _is_ours(self) -> bool:
        workspace = self._estate.workspace
        return workspace is not None and not workspace.on_server and not workspace.read_only

    def change(self) -> None:
        """Asks for a new passphrase, or encrypts for the first time."""
        workspace = self._estate.workspace
        if workspace is None:
            return

        def look() -> tuple[bool, bool]:
            from app.estates import encryption_choices

            return encryption_choices(workspace)

        self._tasks.run(look, lambda found: self._show(workspace, *found), self._services.problem)

    def _show(self, workspace: Workspace, can_remember: bool, remembered: bool) -> None:
        from ui.shell.passphrase import EncryptDialog

        if self._estate.workspace is not workspace:
            return
        name, post = workspace.name, self._tasks.post
        control = Control(lambda done, total, _text: post(dialog.show_progress, done * 1000 // max(total, 1), 1000))

        def begin(word: str | None, remember: bool) -> None:
            self._estate.rekey(word, remember, control, ended)

        def ended(done: RekeyedEstate | None, error: Exception | None) -> None:
            dialog.done_working()
            if error is not None:
                self._services.problem(error)
            elif done is not None and done.left:
                lines = tuple(Message("{file}: {reason}", file=path.name, reason=why) for path, why in done.left)
                self._services.problem(UserError(Message("Some backups of it stay as they were."), lines))
            else:
                self._services.toast(tr("Done. {estate} is open again.", estate=name), tone="good")

        dialog = EncryptDialog(
            self._theme, self._parent, name, begin, control.cancel,
            encrypted=workspace.encrypted, can_remember=can_remember, remembered=remembered,
        )  # fmt: skip
        dialog.open()

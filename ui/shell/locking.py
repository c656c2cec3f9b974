"""Encrypted estates in the window: who asks for the passphrase, and what File, Encrypt… does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cmdb.model.control import Control
from cmdb.model.errors import UserError

if TYPE_CHECKING:
    from cmdb.store.upkeep.rekeying import Recast
    from ui.shell.estate import Question
    from ui.shell.window import Window


class Locking:
    """Asks the person for passphrases."""

    def __init__(self, window: Window) -> None:
        self._window = window

    def ask(self, question: Question) -> None:
        """The passphrase of an estate that is being opened."""
        from ui.shell.passphrase import UnlockDialog

        UnlockDialog(
            self._window.theme, self._window, Path(question.where).name, question.answer, question.leave,
            wrong=question.wrong, can_remember=question.can_remember,
        ).open()  # fmt: skip

    def can_encrypt(self) -> bool:
        """Whether the open estate is a file that may be written to, and not encrypted yet."""
        return self._is_ours() and not self.can_change()

    def can_change(self) -> bool:
        """Whether the open estate is encrypted."""
        workspace = self._window.estate.workspace
        return self._is_ours() and workspace is not None and workspace.store.key is not None

    def _is_ours(self) -> bool:
        workspace = self._window.estate.workspace
        if workspace is None or "://" in str(workspace.store.where):
            return False
        return not workspace.store.read_only

    def change(self) -> None:
        """Asks for a new passphrase, or encrypts for the first time."""
        workspace = self._window.estate.workspace
        if workspace is None:
            return
        key = workspace.store.key

        def look() -> tuple[bool, bool]:
            from app import keys
            from cmdb.store.connection import ciphers

            ciphers.require()  # the extra may be missing
            return keys.can_remember(), key is not None and keys.is_remembered(key)

        self._window.tasks.run(look, lambda found: self._show(*found), self._window.services.problem)

    def _show(self, can_remember: bool, remembered: bool) -> None:
        from ui.shell.passphrase import EncryptDialog

        workspace = self._window.estate.workspace
        if workspace is None:
            return
        name = workspace.store.name
        encrypted = workspace.store.key is not None
        post = self._window.tasks.post
        control = Control(lambda done, total, _text: post(dialog.show_progress, done * 1000 // max(total, 1), 1000))

        def begin(word: str | None, remember: bool) -> None:
            self._window.estate.recast(word, remember, control, ended)

        def ended(done: Recast | None, error: Exception | None) -> None:
            dialog.done_working()
            if error is not None:
                self._window.services.problem(error)
            elif done is not None and done.left:
                lines = tuple(f"{path.name}: {why}" for path, why in done.left)
                self._window.services.problem(UserError("Some backups of it stay as they were.", lines))
            else:
                self._window.toast.say(f"Done. {name} is open again.", "good")

        dialog = EncryptDialog(
            self._window.theme, self._window, name, begin, control.cancel,
            encrypted=encrypted, can_remember=can_remember, remembered=remembered,
        )  # fmt: skip
        dialog.open()

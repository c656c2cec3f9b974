"""Copies of attached files that other programs open: in a private folder, taken away again.

A copy is its owner's alone and cannot be written to, so that nobody edits it in vain. The folder goes when the estate
is closed; what a killed process left goes at the next start. Of an encrypted estate no copy comes to a disk: its
folder is in memory, or nothing is opened.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from app import temporary_folders
from app.attachments.file_names import cleaned
from app.attachments.file_types import may_be_opened
from cmdb.model.attachments import Attachment
from cmdb.model.errors import FileProblem, UserError
from cmdb.model.messages import Message
from cmdb.model.system_errors import reason_of

if TYPE_CHECKING:
    from cmdb.store.reading.reader import Reader

_IN_MEMORY = ("tmpfs", "ramfs")


class OpenedFiles:
    """The copies of one open estate. Safe to use from any thread."""

    def __init__(self, *, encrypted: bool) -> None:
        self._encrypted = encrypted
        self._folder: Path | None = None

    def refusal(self, attachment: Attachment) -> Message | None:
        """Why a file is not opened by another program; None where it can be."""
        if not may_be_opened(cleaned(attachment.name), attachment.type):
            return Message("Only known documents and pictures are opened. Save it, if you know what it is.")
        if self._encrypted and _folder_in_memory() is None:
            return Message(
                "The estate is encrypted, and opening it in another program would write a readable copy to the disk. "
                "Save it where you want that copy."
            )
        return None

    def copy_of(self, reader: Reader, attachment: Attachment) -> Path:
        """A copy of a file for another program. Raises UserError where it is not to be opened, FileProblem."""
        from app.attachments.attaching import write_out

        if (refusal := self.refusal(attachment)) is not None:
            raise UserError(refusal)
        try:
            folder = Path(tempfile.mkdtemp(dir=self._made()))
        except OSError as error:
            raise FileProblem(Message("No copy can be made: {reason}.", reason=reason_of(error))) from error
        path = folder / cleaned(attachment.name)
        write_out(reader, attachment, path)
        with suppress(OSError):
            path.chmod(0o400)
        return path

    def close(self) -> None:
        """Takes all copies away."""
        folder, self._folder = self._folder, None
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)

    def _made(self) -> Path:
        if self._folder is None:
            where = _folder_in_memory() if self._encrypted else Path(tempfile.gettempdir())
            self._folder = temporary_folders.made(where)
        return self._folder


def clear() -> None:
    """Takes away what killed processes of this person left."""
    temporary_folders.clear({Path(tempfile.gettempdir()), *filter(None, (_folder_in_memory(),))})


def _folder_in_memory() -> Path | None:
    """The folder of this person's session that the system keeps in memory; None where there is none."""
    named = os.environ.get("XDG_RUNTIME_DIR", "")
    if sys.platform != "linux" or not named or not os.path.isdir(named):
        return None
    path = os.path.realpath(named)
    try:
        mounts = [line.split() for line in Path("/proc/self/mounts").read_text("utf-8", "replace").splitlines()]
    except OSError:
        return None
    above = [one for one in mounts if path == one[1] or path.startswith(one[1].rstrip("/") + "/")]
    kind = max(above, key=lambda one: len(one[1]), default=["", "", ""])[2]
    private = os.stat(path).st_uid == os.getuid() and os.stat(path).st_mode & 0o077 == 0
    return Path(path) if kind in _IN_MEMORY and private else None

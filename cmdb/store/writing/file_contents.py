"""Keeping the contents of files: each once, in chunks, in the transaction of the revision that names it first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, select

from cmdb.model.attachments import FileContent
from cmdb.model.control import Control
from cmdb.model.errors import InvalidValue
from cmdb.model.messages import Message
from cmdb.store.rows import tables


class FileContents:
    """The contents that a revision brings along; those that the estate has already are not read."""

    def __init__(self, connection: Connection, brought: Iterable[FileContent], control: Control) -> None:
        self._connection = connection
        self._brought = {one.sha256: one for one in brought}
        self._control = control
        self._kept: dict[str, int] = {}

    def keep(self, fields: Mapping[str, Any]) -> None:
        """Keeps the content that an attachment names, chunk by chunk.

        Raises InvalidValue where it is neither kept nor brought along, FileProblem where the file is another one by
        now, and Cancelled.
        """
        sha256 = fields.get("sha256")
        if sha256 is None:
            return
        size = self._size(sha256)
        if size is None and sha256 in self._brought:
            size = self._write(self._brought[sha256])
        if size is None or size != fields.get("size"):
            raise InvalidValue(
                Message(
                    "The content of the file “{name}” is not kept in this estate, so it cannot be attached.",
                    name=str(fields.get("name", "")),
                )
            )

    def keep_all(self) -> None:
        """Keeps all that is brought along, for what names it later. Raises FileProblem, Cancelled."""
        for one in self._brought.values():
            self.keep({"sha256": one.sha256, "size": one.size, "name": one.name})

    def _size(self, sha256: str) -> int | None:
        """The size of a content that is kept; None where it is not."""
        if sha256 not in self._kept:
            c = tables.blob.c
            size = self._connection.execute(select(c.size).where(c.sha256 == sha256)).scalar()
            if size is None:
                return None
            self._kept[sha256] = int(size)
        return self._kept[sha256]

    def _write(self, content: FileContent) -> int:
        self._connection.execute(tables.blob.insert(), {"sha256": content.sha256, "size": content.size})
        done = 0
        for number, chunk in enumerate(content.chunks()):
            row = {"sha256": content.sha256, "n": number, "content": chunk}
            self._connection.execute(tables.blob_chunk.insert(), row)
            done += len(chunk)
            self._control.progress(done, content.size, Message("Keeping {file}", file=content.name))
        self._kept[content.sha256] = content.size
        return content.size

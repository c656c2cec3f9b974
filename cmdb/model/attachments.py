"""Files that are kept with records: what is known of one, and the content that a revision brings along."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from cmdb.model.errors import FileProblem
from cmdb.model.formats import Size
from cmdb.model.messages import Message

CHUNK = 256 * 1024
"""The number of bytes of a content that one row holds, and that is read at once."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that is kept with a record.

    ``sha256`` names its content, "" where that was never kept. ``added`` is when it was attached (ISO UTC), ``author``
    by whom. ``record`` is the record's id.
    """

    uid: str
    record: str
    name: str
    type: str
    size: int
    sha256: str
    about: str
    added: str = ""
    author: str = ""


@dataclass(frozen=True, slots=True)
class FileContent:
    """The content of a file that a revision names: what it was when it was looked at, and how it is read again."""

    name: str
    sha256: str
    size: int
    opened: Callable[[], BinaryIO]

    def chunks(self) -> Iterator[bytes]:
        """The content in chunks, read again. Raises FileProblem where it is another one by now, or cannot be read."""
        whole, size = hashlib.sha256(), 0
        with self.opened() as file:
            while chunk := full_chunk(file, CHUNK):
                size += len(chunk)
                if size > self.size:
                    break
                whole.update(chunk)
                yield chunk
        if size != self.size or whole.hexdigest() != self.sha256:
            raise FileProblem(
                Message("{file} was changed while it was read, so nothing was attached. Try again.", file=self.name)
            )


def digest_of(file: BinaryIO, name: str, most: int) -> tuple[str, int]:
    """The SHA-256 and the size in bytes of what an open file holds. Raises FileProblem where that is over ``most``."""
    whole, size = hashlib.sha256(), 0
    while chunk := full_chunk(file, CHUNK):
        size += len(chunk)
        refuse_large(name, size, most)
        whole.update(chunk)
    return whole.hexdigest(), size


def refuse_large(name: str, size: int, most: int) -> None:
    """Raises FileProblem where a file is larger than what is kept."""
    if size > most:
        raise FileProblem(
            Message(
                "{file} is larger than {most}. Larger files are not kept in the estate; the settings say how large a "
                "file may be.",
                file=name,
                most=Size(most),
            )
        )


def full_chunk(file: BinaryIO, size: int) -> bytes:
    """The next ``size`` bytes of a file; fewer only at its end."""
    chunk = file.read(size)
    while 0 < len(chunk) < size and (more := file.read(size - len(chunk))):
        chunk += more
    return chunk

"""Contents of files for tests: what a revision brings along."""

from __future__ import annotations

import hashlib
import io

from cmdb.model.attachments import FileContent


def content(data: bytes, name: str = "photo.jpg", later: bytes | None = None) -> FileContent:
    """A file that holds some bytes; when it is read again it may hold others."""
    read = data if later is None else later
    return FileContent(name, hashlib.sha256(data).hexdigest(), len(data), lambda: io.BytesIO(read))


SOME_FILES = tuple(content(name.encode(), f"{name}.txt") for name in ("one", "two", ""))

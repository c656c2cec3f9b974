"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cmdb.errors import FileProblem


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary name beside ``path`` to write to; it takes ``path``'s place when the block ends well.

    Otherwise it is removed and ``path`` stays as it was. Raises FileProblem where nothing can be written there.
    """
    part = path.with_name(f".{path.stem[:100]}.{secrets.token_hex(4)}.part{path.suffix}")
    try:
        try:
            yield part
            os.replace(part, path)
        except OSError as error:
            raise FileProblem(f"{path} cannot be written: {error.strerror or error}.") from error
    finally:
        part.unlink(missing_ok=True)

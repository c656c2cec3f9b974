"""A process that runs the command line at one moment with others.

    python -m tests.racer FOLDER NUMBER WORD…

Before its first revision is applied it waits until ``NUMBER`` processes have come so far: each has then decided on an
estate that none of the others has written to.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import main
from cmdb.model.applied_revision import AppliedRevision
from cmdb.model.control import Control
from cmdb.model.revision import Revision
from cmdb.store.store import Store

SECONDS = 120
"""How long the others are waited for."""


def wait_for_others(folder: Path, number: int) -> None:
    """Waits until all have decided. Raises TimeoutError."""
    (folder / str(os.getpid())).touch()
    end = time.monotonic() + SECONDS
    while len(list(folder.iterdir())) < number:
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.01)


def run(folder: Path, number: int, words: list[str]) -> int:
    """The exit status of the command."""
    apply = Store.apply
    waited = False

    def together(store: Store, revision: Revision, control: Control | None = None) -> AppliedRevision:
        nonlocal waited
        if not waited:
            waited = True
            wait_for_others(folder, number)
        return apply(store, revision, control)

    Store.apply = together  # type: ignore[method-assign]
    return main.main(words)


if __name__ == "__main__":
    sys.exit(run(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]))

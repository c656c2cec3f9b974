"""A process that runs the command line at one moment with others.

Each is forked off a process that has imported the program: importing it is not what they are about, and it took each
of them most of its time. They share nothing else: that process has opened nothing.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from multiprocessing import get_context
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, NamedTuple

import main
from cmdb.model.applied_revision import AppliedRevision
from cmdb.model.control import Control
from cmdb.model.revision import Revision
from cmdb.store.store import Store

SECONDS = 120
"""How long the others are waited for."""


class RacerAnswer(NamedTuple):
    """The exit status of a command, and what it wrote."""

    status: int | None
    out: str
    err: str

    def document(self) -> dict[str, Any]:
        """What it answers in JSON, with what it says besides."""
        return {**json.loads(self.out or "{}"), "said": self.err}


class Racer:
    """A command that runs in a process of its own.

    Before its first revision is applied it waits until ``number`` processes have come to the folder ``meeting``: each
    has then decided on an estate that none of the others has written to.
    """

    def __init__(self, meeting: Path, number: int, words: Sequence[object]) -> None:
        context = get_context("forkserver")
        context.set_forkserver_preload(["tests.imported_program", __name__])
        self._said = Path(mkdtemp(dir=meeting.parent))
        given = (self._said, meeting, number, [str(one) for one in words], dict(os.environ))
        self.process = context.Process(target=_run, args=given, daemon=True)
        self.process.start()

    def ended(self) -> RacerAnswer:
        """Waits for its end."""
        self.process.join(SECONDS + 30)
        out, err = ((self._said / name).read_text("utf-8") for name in ("out", "err"))
        return RacerAnswer(self.process.exitcode, out, err)

    def kill(self) -> None:
        """Ends it at once, if it has not ended."""
        self.process.kill()
        self.process.join()


def _run(said: Path, meeting: Path, number: int, words: list[str], environment: Mapping[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environment)
    for name, stream in (("out", sys.stdout), ("err", sys.stderr)):
        with (said / name).open("wb") as file:
            os.dup2(file.fileno(), stream.fileno())
    _meet_before_writing(meeting, number)
    sys.exit(main.main(words))


def _meet_before_writing(meeting: Path, number: int) -> None:
    apply = Store.apply
    waited = False

    def together(store: Store, revision: Revision, control: Control | None = None) -> AppliedRevision:
        nonlocal waited
        if not waited:
            waited = True
            _wait_for_others(meeting, number)
        return apply(store, revision, control)

    Store.apply = together  # type: ignore[method-assign]


def _wait_for_others(meeting: Path, number: int) -> None:
    """Waits until all have decided. Raises TimeoutError."""
    (meeting / str(os.getpid())).touch()
    end = time.monotonic() + SECONDS
    while len(list(meeting.iterdir())) < number:
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.01)

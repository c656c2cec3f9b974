"""Temporary files for which there is no room."""

from __future__ import annotations

import errno
import gc
from tempfile import SpooledTemporaryFile
from typing import Any

import pytest

from cmdb.model import spill_file
from cmdb.model.errors import FileProblem
from cmdb.model.spill_file import SpillFile


class _Full(SpooledTemporaryFile[bytes]):
    def write(self, data: Any) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    def close(self) -> None:
        super().close()
        raise OSError(errno.ENOSPC, "No space left on device")


def test_one_line_says_that_there_is_no_room_and_nothing_is_said_when_it_is_closed(
    monkeypatch: pytest.MonkeyPatch, recwarn: pytest.WarningsRecorder
) -> None:
    monkeypatch.setattr(spill_file, "SpooledTemporaryFile", _Full)
    raised: list[object] = []
    monkeypatch.setattr("sys.unraisablehook", raised.append)
    monkeypatch.setattr("sys.excepthook", lambda *error: raised.append(error))
    file = SpillFile(1)
    with pytest.raises(FileProblem, match=r"^There is no room for temporary files: No space left on device\."):
        file.add(b"more")
    del file
    gc.collect()
    assert raised == []

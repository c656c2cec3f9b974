"""Reasons of the operating system, in the reader's language."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from cmdb.model.system_errors import reason_of
from tests.pseudo_locale import plain_words, spoken


@pytest.mark.parametrize("number", [errno.ENOENT, errno.EACCES, errno.EISDIR, errno.ENOSPC, errno.ENAMETOOLONG])
def test_a_usual_reason_is_a_text(number: int) -> None:
    error = OSError(number, os.strerror(number), "a.csv")
    with spoken():
        assert not plain_words(str(reason_of(error)))
    assert str(reason_of(error)) == os.strerror(number)


def test_a_rare_reason_is_in_the_systems_own_words(tmp_path: Path) -> None:
    assert str(reason_of(OSError(errno.ENOTTY, "Inappropriate ioctl for device"))) == "Inappropriate ioctl for device"
    assert str(reason_of(OSError("the disk is asleep"))) == "the disk is asleep"
    with pytest.raises(FileNotFoundError) as caught:
        (tmp_path / "gone" / "file").open()
    assert str(reason_of(caught.value)) == "No such file or directory"

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def unprivileged(tmp_path: Path) -> Iterator[None]:
    """The test runs as an ordinary user: root may read everything, whatever a file's mode says."""
    if os.geteuid() != 0:
        yield
        return
    for folder in (tmp_path, *tmp_path.parents):  # pytest's own folders are for their owner only
        if folder.stat().st_uid == 0 and str(folder).count("/") > 1:
            folder.chmod(folder.stat().st_mode | 0o055)
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)

"""An open small estate, new for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.settings import Settings
from app.workspace import Workspace
from cmdb.store.upkeep.startup import create_estate
from tests.app.small_estate import fill_small


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    store = create_estate(tmp_path / "small.terrier")
    fill_small(store)
    found = Workspace(store, Settings(tmp_path), author="tester")
    yield found
    found.close()

"""The map page over a small harbour, for the tests of what it answers and of how it is drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cmdb.store.upkeep.startup import create_estate
from tests.app.map.failing_estate import fill
from tests.ui.map_.asking import UIDS
from ui.context import Context
from ui.pages.map.page import MapPage

Settle = Callable[..., None]


@pytest.fixture(scope="session")
def _harbour(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("harbour") / "harbour.terrier"
    store = create_estate(path)
    UIDS.update(fill(store))
    store.close()
    return path


@pytest.fixture
def estate(_harbour: Path, tmp_path: Path) -> Path:
    path = tmp_path / "harbour.terrier"
    path.write_bytes(_harbour.read_bytes())
    return path


@pytest.fixture
def page(context: Context, settle: Settle) -> Iterator[MapPage]:
    found = MapPage(context)
    found.resize(1240, 820)
    found.show()
    found.opened()
    settle()
    yield found
    found.close()
    found.deleteLater()

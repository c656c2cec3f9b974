"""A sheet with faults, the import page, and waiting until it rests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.ui.import_flow import LAPTOPS
from ui.context import Context
from ui.pages.import_.page import ImportPage


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "Laptops.csv"
    path.write_text(LAPTOPS, "cp1252")
    return path


@pytest.fixture
def page(context: Context) -> ImportPage:
    made = ImportPage(context)
    made.resize(1100, 760)
    made.show()
    made.opened()
    return made


@pytest.fixture
def idle(page: ImportPage, rest: Callable[[Callable[[], bool]], None]) -> Callable[[], None]:
    """Waits until the page rests."""
    return lambda: rest(lambda: page.flow.busy)

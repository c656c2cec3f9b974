"""A sheet with faults, the import page, and waiting until it rests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.ui.import_flow import LAPTOPS
from ui.context import Context
from ui.pages.import_.page import ImportPage

Settle = Callable[..., None]


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
def idle(context: Context, page: ImportPage, settle: Settle) -> Callable[[], None]:
    """Waits until no task and no job is under way, nor any that follows from their answers."""
    quiet = [0]

    def still() -> bool:
        rests = not context.tasks.busy and not page.flow.busy and not context.workspace.jobs.active()
        quiet[0] = quiet[0] + 1 if rests else 0
        return quiet[0] > 5

    def wait() -> None:
        quiet[0] = 0
        settle(still)

    return wait

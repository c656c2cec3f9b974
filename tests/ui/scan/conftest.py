"""The Scan page, and waiting until it rests."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ui.context import Context
from ui.pages.scan.page import ScanPage


@pytest.fixture
def page(context: Context) -> ScanPage:
    made = ScanPage(context)
    made.resize(1100, 760)
    made.show()
    made.opened()
    return made


@pytest.fixture
def idle(page: ScanPage, rest: Callable[[Callable[[], bool]], None]) -> Callable[[], None]:
    """Waits until the page rests."""
    return lambda: rest(lambda: page._job is not None)

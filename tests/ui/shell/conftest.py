"""The window of these tests has two pages, which write down what happens to them."""

from __future__ import annotations

import pytest

from app.navigation_counts import PageCount
from tests.ui.shell.recording_page import entry


@pytest.fixture(autouse=True)
def _two_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    pages = [entry("first"), entry("second", lambda reader, person: PageCount(7, False))]
    monkeypatch.setattr("ui.run.entries", lambda: pages)

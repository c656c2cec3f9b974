"""What stops the work of an import, or changes what it is about: Cancel, and a change while it is checked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

import pytest

import app.imports.draft as drafts
import ui.pages.import_.flow as flow_module
from app.imports.targets import LEAVE_OUT
from tests.ui.import_flow import opened
from ui.pages.import_.page import CHECK, COMPARE, MAP, ImportPage


def test_cancel_ends_the_wait_at_once_even_where_the_worker_notices_late(
    page: ImportPage, sheet: Path, idle: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(page, sheet, idle)
    go_on, check = Event(), drafts.check

    def late(*arguments: Any) -> Any:
        go_on.wait(5)
        return check(*arguments)

    monkeypatch.setattr(drafts, "check", late)
    page.go_to(CHECK)
    assert page._stack.currentWidget() is page._wait_view
    page.working._cancel.click()
    assert (page.step, page.flow.busy, page._stack.currentWidget()) == (MAP, False, page._draft)
    go_on.set()
    idle()
    assert (page.step, page.flow.prepared) == (MAP, None)
    page.next()
    idle()
    assert page.flow.prepared is not None


def test_a_column_mapped_otherwise_while_it_is_compared_is_compared_so(
    page: ImportPage, sheet: Path, idle: Callable[[], None], settle: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    opened(page, sheet, idle)
    go_on, begun, prepare = Event(), Event(), flow_module.prepare

    def late(*arguments: Any) -> Any:
        begun.set()
        go_on.wait(5)
        return prepare(*arguments)

    monkeypatch.setattr(flow_module, "prepare", late)
    page.go_to(CHECK)
    settle(begun.is_set)
    page.go_to(MAP)
    (draft,) = page.flow.sheets
    page.flow.change_column(draft, 3, LEAVE_OUT)
    page.go_to(COMPARE)
    go_on.set()
    idle()
    assert page.flow.prepared is not None
    assert "Latitude 7440" not in {name.name for name in page.flow.new_names}
    assert page.step == COMPARE

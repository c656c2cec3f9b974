"""Reminders in the window: one calm message a day, which leads to the task."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.workspace import Workspace
from tests.app.work_estate import day, fill_tasks
from ui.pages.tasks.page import TasksPage
from ui.shell import reminders

Settle = Callable[..., None]


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reminders, "PAUSE", 0)


def test_a_reminder_is_said_once_a_day_and_leads_to_its_task(
    window: Any, workspace: Workspace, estate: Path, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill_tasks(workspace.store)
    workspace.close()
    window.estate.open(str(estate))
    settle(lambda: window.toast.isVisible())
    assert window.toast._text.text() == "Reminder: TSK-2 Renew <b>certificate</b>"
    window.toast._button.click()
    settle(lambda: window.stack.current == "tasks")
    settle()
    page = window.stack.page("tasks")
    assert isinstance(page, TasksPage)
    assert page.detail.loaded is not None
    assert page.detail.loaded.ci.name == "Renew <b>certificate</b>"
    window.reminders.look()
    settle()
    assert not window.toast.isVisible(), "it was said today"
    monkeypatch.setenv("TERRIER_NOW", f"{day(6)}T09:00:00")
    window.reminders.look()
    settle()
    assert window.toast._text.text() == "Reminder: TSK-3 Order toner", "on a later day, the window still open"


def test_without_a_reminder_nothing_is_said(window: Any, estate: Path, settle: Settle) -> None:
    window.estate.open(str(estate))
    settle(lambda: window.services.context is not None)
    settle()
    window.reminders.look()
    settle()
    assert not window.toast.isVisible()

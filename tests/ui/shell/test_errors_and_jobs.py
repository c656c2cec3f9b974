"""What a person is told of errors, and the progress of jobs."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication, QPushButton

from app.settings import Settings
from cmdb.model.control import Control
from cmdb.model.errors import UserError
from cmdb.model.messages import Message
from tests.ui.conftest import open_in_window
from tests.ui.shell.recording_page import dialog, texts
from ui.shell.job_panel import JobRow
from ui.shell.window import Window

Settle = Callable[..., None]


def test_a_user_s_error_is_its_text_with_details(window: Window, app: QApplication) -> None:
    window.services.problem(
        UserError(Message("Two records are called sw-1."), (Message("Switch sw-1"), Message("Router sw-1")))
    )
    shown = texts(dialog(app))
    assert "Two records are called sw-1." in shown
    assert "Router sw-1" in shown
    assert "bug" not in shown


def test_a_bug_is_called_one_and_its_trace_is_kept(window: Window, app: QApplication, tmp_path: Path) -> None:
    try:
        raise ZeroDivisionError(str(tmp_path))
    except ZeroDivisionError as error:
        window.services.problem(error)
    shown = dialog(app)
    assert "bug in Terrier" in texts(shown)
    (saved,) = (Settings().path.parent / "faults").glob("*.txt")
    text = saved.read_text()
    assert "ZeroDivisionError" in text
    assert "test_a_bug_is_called_one" in text, "where it was"
    assert str(tmp_path) not in text, "an error's words may quote the estate"
    next(b for b in shown.findChildren(QPushButton) if "Copy" in b.text()).click()
    assert "ZeroDivisionError" in QApplication.clipboard().text()
    window.services.problem(UserError(Message("Another one.")))
    assert "Another one." in texts(window.toast), "a second error does not pile up dialogs"


def test_deleting_an_open_file_is_reported_once(window: Window, estate: Path, settle: Settle) -> None:
    said: list[str] = []
    open_in_window(window, estate, settle)
    window.tasks.problem.disconnect(window.services.problem)
    window.tasks.problem.connect(lambda error: said.append(str(error)))
    aside = estate.with_name("aside.terrier")
    estate.rename(aside)
    for _ in range(2):
        window.estate.hear()
        settle(lambda: not window.tasks.busy)
    assert said == [f"{estate.name} was moved, replaced or deleted while it was open."]
    aside.rename(estate)
    window.estate.hear()
    settle(lambda: not window.tasks.busy)
    estate.rename(aside)
    window.estate.hear()
    settle(lambda: not window.tasks.busy)
    assert len(said) == 2
    window.close()


def test_a_job_shows_its_progress_and_can_be_stopped(window: Window, estate: Path, settle: Settle) -> None:
    context = open_in_window(window, estate, settle)
    failures: list[Exception] = []
    ready = threading.Event()

    def work(control: Control) -> None:
        while True:
            control.progress(3, 10, "reading")
            ready.wait(0.01)

    context.workspace.jobs.start(Message("Importing laptops.xlsx"), work, failed=failures.append)
    settle(lambda: bool(window.jobs._rows))
    assert window.jobs.findChildren(JobRow), "a row that waits to be shown is no window, which others may close"
    settle(lambda: window.jobs.isVisible())
    assert "Importing laptops.xlsx" in texts(window.jobs)
    settle(lambda: "3 of 10 · reading" in texts(window.jobs))
    stop = next(b for b in window.jobs.findChildren(QPushButton.__bases__[0]) if b.accessibleName().startswith("Stop"))
    stop.click()
    settle(lambda: bool(failures))
    assert "Cancelled" in str(failures[0])

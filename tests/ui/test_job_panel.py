"""The job panel: what runs and is not shown by the page in front."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QLabel, QWidget

from cmdb.model.control import Control
from cmdb.model.messages import Message
from ui.context import Context
from ui.shell.job_panel import JobPanel

Settle = Callable[..., None]


@pytest.fixture
def panel(context: Context) -> Iterator[JobPanel]:
    host = QWidget()
    host.resize(196, 600)
    found = JobPanel(context.theme)
    found.setParent(host)
    found.watch(context.workspace.jobs)
    host.show()
    yield found
    host.close()
    host.deleteLater()


def texts(panel: JobPanel) -> list[str]:
    return [label.text() for label in panel.findChildren(QLabel) if label.isVisibleTo(panel)]


def test_the_panel_hides_a_job_that_its_page_shows(panel: JobPanel, context: Context, settle: Settle) -> None:
    ready = threading.Event()

    def work(control: Control) -> None:
        while not ready.wait(0.01):
            control.check()

    panel.show_page("import")
    context.workspace.jobs.start(Message("Reading a workbook"), work, place="import")
    settle(lambda: panel._layout.count() == 1)
    assert not panel.isVisible()
    panel.show_page("assets")
    assert panel.isVisible()
    assert "Reading a workbook" in texts(panel)
    panel.show_page("import")
    assert not panel.isVisible()
    ready.set()
    settle(lambda: not context.workspace.jobs.busy)


def test_work_on_the_caller_s_thread_is_a_job_too(panel: JobPanel, context: Context, settle: Settle) -> None:
    free, answers = threading.Event(), list[str]()

    def work(control: Control) -> str:
        control.progress(3, 10, "reading")
        assert free.wait(10)
        control.check()
        return "done"

    jobs = context.workspace.jobs
    context.tasks.run(lambda: jobs.run(Message("Editing 1,200 items"), work), answers.append)
    settle(lambda: panel.isVisible())
    assert "Editing 1,200 items" in texts(panel)
    assert "3 of 10 · reading" in texts(panel)
    free.set()
    settle()
    assert answers == ["done"]
    assert not jobs.busy

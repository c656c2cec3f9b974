"""Quitting: what runs is stopped, not waited for, and nothing sleeps."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cmdb.model.control import Control
from cmdb.model.errors import Cancelled
from cmdb.model.messages import Message
from tests.ui.conftest import open_in_window
from ui.shell.window import Window

TOO_LONG = 60
"""Seconds that a question and a job would take; that they end early is what the test is about."""


def test_quitting_stops_questions_and_jobs_and_sleeps_nowhere(
    window: Window, estate: Path, settle: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    context = open_in_window(window, estate, settle)
    begun = threading.Barrier(3)
    stop, ended = threading.Event(), list[str]()

    def question() -> None:
        begun.wait()
        ended.append("stopped" if stop.wait(TOO_LONG) else "question ran on")

    def work(control: Control) -> None:
        begun.wait()
        try:
            control.wait(TOO_LONG)
            ended.append("job ran on")
        except Cancelled:
            ended.append("cancelled")
            raise

    window.tasks.run(question, key="long", stop=stop.set)
    context.workspace.jobs.start(Message("Counting sheep"), work)
    begun.wait()
    slept: list[float] = []
    with monkeypatch.context() as patched:
        patched.setattr(time, "sleep", slept.append)
        window.close()
    assert sorted(ended) == ["cancelled", "stopped"], "what runs was waited for, or left behind"
    assert slept == []
    assert not window.isVisible()

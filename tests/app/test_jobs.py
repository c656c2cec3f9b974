from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator

import pytest

from app.jobs import Job, Jobs
from cmdb.model.control import Control
from cmdb.model.errors import Cancelled, UserError
from cmdb.model.messages import Message


@pytest.fixture
def jobs() -> Iterator[Jobs]:
    made = Jobs(workers=2)
    yield made
    made.close()


def test_a_job_returns_its_value_through_the_callback(jobs: Jobs) -> None:
    values: list[int] = []
    job = jobs.start(Message("Adding"), lambda control, a, b: a + b, 2, 3, done=values.append)
    assert job.wait(5)
    assert values == [5]
    assert job.state == "done"
    assert jobs.active() == []


def test_a_failure_reaches_its_callback_and_the_job(jobs: Jobs) -> None:
    def fail(control: Control) -> None:
        raise UserError(Message("No such file."))

    errors: list[Exception] = []
    job = jobs.start(Message("Reading"), fail, failed=errors.append)
    assert job.wait(5)
    assert [str(e) for e in errors] == ["No such file."]
    assert job.state == "failed"
    assert job.error is errors[0]


def test_a_bug_without_a_callback_is_logged(jobs: Jobs, caplog: pytest.LogCaptureFixture) -> None:
    job = jobs.start(Message("Dividing"), lambda control: 1 // 0)
    assert job.wait(5)
    assert "ZeroDivisionError" in caplog.text


def test_cancelling_stops_a_running_job_at_its_next_look(jobs: Jobs) -> None:
    running = threading.Event()

    def work(control: Control) -> None:
        while True:
            running.set()
            control.progress(1, 10)
            time.sleep(0.001)

    errors: list[Exception] = []
    job = jobs.start(Message("Forever"), work, failed=errors.append)
    assert running.wait(5)
    job.cancel()
    assert job.wait(5)
    assert job.state == "cancelled"
    assert isinstance(errors[0], Cancelled)


def test_a_job_cancelled_while_it_waits_never_begins(jobs: Jobs) -> None:
    gate, begun = threading.Event(), threading.Event()
    for _ in range(2):
        jobs.start(Message("Busy"), lambda control: gate.wait(5))
    late = jobs.start(Message("Late"), lambda control: begun.set())
    assert late.state == "waiting"
    late.cancel()
    gate.set()
    assert late.wait(5)
    assert late.state == "cancelled"
    assert not begun.is_set()


def test_progress_is_throttled_and_the_end_always_told(jobs: Jobs) -> None:
    seen: list[tuple[str, int]] = []
    jobs.listeners.append(lambda job: seen.append((job.state, job.done)))

    def work(control: Control) -> None:
        for number in range(20_000):
            control.progress(number, 20_000)

    job = jobs.start(Message("Counting"), work)
    assert job.wait(20)
    assert seen[0] == ("waiting", 0)
    assert seen[-1][0] == "done"
    assert job.done == 19_999
    assert len(seen) < 200


def test_callbacks_go_through_the_deliver_hook_in_order(jobs: Jobs) -> None:
    calls: queue.Queue[object] = queue.Queue()
    jobs.deliver = calls.put
    threads: set[int] = set()
    order: list[str] = []
    jobs.listeners.append(lambda job: threads.add(threading.get_ident()))
    jobs.listeners.append(lambda job: order.append("told"))
    job = jobs.start(Message("Posting"), lambda control: "value", done=order.append)
    while not job.wait(0):
        calls.get(timeout=5)()  # type: ignore[operator]
    assert order == ["told", "told", "told", "value"]
    assert not jobs.busy
    assert threads == {threading.get_ident()}


def test_a_job_whose_callback_is_still_to_come_keeps_them_busy(jobs: Jobs) -> None:
    calls: queue.Queue[object] = queue.Queue()
    jobs.deliver = calls.put
    job = jobs.start(Message("Posting"), lambda control: "value")
    call = calls.get(timeout=5)
    assert job.state == "done"
    assert jobs.active() == []
    assert jobs.busy
    call()  # type: ignore[operator]
    assert not jobs.busy


def test_a_callback_that_raises_is_not_lost(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    caught: list[threading.ExceptHookArgs] = []
    monkeypatch.setattr(threading, "excepthook", caught.append)

    def broken(value: object) -> None:
        raise KeyError("callback")

    job = jobs.start(Message("Fine"), lambda control: 1, done=broken)
    assert job.wait(5)
    assert [type(c.exc_value) for c in caught] == [KeyError]


def test_closing_cancels_running_jobs() -> None:
    jobs = Jobs(workers=1)
    began = threading.Event()

    def work(control: Control) -> None:
        began.set()
        while True:
            control.check()
            time.sleep(0.001)

    found: list[Job] = [jobs.start(Message("Forever"), work), jobs.start(Message("Never"), work)]
    assert began.wait(5)
    jobs.close()
    assert [job.state for job in found] == ["cancelled", "cancelled"]

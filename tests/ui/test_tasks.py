"""Work off the GUI thread and its answers on it."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QWidget

from ui.tasks import Tasks

Settle = Callable[..., None]


@pytest.fixture
def tasks(app: QApplication, settle: Settle) -> Tasks:
    return Tasks(app)


def test_the_work_is_done_elsewhere_and_answered_here(tasks: Tasks, settle: Settle) -> None:
    threads: list[threading.Thread] = []
    tasks.run(lambda: threading.current_thread(), lambda t: threads.extend((t, threading.current_thread())))
    settle(tasks=tasks)
    assert threads[0] is not threading.main_thread()
    assert threads[1] is threading.main_thread()


def test_a_late_answer_of_the_same_key_is_dropped(tasks: Tasks, settle: Settle) -> None:
    answers: list[str] = []
    hold = threading.Event()

    def slow() -> str:
        hold.wait(5)
        return "first"

    tasks.run(slow, answers.append, key="search")
    tasks.run(lambda: "second", answers.append, key="search")
    tasks.run(lambda: "other", answers.append, key="elsewhere")
    settle(lambda: len(answers) == 2, tasks=tasks)
    hold.set()
    settle(tasks=tasks)
    assert sorted(answers) == ["other", "second"]


def test_a_late_failure_is_dropped_as_well(tasks: Tasks, settle: Settle) -> None:
    failures: list[Exception] = []
    hold = threading.Event()

    def slow() -> None:
        hold.wait(5)
        raise RuntimeError("late")

    tasks.run(slow, failed=failures.append, key="search")
    tasks.run(lambda: None, key="search")
    hold.set()
    settle(tasks=tasks)
    assert not failures


def test_a_failure_goes_to_its_handler_or_to_the_window(tasks: Tasks, settle: Settle) -> None:
    asked: list[str] = []
    window: list[str] = []
    tasks.problem.connect(lambda error: window.append(str(error)))

    def fail(text: str) -> Callable[[], None]:
        def work() -> None:
            raise ValueError(text)

        return work

    tasks.run(fail("mine"), failed=lambda error: asked.append(str(error)))
    tasks.run(fail("nobody's"))
    settle(tasks=tasks)
    assert (asked, window) == (["mine"], ["nobody's"])


def test_a_failure_of_the_answer_is_reported(tasks: Tasks, settle: Settle) -> None:
    window: list[str] = []
    tasks.problem.connect(lambda error: window.append(str(error)))

    def answer(value: int) -> None:
        raise KeyError(value)

    tasks.run(lambda: 7, answer)
    settle(tasks=tasks)
    assert window == ["7"]


def test_writers_follow_each_other_in_order(tasks: Tasks, settle: Settle) -> None:
    done: list[int] = []
    for number in range(20):
        tasks.run(lambda n=number: done.append(n), lane="write")  # type: ignore[misc]
    settle(tasks=tasks)
    assert done == list(range(20))


def test_a_result_for_a_deleted_widget_is_dropped(tasks: Tasks, settle: Settle, app: QApplication) -> None:
    answers: list[int] = []
    owner = QWidget()
    tasks.run(lambda: 1, answers.append, owner=owner)
    owner.deleteLater()
    app.sendPostedEvents(owner, 52)  # QEvent.DeferredDelete
    settle(tasks=tasks)
    assert not answers


def test_posting_from_a_thread_arrives_here(tasks: Tasks, settle: Settle) -> None:
    here: list[bool] = []
    thread = threading.Thread(
        target=lambda: tasks.post(lambda: here.append(threading.current_thread() is threading.main_thread()))
    )
    thread.start()
    thread.join()
    settle(lambda: bool(here), tasks=tasks)
    assert here == [True]
    assert isinstance(tasks, QObject)


def test_late_queries_are_interrupted_and_slow_ones_block_no_others(tasks: Tasks, settle: Settle) -> None:
    stopped, answers, free = [], [], threading.Event()
    for number in range(4):
        tasks.run(lambda: free.wait(5), lane="slow", stop=lambda n=number: stopped.append(n), key=("slow", number))
    tasks.run(lambda: "quick", answers.append)
    settle(lambda: answers == ["quick"])
    tasks.run(lambda: "anew", answers.append, key=("slow", 1))
    tasks.forget(("slow", 2))
    assert stopped == [1, 2]
    free.set()
    settle(tasks=tasks)
    assert sorted(answers) == ["anew", "quick"]
    tasks.forget(("slow", 0))
    assert stopped == [1, 2], "what has answered is not stopped any more"

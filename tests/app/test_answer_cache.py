"""Slow results are computed once, and the latest of each kind is kept."""

from __future__ import annotations

import threading

from app.answer_cache import AnswerCache


def test_concurrent_requests_are_computed_once() -> None:
    remembered, computed = AnswerCache(), []
    together = threading.Barrier(4)

    def compute() -> int:
        computed.append(1)
        return 42

    answers: list[int] = []

    def ask() -> None:
        together.wait()
        answers.append(remembered.get("answer", "all", compute))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [42] * 4
    assert len(computed) == 1


def test_of_each_kind_the_latest_is_kept() -> None:
    remembered = AnswerCache()
    assert remembered.get("sum", 1, lambda: "one") == "one"
    assert remembered.get("sum", 2, lambda: "two") == "two"
    assert remembered.get("sum", 2, lambda: "another") == "two"
    assert remembered.get("sum", 1, lambda: "one again") == "one again"
    assert remembered.get("product", 1, lambda: "other") == "other"

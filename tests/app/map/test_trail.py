"""Back and forward through the questions asked."""

from __future__ import annotations

from app.map.question import MapQuestion
from app.map.trail import MapStep, Trail


def asked(uid: str) -> MapStep:
    return MapStep(MapQuestion(uid), {})


def test_a_new_question_takes_the_place_of_those_that_one_went_back_over() -> None:
    trail = Trail()
    assert trail.step(-1) is None
    for uid in "abc":
        trail.add(MapQuestion(uid))
    assert trail.step(-1) == asked("b")
    assert trail.can_step(1)
    trail.add(MapQuestion("d"))
    assert not trail.can_step(1)
    assert [trail.step(-1), trail.step(-1), trail.step(-1)] == [asked("b"), asked("a"), None]
    assert trail.step(1) == asked("b")


def test_the_places_of_a_question_that_is_left_come_back_with_it() -> None:
    trail = Trail()
    trail.leave({"x": (1.0, 2.0)})
    trail.add(MapQuestion("a"))
    trail.leave({"x": (3.0, 4.0)})
    trail.add(MapQuestion("b"))
    assert trail.step(-1) == MapStep(MapQuestion("a"), {"x": (3.0, 4.0)})
    assert trail.step(1) == asked("b")

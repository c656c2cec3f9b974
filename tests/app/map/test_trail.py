"""Back and forward through the questions asked."""

from __future__ import annotations

from app.map.question import MapQuestion
from app.map.trail import Trail


def test_a_new_question_takes_the_place_of_those_that_one_went_back_over() -> None:
    trail = Trail()
    assert trail.step(-1) is None
    for uid in "abc":
        trail.add(MapQuestion(uid))
    assert trail.step(-1) == MapQuestion("b")
    assert trail.can_step(1)
    trail.add(MapQuestion("d"))
    assert not trail.can_step(1)
    assert [trail.step(-1), trail.step(-1), trail.step(-1)] == [MapQuestion("b"), MapQuestion("a"), None]
    assert trail.step(1) == MapQuestion("b")

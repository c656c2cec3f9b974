"""Large imports: questions are asked in bulk, and a person can stop it."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from cmdb.model.control import Control
from cmdb.model.errors import Cancelled
from cmdb.model.observation import NamedReference, Observation
from cmdb.model.schema import Schema
from cmdb.reconciliation import reconcile
from tests.cmdb.reconciliation.estate import ReconciledEstate, sheet

_QUESTIONS = {
    "by_attribute", "by_unique_value", "by_name", "by_evidence", "cis", "claims", "names", "relationships",
    "installations",
}  # fmt: skip


class Counting(ReconciledEstate):
    """An estate that counts the questions it is asked."""

    def __init__(self, schema: Schema) -> None:
        super().__init__(schema)
        self.asked: Counter[str] = Counter()

    def __getattribute__(self, name: str) -> Any:
        if name in _QUESTIONS:
            self.asked[name] += 1
        return super().__getattribute__(name)


def rows(count: int) -> list[Observation]:
    return [
        Observation(
            "laptop",
            {
                "name": f"nb-{n}",
                "serial_number": f"PF1ABC{n:04}",
                "asset_tag": f"A-{n}",
                "assigned_to": NamedReference("person", f"Person {n}"),
                "model": NamedReference("hardware_model", f"Model {n % 7}"),
            },
        )
        for n in range(count)
    ]


@pytest.mark.parametrize("again", [False, True])
@pytest.mark.parametrize("counts", [(10, 180), (210, 400)], ids=["few", "many"])  # a few are looked up by themselves
def test_the_number_of_questions_does_not_grow_with_the_rows(
    schema: Schema, again: bool, counts: tuple[int, int]
) -> None:
    asked = []
    for count in counts:
        estate = Counting(schema)
        if again:
            estate.take(sheet(*rows(count)))
            estate.asked.clear()
        estate.propose(sheet(*rows(count)))
        asked.append(dict(estate.asked))
    assert asked[0] == asked[1]
    assert sum(asked[0].values()) < 40


def test_it_can_be_stopped(estate: ReconciledEstate) -> None:
    control = Control()
    control.cancel()
    with pytest.raises(Cancelled):
        reconcile([sheet(*rows(10))], estate, estate.schema, "tester", control=control)

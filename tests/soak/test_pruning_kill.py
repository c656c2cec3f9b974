"""A process that is killed while it prunes leaves a sound estate with the kept history."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from cmdb.model.control import Control
from cmdb.model.errors import UserError
from cmdb.model.selection import Selection
from cmdb.register import retention
from cmdb.store.store import Store
from cmdb.store.upkeep.integrity import check_integrity
from cmdb.store.upkeep.pruning import sweep
from cmdb.store.upkeep.startup import create_estate, open_estate
from tests.soak.kill_process import Nursery
from tests.soak.test_kill import seeds
from tests.soak.victim import fill

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the processes to be killed are forked")

INSTANTS = 4


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    found = Nursery()
    yield found
    found.close()


@seeds(2, 20)
def test_a_killed_pruning_keeps_the_kept_history(nursery: Nursery, seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    where = tmp_path / "estate.terrier"
    store = create_estate(where, fill)
    with store.read() as reader:
        store.apply(retention.set_rule(reader, "2m", "tester"))
    store.close()
    pruned = False
    for turn in range(INSTANTS):
        after, seconds = (2 if turn == 1 else chance.randrange(3)), chance.random() * 0.2
        said = nursery.kill("pruning", where, seed, after, seconds)
        number, first = examine(where)
        pruned = pruned or bool(first)
        assert number >= max((one["number"] for one in said), default=0)
        print(f"killed {seconds:.3f} s after report {after}: revisions {first} to {number}; {said}")
    assert pruned, "otherwise nothing was tried"


def examine(where: Path) -> tuple[int, int]:
    """Opens what a killed process left; the latest revision, and the first whose state can be read."""
    store = open_estate(where)
    try:
        assert check_integrity(store) == []
        look(store)
        sweep(store, Control())
        assert check_integrity(store) == []
        return look(store)
    finally:
        store.close()


def look(store: Store) -> tuple[int, int]:
    with store.read() as reader:
        number, first = reader.number, retention.remaining(reader)[0]
        sources = {h.number: h.source for h in reader.revisions(limit=100_000)}
    notes = ""
    for one in range(max(first, 5), number + 1):
        with store.read(one) as reader:
            said = {site.values["notes"] for site in reader.all(Selection("site"))}
            assert reader.count(Selection("site")) == 15
        if sources[one] != "retention":
            notes = str(one)
        elif not notes:
            (notes,) = said
        assert said == {notes}, f"revision {one}"
    if first:
        with pytest.raises(UserError, match="no longer kept"), store.read(first - 1):
            pass
    return number, first

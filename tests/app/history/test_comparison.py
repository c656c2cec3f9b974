"""Two moments compared: the lines, their counts, and all of it in a file."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.history import comparison
from app.history.comparison import ComparisonLines, compare, save
from app.settings import Settings
from app.workspace import Workspace
from cmdb.model.control import Control
from cmdb.model.difference import DifferenceFilter
from cmdb.model.errors import Cancelled
from cmdb.register.difference import plain
from cmdb.store.upkeep.startup import create_estate
from tests.app.small_estate import fill_small


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    store = create_estate(tmp_path / "estate.terrier")
    fill_small(store)
    found = Workspace(store, Settings())
    yield found
    found.close()


def found(workspace: Workspace, then: int | None, now: int | None, text: str = "") -> ComparisonLines:
    return compare(workspace, then, now, DifferenceFilter(text=text), Control(), plain, lambda _: None)


def test_moments_are_compared_either_way_round(workspace: Workspace) -> None:
    (line,) = found(workspace, 1, None).lines
    assert (line.item, line.what, line.then, line.now) == ("LT-2041", "Status", "In repair", "Deployed")
    (line,) = found(workspace, None, 1).lines
    assert (line.then, line.now) == ("Deployed", "In repair")
    assert found(workspace, None, None).lines == []


def test_counts_are_of_all_and_lines_are_the_first(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparison, "MOST", 3)
    monkeypatch.setattr(comparison, "_FIRST", 2)
    early: list[ComparisonLines] = []
    made = compare(workspace, 0, None, DifferenceFilter(), Control(), plain, early.append)
    assert (len(made.lines), made.matched, made.whole) == (3, 7, False)
    assert made.counts == {("ci", "created"): 7}
    assert [len(one.lines) for one in early] == [2]
    narrowed = found(workspace, 0, None, "host-a")
    assert (narrowed.matched, narrowed.whole) == (1, True)
    assert narrowed.counts.total() == 7


def test_all_of_it_is_written(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "difference.csv"
    assert save(Control(), workspace, path, 0, None, {}) == 7
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.reader(file))) == 8


def test_it_can_be_stopped(workspace: Workspace) -> None:
    control = Control()
    control.cancel()
    with pytest.raises(Cancelled):
        compare(workspace, 0, None, DifferenceFilter(), control, plain, lambda _: None)

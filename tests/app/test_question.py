"""A query reads its moment, and can be interrupted from another thread."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.question import EstateQuestion
from app.settings import Settings
from app.workspace import Workspace
from cmdb.model.selection import Selection
from cmdb.store.reading.reader import Reader
from cmdb.store.upkeep.startup import create_estate
from tests.cmdb.store.conftest import Hand


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    where = tmp_path / "estate.terrier"
    create_estate(where).close()
    found = Workspace.open(where, Settings())
    yield found
    found.close()


def names(reader: Reader) -> list[str]:
    return [one.name for one in reader.page(Selection())]


def test_it_is_about_its_moment(workspace: Workspace) -> None:
    hand = Hand(workspace.store)
    hand.make("site", "Ghent")
    before = workspace.data_version()
    now, then = workspace.question(names), workspace.question(names, before)
    hand.make("site", "Leiden")
    assert then.answer() == ["Ghent"]
    assert now.answer() == ["Ghent", "Leiden"]


def test_a_query_is_interrupted(workspace: Workspace) -> None:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"

    def ask(reader: Reader) -> None:
        threading.Timer(0.05, question.stop).start()
        reader._connection.exec_driver_sql(endless)

    question: EstateQuestion[None] = workspace.question(ask)
    with pytest.raises(Exception, match="interrupt"):
        question.answer()
    question.stop()  # nothing is being asked any more: nothing happens
    assert workspace.question(names).answer() == []

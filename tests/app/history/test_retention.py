"""How long the history is kept, as the window and the command line ask for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.history.retention import keep_history, retention_of
from cmdb.model.errors import InvalidValue
from cmdb.store.store import Store
from cmdb.store.upkeep.startup import create_estate
from tests.app.small_estate import fill_small


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = create_estate(tmp_path / "estate.terrier")
    fill_small(made)
    yield made
    made.close()


def test_how_long_the_history_is_kept(store: Store) -> None:
    with store.read() as reader:
        assert retention_of(reader).rule == ""
        assert retention_of(reader).plan is None
        asked = retention_of(reader, "2m")
        assert (asked.rule, asked.first, asked.recorded) == ("", 0, "")
        assert asked.plan is not None
        assert asked.plan.versions == 0
        with pytest.raises(InvalidValue):
            retention_of(reader, "soon")
        rule = keep_history(reader, "24M", "tom")
    store.apply(rule)
    with store.read() as reader:
        assert retention_of(reader).rule == "24m"
        assert retention_of(reader).plan is not None
        store.apply(keep_history(reader, "off", "tom"))
    with store.read() as reader:
        assert retention_of(reader).rule == ""

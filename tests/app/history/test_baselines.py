"""Names for moments, as the window and the command line ask for them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.history.baselines import change_baseline, find_baseline, name_moment, named_moments, remove_baseline
from cmdb.model.errors import NotFound
from cmdb.store.store import Store
from cmdb.store.upkeep.startup import create_estate
from tests.app.small_estate import fill_small


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = create_estate(tmp_path / "estate.terrier")
    fill_small(made)
    yield made
    made.close()


def test_a_moment_is_named_found_renamed_and_forgotten(store: Store) -> None:
    with store.read() as reader:
        revisions = [name_moment(reader, "Year  end", 1, "tom", "as found"), name_moment(reader, "Now", None, "tom")]
    for one in revisions:
        store.apply(one)
    with store.read() as reader:
        found = named_moments(reader)
        assert [(one.name, one.number, one.note) for one in found.baselines] == [
            ("Now", 2, ""),
            ("Year end", 1, "as found"),
        ]
        assert found.times.keys() == {1, 2}
        year_end = find_baseline(reader, "  year END ")
        with pytest.raises(NotFound) as missing:
            find_baseline(reader, "Easter")
        renamed = change_baseline(reader, year_end, "Audit", "", "tom")
    assert missing.value.details == ("Now", "Year end")
    store.apply(renamed)
    with store.read() as reader:
        removed = remove_baseline(reader, find_baseline(reader, "Audit"), "tom")
    store.apply(removed)
    with store.read() as reader:
        assert [one.name for one in named_moments(reader).baselines] == ["Now"]

"""Every test that takes ``store`` runs on a SQLite file and on a real PostgreSQL.

An empty estate is laid out once for each database, and copied for each test.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cmdb.store.store import Store
from tests.cmdb.estates import DIALECTS, Hand, Places


@pytest.fixture(scope="session")
def places(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Places:
    """Places for estates; the PostgreSQL server starts when the first one is wanted there."""
    return Places(tmp_path_factory.mktemp("estates"), lambda: request.getfixturevalue("postgres_server"))


@pytest.fixture(params=DIALECTS)
def where(request: pytest.FixtureRequest, places: Places, tmp_path: Path) -> str | Path:
    """Where ``store`` will stand: nothing is there yet."""
    return tmp_path / "estate.terrier" if request.param == "sqlite" else places.new(request.param)


@pytest.fixture
def store(where: str | Path, places: Places) -> Iterator[Store]:
    """An empty estate."""
    found = places.lay_out(where)
    yield found
    found.close()
    places.clear(where)


@pytest.fixture
def hand(store: Store) -> Hand:
    """A hand that writes into ``store``."""
    return Hand(store)

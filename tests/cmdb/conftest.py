"""Every test that takes ``store`` runs on a SQLite file and on a real PostgreSQL.

An empty estate is laid out once for each database, and copied for each test.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from cmdb.store.store import Store
from cmdb.store.upkeep import layout_audit
from cmdb.store.upkeep.audits import AuditContext
from cmdb.store.upkeep.database_layout import Layout
from tests.cmdb.estates import DIALECTS, Hand, Places


@pytest.fixture(scope="session")
def places(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Places]:
    """Places for estates; the PostgreSQL server starts when the first one is wanted there."""
    found = Places(tmp_path_factory.mktemp("estates"), lambda: request.getfixturevalue("postgres_server"))
    yield found
    found.close()


@pytest.fixture(scope="session", autouse=True)
def _layout_of_a_server_made_once() -> Iterator[None]:
    """A check makes the layout that it compares with among temporary tables, once for each process; in ``make soak``
    every check does. Whoever is not the tests' own user makes it always.
    """
    known: dict[tuple[str, ...], Layout] = {}
    made = layout_audit._on_the_server

    def make(look: AuditContext, of_classes: tuple[str, ...]) -> Layout:
        if not str(look.store.where).startswith("postgresql://terrier@"):
            return made(look, of_classes)
        if of_classes not in known:
            known[of_classes] = made(look, of_classes)
        return known[of_classes]

    with pytest.MonkeyPatch.context() as patch:
        if os.environ.get("TERRIER_LAWS") != "soak":
            patch.setattr(layout_audit, "_on_the_server", make)
        yield


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


@pytest.fixture(scope="module")
def file(places: Places) -> Iterator[Store]:
    """An estate for the examples of a law, each of which empties it: a new one for each would compile every statement
    anew.
    """
    with places.borrowed("sqlite") as store:
        yield store


@pytest.fixture(scope="module")
def server(places: Places) -> Iterator[Store]:
    """The same in PostgreSQL."""
    with places.borrowed("postgresql") as store:
        yield store

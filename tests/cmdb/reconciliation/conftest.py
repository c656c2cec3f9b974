"""Every test that takes ``estate`` runs on an estate in memory, in a file and in a database, with the same rules."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cmdb.model.schema import Schema
from cmdb.store.store import Store
from tests.cmdb.estates import DIALECTS, Places, emptied
from tests.cmdb.reconciliation.estate import ReconciledEstate
from tests.cmdb.reconciliation.stored_estate import Stored


@pytest.fixture(scope="session")
def schema() -> Schema:
    return Schema.load()


@pytest.fixture(scope="session")
def stores() -> Iterator[dict[str, Store]]:
    """One store of each kind, which every test finds empty: a new one for each would compile every statement anew."""
    made: dict[str, Store] = {}
    yield made
    for store in made.values():
        store.close()


@pytest.fixture(params=["memory", *DIALECTS])
def estate(
    request: pytest.FixtureRequest, schema: Schema, places: Places, stores: dict[str, Store]
) -> ReconciledEstate:
    if request.param == "memory":
        return ReconciledEstate(schema)
    if request.param not in stores:
        stores[request.param] = places.lay_out(places.new(request.param))
    return Stored(emptied(stores[request.param]))

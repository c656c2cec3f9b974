from __future__ import annotations

import pytest

from cmdb.schema import Schema
from tests.cmdb.reconciliation.estate import Estate


@pytest.fixture(scope="session")
def schema() -> Schema:
    return Schema.load()


@pytest.fixture
def estate(schema: Schema) -> Estate:
    return Estate(schema)

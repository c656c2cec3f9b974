"""Estates to test on: every test that takes ``store`` runs on a SQLite file and on a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cmdb.revision import Edit, Revision, ci, new_id
from cmdb.store import CI, Applied, Store


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str | Path:
    """Where an estate can be created."""
    if request.param == "sqlite":
        return tmp_path / "estate.terrier"
    make: Callable[[], str] = request.getfixturevalue("postgres")
    return make()


@pytest.fixture
def store(where: str | Path) -> Iterator[Store]:
    """An empty estate."""
    found = Store.create(where)
    yield found
    found.close()


class Hand:
    """Writes into an estate in few words."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def apply(self, *edits: Edit, **header: Any) -> Applied:
        """Applies edits as one revision."""
        return self.store.apply(Revision(list(edits), header.pop("author", "tester"), **header))

    def make(self, cls: str, name: str, **values: Any) -> str:
        """A new CI; returns its id."""
        edit = self.new(cls, name, **values)
        self.apply(edit)
        return edit.record.key[0]

    @staticmethod
    def new(cls: str, name: str, **values: Any) -> Edit:
        """The edit that creates a CI."""
        return Edit(ci(new_id()), "", None, {"class": cls, "name": name, **values})

    def set(self, uid: str, field: str, value: Any, **header: Any) -> Applied:
        """Sets one attribute to what it should be."""
        return self.apply(Edit(ci(uid), field, self.get(uid).values.get(field), value), **header)

    def get(self, uid: str) -> CI:
        """A CI as it is now."""
        with self.store.read() as reader:
            return reader.get(uid)


@pytest.fixture
def hand(store: Store) -> Hand:
    """A hand that writes into ``store``."""
    return Hand(store)

"""Connections and engines are the store's own: nobody else takes one from a reader or a store."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.programs import nodes

ROOT = Path(__file__).resolve().parent.parent
NAMES = {"engine", "connection", "_engine", "_connection", "make_engine"}
#: What others may import of ``cmdb.store.connection``: keys, addresses and what an estate is called; no engines.
OPEN = {
    "Key", "atomic_file", "ciphers", "database_address", "database_versions", "engine", "is_url", "named", "new_key",
    "postgresql", "require", "shown",
}  # fmt: skip


def outside() -> list[Path]:
    """The program's files that are no part of the store."""
    found = [path for folder in ("app", "ui", "importers", "cmdb") for path in (ROOT / folder).rglob("*.py")]
    return [path for path in found if ROOT / "cmdb" / "store" not in path.parents]


def taken(source: str) -> Iterator[int]:
    """The lines on which a connection or an engine is taken from something."""
    for node in nodes(source):
        if isinstance(node, ast.Attribute) and node.attr in NAMES:
            yield node.lineno
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("cmdb.store.connection"):
            yield from (node.lineno for alias in node.names if alias.name not in OPEN)


def test_nobody_but_the_store_takes_a_connection() -> None:
    files = outside()
    assert len(files) > 200
    found = [f"{path.relative_to(ROOT)}:{line}" for path in files for line in taken(path.read_text("utf-8"))]
    assert found == []


@pytest.mark.parametrize(
    "planted",
    [
        "def f(reader):\n    reader.connection.execute('DELETE FROM ci')\n",
        "def f(store):\n    with store._engine.begin() as connection:\n        pass\n",
        "work = lambda store: store.engine\n",
        "class A:\n    def f(self):\n        return self.reader._connection\n",
        "from cmdb.store.connection.engine import make_engine\n",
        "from cmdb.store.connection import engine as engines\nmade = engines.make_engine('estate.terrier')\n",
        "from cmdb.store.connection.sqlite import connect\n",
    ],
)
def test_a_planted_violation_is_found(planted: str) -> None:
    assert list(taken(planted))

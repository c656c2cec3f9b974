"""The first look agrees with the store, and is None for a file that it cannot read."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from cmdb.model.first_look import FirstLook
from cmdb.model.revision import Edit, Revision, ci, new_id
from cmdb.model.selection import Selection
from cmdb.store.connection import engine as engines
from cmdb.store.reading.first_look import APPLICATION_ID, first_look
from cmdb.store.upkeep.startup import create_estate, open_estate


@pytest.fixture
def path(tmp_path: Path) -> Path:
    where = tmp_path / "a name with spaces & Ümlaut.terrier"
    store = create_estate(where)
    sites = [Edit(ci(new_id()), "", None, {"class": "site", "name": name}) for name in ("site 10", "Site 9", "Gent")]
    laptop = Edit(ci(new_id()), "", None, {"class": "laptop", "name": "LT-1", "asset_tag": "A1", "status": "Deployed"})
    store.apply(Revision([*sites, laptop], "anna", "import:Register.xlsx", "Register.xlsx"))
    store.apply(Revision([Edit(laptop.record, "status", "Deployed", "Lost")], "tom", reason="Gone"))
    store.close()
    return where


def look(path: Path, cls: str = "", limit: int = 40) -> FirstLook:
    found = first_look(path, cls, limit)
    assert found is not None
    return found


def test_it_reads_the_same_as_the_store(path: Path) -> None:
    store = open_estate(path)
    with store.read() as reader:
        page = reader.page(Selection())
        headers = reader.revisions()
    for found in (look(path), look(path)):
        assert found.count == 4
        assert [(i.uid, i.cls, i.name, i.status) for i in found.items] == [
            (c.uid, c.cls, c.name, c.values.get("status", "")) for c in page
        ]
        assert [(h.number, h.reason, h.created, h.updated) for h in found.recent] == [
            (h.number, h.reason, h.created, h.updated) for h in headers
        ]
    store.close()
    assert look(path).count == 4, "also when nobody has it open"


def test_one_class_and_a_limit(path: Path) -> None:
    assert [i.name for i in look(path, "laptop").items] == ["LT-1"]
    assert len(look(path, "site", 2).items) == 2


def test_an_undone_revision_is_marked(path: Path) -> None:
    from cmdb.register import history

    store = open_estate(path)
    history.undo(store, 2, "anna")
    store.close()
    assert [(h.number, h.undoes, h.undone_by) for h in look(path).recent] == [(3, 2, 0), (2, 0, 3), (1, 0, 0)]


def test_it_changes_nothing(path: Path) -> None:
    before = path.read_bytes()
    look(path)
    assert path.read_bytes() == before


def test_a_file_that_is_no_estate_gives_no_first_look(tmp_path: Path) -> None:
    assert first_look(tmp_path / "missing.terrier") is None
    assert not (tmp_path / "missing.terrier").exists()
    text = tmp_path / "text.terrier"
    text.write_text("just words " * 100)
    assert first_look(text) is None
    other = tmp_path / "other.terrier"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE ci (name)")
    connection.close()
    assert first_look(other) is None
    assert first_look(tmp_path) is None


def test_a_busy_file_is_not_waited_for(path: Path) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA locking_mode=EXCLUSIVE")
    connection.execute("PRAGMA journal_mode=DELETE")
    connection.execute("BEGIN EXCLUSIVE")
    assert first_look(path) is None
    connection.close()


def test_its_mark_is_the_store_s() -> None:
    assert APPLICATION_ID == engines.APPLICATION_ID


def test_it_needs_nothing_of_the_store() -> None:
    program = (
        "import sys, cmdb.store.reading.first_look;"
        " print('sqlalchemy' in sys.modules, 'cmdb.store.store' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]

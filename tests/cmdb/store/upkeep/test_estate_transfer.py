"""Moving an estate to a server and back: every row of every table is copied, with superseded ones."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmdb.model.control import Control
from cmdb.model.errors import Cancelled, StoreProblem
from cmdb.model.money import unscaled
from cmdb.model.revision import SECTION_NOW, Edit, Record, Revision, ci, new_id
from cmdb.register import history
from cmdb.store.rows import tables
from cmdb.store.rows.estate_copies import KEY
from cmdb.store.staging import stage
from cmdb.store.store import Store
from cmdb.store.upkeep.estate_transfer import move
from cmdb.store.upkeep.integrity import check_integrity
from cmdb.store.upkeep.startup import open_estate
from tests.cmdb.old_texts import let_in
from tests.cmdb.store.conftest import Hand, Places
from tests.cmdb.store.estate_snapshot import picture
from tests.laws import examples

Where = str | Path


def rows(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table that moves, with the type of each value."""
    found = {}
    with store._engine.connect() as connection:
        for table in tables.metadata.sorted_tables:
            if not table.name.startswith("staging"):
                all_rows = [tuple(row) for row in connection.execute(table.select())]
                if table is tables.meta:  # which copy it is, is told by another test
                    all_rows = [row for row in all_rows if row[0] != KEY]
                if table is tables.estate_copy:
                    all_rows = [row for row in all_rows if row[0] == 1]
                found[table.name] = sorted((tuple((type(v).__name__, v) for v in row) for row in all_rows), key=repr)
    return found


def told(store: Store) -> list[Any]:
    """What an estate answers: its records, and what searches find."""
    with store.read() as reader:
        found = [[ci.uid for ci in reader.search(text)] for text in ("vm-mail", "harbour", "mail.harb", "日本", "0001")]
        number = reader.number
    return [found, picture(store, number)]


@pytest.fixture
def place(places: Places, tmp_path: Path) -> Iterator[Callable[[str], Where]]:
    """Makes places to move to: the name of a file, or an empty database."""
    made: list[Where] = []
    numbers = itertools.count()

    def make(dialect: str) -> Where:
        if dialect == "sqlite":
            return tmp_path / f"moved-{next(numbers)}.terrier"
        where = places.new(dialect)
        places.make(where)
        made.append(where)
        return where

    yield make
    for where in made:
        places.clear(where)


def test_the_sample_goes_to_a_server_and_comes_back(sample_copy: Path, place: Callable[[str], Where]) -> None:
    file = open_estate(sample_copy)
    hand = Hand(file)
    uid = hand.make("laptop", 'LT-\t\\N "quoted" 日本', asset_tag="X1", purchase_cost=Decimal("1234.1"), notes="a\nb\\")
    hand.set(uid, "status", "Retired")
    module = Record("section", (uid, "batteries", "scan:agent", "mod-77|"))
    now = {"observed": "2026-01-01T00:00:00Z", "rows": {"mod-77|": {"charge": 40}}}
    hand.apply(
        Edit(module, "", None, {"serial_number": "MOD-77"}), Edit(Record(SECTION_NOW, module.key[:3]), "", None, now)
    )
    history.undo(file, 1, "tester")
    before = told(file)
    stage(file, Revision([Hand.new("laptop", "Proposed")], "tester"), {})
    expected = rows(file)

    url = place("postgresql")
    moved = move(file, url)
    counts = {name: len(found) for name, found in expected.items()}
    unmoved = {"staging": 0, "staging_set": 0}  # only drafts move
    assert moved.rows == {**counts, "meta": len(expected["meta"]) + 1, **unmoved}
    assert (moved.records, moved.revisions) == (len(expected["ci"]), len(expected["revision"]))
    server = open_estate(url)
    assert rows(server) == expected
    assert check_integrity(server) == []
    assert told(server) == before
    with server.read() as reader:
        assert [one.uid for one in reader.search("mod-77")] == [uid]
        assert reader.sections(uid)["batteries"][0].values() == {"serial_number": "MOD-77", "charge": 40}

    Hand(server).set(uid, "status", "In stock")  # and it goes on there
    expected = rows(server)
    back = Path(str(place("sqlite")))
    move(server, back)
    returned = open_estate(back)
    assert rows(returned) == expected
    assert check_integrity(returned) == []
    assert told(returned) == told(server)
    for store in (file, server, returned):
        store.close()


@pytest.mark.parametrize(("here", "there"), [("sqlite", "sqlite"), ("postgresql", "postgresql")])
def test_to_another_of_its_kind(places: Places, place: Callable[[str], Where], here: str, there: str) -> None:
    where = places.new(here)
    store = places.lay_out(where)
    hand = Hand(store)
    a, b = hand.make("server", "a"), hand.make("server", "b")
    hand.apply(Edit(Record("relationship", ("depends_on", a, b)), "", None, {}))
    target = place(there)
    move(store, target)
    other = open_estate(target)
    assert rows(other) == rows(store)
    assert check_integrity(other) == []
    other.close()
    store.close()
    places.clear(where)


# -- any estate -----------------------------------------------------------------------------------------------------

TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cn", "Co"], exclude_characters="\0"), min_size=1, max_size=12
).filter(lambda text: bool(text.strip()))
VALUES = st.fixed_dictionaries(
    {"name": TEXT},
    optional={
        "notes": TEXT,
        "purchase_cost": st.integers(-(1 << 63) + 1, (1 << 63) - 1).map(unscaled),
        "memory": st.integers(-(2**53), 2**53),
        "asset_tag": TEXT,
    },
)


@pytest.fixture(scope="module")
def blank(places: Places, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("blank") / "blank.terrier"
    places.lay_out(path).close()
    return path


@examples(2, soak=20)
@given(made=st.lists(VALUES, min_size=1, max_size=4), later=st.lists(VALUES, max_size=4))
def test_any_estate_is_the_same_on_both_sides(
    blank: Path, places: Places, made: list[dict[str, Any]], later: list[dict[str, Any]]
) -> None:
    path, back, url = blank.with_name("from.terrier"), blank.with_name("back.terrier"), places.new("postgresql")
    shutil.copy(blank, path)
    places.make(url)
    file = open_estate(path)
    uids = [new_id() for _ in made]
    with let_in():
        for number, values in enumerate(made):
            values.pop("asset_tag", None)
            file.apply(Revision([Edit(ci(uids[number]), "", None, {"class": "laptop", **values})], "law"))
        for uid, values in zip(uids, later, strict=False):
            said = {name: [value, "2026-01-01T00:00:00Z"] for name, value in values.items() if name != "asset_tag"}
            file.apply(Revision([Edit(Record("claim", (uid, "person:x")), "", None, said)], "law"))
    try:
        move(file, url)
        server = open_estate(url)
        assert rows(server) == rows(file)
        assert check_integrity(server) == []
        move(server, back)
        server.close()
        returned = open_estate(back)
        assert rows(returned) == rows(file)
        assert check_integrity(returned) == []
        returned.close()
    finally:
        file.close()
        places.clear(url)
        for one in (path, back):
            one.unlink(missing_ok=True)


# -- nothing half-written -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_cancelled_leaves_nothing_there(
    sample_copy: Path, place: Callable[[str], Where], dialect: str, share: float
) -> None:
    store = open_estate(sample_copy)
    target = place(dialect)

    def stop(done: int, total: int, text: str) -> None:
        if str(text).startswith("Indexing") if share == 1.0 else done >= total * share:
            control.cancel()

    control = Control(stop)
    with pytest.raises(Cancelled):
        move(store, target, control)
    if isinstance(target, Path):
        assert sorted(p.name for p in target.parent.iterdir() if "moved" in p.name) == []
    assert move(store, target).records  # and there is room for it
    store.close()


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_where_something_is_nothing_is_written(sample_copy: Path, places: Places, tmp_path: Path, dialect: str) -> None:
    store = open_estate(sample_copy)
    target = places.new(dialect)
    other = places.lay_out(target)
    Hand(other).make("laptop", "Mine")
    expected = rows(other)
    with pytest.raises(StoreProblem, match="already"):
        move(store, target)
    assert rows(other) == expected
    with pytest.raises(StoreProblem, match="already exists"):
        move(store, sample_copy)
    assert check_integrity(store) == []
    other.close()
    store.close()
    places.clear(target)

"""Estates of earlier versions: they are backed up and migrated, and their content is complete."""

from __future__ import annotations

import gzip
import json
import lzma
import os
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, func, select

from cmdb.model.actors import Actor
from cmdb.model.errors import InvalidValue, Irreversible, StoreProblem
from cmdb.model.messages import Message
from cmdb.model.revision import Edit, Record
from cmdb.model.selection import Selection
from cmdb.register import history
from cmdb.store.connection import engine as engines
from cmdb.store.rows import tables
from cmdb.store.staging import StagedProposal
from cmdb.store.store import Store
from cmdb.store.upkeep import migrations
from cmdb.store.upkeep.backups import BackupReason, folder_of, kept
from cmdb.store.upkeep.integrity import check_integrity
from cmdb.store.upkeep.startup import create_estate, open_estate
from tests.cmdb.store.conftest import Hand
from tests.cmdb.store.upkeep.kept.generator import OWN, make, moment, told, uid

FOLDER = Path(__file__).parent / "kept"
FORMATS = sorted(int(p.name.split("-")[1].split(".")[0]) for p in FOLDER.glob("format-*.terrier.gz"))
OLDER = [n for n in FORMATS if n < tables.FORMAT]
BASELINE = {1: "0001", 2: "0002", 3: "0003"}
"""Format → the migration that leads to it."""
VERSIONED = "(ci|claim|relationship|dependency_group|installation|sighting|assignment|document)(_version)?"


def unpacked(number: int, place: Path) -> Path:
    """The kept estate of a format."""
    place.write_bytes(gzip.decompress((FOLDER / f"format-{number}.terrier.gz").read_bytes()))
    return place


def expected(number: int) -> dict[str, Any]:
    """What was in it."""
    return document_of(FOLDER, number)


def document_of(folder: Path, number: int) -> dict[str, Any]:
    """The document beside a kept estate; that of format 1 was packed with gzip."""
    older = folder / f"format-{number}.json.gz"
    packed = folder / f"format-{number}.json.xz"
    content = gzip.decompress(older.read_bytes()) if older.exists() else lzma.decompress(packed.read_bytes())
    found: dict[str, Any] = json.loads(content, parse_float=Decimal)
    if number < 3:
        for records in (moment["records"] for moment in found["moments"]):
            records["membership"] = _memberships(records["relationship"])
            for _, fields in records["attachment"]:
                fields["record"] = fields.pop("ci")
        _tell_of_files(found)
    return found


def _tell_of_files(found: dict[str, Any]) -> None:
    """A file belongs to the record that it is kept with, so the revision that attached it is in that one's history."""
    first: dict[str, tuple[int, str]] = {}
    for entry, then in zip(found["journal"], found["moments"], strict=True):
        for key, fields in then["records"]["attachment"]:
            first.setdefault(key[0], (entry["number"], fields["record"]))
    for number, record in first.values():
        found["versions"][record] = sorted({*found["versions"][record], number}, reverse=True)


def _memberships(relationships: list[list[Any]]) -> list[list[Any]]:
    """What a format without memberships said of groups, as memberships; such relationships do not stand alone."""
    found = []
    for key, fields in relationships:
        if group := fields.pop("group", ""):
            fields["alone"] = False
            found.append([[group, *key], {}])
    return sorted(found)


@dataclass
class Old:
    """A kept estate in a place of its own, not opened yet."""

    number: int
    where: str | Path
    fresh: Callable[[], str | Path]
    """Gives a place where an estate of today can be laid out beside it."""


@pytest.fixture(params=[(n, d) for n in FORMATS for d in ("sqlite", "postgresql")], ids=lambda p: f"{p[0]}-{p[1]}")
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Old:
    number, dialect = request.param
    file = unpacked(number, tmp_path / "old.terrier")
    if dialect == "sqlite":
        return Old(number, file, lambda: tmp_path / "fresh.terrier")
    create: Callable[[], str] = request.getfixturevalue("postgres")
    url = create()
    _to_server(file, url, number)
    return Old(number, url, create)


@pytest.fixture
def store(old: Old) -> Iterator[Store]:
    found = open_estate(old.where)
    yield found
    found.close()


def _to_server(file: Path, url: str, number: int) -> None:
    """Lays out a database as that format did, and copies the file's rows into it."""
    engine = engines.make_engine(url)
    with closing(sqlite3.connect(file)) as source, engines.writing(engine) as connection:
        migrations.upgrade(connection, BASELINE[number])
        names = [
            r[0] for r in source.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql IS NOT NULL")
        ]
        for name in names:
            if name.startswith(("ci_words", "ci_letters", "alembic")):
                continue
            rows = source.execute(f"SELECT * FROM {name}").fetchall()
            columns = [c[1] for c in source.execute(f"PRAGMA table_info({name})")]
            if rows:
                marks = ", ".join(["%s"] * len(columns))
                quoted = ", ".join(f'"{c}"' for c in columns)
                connection.exec_driver_sql(f"INSERT INTO {name} ({quoted}) VALUES ({marks})", rows)
        words = source.execute(
            "SELECT w.rowid, l.body, w.body FROM ci_words AS w JOIN ci_letters AS l ON l.rowid = w.rowid"
        )
        rows = [(row[0], row[1].casefold(), row[2]) for row in words]
        connection.exec_driver_sql("INSERT INTO ci_search VALUES (%s, %s, to_tsvector('simple', %s))", rows)
        for (name,) in source.execute(
            "SELECT name FROM sqlite_master WHERE tbl_name = 'ci' AND name GLOB 'ix_extra_*'"
        ):
            value = f"(extra::jsonb ->> '{name.removeprefix('ix_extra_')}')"
            columns = value
            if number > 1:
                value = f'({value} COLLATE "C")'
                value = f"({value}::numeric)" if name in ("ix_extra_reach", "ix_extra_vlan_number") else value
                columns = f'{value}, "name_key"'
            connection.exec_driver_sql(f'CREATE INDEX "{name}" ON ci ({columns}) WHERE {value} IS NOT NULL')
    engine.dispose()


# -- what was in it -------------------------------------------------------------------------------------------------


def test_of_every_format_before_this_one_an_estate_is_kept() -> None:
    assert set(range(1, tables.FORMAT)) <= set(FORMATS)
    assert sum(p.stat().st_size for p in FOLDER.glob("*.?z")) < 200_000 * len(FORMATS)


def test_every_moment_is_unchanged(old: Old, store: Store) -> None:
    then = expected(old.number)
    now = without_change_of_format(told(store), old.number)
    assert now["journal"] == then["journal"]
    assert now["versions"] == then["versions"]
    for number, (found, was) in enumerate(zip(now["moments"], then["moments"], strict=True), 1):
        assert found == was, f"after revision {number}"
    assert moment(store) == then["moments"][-1]
    assert check_integrity(store) == []
    with store.read() as reader:
        assert [c.name for c in reader.search("A00007")] == ["LT-007"]
        assert {c.name for c in reader.search("Hafen")} >= {"Rotterdam", "Gent", "Łódź"}
        lifts = reader.page(Selection("forklift", "reach > 3250", sort="-reach"))
        assert [c.name for c in lifts] == ["FL-1", "FL-4", "FL-3"]
        assert {(r.type, r.name) for r in reader.relationships(uid("srv-0"))} >= {("tows", "FL-1")}
    staged = StagedProposal(store, uid("staged"))
    assert staged.counts() == {"new": 4}


def without_change_of_format(found: dict[str, Any], number: int) -> dict[str, Any]:
    """What is told of an estate of an older format, less the last revision, which says what it was."""
    if number == tables.FORMAT:
        return found
    last = found["journal"].pop()
    assert (last["author"], last["source"]) == ("Terrier", "migration")
    assert found["moments"].pop() == found["moments"][-1]
    return found


def test_its_past_is_taken_back_as_ever(old: Old, store: Store) -> None:
    then = expected(old.number)
    last = len(then["journal"])
    for number in range(last, 7, -1):  # before that come the classes of its own, which records are of
        with store.read() as reader:
            if reader.revision(number).undone_by:
                continue
        history.undo(store, number, "tester")
    assert check_integrity(store) == []
    hand = Hand(store)
    hand.set(uid("LT-005"), "memory", 1024)
    hand.make("laptop", "LT-5000", asset_tag="A05000", location=uid("Gent"))
    assert check_integrity(store) == []
    assert moment(store, last) == then["moments"][-1]
    assert moment(store, 2) == then["moments"][1]


def test_its_layout_is_that_of_a_new_one(old: Old, store: Store) -> None:
    fresh = create_estate(old.fresh())
    Hand(fresh).apply(Edit(Record("schema_entry", (uid("own classes"),)), "", None, {"document": OWN}))
    with store._engine.connect() as ours, fresh._engine.connect() as theirs:
        assert layout(ours) == layout(theirs)
        statement = select(tables.meta.c.value).where(tables.meta.c.key == "format")
        assert ours.execute(statement).scalar() == str(tables.FORMAT)
    fresh.close()


def layout(connection: Connection) -> dict[str, Any]:
    """Every table with its columns, and every index, as the database has them."""
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql("SELECT type, name, sql FROM sqlite_master ORDER BY type, name").all()
        found: dict[str, Any] = {
            name: " ".join((sql or "").replace('"', "").split()) for kind, name, sql in rows if kind != "table"
        }
        for name in [row[1] for row in rows if row[0] == "table"]:
            columns = connection.exec_driver_sql(f'PRAGMA table_xinfo("{name}")').all()
            found[name] = sorted(tuple(column)[1:] for column in columns)
    else:
        columns = connection.exec_driver_sql(
            "SELECT table_name, column_name, data_type, is_nullable, column_default, character_maximum_length "
            "FROM information_schema.columns WHERE table_schema = 'public'"
        )
        found = {f"{row[0]}.{row[1]}": tuple(row)[2:] for row in columns}
        indexes = connection.exec_driver_sql("SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'")
        found |= {row[0]: row[1] for row in indexes}
    found["alembic"] = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return found


# -- how it is brought up to date -----------------------------------------------------------------------------------


@pytest.mark.parametrize("number", OLDER)
def test_it_is_backed_up_first_and_once(tmp_path: Path, number: int) -> None:
    where = unpacked(number, tmp_path / "old.terrier")
    before = where.read_bytes()
    open_estate(where).close()
    (backup,) = kept(where)
    assert backup.occasion is BackupReason.MIGRATION
    with closing(sqlite3.connect(f"{backup.path.as_uri()}?mode=ro&immutable=1", uri=True)) as copied:
        assert copied.execute("SELECT value FROM meta WHERE key = 'format'").fetchone() == (str(number),)
    unpacked(number, tmp_path / "again.terrier")
    with closing(sqlite3.connect(tmp_path / "again.terrier")) as one, closing(sqlite3.connect(backup.path)) as two:
        assert list(one.iterdump()) == list(two.iterdump())
    open_estate(where).close()
    assert len(kept(where)) == 1
    assert before == (tmp_path / "again.terrier").read_bytes()


@pytest.mark.parametrize("number", OLDER)
def test_without_a_backup_nothing_is_changed(tmp_path: Path, number: int) -> None:
    where = unpacked(number, tmp_path / "old.terrier")
    before = where.read_bytes()
    folder_of(where).write_text("a file in its way")
    with pytest.raises(StoreProblem, match="could not be backed up first"):
        open_estate(where)
    assert where.read_bytes() == before
    assert sorted(os.listdir(tmp_path)) == [where.name, folder_of(where).name]


@pytest.mark.parametrize("number", OLDER)
def test_a_migration_that_fails_leaves_it_as_it_was(
    tmp_path: Path, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = unpacked(number, tmp_path / "old.terrier")
    with closing(sqlite3.connect(where)) as connection:
        before = list(connection.iterdump())
    upgrade = migrations.upgrade

    def fail(connection: Connection, *arguments: Any, **more: Any) -> None:
        upgrade(connection, *arguments, **more)
        raise StoreProblem(Message("The disk is full."))

    monkeypatch.setattr(migrations, "upgrade", fail)
    with pytest.raises(StoreProblem, match="disk is full"):
        open_estate(where)
    with closing(sqlite3.connect(where)) as connection:
        assert list(connection.iterdump()) == before
    monkeypatch.setattr(migrations, "upgrade", upgrade)
    found = open_estate(where)
    assert check_integrity(found) == []
    found.close()


# -- the next one ---------------------------------------------------------------------------------------------------


def test_the_next_one_can_be_made(tmp_path: Path) -> None:
    file, _, pruned = make(tmp_path)
    then = document_of(tmp_path, tables.FORMAT)
    assert pruned.name == f"pruned-{tables.FORMAT}.terrier.gz"
    where = tmp_path / "made.terrier"
    where.write_bytes(gzip.decompress(file.read_bytes()))
    store = open_estate(where)
    assert told(store) == then
    with store._engine.connect() as connection:
        for table in tables.metadata.sorted_tables:
            if re.fullmatch(
                "ci|claim|relationship|dependency_group|installation|sighting|assignment|document", table.name
            ):
                assert connection.execute(select(func.count()).select_from(table)).scalar(), f"{table.name} has no rows"
    store.close()


# -- its journal ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", OLDER)
def test_a_journal_that_was_changed_is_not_made_whole(tmp_path: Path, number: int) -> None:
    where = unpacked(number, tmp_path / "old.terrier")
    with closing(sqlite3.connect(where)) as connection, connection:
        connection.execute("UPDATE revision SET author = 'another' WHERE number = 4")
    with pytest.raises(StoreProblem, match=r"its journal was changed from outside \(revision 4\)"):
        open_estate(where)
    with closing(sqlite3.connect(where)) as connection:
        assert connection.execute("SELECT value FROM meta WHERE key = 'format'").fetchone() == (str(number),)


@pytest.mark.parametrize("number", OLDER)
def test_its_old_links_stay_beside_those_of_today(tmp_path: Path, number: int) -> None:
    where = unpacked(number, tmp_path / "old.terrier")
    with closing(sqlite3.connect(where)) as connection:
        before = connection.execute("SELECT number, hash FROM revision ORDER BY number").fetchall()
    found = open_estate(where)
    r = tables.revision.c
    with found._engine.connect() as connected:
        rows = connected.execute(select(r.number, r.former_hash, r.hash, r.version).order_by(r.number)).all()
    *rows, last = rows
    assert [(row.number, row.former_hash) for row in rows] == before
    assert all(row.hash != row.former_hash and row.version == 1 for row in rows)
    assert (last.former_hash, last.version) == (None, 2)
    Hand(found).make("laptop", "LT-6000")
    with engines.writing(found._engine) as connected:
        connected.execute(tables.revision.update().where(r.number == 4), {"former_hash": "0" * 64})
    assert any("Revision 4 does not hold" in line for line in map(str, check_integrity(found)))
    found.close()


def test_one_whose_history_was_pruned_is_proved_by_its_checkpoint(tmp_path: Path) -> None:
    where = tmp_path / "pruned.terrier"
    where.write_bytes(gzip.decompress((FOLDER / "pruned-2.terrier.gz").read_bytes()))
    changed = tmp_path / "changed.terrier"
    changed.write_bytes(where.read_bytes())
    found = open_estate(where)
    assert check_integrity(found) == []
    found.close()
    with closing(sqlite3.connect(changed)) as connection, connection:
        connection.execute("UPDATE revision SET author = 'another' WHERE number = 1")
    with pytest.raises(StoreProblem, match="its journal was changed from outside"):
        open_estate(changed)


@pytest.mark.parametrize("number", OLDER)
def test_a_journal_that_was_changed_is_taken_over_if_that_is_said(tmp_path: Path, number: int) -> None:
    where = unpacked(number, tmp_path / "old.terrier")
    with closing(sqlite3.connect(where)) as connection, connection:
        connection.execute("UPDATE revision SET author = 'another' WHERE number IN (4, 6)")
    anna = Actor("Anna", login="anna")
    found = open_estate(where, accept_broken=True, writer=lambda: anna)
    problems = [
        f"Revision {changed} had been changed from outside before the estate was brought up to date; it was taken over "
        "as it was."
        for changed in (4, 6)
    ]
    assert list(map(str, check_integrity(found))) == problems
    with found.read() as reader:
        last = reader.revisions(1)[0]
        (fields,) = reader.records("migration").values()
    assert last.actor == Actor("Terrier", "system", "anna")
    assert str(last.reason).endswith("with a journal that was changed from outside")
    assert (fields["before"], fields["now"], fields["number"]) == (number, tables.FORMAT, last.number - 1)
    with pytest.raises(Irreversible, match="brought up to date"):
        history.undo(found, last.number, "tester")
    with found.read() as reader:
        assert history.latest_undoable(reader) < last.number
    (key,) = reader_keys(found)
    record = Record("migration", key)
    with pytest.raises(InvalidValue, match="cannot be taken back"):
        Hand(found).apply(Edit(record, "", {}, None))
    found.close()
    again = open_estate(where)
    assert list(map(str, check_integrity(again))) == problems
    again.close()


def reader_keys(store: Store) -> list[tuple[str, ...]]:
    """The keys of the changes of format."""
    with store.read() as reader:
        return list(reader.records("migration"))


def test_both_sides_of_a_change_of_format_are_proved(tmp_path: Path) -> None:
    where = unpacked(2, tmp_path / "old.terrier")
    found = open_estate(where)
    assert check_integrity(found) == []
    r = tables.revision
    with engines.writing(found._engine) as connection:
        number = connection.execute(select(func.max(r.c.number))).scalar_one() - 1
        connection.execute(r.update().where(r.c.number == number), {"former_hash": "0" * 64})
    said = list(map(str, check_integrity(found)))
    assert any("does not end with the head that was noted" in line for line in said)
    with engines.writing(found._engine) as connection:
        connection.execute(r.update().where(r.c.number == 3), {"former_hash": None})
    assert any("lacks the link that it had before" in line for line in map(str, check_integrity(found)))
    found.close()

"""Whatever is changed in an estate from outside, ``check`` finds: every column of every table, now and in the past."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Column, Connection, Integer, LargeBinary, Table, UniqueConstraint, and_, func, select
from sqlalchemy.exc import DBAPIError

from app.verbs import make
from cmdb.model.revision import Edit, Record, Revision
from cmdb.model.verb import Values
from cmdb.register import history
from cmdb.register.verbs import verbs
from cmdb.store.connection import engine as engines
from cmdb.store.rows import tables
from cmdb.store.store import Store
from cmdb.store.upkeep import integrity
from cmdb.store.upkeep.integrity import check_integrity
from tests.cmdb.estates import DIALECTS, Hand, Places
from tests.cmdb.store.upkeep.kept.generator import tell, uid

OUTSIDE = {"staging", "staging_set"}
"""Proposals that were not applied are no part of the register."""
EMPTY = {
    "attachment", "attachment_version", "blob", "blob_chunk", "draft", "draft_version",
    "movement", "movement_version", "number_block", "reservation",
    "reservation_version", "result", "result_version", "section", "section_body", "section_now", "section_version",
    "vote", "vote_version",
}  # fmt: skip
"""Tables that nothing is written to yet; ``test_what_is_empty_is_known`` says when one of them is no longer so."""
TABLES = [t.name for t in tables.metadata.sorted_tables if t.name not in OUTSIDE | EMPTY]
JOURNAL = next(name for name in integrity._STEPS if str(name) == "journal")
LAYOUT = next(name for name in integrity._STEPS if str(name) == "layout")


@pytest.fixture(scope="module", params=[DIALECTS[0], pytest.param(DIALECTS[1], marks=pytest.mark.soak)])
def estate(request: pytest.FixtureRequest, places: Places) -> Iterator[Store]:
    """An estate with every kind of record, and a past. Each test leaves it as it was."""
    where = places.new(request.param)
    store = places.lay_out(where)
    tell(store)
    _fill(store)
    _call_otherwise(store)
    happen(store)
    assert check_integrity(store) == []
    yield store
    assert list(map(str, check_integrity(store))) == []
    store.close()
    places.clear(where)


def _call_otherwise(store: Store) -> None:
    """Records that are found by other names, too; one of these names is spelt otherwise later, one is given up."""
    laptop, old, older = uid("LT-004"), {"spelling": "OLD-4"}, {"spelling": "older 4"}
    records = [Record("alias", ("tag", "old-4", laptop)), Record("alias", ("name", "older 4", laptop))]
    store.apply(Revision([Edit(one, "", None, how) for one, how in zip(records, (old, older), strict=True)], "anna"))
    store.apply(Revision([Edit(records[0], "spelling", "OLD-4", "Old-4"), Edit(records[1], "", older, None)], "anna"))


def _fill(store: Store) -> None:
    """What the story of the kept estates leaves out: a source whose word another one's outvotes."""
    hand = Hand(store)
    laptop, anna, bert = hand.make("laptop", "LT-9"), hand.make("person", "Anna"), hand.make("person", "Bert")
    for source, who, day in (("sheet:old.xlsx", anna, "01"), ("sheet:new.xlsx", bert, "02")):
        edit = Edit(Record("claim", (laptop, source)), "assigned_to", None, [who, f"2026-01-{day}T00:00:00Z"])
        hand.apply(edit, source=source)


def happen(store: Store) -> None:
    """Something is handed over, and was earlier; one of two such events is taken back."""
    for at in ("2025-05-01", "2025-04-01", "2025-03-01"):
        with store.read() as reader:
            uids = [reader.find("LT-004").uid]
            values: Values = {"to": reader.find("Anja Vogt").uid}
            revision = make(reader, verbs()["hand_over"], uids, values, "Anja", at, every=True)
        number = store.apply(revision).number
    history.undo(store, number, "Anja")


def found(store: Store) -> list[str]:
    """The problems that the first step finds that finds some. The journal goes first: it finds nearly all."""
    for step in sorted(integrity._STEPS, key=lambda name: name != JOURNAL):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(integrity, "_STEPS", {step: integrity._STEPS[step]})
            if problems := list(map(str, check_integrity(store))):
                return problems
    return []


def others(column: Column[Any], value: Any) -> Iterator[Any]:
    """Other values that a column could hold."""
    if isinstance(column.type, LargeBinary):
        yield b"x" + (value or b"")
    elif isinstance(column.type, Integer):
        yield (value or 0) + 1
        yield (value or 0) + 1_000_001
    elif column.info.get("json") and value:
        yield value.replace(":", ": ", 1)
        yield value[:-1] + (', "x": 1}' if value != "{}" else '"x": 1}')
    elif not isinstance(value, str):
        yield "x" if value is None else value + 1
    else:
        yield value + "x"
        yield value.swapcase()
    if column.nullable and value is not None:
        yield None


def row_of(connection: Connection, table: Table, column: Column[Any]) -> Any:
    """A row in which the column has a value, if there is one."""
    keys = list(table.primary_key.columns)
    return connection.execute(select(table).order_by(column.is_(None), *keys).limit(1)).first()


def same(table: Table, row: Any) -> Any:
    """The condition that it is this row."""
    return and_(*(c == row._mapping[c.name] for c in table.primary_key.columns))


def changed(store: Store, table: Table, row: dict[str, Any], to: dict[str, Any]) -> bool:
    """Changes a row from outside; False where the database does not allow it."""
    where = and_(*(c == row[c.name] for c in table.primary_key.columns))
    try:
        with engines.writing(store._engine) as connection:
            return bool(connection.execute(table.update().where(where).values(to)).rowcount)
    except DBAPIError:
        return False


def test_what_is_empty_is_known(estate: Store) -> None:
    with estate._engine.connect() as connection:
        filled = {
            name
            for name in EMPTY
            if connection.execute(select(func.count()).select_from(tables.metadata.tables[name])).scalar()
        }
    assert filled == set(), "what is written is proved: take it out of EMPTY"


@pytest.mark.parametrize("name", TABLES)
def test_a_change_of_any_column_is_found(estate: Store, name: str) -> None:
    table = tables.metadata.tables[name]
    for column in table.columns:
        with estate._engine.connect() as connection:
            row = row_of(connection, table, column)
        if row is None:
            pytest.skip("nothing stands in it")
        before = row._asdict()
        done = 0
        for value in others(column, before[column.name]):
            if value == before[column.name] or not changed(estate, table, before, {column.name: value}):
                continue
            done += 1
            problems = found(estate)
            assert changed(estate, table, {**before, column.name: value}, before)
            assert problems, f"{column}: {before[column.name]!r} became {value!r}"
        assert done, f"{column} could not be changed"


@pytest.mark.parametrize("name", TABLES)
def test_a_removed_row_is_found(estate: Store, name: str) -> None:
    table = tables.metadata.tables[name]
    with estate._engine.connect() as connection:
        rows = connection.execute(select(table).order_by(*table.primary_key.columns)).all()
    for row in {id(row): row for row in (rows[:1] + rows[-1:])}.values():
        with engines.writing(estate._engine) as connection:
            connection.execute(table.delete().where(same(table, row)))
        problems = found(estate)
        with engines.writing(estate._engine) as connection:
            connection.execute(table.insert(), row._asdict())
        assert problems, f"{name}: {row}"


@pytest.mark.parametrize("name", TABLES)
def test_an_added_row_is_found(estate: Store, name: str) -> None:
    """A row like another one, with another key: each column of the key in turn, or all of it, is another value."""
    table = tables.metadata.tables[name]
    keys = list(table.primary_key.columns)
    with estate._engine.connect() as connection:
        row = connection.execute(select(table).order_by(*keys).limit(1)).first()
    if row is None:
        pytest.skip("nothing stands in it")
    unique = {c for c in table.columns if c.unique and c not in keys}
    unique |= {c for index in table.indexes if index.unique for c in index.columns}
    unique |= {c for one in table.constraints if isinstance(one, UniqueConstraint) for c in one.columns}
    sets = [c for n in range(1, len(keys) + 1) for c in itertools.combinations(keys, n)]
    done = 0
    for columns in sets:
        new = row._asdict()
        for column in {*columns, *unique}:
            with estate._engine.connect() as connection:
                highest = connection.execute(select(func.max(column))).scalar()
            new[column.name] = highest + 1 if isinstance(highest, int) else str(highest)[:-1] + "~"
        try:
            with engines.writing(estate._engine) as connection:
                connection.execute(table.insert(), new)
        except DBAPIError:
            continue
        done += 1
        problems = found(estate)
        with engines.writing(estate._engine) as connection:
            connection.execute(table.delete().where(and_(*(c == new[c.name] for c in keys))))
        assert problems, f"{name}: {new}"
    assert done


# -- the layout -----------------------------------------------------------------------------------------------------

LAID: dict[str, dict[str, tuple[str, str]]] = {
    "a trigger": {
        "sqlite": ("CREATE TRIGGER more AFTER INSERT ON ci BEGIN DELETE FROM claim; END", "DROP TRIGGER more"),
        "postgresql": (
            "CREATE FUNCTION gone() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; "
            "CREATE TRIGGER more BEFORE DELETE ON ci FOR EACH ROW EXECUTE FUNCTION gone()",
            "DROP TRIGGER more ON ci; DROP FUNCTION gone()",
        ),
    },
    "a view": {
        "sqlite": ("CREATE VIEW more AS SELECT * FROM ci", "DROP VIEW more"),
        "postgresql": ("CREATE VIEW more AS SELECT * FROM ci", "DROP VIEW more"),
    },
    "a table": {
        "sqlite": ("CREATE TABLE more (id INTEGER)", "DROP TABLE more"),
        "postgresql": ("CREATE TABLE more (id INTEGER)", "DROP TABLE more"),
    },
    "a column": {
        "sqlite": ("ALTER TABLE ci ADD COLUMN more TEXT", "ALTER TABLE ci DROP COLUMN more"),
        "postgresql": ("ALTER TABLE ci ADD COLUMN more TEXT", "ALTER TABLE ci DROP COLUMN more"),
    },
    "an index": {
        "sqlite": ("CREATE INDEX more ON ci (lower(notes))", "DROP INDEX more"),
        "postgresql": ("CREATE INDEX more ON ci (lower(notes))", "DROP INDEX more"),
    },
    "an index that is another": {
        "sqlite": (
            "DROP INDEX ix_evidence_ci; CREATE INDEX ix_evidence_ci ON evidence (value)",
            "DROP INDEX ix_evidence_ci; CREATE INDEX ix_evidence_ci ON evidence (ci)",
        ),
        "postgresql": (
            "DROP INDEX ix_evidence_ci; CREATE INDEX ix_evidence_ci ON evidence (value)",
            "DROP INDEX ix_evidence_ci; CREATE INDEX ix_evidence_ci ON evidence (ci)",
        ),
    },
    "a default": {
        "postgresql": (
            "ALTER TABLE ci ALTER COLUMN notes SET DEFAULT 'x'", "ALTER TABLE ci ALTER COLUMN notes DROP DEFAULT"
        ),
    },
    "a collation": {
        "postgresql": (
            'ALTER TABLE ci ALTER COLUMN notes TYPE TEXT COLLATE "POSIX"',
            'ALTER TABLE ci ALTER COLUMN notes TYPE TEXT COLLATE "C"',
        ),
    },
    "a rule": {
        "postgresql": (
            "CREATE RULE more AS ON DELETE TO claim DO INSTEAD NOTHING", "DROP RULE more ON claim"
        ),
    },
    "a policy": {
        "postgresql": (
            "CREATE POLICY more ON ci USING (false); ALTER TABLE ci ENABLE ROW LEVEL SECURITY",
            "ALTER TABLE ci DISABLE ROW LEVEL SECURITY; DROP POLICY more ON ci",
        ),
    },
    "a table that inherits": {
        "postgresql": (
            "CREATE SCHEMA aside; CREATE TABLE aside.more () INHERITS (ci)", "DROP SCHEMA aside CASCADE"
        ),
    },
    "a migration's mark": {
        "sqlite": ("INSERT INTO alembic_version VALUES ('x')", "DELETE FROM alembic_version WHERE version_num = 'x'"),
        "postgresql": (
            "INSERT INTO alembic_version VALUES ('x')", "DELETE FROM alembic_version WHERE version_num = 'x'"
        ),
    },
}  # fmt: skip


@pytest.mark.parametrize("what", LAID)
def test_a_change_of_the_layout_is_found(estate: Store, what: str) -> None:
    if estate._engine.dialect.name not in LAID[what]:
        pytest.skip("a file has no such thing")
    for sql, changes in zip(LAID[what][estate._engine.dialect.name], (True, False), strict=True):
        with engines.writing(estate._engine) as connection:
            for statement in sql.split("; ") if "FUNCTION" not in sql and "TRIGGER" not in sql else [sql]:
                connection.exec_driver_sql(statement)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(integrity, "_STEPS", {LAYOUT: integrity._STEPS[LAYOUT]})
            assert bool(check_integrity(estate)) is changes


def test_other_schemas_of_a_server_are_not_ours(estate: Store) -> None:
    if estate._engine.dialect.name == "sqlite":
        pytest.skip("a file has none")
    with engines.writing(estate._engine) as connection:
        connection.exec_driver_sql("CREATE SCHEMA aside")
        connection.exec_driver_sql("CREATE TABLE aside.more (id INTEGER)")
    assert check_integrity(estate) == []
    with engines.writing(estate._engine) as connection:
        connection.exec_driver_sql("DROP SCHEMA aside CASCADE")

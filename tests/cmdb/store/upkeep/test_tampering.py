"""Whatever is changed in an estate from outside, ``check`` finds: every column of every table, now and in the past."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Column, Connection, Integer, LargeBinary, Table, UniqueConstraint, and_, func, select
from sqlalchemy.exc import DBAPIError

from app.verbs import make
from cmdb.model.control import Control
from cmdb.model.revision import Edit, Record, Revision
from cmdb.model.verb import Values
from cmdb.register import history
from cmdb.register.verbs import verbs
from cmdb.store.connection import engine as engines
from cmdb.store.rows import chain, section_index, tables
from cmdb.store.rows.canonical_rows import CanonicalNames
from cmdb.store.store import Store
from cmdb.store.upkeep import integrity
from cmdb.store.upkeep.integrity import check_integrity
from tests.cmdb.estates import DIALECTS, Hand, Places
from tests.cmdb.store.upkeep.kept.generator import tell, uid

OUTSIDE = {"staging", "staging_set"}
"""Proposals that were not applied are no part of the register."""
TABLES = [t.name for t in tables.metadata.sorted_tables if t.name not in OUTSIDE]
UNWRITTEN = ("attachment", "draft", "movement", "reservation", "result", "section", "vote")
"""Tables of records that no revision writes yet: rows are put there as one would."""
UNPROVED = {"number_block.first", "section_now"}
"""What stands outside of the chain, and nothing else in the estate tells: where a block of numbers begins, and that a
row was there whose values have no history."""
JOURNAL = next(name for name in integrity._STEPS if str(name) == "journal")
STORED = next(name for name in integrity._STEPS if str(name) == "files and numbers")
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
    put_rows(store)
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
    """What the story of the kept estates leaves out: work, and a source whose word another one's outvotes."""
    hand = Hand(store)
    hand.set(hand.make("task", "Wipe the disk"), "name", "Wipe both disks")
    hand.make("server", "S-9", rack=hand.make("rack", "R-9"))
    with store.read() as reader:
        key, fields = next(iter(reader.records("assignment").items()))
    hand.apply(Edit(Record("assignment", key), "since", fields.get("since"), "2026-01-31"))
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


def put_rows(store: Store) -> None:
    """Rows of what no revision writes yet, in the hash chain as those of all others."""
    content = b"a file"
    sha256 = hashlib.sha256(content).hexdigest()
    with engines.writing(store._engine) as connection:
        last = connection.execute(select(func.max(tables.revision.c.number))).scalar_one()
        c = tables.ci.c
        record, owner = connection.execute(select(c.id, c.uid).where(c.name == "LT-9")).one()
        number = connection.execute(select(tables.series.c.next)).scalar_one()
        copy = connection.execute(select(tables.estate_copy.c.id)).scalar_one()
        for name in ("blob", "blob_chunk", "section_body", "number_block", "series"):
            table = tables.metadata.tables[name]
            rows: dict[str, list[dict[str, Any]]] = {
                "blob": [{"sha256": sha256, "size": len(content)}],
                "blob_chunk": [{"sha256": sha256, "n": 0, "content": content[:4]},
                               {"sha256": sha256, "n": 1, "content": content[4:]}],
                "section_body": [{"id": n, "hash": str(n) * 64, "body": f'{{"slot":{n}}}'} for n in (1, 2)],
                "number_block": [{"series": "TSK", "copy": copy, "first": number, "last": number + 9}],
            }  # fmt: skip
            if name in rows:
                connection.execute(table.insert(), rows[name])
        connection.execute(tables.series.update().values(next=number + 10))
        given: dict[str, Any] = {"sha256": sha256, "size": len(content), "body": 1, "record": record, "audit": owner}
        for name in UNWRITTEN:
            now, past = tables.metadata.tables[name], tables.metadata.tables[f"{name}_version"]
            connection.execute(now.insert(), {**a_row(now, record, "one"), **known(now, given), "revision": last})
            older = {**a_row(past, record, "other"), **known(past, {**given, "body": 2})}
            connection.execute(past.insert(), {**older, "revision": last - 1, "ended": last})
        body = {"record": record, "section": "one", "source": "one", "observed": "2026-01-01T00:00:00Z"}
        connection.execute(tables.section_now.insert(), {**body, "body": '{"free":1}'})
        section_index.write(connection, store.schema, [record])
        names = CanonicalNames(connection)
        for row, edits in chain.edits_of(connection, last - 2, last, names, Control()):
            link = chain.link(chain.stored_link(connection, row.number - 1), row._asdict(), edits, names)
            connection.execute(tables.revision.update().where(tables.revision.c.number == row.number), {"hash": link})


def a_row(table: Table, record: int, word: str) -> dict[str, Any]:
    """Some value for each column of a table."""
    return {
        c.name: record if c.info.get("refers") == "record" else 1 if isinstance(c.type, Integer)
        else '{"a":1}' if c.info.get("json") else word
        for c in table.columns
    }  # fmt: skip


def known(table: Table, values: dict[str, Any]) -> dict[str, Any]:
    """Those of the values that a table has columns for."""
    return {name: value for name, value in values.items() if name in table.c}


def found(store: Store) -> list[str]:
    """The problems that the first step finds that finds some. The journal goes first: it finds nearly all."""
    for step in sorted(integrity._STEPS, key=lambda name: (name != JOURNAL, name != STORED)):
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


def test_every_table_has_rows(estate: Store) -> None:
    with estate._engine.connect() as connection:
        empty = {
            name
            for name in TABLES
            if not connection.execute(select(func.count()).select_from(tables.metadata.tables[name])).scalar()
        }
    assert empty == set()


@pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.soak)], ids=["one", "every"])
@pytest.mark.parametrize("name", TABLES)
def test_a_change_of_any_column_is_found(estate: Store, name: str, every: bool) -> None:
    """Each column is given one other value, of the kinds in turn; in ``make soak`` each of them."""
    table = tables.metadata.tables[name]
    for place, column in enumerate(table.columns):
        with estate._engine.connect() as connection:
            row = row_of(connection, table, column)
        if row is None:
            pytest.skip("nothing stands in it")
        before = row._asdict()
        done = 0
        values = list(others(column, before[column.name]))
        first = place % len(values)
        for value in values[first:] + values[:first]:
            if (
                (done and not every)
                or value == before[column.name]
                or not changed(estate, table, before, {column.name: value})
            ):
                continue
            done += 1
            problems = found(estate)
            assert changed(estate, table, {**before, column.name: value}, before)
            assert problems or str(column) in UNPROVED, f"{column}: {before[column.name]!r} became {value!r}"
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
        assert problems or name in UNPROVED, f"{name}: {row}"


@pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.soak)], ids=["one or all", "every"])
@pytest.mark.parametrize("name", TABLES)
def test_an_added_row_is_found(estate: Store, name: str, every: bool) -> None:
    """A row like another one, with another key: each column of the key in turn, or all of it, is another value; in
    ``make soak`` every set of its columns.
    """
    table = tables.metadata.tables[name]
    keys = list(table.primary_key.columns)
    with estate._engine.connect() as connection:
        row = connection.execute(select(table).order_by(*keys).limit(1)).first()
    if row is None:
        pytest.skip("nothing stands in it")
    unique = {c for c in table.columns if c.unique and c not in keys}
    unique |= {c for index in table.indexes if index.unique for c in index.columns}
    unique |= {c for one in table.constraints if isinstance(one, UniqueConstraint) for c in one.columns}
    sizes = range(1, len(keys) + 1) if every else sorted({1, len(keys)})
    sets = [c for n in sizes for c in itertools.combinations(keys, n)]
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

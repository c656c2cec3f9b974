"""The step of ``check`` that compares the layout of the database with the one that this Terrier makes.

What others add (a trigger, a view, a column, a default, a policy) can change what is read or written although every row
holds what the journal says.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from sqlalchemy import Connection, create_engine, func, select

from cmdb.model.messages import Message
from cmdb.store.connection import engine as engines
from cmdb.store.rows import indexes, tables
from cmdb.store.rows.estate_copies import KEY
from cmdb.store.rows.head_signatures import OF_PACKS, is_signed
from cmdb.store.upkeep.audits import AuditContext
from cmdb.store.upkeep.database_layout import Layout, LayoutObject, layout_of
from cmdb.store.upkeep.layout import lay_out
from cmdb.store.upkeep.migrations import HEAD

_NAMES = {
    "table": Message("table"), "column": Message("column"), "index": Message("index"), "view": Message("view"),
    "trigger": Message("trigger"), "foreign_table": Message("foreign table"), "sequence": Message("sequence"),
    "constraint": Message("constraint"), "rule": Message("rule"), "policy": Message("row security policy"),
    "inherited_table": Message("table that inherits"), "function": Message("function"), "type": Message("type"),
}  # fmt: skip

_TEMPORARY = "SELECT nspname FROM pg_namespace WHERE oid = pg_my_temp_schema()"


def check_layout(look: AuditContext) -> Iterator[Message]:
    """Differences between the layout of the database and that of a new estate with the same classes."""
    look.progress(0, 3)
    present = layout_of(look.connection)
    look.progress(1, 3)
    wanted = _expected(look)
    look.progress(2, 3)
    structural = {index.name for table in tables.metadata.sorted_tables for index in table.indexes}
    for one in sorted(present.keys() - wanted.keys()):
        yield _added(one)
    for one in sorted(wanted.keys() - present.keys()):
        if one.kind != "index":
            yield Message(
                "The {kind} {name} is missing, or is not as Terrier makes it.", kind=_NAMES[one.kind], name=one.name
            )
        elif one.name in structural:
            yield Message("The index {index} is missing: some lists are slow.", index=one.name)
    for one in sorted(present.keys() & wanted.keys()):
        if present[one] != wanted[one]:
            yield Message("The {kind} {name} is not as Terrier makes it.", kind=_NAMES[one.kind], name=one.name)
    yield from _marks(look)


def _added(one: LayoutObject) -> Message:
    return Message(
        "The {kind} {name} is not Terrier's: it was added from outside.",
        kind=_NAMES.get(one.kind, one.kind),
        name=one.name,
    )


def _expected(look: AuditContext) -> Layout:
    """The layout of a new estate: made in memory for a file, and among temporary tables on a server."""
    dialect = look.connection.dialect.name
    of_classes = tuple(indexes.wanted(look.schema, dialect).values())
    return _of_a_file(of_classes) if dialect == "sqlite" else _on_the_server(look, of_classes)


@lru_cache(maxsize=4)
def _of_a_file(of_classes: tuple[str, ...]) -> Layout:
    """The layout of a new file, with the indexes ``of_classes``. It is the same for every file."""
    engine = create_engine("sqlite://")
    try:
        with engine.connect() as connection:
            _make(connection, of_classes)
            return layout_of(connection)
    finally:
        engine.dispose()


def _on_the_server(look: AuditContext, of_classes: tuple[str, ...]) -> Layout:
    with engines.writing(look.store._engine) as connection:  # It may make temporary tables, and is rolled back.
        home = connection.exec_driver_sql("SELECT quote_ident(current_schema())").scalar()
        connection.exec_driver_sql("CREATE TEMPORARY TABLE terrier_layout (id INTEGER)")
        connection.exec_driver_sql("DROP TABLE terrier_layout")
        connection.exec_driver_sql(f"SET LOCAL search_path = pg_temp, {home}")
        _make(connection, of_classes)
        found = layout_of(connection, str(connection.exec_driver_sql(_TEMPORARY).scalar()))
        connection.rollback()
        return found


def _make(connection: Connection, of_classes: tuple[str, ...]) -> None:
    lay_out(connection)
    for sql in of_classes:
        connection.exec_driver_sql(sql)


def _marks(look: AuditContext) -> Iterator[Message]:
    """What the estate says of itself: its format, and the migration that it is of."""
    said = {tuple(row) for row in look.connection.execute(select(tables.meta.c.key, tables.meta.c.value))}
    said -= {(indexes.PUT_OFF, value) for key, value in said if key == indexes.PUT_OFF and _without_values(look, value)}
    copies = look.connection.execute(select(tables.estate_copy.c.uid)).scalars()
    present = said & {(KEY, uid) for uid in copies}
    if len(present) != 1:
        yield Message("The estate does not say which of its copies it is.")
    kept = {pair for pair in said if pair[0] in OF_PACKS}
    said -= kept
    public = look.connection.execute(
        select(tables.estate_copy.c.public_key).where(tables.estate_copy.c.uid.in_([uid for _, uid in present]))
    ).scalar()
    head = look.reader.head()
    if public and not is_signed(look.connection, public, head.number, head.hash):
        yield Message("The head of the pack's journal is not signed with its key.")
    if kept and not public:
        yield Message("What the estate says of itself was changed from outside: it has a key, but is no pack.")
    for key, value in sorted(said - present ^ {("format", str(tables.FORMAT))}):
        yield Message("What the estate says of itself was changed from outside: {key} = {value}.", key=key, value=value)
    migrations = look.connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars().all()
    if list(migrations) != [HEAD]:
        yield Message("The mark of the estate's layout was changed from outside.")


def _without_values(look: AuditContext, names: str) -> bool:
    """Whether the indexes that are put off are such, and no CI has a value of their attributes."""
    may = indexes.may_be_put_off(look.schema, look.connection.dialect.name)
    waiting = set(names.split())
    if not waiting <= may.keys():
        return False
    in_json = "SELECT DISTINCT key FROM ci, json_each(ci.extra)"
    filled = set(look.connection.exec_driver_sql(in_json).scalars())
    columns = sorted({may[name] for name in waiting} & tables.COLUMNS.keys())
    if columns:
        counts = select(*(func.count(tables.ci.c[name]) for name in columns))
        row = look.connection.execute(counts).one()
        filled |= {name for name, count in zip(columns, row, strict=True) if count}
    return not filled & {may[name] for name in waiting}

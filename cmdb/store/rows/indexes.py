"""The indexes of attributes.

An attribute that the schema marks as indexed, and every reference, can be sorted and looked up fast. Each index holds
the existing values, then the columns that lists are sorted and filtered by. So a page, a jump and the sorted ids of a
class are read from the index alone. The indexes are created and dropped when the schema changes, not by migrations.

To make one index takes a pass over all CIs, also where none has a value. So after a load into a file, the index of an
attribute that no CI has is put off: it is made when the first CI gets a value.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlalchemy import Connection, select

from cmdb.model.money import DECIMALS
from cmdb.model.schema import Attribute, Schema
from cmdb.store.rows import tables

PUT_OFF = "indexes_put_off"
"""The key in ``meta`` of the names of the indexes that are put off, with a blank between them."""
_PREFIX, _UNIQUE_PREFIX = "ix_extra_", "ix_unique_"
NUMBERS = ("integer", "number", "money", "boolean")
"""The types of attributes that are compared as numbers, not as texts."""


def extra_text(dialect: str, alias: str, name: str) -> str:
    """The SQL of an attribute in the JSON column; the same text as in its expression index."""
    safe = name.replace("'", "").replace('"', "")
    if dialect == "sqlite":
        return f"({alias}.extra ->> '$.\"{safe}\"')"
    return f"(({alias}.extra::jsonb ->> '{safe}') COLLATE \"C\")"


def extra_value(dialect: str, alias: str, attribute: Attribute) -> str:
    """As ``extra_text``, but numbers are numbers on PostgreSQL. In SQLite they are numbers already.

    Amounts of money are exact: decimals on PostgreSQL, and in SQLite, which has none, integers of ten-thousandths.
    """
    found = extra_text(dialect, alias, attribute.name)
    if dialect == "sqlite" and attribute.type == "money":
        return _ten_thousandths(found.replace("->>", "->"))
    if dialect == "postgresql" and attribute.type in ("integer", "number", "money"):
        return f"({found}::numeric)"
    return found


def past_value(alias: str, attribute: Attribute) -> str:
    """PostgreSQL: as ``extra_value``, where the attribute may have been of another type; then there is no number."""
    found = extra_text("postgresql", alias, attribute.name)
    if attribute.type not in ("integer", "number", "money"):
        return found
    number = f"substring({found} from '^-?[0-9]+(?:[.][0-9]+)?(?:[eE][-+]?[0-9]+)?$')"
    return f"({number}::numeric)"


def _ten_thousandths(literal: str) -> str:
    """The SQL of a JSON number's literal with up to four decimals, as an integer: 899.90 is 8999000."""
    point = f"instr({literal} || '.', '.')"
    fraction = f"substr(substr({literal}, {point} + 1) || '0000', 1, {DECIMALS})"
    return f"(CAST(substr({literal}, 1, {point} - 1) || {fraction} AS INTEGER))"


def wanted(schema: Schema, dialect: str) -> dict[str, str]:
    """Index name → the SQL that creates it."""
    return dict(pair for attribute in schema.all_attributes().values() for pair in of_attribute(attribute, dialect))


def of_attribute(attribute: Attribute, dialect: str) -> Iterator[tuple[str, str]]:
    """Name and SQL of the indexes of one attribute. Empty if it is not marked, or is the name.

    A text that must be unique is looked up as it is compared, without case.
    """
    name = attribute.name
    kind = tables.COLUMNS.get(name, "")
    if attribute.unique and not kind and attribute.type not in NUMBERS:
        expression = f"lower({extra_text(dialect, 'ci', name)})".replace("ci.extra", "extra")
        yield _index(_UNIQUE_PREFIX + _plain(name), f'{expression}, "class"', f"{expression} IS NOT NULL")
    if name == "name" or not (attribute.indexed or kind == "reference"):
        return
    if not kind:
        expression = extra_value(dialect, "ci", attribute).replace("ci.extra", "extra")
        yield _index(index_name(name), f'{expression}, "name_key"', f"{expression} IS NOT NULL")
        return
    column = f'lower("{name}")' if kind == "nocase" and dialect == "postgresql" else f'"{name}"'
    yield _index(index_name(name), f'{column}, "name_key", "class", "id", "revision"', f'"{name}" IS NOT NULL')


def missing(connection: Connection, schema: Schema) -> dict[str, str]:
    """Name → SQL of the missing indexes, without those that are put off."""
    there = present(connection) | put_off(connection)
    return {name: sql for name, sql in wanted(schema, connection.dialect.name).items() if name not in there}


def drop_unwanted(connection: Connection, schema: Schema) -> None:
    """Drops the indexes of attributes that are no longer marked."""
    ours = wanted(schema, connection.dialect.name)
    for name in sorted(present(connection) - ours.keys()):
        connection.exec_driver_sql(f'DROP INDEX IF EXISTS "{name}"')
    # What is marked again later may have got values meanwhile: then its index is missing.
    _say_put_off(connection, put_off(connection) & ours.keys())


def put_off(connection: Connection) -> set[str]:
    """The names of the indexes that are made when the first CI gets a value of their attribute."""
    said = connection.execute(select(tables.meta.c.value).where(tables.meta.c.key == PUT_OFF)).scalar()
    return set(str(said or "").split())


def put_off_where_empty(
    connection: Connection, schema: Schema, names: Collection[str], attributes: Collection[str]
) -> set[str]:
    """Puts off those of the indexes ``names`` that would hold nothing. Returns their names.

    ``attributes`` are those that any CI has a value of. The indexes of columns that refer to other CIs stay: what a CI
    is referred to by is asked of all of them.
    """
    ours = may_be_put_off(schema, connection.dialect.name)
    empty = {name for name in names if name in ours and ours[name] not in attributes}
    _say_put_off(connection, put_off(connection) | empty)
    return empty


def may_be_put_off(schema: Schema, dialect: str) -> dict[str, str]:
    """The indexes that may be put off: name → attribute."""
    attributes = [a for a in schema.all_attributes().values() if tables.COLUMNS.get(a.name) != "reference"]
    return {name: a.name for a in attributes for name, _ in of_attribute(a, dialect)}


def make_put_off(connection: Connection, schema: Schema, attributes: Collection[str]) -> None:
    """Makes the indexes that are put off of attributes which CIs have values of now."""
    waiting = put_off(connection)
    if not waiting:
        return
    every = schema.all_attributes()
    due = dict(
        pair for name in attributes if name in every for pair in of_attribute(every[name], connection.dialect.name)
    )
    for name in sorted(waiting & due.keys()):
        connection.exec_driver_sql(due[name])
    if waiting & due.keys():
        _say_put_off(connection, waiting - due.keys())


def _say_put_off(connection: Connection, names: Collection[str]) -> None:
    meta, said = tables.meta, " ".join(sorted(names))
    if said == " ".join(sorted(put_off(connection))):
        return
    connection.execute(meta.delete().where(meta.c.key == PUT_OFF))
    if said:
        connection.execute(meta.insert(), [{"key": PUT_OFF, "value": said}])


def index_name(attribute: str) -> str:
    """The name of the index of an attribute."""
    if attribute in tables.COLUMNS:
        return f"ix_ci_{attribute}"
    return _PREFIX + _plain(attribute)


def _plain(attribute: str) -> str:
    return "".join(c for c in attribute if c.isalnum() or c == "_")


def drop_changed(connection: Connection, before: Schema, now: Schema) -> None:
    """Drops the indexes of attributes that are of another type now: their expressions no longer fit the values."""
    old, new = (wanted(schema, connection.dialect.name) for schema in (before, now))
    for name in sorted(present(connection)) if old != new else ():
        if name in old and name in new and old[name] != new[name]:
            connection.exec_driver_sql(f'DROP INDEX IF EXISTS "{name}"')


def present(connection: Connection) -> set[str]:
    """The names of the existing indexes of this kind."""
    sql = "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = 'ci'"
    if connection.dialect.name == "postgresql":
        sql = "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema() AND tablename = 'ci'"
    prefixes = ("ix_ci_", _PREFIX, _UNIQUE_PREFIX)
    structural = {index.name for index in tables.ci.indexes}
    names = connection.exec_driver_sql(sql).scalars()
    return {n for n in names if n.startswith(prefixes) and n not in structural}


def _index(name: str, columns: str, condition: str) -> tuple[str, str]:
    return name, f'CREATE INDEX IF NOT EXISTS "{name}" ON ci ({columns}) WHERE {condition}'

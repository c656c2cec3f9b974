"""What is laid out in a database: every object with its definition, in a form in which two layouts can be compared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import Connection

_SPACES = re.compile(r"\s+")
_SAID = r"(?:DEFAULT|NOT|COLLATE)\s\S+|\S+"
"""What is said of a column: a default, a collation, that it is never empty, or one word."""


class LayoutObject(NamedTuple):
    """An object of a database: what it is (table, column, index, trigger, …) and its name."""

    kind: str
    name: str


Layout = dict[LayoutObject, str]
"""Object → its definition."""


def layout_of(connection: Connection, schema: str = "") -> Layout:
    """The layout of the database, or of one schema of a server (empty: the one in which the estate is).

    What the database itself keeps (statistics, automatic indexes), and what extensions bring, is left out.
    """
    if connection.dialect.name == "sqlite":
        return dict(_of_file(connection))
    schema = schema or str(connection.exec_driver_sql("SELECT current_schema()").scalar())
    return dict(_of_server(connection, schema))


# -- files ----------------------------------------------------------------------------------------------------------


def _of_file(connection: Connection) -> Iterator[tuple[LayoutObject, str]]:
    rows = connection.exec_driver_sql("SELECT type, name, tbl_name, sql FROM sqlite_master").all()
    for kind, name, table, sql in rows:
        if str(name).startswith("sqlite_") or (kind == "index" and sql is None):
            continue
        if kind != "table" or str(sql).upper().startswith("CREATE VIRTUAL"):
            yield LayoutObject(kind, name), _spelled(f"{sql} on {table}")
            continue
        parts, options = _parts(str(sql))
        yield LayoutObject(kind, name), options
        for part in parts:
            yield LayoutObject("column", f"{name}: {part}"), ""


def _spelled(sql: str) -> str:
    """A definition in one spelling: older formats quoted and spaced theirs differently."""
    text = re.sub(r"[\"`\[\]]", "", sql)
    return _SPACES.sub(" ", re.sub(r"\s*([(),])\s*", r"\1", text)).strip()


def _part(sql: str) -> str:
    """A part of a table's definition. What is said of a column after its name may stand in any order."""
    words = _spelled(sql).split(" ")
    if words[0].upper() in ("CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"):
        return " ".join(words)
    text = re.sub(r"DEFAULT '(\d+)'", r"DEFAULT \1", " ".join(words[1:]))
    said = re.findall(_SAID, text)
    return " ".join([words[0], *sorted(said)])


def _parts(sql: str) -> tuple[list[str], str]:
    """The parts of a table's definition (columns and constraints), and what follows them."""
    start = sql.index("(")
    parts, depth, last, quoted = [], 0, start + 1, ""
    for place, char in enumerate(sql[start:], start):
        if quoted:
            quoted = "" if char == quoted else quoted
        elif char in "'\"`":
            quoted = char
        elif char == "(":
            depth += 1
        elif char == ")":
            depth -= 1
        if not quoted and ((char == "," and depth == 1) or (char == ")" and depth == 0)):
            parts.append(_part(sql[last:place]))
            last = place + 1
            if depth == 0:
                break
    return parts, _spelled(sql[last:])


# -- servers --------------------------------------------------------------------------------------------------------

_EXTENSION = (
    "NOT EXISTS (SELECT 1 FROM pg_depend AS d WHERE d.deptype = 'e' AND d.classid = '{catalog}'::regclass "
    "AND d.objid = {oid})"
)
_RELATIONS = "JOIN pg_class AS c ON c.oid = {oid} JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE n.nspname = %s"
_KINDS = {
    "r": "table", "p": "table", "v": "view", "m": "view", "f": "foreign_table", "S": "sequence", "c": "type",
    "t": "table",
}  # fmt: skip
#: What to read of a schema: the kind of the objects and a statement that has their names and definitions.
_SERVER: tuple[tuple[str, str], ...] = (
    (
        "column",
        "SELECT c.relname || '.' || a.attname, concat_ws(' ', format_type(a.atttypid, a.atttypmod), "
        "CASE WHEN a.attnotnull THEN 'NOT NULL' END, 'DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), "
        "'COLLATE ' || l.collname, nullif(a.attidentity::text, ''), nullif(a.attgenerated::text, '')) "
        "FROM pg_attribute AS a LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum "
        "LEFT JOIN pg_collation AS l ON l.oid = a.attcollation "
        + _RELATIONS.format(oid="a.attrelid")
        + " AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped",
    ),
    (
        "constraint",
        "SELECT c.relname || '.' || o.conname, pg_get_constraintdef(o.oid) FROM pg_constraint AS o "
        + _RELATIONS.format(oid="o.conrelid"),
    ),
    (
        "index",
        "SELECT c.relname, pg_get_indexdef(c.oid) FROM pg_index AS i " + _RELATIONS.format(oid="i.indexrelid"),
    ),
    (
        "trigger",
        "SELECT c.relname || '.' || t.tgname, pg_get_triggerdef(t.oid) || ' ' || t.tgenabled::text "
        "FROM pg_trigger AS t " + _RELATIONS.format(oid="t.tgrelid") + " AND NOT t.tgisinternal",
    ),
    (
        "rule",
        "SELECT c.relname || '.' || r.rulename, pg_get_ruledef(r.oid) FROM pg_rewrite AS r "
        + _RELATIONS.format(oid="r.ev_class")
        + " AND c.relkind IN ('r', 'p')",
    ),
    (
        "policy",
        "SELECT c.relname || '.' || p.polname, concat_ws(' ', p.polcmd::text, pg_get_expr(p.polqual, p.polrelid), "
        "pg_get_expr(p.polwithcheck, p.polrelid)) FROM pg_policy AS p " + _RELATIONS.format(oid="p.polrelid"),
    ),
    (
        "inherited_table",
        "SELECT c.relname || ' <- ' || h.inhrelid::regclass::text, '' FROM pg_inherits AS h "
        + _RELATIONS.format(oid="h.inhparent"),
    ),
    (
        "function",
        "SELECT f.proname || '(' || pg_get_function_identity_arguments(f.oid) || ')', f.prosrc FROM pg_proc AS f "
        "JOIN pg_namespace AS n ON n.oid = f.pronamespace WHERE n.nspname = %s AND "
        + _EXTENSION.format(catalog="pg_proc", oid="f.oid"),
    ),
)


def _of_server(connection: Connection, schema: str) -> Iterator[tuple[LayoutObject, str]]:
    relations = (
        "SELECT c.relkind::text, c.relname, concat_ws(' ', CASE WHEN c.relrowsecurity THEN 'ROW SECURITY' END, "
        "CASE WHEN c.relforcerowsecurity THEN 'FORCED' END, array_to_string(c.reloptions, ' ')) FROM pg_class AS c "
        "JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE n.nspname = %s AND c.relkind NOT IN ('i', 'I') AND "
        + _EXTENSION.format(catalog="pg_class", oid="c.oid")
    )
    for kind, name, definition in connection.exec_driver_sql(relations, (schema,)):
        yield LayoutObject(_KINDS.get(kind, kind), name), definition
    for kind, sql in _SERVER:
        rows: Any = connection.exec_driver_sql(sql, (schema,))
        for name, definition in rows:
            yield LayoutObject(kind, name), _unqualified(str(definition), schema)


def _unqualified(definition: str, schema: str) -> str:
    """A definition without the name of its schema."""
    for name in (f'"{schema}"', schema, "pg_temp"):
        definition = definition.replace(f"{name}.", "")
    return definition

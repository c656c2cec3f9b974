"""The tables of other tools that are known, as a table of the documentation."""

from __future__ import annotations

from cmdb.model.schema import Schema
from importers.foreign_tables import ForeignTable, tools


def known_tables() -> str:
    """Each tool's tables, what their rows become, and what an export for the tool writes."""
    schema = Schema.load()
    lines = [
        f"| {tool.name} | {table.name} | {_becomes(schema, table)} | {f'`--for {tool.key}`' if table.writes else ''} |"
        for tool in tools()
        for table in tool.tables
    ]
    return "\n".join(("| tool | table | its rows become | written by |", "| --- | --- | --- | --- |", *lines))


def _becomes(schema: Schema, table: ForeignTable) -> str:
    if table.holds == "class":
        base = schema.cls(table.base)
        return f"{base.plural}, each of the class that it says" if table.class_column else str(base.plural)
    return _KINDS.get(table.holds, table.holds)


_KINDS = {
    "counted": "nothing: pieces that are only counted are refused, in one line",
    "nothing": "nothing: refused in one line",
    "relationship": "relationships",
    "installation": "installed software",
    "assignment": "assignments of licences",
    "event": "events of hand-overs and returns",
}

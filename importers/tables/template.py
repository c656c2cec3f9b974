"""Templates: an empty sheet of a class to fill in."""

from __future__ import annotations

from pathlib import Path

from cmdb.model.errors import FileProblem
from cmdb.model.messages import Message, tr
from cmdb.model.schema import Attribute, Schema
from cmdb.model.whole_files import save_whole
from importers.spreadsheets.fields import fields_of, find_kind
from importers.tables.model import Column, Table, column_of
from importers.tables.table_writer import write

_ROWS = 5000
_TITLES = {
    "relationship": Message("Relationships"), "installation": Message("Installations"),
    "assignment": Message("Assignments"),
}  # fmt: skip


def write_template(path: str | Path, schema: Schema, cls: str) -> None:
    """Writes an empty spreadsheet of a class, or of Relationship, Installation or Assignment.

    Each column has a note, choices have drop-downs (xlsx), and an abstract class gets a column ``Class``.
    Raises SchemaError for an unknown class, FileProblem where nothing can be written.
    """
    path = Path(path)
    if path.suffix.casefold() not in (".xlsx", ".csv", ".tsv", ".ods"):
        raise FileProblem(Message("{file}: a template is an .xlsx, .csv, .tsv or .ods file.", file=path.name))
    kind = find_kind(cls)
    table = _field_table(schema, kind) if kind else _class_table(schema, cls)
    if path.suffix.casefold() != ".xlsx":
        write(path, [table])
        return
    from importers.tables.xlsx import write_xlsx

    save_whole(path, lambda file: write_xlsx(file, [table], _ROWS))


def _class_table(schema: Schema, cls: str) -> Table:
    one = schema.find_class(cls)
    attributes = sorted(_attributes(schema, one.name), key=lambda a: (a.name != "name", not a.required))
    columns = [column_of(a, schema) for a in attributes]
    concrete = [schema.classes[n].label for n in schema.family(one.name) if not schema.classes[n].abstract]
    if one.abstract:
        columns.insert(
            1,
            Column("class", tr("Class"), "choice", choices=tuple(concrete), note=tr("Required. Which of them it is.")),
        )
    return Table(one.plural, columns, ())


def _attributes(schema: Schema, cls: str) -> list[Attribute]:
    return list(
        schema.all_attributes(cls).values() if schema.classes[cls].abstract else schema.classes[cls].attributes.values()
    )


def _field_table(schema: Schema, kind: str) -> Table:
    columns = []
    for attribute in fields_of(kind):
        column = column_of(attribute, schema)
        if attribute.name == "relationship":
            labels = tuple(t.label for t in schema.relationships.values())
            column = Column(
                column.name, column.label, "choice", choices=labels, note=tr("Required. How the two are related.")
            )
        columns.append(column)
    return Table(str(_TITLES[kind]), columns, ())

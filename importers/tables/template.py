"""Templates: an empty sheet of a class to fill in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cmdb.model.errors import FileProblem, SchemaError
from cmdb.model.messages import Message, tr
from cmdb.model.schema import Attribute, RecordSection, Schema
from cmdb.model.whole_files import save_whole
from importers.spreadsheets.columns.fields import fields_of, find_kind
from importers.tables.model import Column, Table, column_of
from importers.tables.section_columns import section_columns
from importers.tables.table_writer import write

_ROWS = 5000
_TITLES = {
    "relationship": Message("Relationships"), "installation": Message("Installations"),
    "assignment": Message("Assignments"), "event": Message("Events"),
}  # fmt: skip


def write_template(path: str | Path, schema: Schema, cls: str, sections: Sequence[str] = ()) -> None:
    """Writes an empty spreadsheet of a class, of Relationship, Installation, Assignment or Event, or of a section.

    ``sections`` are the names of sections that have a sheet of their own beside it. Each column has a note, choices
    have drop-downs (xlsx), and an abstract class gets a column ``Class``. Raises SchemaError for an unknown class,
    FileProblem where nothing can be written.
    """
    path = Path(path)
    if path.suffix.casefold() not in (".xlsx", ".csv", ".tsv", ".ods"):
        raise FileProblem(Message("{file}: a template is an .xlsx, .csv, .tsv or .ods file.", file=path.name))
    tables = [_table(schema, cls), *(_section_table(schema.section(name), schema) for name in sections)]
    if path.suffix.casefold() != ".xlsx":
        write(path, tables)
        return
    from importers.tables.xlsx import write_xlsx

    save_whole(path, lambda file: write_xlsx(file, tables, _ROWS))


def _table(schema: Schema, word: str) -> Table:
    kind = find_kind(word)
    if kind:
        return _field_table(schema, kind)
    try:
        return _class_table(schema, word)
    except SchemaError:
        section = schema.find_section(word)
        if section is None:
            raise
        return _section_table(section, schema)


def _section_table(section: RecordSection, schema: Schema) -> Table:
    return Table(str(section.plural or section.label), section_columns(schema, section), ())


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
        schema.shown_attributes(cls).values()
        if schema.classes[cls].abstract
        else schema.classes[cls].shown_attributes.values()
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

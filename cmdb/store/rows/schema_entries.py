"""The estate's schema: Terrier's schema with the estate's own entries."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from cmdb.model.errors import InvalidValue, SchemaError
from cmdb.model.messages import Message, counted
from cmdb.model.schema import Schema
from cmdb.store.rows import tables
from cmdb.store.rows.codec import load


def read_schema(connection: Connection) -> Schema:
    """The schema with the current entries. Raises SchemaError if they contradict each other or Terrier's schema."""
    d = tables.document.c
    rows = connection.execute(select(d.body).where(d.kind == "schema_entry").order_by(d.uid)).scalars().all()
    documents = [load(body).get("document") for body in rows]
    if not all(isinstance(document, dict) for document in documents):
        raise SchemaError(Message("A schema entry needs a document: tables of classes and relationship types."))
    return Schema.load(extra=documents)


def check_change(connection: Connection, old: Schema) -> None:
    """Raises SchemaError or InvalidValue unless the current entries fit together and fit the records.

    A class, relationship type or attribute that records use must not be removed. The type of such an attribute must not
    change.
    """
    new = read_schema(connection)
    new.sections  # noqa: B018  they are read when they are asked for, and must fit, too
    ci, links = tables.ci.c, tables.relationship.c
    for name, number in connection.execute(select(ci["class"], func.count()).group_by(ci["class"])).all():
        if name not in new.classes or new.classes[name].abstract:
            raise InvalidValue(
                counted(
                    "{count} record is of the class “{name}”: it must stay.",
                    "{count} records are of the class “{name}”: it must stay.",
                    number,
                    name=name,
                )
            )
    for name, number in connection.execute(select(links.type, func.count()).group_by(links.type)).all():
        if name not in new.relationships:
            raise InvalidValue(
                counted(
                    "{count} relationship is of the type “{name}”: it must stay.",
                    "{count} relationships are of the type “{name}”: it must stay.",
                    number,
                    name=name,
                )
            )
    _check_sections(connection, old, new)
    after = new.every_attribute
    for name, attribute in old.every_attribute.items():
        if name not in after or after[name].type != attribute.type:
            _check_unused(connection, name)


def _check_sections(connection: Connection, old: Schema, new: Schema) -> None:
    """Raises InvalidValue where rows are of a section, or have a column, that the schema would lack or change."""
    t, b = tables.section.c, tables.section_body.c
    for name, number in connection.execute(select(t.section, func.count()).group_by(t.section)).all():
        if name not in new.sections:
            raise InvalidValue(
                counted(
                    "{count} row is of the section “{name}”: it must stay.",
                    "{count} rows are of the section “{name}”: it must stay.",
                    number,
                    name=name,
                )
            )
        bodies = select(b.body).join(tables.section, t.body == b.id).where(t.section == name).distinct()
        used = {column for body in connection.execute(bodies).scalars() for column in load(body)}
        columns = new.sections[name].columns
        before = old.sections[name].columns
        for column in sorted(used):
            if column in columns and (column not in before or columns[column].type == before[column].type):
                continue
            raise InvalidValue(
                Message(
                    "Rows of the section “{name}” have the column “{column}”: it must stay.", name=name, column=column
                )
            )


def _check_unused(connection: Connection, name: str) -> None:
    ci = tables.ci.c
    has = ci[name].is_not(None) if name in tables.COLUMNS else ci.extra.contains(f'"{name}":', autoescape=True)
    number = connection.execute(select(func.count()).where(has)).scalar_one()
    if number:
        raise InvalidValue(
            counted(
                "{count} record has the attribute “{name}”: it must stay as it is.",
                "{count} records have the attribute “{name}”: it must stay as it is.",
                number,
                name=name,
            )
        )

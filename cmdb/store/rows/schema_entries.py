"""The estate's schema: Terrier's schema with the estate's own entries."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, String, Table, func, literal_column, select

from cmdb.model.errors import InvalidValue, SchemaError
from cmdb.model.messages import Message, counted
from cmdb.model.schema import Attribute, Schema
from cmdb.model.values import check
from cmdb.store.rows import tables
from cmdb.store.rows.codec import dump, load
from cmdb.store.rows.indexes import extra_text
from cmdb.store.rows.roots import BY_NAME
from cmdb.store.rows.stored_statements import unpack


def read_schema(connection: Connection) -> Schema:
    """The schema with the current entries. Raises SchemaError if they contradict each other or Terrier's schema."""
    d = tables.document.c
    rows = connection.execute(select(d.body).where(d.kind == "schema_entry").order_by(d.uid)).scalars().all()
    documents = [load(body).get("document") for body in rows]
    if not all(isinstance(document, dict) for document in documents):
        raise SchemaError(Message("A schema entry needs a document: tables of classes and relationship types."))
    return Schema.load(extra=documents)


def entry_marks(connection: Connection) -> tuple[tuple[str, int], ...]:
    """The current entries and the revisions that wrote them: others after each change of the schema."""
    d = tables.document.c
    rows = connection.execute(select(d.uid, d.revision).where(d.kind == "schema_entry").order_by(d.uid))
    return tuple((uid, number) for uid, number in rows)


def check_change(connection: Connection, old: Schema, new: Schema) -> None:
    """Raises SchemaError or InvalidValue unless the current entries fit the records.

    A class, relationship type or attribute that records use must not be removed. Where the type of an attribute
    changes, all that is said of it must be of the new type. Every record must have what its class requires from now on.
    """
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
    _check_choices(connection, old, new)
    _check_required(connection, old, new)
    after = new.every_attribute
    for name, attribute in old.every_attribute.items():
        if name not in after or (after[name].type != attribute.type and not _can_change(attribute, after[name])):
            _check_unused(connection, name)
        elif after[name].type != attribute.type:
            _check_converted(connection, after[name])


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


def _check_choices(connection: Connection, old: Schema, new: Schema) -> None:
    """Raises InvalidValue where records have a choice that their class would lack."""
    for cls in old.classes.keys() & new.classes.keys():
        for name, attribute in old.classes[cls].attributes.items():
            now = new.classes[cls].attributes.get(name)
            if now is None or now.type != "choice" or now.choices == attribute.choices:
                continue
            gone = {one.value for one in attribute.choices} - {one.value for one in now.choices}
            table = BY_NAME[new.root_of(cls)].table
            for value in sorted(gone):
                number = int(connection.execute(_having(connection.dialect.name, table, cls, name, value)).scalar_one())
                if number:
                    raise InvalidValue(
                        counted(
                            "{count} record has “{value}” as {attribute}: it must stay, or the record another one.",
                            "{count} records have “{value}” as {attribute}: it must stay, or the records another one.",
                            number,
                            value=value,
                            attribute=attribute.label,
                        )
                    )


def _having(dialect: str, table: Table, cls: str, name: str, value: str) -> Select[Any]:
    c = table.c
    if name in c:
        has = c[name] == value
    else:
        held: ColumnElement[str] = literal_column(extra_text(dialect, table.name, name), String)
        has = held == value
    return select(func.count()).select_from(table).where(c["class"] == cls, has)


def _check_required(connection: Connection, old: Schema, new: Schema) -> None:
    """Raises InvalidValue where records lack what their class requires, and did not until now."""
    for cls in old.classes.keys() & new.classes.keys():
        before, table = old.classes[cls].attributes, BY_NAME[new.root_of(cls)].table
        for name, attribute in new.classes[cls].attributes.items():
            if not attribute.required or (name in before and before[name].required):
                continue
            c = table.c
            said = func.coalesce(c.extra, "").contains(f"{dump(name).decode()}:", autoescape=True)
            lacks = c[name].is_(None) if name in c else ~said
            rows = select(func.count()).select_from(table).where(c["class"] == cls, lacks)
            number = int(connection.execute(rows).scalar_one())
            if number:
                raise InvalidValue(
                    counted(
                        "{count} record of the class {cls} has no {attribute}, which it needs from now on.",
                        "{count} records of the class {cls} have no {attribute}, which they need from now on.",
                        number,
                        cls=new.classes[cls].label,
                        attribute=attribute.label,
                    )
                )


def _can_change(before: Attribute, now: Attribute) -> bool:
    """Whether an attribute can be of another type at all: its values are in the JSON column, and refer to nothing."""
    return before.name not in tables.COLUMNS and "reference" not in (before.type, now.type)


def _check_converted(connection: Connection, attribute: Attribute) -> None:
    """Raises InvalidValue where a source says of a record what is no value of the attribute's type.

    Which choices a class has is checked as the values are written.
    """
    c = tables.claim.c
    statement = select(c.said).where(c.said.contains(f'"{attribute.name}":', autoescape=True))
    for said in connection.execute(statement).scalars():
        pair = unpack(said).get(attribute.name)
        if pair is not None and pair[0] is not None and attribute.type != "choice":
            check(attribute, pair[0])


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

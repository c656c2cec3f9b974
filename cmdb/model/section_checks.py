"""What a declared section must be: its classes are there, and its columns hold plain values of known types."""

from __future__ import annotations

from collections.abc import Container

from cmdb.model.declarations import FORMS, TYPES, RecordSection, SectionColumn
from cmdb.model.errors import SchemaError
from cmdb.model.messages import Message

TAKEN = ("record", "section", "source", "row_key", "stated_by")
"""What a change of a row says beside its columns."""

_NOT_IN_ROWS = ("reference", "money")


def check_section(section: RecordSection, classes: Container[str]) -> None:
    """Raises SchemaError where a section contradicts itself or the classes."""
    if not section.of:
        raise SchemaError(Message("Section “{section}” names no class that can have it.", section=section.label))
    for name in section.of:
        if name not in classes:
            raise SchemaError(
                Message(
                    "Section “{section}” names class “{cls}”, which does not exist.", section=section.label, cls=name
                )
            )
    if not section.columns:
        raise SchemaError(Message("Section “{section}” has no columns.", section=section.label))
    for column in section.columns.values():
        _check_column(Message("{section}: {column}", section=section.label, column=column.label), column)
    for name in section.identifies:
        if name not in section.columns:
            raise SchemaError(
                Message(
                    "Section “{section}” identifies its rows by “{name}”, which is none of its columns.",
                    section=section.label,
                    name=name,
                )
            )
        if section.columns[name].volatile and not section.volatile:
            raise SchemaError(
                Message(
                    "Section “{section}” identifies its rows by “{name}”, which is volatile.",
                    section=section.label,
                    name=name,
                )
            )


def _check_column(where: Message, column: SectionColumn) -> None:
    if column.name in TAKEN:
        raise SchemaError(Message("{where}: no column can be named “{name}”.", where=where, name=column.name))
    if column.type not in TYPES or column.type in _NOT_IN_ROWS:
        raise SchemaError(
            Message(
                "{where}: unknown type “{type}”. Types: {types}.",
                where=where,
                type=column.type,
                types=tuple(one for one in TYPES if one not in _NOT_IN_ROWS),
            )
        )
    if column.form and column.form not in FORMS:
        raise SchemaError(
            Message("{where}: unknown form “{form}”. Forms: {forms}.", where=where, form=column.form, forms=FORMS)
        )
    if column.type == "choice" and not column.choices:
        raise SchemaError(Message("{where}: a choice needs choices.", where=where))

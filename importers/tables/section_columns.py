"""The columns of tables of a section: which record a row is of, and the section's own."""

from __future__ import annotations

from cmdb.model.messages import tr
from cmdb.model.schema import RecordSection, Schema
from importers.spreadsheets.columns.section_fields import RECORD, RECORD_CLASS
from importers.tables.model import Column, column_of


def section_columns(schema: Schema, section: RecordSection) -> list[Column]:
    """The columns of a table of a section."""
    classes = tuple(schema.classes[name].label for one in section.of for name in schema.family(one)
                    if not schema.classes[name].abstract)  # fmt: skip
    record = Column(RECORD, tr("Record"), note=tr("Required. The name of the record that the row is of."))
    choices = tuple(dict.fromkeys(classes))
    record_class = Column(RECORD_CLASS, tr("Record class"), "choice", choices=choices,
                          note=tr("Which class the record is of, if several have that name."))  # fmt: skip
    return [record, record_class, *(column_of(one) for one in section.shown_columns)]

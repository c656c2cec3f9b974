"""The columns of sheets that have the rows of a section."""

from __future__ import annotations

from cmdb.model.messages import tr
from cmdb.model.schema import Attribute, RecordSection

EXPORTED = "section."
"""The class in the header of base hashes is this and the section's name."""
RECORD, RECORD_CLASS = "record", "record_class"
"""The fields that name the record of a row."""


def exported_name(section: RecordSection) -> str:
    """What stands for the class in the hidden header of an exported sheet."""
    return f"{EXPORTED}{section.name}"


def fields_of_section(section: RecordSection) -> tuple[Attribute, ...]:
    """The columns of such a sheet: the record, its class, and the columns of the section."""
    return (
        Attribute(RECORD, tr("Record"), "reference", required=True, target="ci"),
        Attribute(RECORD_CLASS, tr("Record class")),
        *section.columns.values(),
    )

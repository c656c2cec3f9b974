"""What is missing before an import goes on: said where it is mended, and to who presses the keys of the next step."""

from __future__ import annotations

from cmdb.model.messages import EMPTY, Message, counted
from cmdb.model.schema import Schema
from importers.spreadsheets.columns.mapping import Mapping


def missing_class(schema: Schema, mapping: Mapping) -> Message:
    """What a sheet lacks whose rows are of no known class; empty where they are of one."""
    if not mapping.problem:
        return EMPTY
    if mapping.cls:
        return Message(
            "The columns fit “{cls}”, which has several classes. "
            "Choose one above, or map the column that holds each row's class.",
            cls=schema.classes[mapping.cls].label,
        )
    return Message(
        "The columns do not show what the rows are. Choose it above, or map the column that holds each row's class."
    )


def all_or_nothing(rejected: int) -> Message:
    """Why an import of all rows or none can't be applied while rows are rejected."""
    return counted(
        "{count} row rejected: correct it first, or import the other rows only.",
        "{count} rows rejected: correct them first, or import the other rows only.",
        rejected,
    )

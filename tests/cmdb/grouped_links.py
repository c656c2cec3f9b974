"""Relationships in dependency groups, as edits."""

from __future__ import annotations

from cmdb.model.revision import Edit, Record
from cmdb.register.edits import membership


def grouped(kind: str, source: str, target: str, group: str) -> list[Edit]:
    """The edits of a new relationship that is only in a group."""
    record = Record("relationship", (kind, source, target))
    return [Edit(record, "", None, {"alone": False}), joined(record, group)]


def joined(relationship: Record, group: str) -> Edit:
    """The edit by which a relationship comes into a group."""
    return Edit(membership(group, relationship.key), "", None, {})


def left(relationship: Record, group: str) -> Edit:
    """The edit by which a relationship leaves a group."""
    return Edit(membership(group, relationship.key), "", {}, None)

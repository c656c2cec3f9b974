"""What sources state of one attribute, over all records: what a change of the schema has to carry over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import func, select, union_all

from cmdb.store.reading.reader import Reader
from cmdb.store.rows import tables
from cmdb.store.rows.codec import dump
from cmdb.store.rows.roots import ROOTS
from cmdb.store.rows.stored_statements import unpack


class StatedValue(NamedTuple):
    """One source's statement about one record: the value (None: that there is none), and when it was observed."""

    uid: str
    cls: str
    name: str
    attribute: str
    source: str
    value: Any
    observed: str


def stated_values(reader: Reader, attribute: str) -> Iterator[StatedValue]:
    """All current statements about an attribute, of the records of every class, in the order of the records."""
    connection = reader._connection
    claim = tables.claim.c
    says = claim.said.contains(f"{dump(attribute).decode()}:", autoescape=True)
    for root in ROOTS:
        c = root.table.c
        statement = (
            select(c.uid, c["class"], c.name, claim.source, claim.said)
            .join_from(root.table, tables.claim, claim.ci == c.id)
            .where(says)
            .order_by(c.id, claim.source)
        )
        for row in connection.execute(statement):
            pair = unpack(row[4]).get(attribute)
            if pair is not None:
                yield StatedValue(row[0], row[1], row[2] or "", attribute, row[3], pair[0], str(pair[1]))


def was_ever_stated(reader: Reader, attribute: str) -> bool:
    """Whether any source has stated the attribute of any record, now or in the past that is kept."""
    for table in (tables.claim, tables.claim_version):
        says = table.c.said.contains(f"{dump(attribute).decode()}:", autoescape=True)
        if reader._connection.execute(select(table.c.ci).where(says).limit(1)).first() is not None:
            return True
    return False


def was_ever_of(reader: Reader, cls: str) -> bool:
    """Whether any record is or was of exactly this class, in the past that is kept."""
    for root in ROOTS:
        for table in (root.table, root.past):
            found = select(table.c.id).where(table.c["class"] == cls).limit(1)
            if reader._connection.execute(found).first() is not None:
                return True
    return False


def was_ever_linked(reader: Reader, relationship: str) -> bool:
    """Whether there is or was a relationship of a type, in the past that is kept."""
    for table in (tables.relationship, tables.relationship_version):
        found = select(table.c.type).where(table.c.type == relationship).limit(1)
        if reader._connection.execute(found).first() is not None:
            return True
    return False


def was_ever_seen(reader: Reader, section: str) -> bool:
    """Whether there is or was a row of a section, in the past that is kept."""
    for table in (tables.section, tables.section_version):
        found = select(table.c.section).where(table.c.section == section).limit(1)
        if reader._connection.execute(found).first() is not None:
            return True
    return False


class LinkedClasses(NamedTuple):
    """How many relationships of a type there are between records of two classes."""

    type: str
    subject: str
    object: str
    number: int


def linked_classes(reader: Reader) -> list[LinkedClasses]:
    """How many relationships of which type there are between which classes."""
    links = tables.relationship
    ends = union_all(*(select(root.table.c.id, root.table.c["class"].label("cls")) for root in ROOTS))
    subject, obj = ends.subquery("subject"), ends.subquery("object")
    statement = (
        select(links.c.type, subject.c.cls, obj.c.cls, func.count())
        .join_from(links, subject, links.c.source == subject.c.id)
        .join(obj, links.c.target == obj.c.id)
        .group_by(links.c.type, subject.c.cls, obj.c.cls)
        .order_by(links.c.type, subject.c.cls, obj.c.cls)
    )
    return [LinkedClasses(*row) for row in reader._connection.execute(statement)]

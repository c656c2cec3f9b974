"""Taking over what a source says otherwise: its value becomes the one that stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from cmdb.model.claims import PERSON, Statement, effective
from cmdb.model.errors import NotFound
from cmdb.model.messages import Message
from cmdb.model.revision import Edit, Record, ci
from cmdb.model.schema import Schema
from cmdb.model.section_rows import Columns
from cmdb.model.values import Value

if TYPE_CHECKING:
    from cmdb.store.reading.reader import Reader


class TakenOver(NamedTuple):
    """A value that is taken over: whose it is, and what it says ([value, observed]); None: what it says now."""

    uid: str
    attribute: str
    source: str
    statement: Statement | None = None


def take_over(reader: Reader, wanted: Iterable[TakenOver]) -> list[Edit]:
    """The edits after which these values stand. Raises NotFound where a record, or what its source said, is gone."""
    by_record: dict[str, list[TakenOver]] = {}
    for one in wanted:
        by_record.setdefault(one.uid, []).append(one)
    records, said = reader.by_uid(by_record), reader.said(by_record)
    edits: list[Edit] = []
    for uid, its in sorted(by_record.items()):
        if uid not in records:
            raise NotFound(Message("A record is not there any more: it may have been deleted meanwhile."))
        for one in its:
            claims = {source: own[one.attribute] for source, own in said[uid].items() if one.attribute in own}
            if one.statement is None and one.source not in claims:
                label = reader.schema.attribute(records[uid].cls, one.attribute).label
                raise NotFound(
                    Message("Of {name} nothing is said of “{attribute}” any more that could be taken over.",
                            name=records[uid].name, attribute=label)
                )  # fmt: skip
            edits += taken_over(reader.schema, records[uid].cls, one, claims)
    return edits


class TakenRow(NamedTuple):
    """A row of a section that is taken over: its record of the journal, and its columns; None: it goes."""

    record: Record
    columns: Columns | None


def take_rows_over(reader: Reader, wanted: Iterable[TakenRow]) -> list[Edit]:
    """The edits after which rows of sections are as their sources see them."""
    rows = list(wanted)
    there = reader.records_of("section", [one.record for one in rows]) if rows else {}
    edits: list[Edit] = []
    for record, columns in rows:
        before = there.get(record.key)
        if before is None or columns is None:
            if before != columns:
                edits.append(Edit(record, "", before and dict(before), columns and dict(columns)))
            continue
        edits += [
            Edit(record, name, before.get(name), columns.get(name))
            for name in dict.fromkeys((*before, *columns))
            if before.get(name) != columns.get(name)
        ]
    return edits


def taken_over(schema: Schema, cls: str, one: TakenOver, claims: Mapping[str, Statement]) -> list[Edit]:
    """The edits after which a value stands. ``claims``: what sources say of the attribute.

    If it stands once a person's word is withdrawn, that is withdrawn, so that the source goes on counting. Otherwise
    the person states the value.
    """
    own = one.statement or claims[one.source]
    after = {**claims, one.source: own}
    edits: list[Edit] = []
    if own != claims.get(one.source):
        before = claims.get(one.source)
        record = Record("claim", (one.uid, one.source))
        edits.append(Edit(record, one.attribute, None if before is None else list(before), list(own)))
    if one.attribute not in schema.classes[cls].attributes:
        return edits  # kept aside, as all that the class has no place for, until the record has such a class again
    stands = _stands(schema, cls, one.attribute, after)
    if stands == own[0]:
        return edits
    if PERSON in after:
        without = {source: pair for source, pair in after.items() if source != PERSON}
        if _stands(schema, cls, one.attribute, without) == own[0]:
            return [*edits, Edit(Record("claim", (one.uid, PERSON)), one.attribute, list(after[PERSON]), None)]
    return [*edits, Edit(ci(one.uid), one.attribute, stands, own[0])]


def _stands(schema: Schema, cls: str, attribute: str, claims: Mapping[str, Statement]) -> Value | None:
    return effective(schema, cls, {source: {attribute: pair} for source, pair in claims.items()}).get(attribute)

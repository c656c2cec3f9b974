"""Pairs of records that have something in common which identifies: what a search for doubles weighs.

They are found set-wise, attribute by attribute, so the time grows with the records, not with their pairs. A value that
more than a few records share identifies nothing, and gives no pairs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import combinations, groupby
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal_column, select

from cmdb.model.control import Control
from cmdb.model.messages import Message
from cmdb.model.schema import Attribute
from cmdb.reconciliation.doubles import SIMILAR, look, person_look
from cmdb.reconciliation.identifiers import shipped
from cmdb.store.reading.reader import Reader
from cmdb.store.rows import tables
from cmdb.store.rows.indexes import extra_text

MOST = 8
"""More records than this that share a value are no doubles."""
_BATCH = 5_000
_EVIDENCE = ("mac", "serial_number", "board_serial")


def candidates(reader: Reader, control: Control | None = None) -> list[tuple[int, int]]:
    """The pairs of configuration items (their own numbers) that may be doubles, in order. Raises Cancelled."""
    control = control or Control()
    found: set[tuple[int, int]] = set()
    searches = list(_searches(reader))
    for number, search in enumerate(searches):
        control.check()
        control.progress(number, len(searches), Message("Looking for doubles"))
        found.update(search())
    return sorted(found)


def _searches(reader: Reader) -> Iterator[Callable[[], Iterable[tuple[int, int]]]]:
    forms = _forms()
    for attribute in reader.schema.all_attributes().values():
        if attribute.identifying and attribute.name in forms:
            yield lambda name=attribute.name: _pairs(_written_alike(reader, name, forms[name]))  # type: ignore[misc]
        elif attribute.identifying:
            yield lambda attribute=attribute: _pairs(_sharing(reader, attribute))  # type: ignore[misc]
    yield lambda: _pairs(_named_alike(reader))
    yield lambda: _pairs(_seen_alike(reader))
    for name in SIMILAR:
        yield lambda name=name: _looking_alike(reader, name)  # type: ignore[misc]
    if "person" in reader.schema.classes:
        yield lambda: _people(reader)


def _pairs(groups: Iterable[list[int]]) -> Iterator[tuple[int, int]]:
    for group in groups:
        yield from combinations(sorted(set(group)), 2)


def _groups(key: ColumnElement[Any], own: ColumnElement[Any], *where: ColumnElement[bool]) -> Select[Any]:
    """(key, record) of the keys that a few records share, by key."""
    shared = select(key.label("key")).where(*where).group_by(key).having(func.count().between(2, MOST)).subquery()
    return select(key, own).where(*where, key.in_(select(shared.c.key))).order_by(key)


def _grouped(reader: Reader, statement: Select[Any]) -> Iterator[list[int]]:
    rows = reader._connection.execute(statement, execution_options={"yield_per": _BATCH})
    for _, group in groupby(rows, key=lambda row: row[0]):
        yield [row[1] for row in group]


def _sharing(reader: Reader, attribute: Attribute) -> Iterator[list[int]]:
    """The records that have the same value of an attribute that identifies."""
    c, dialect = reader._ci.c, reader._connection.dialect.name
    column: Any
    if attribute.name in tables.COLUMNS:
        column, where = c[attribute.name], [c[attribute.name].is_not(None)]
    else:
        column = literal_column(extra_text(dialect, getattr(reader._ci, "name", "ci"), attribute.name))
        classes = [one.name for one in reader.schema.concrete() if attribute.name in one.attributes]
        where = [c["class"].in_(classes), column.is_not(None)]
    return _grouped(reader, _groups(func.lower(column), c.id, *where))


def _forms() -> dict[str, Callable[[str], str]]:
    """Attributes whose values are written in several ways → the way in which they are compared."""
    known = shipped()
    return {"serial_number": known.serial, "uuid": known.uuid, "host_name": known.host, "user_name": known.user}


def _written_alike(reader: Reader, name: str, form: Callable[[str], str]) -> Iterator[list[int]]:
    """The records that have the same value of an attribute, however it is written."""
    c = reader._ci.c
    groups = _by_look(reader, select(c[name], c.id).where(c[name].is_not(None)), form)
    yield from ([row[1] for row in group] for group in groups if len(group) <= MOST)


def _named_alike(reader: Reader) -> Iterator[list[int]]:
    c = reader._ci.c
    return _grouped(reader, _groups(c.name_key, c.id, c.name_key.is_not(None)))


def _seen_alike(reader: Reader) -> Iterator[list[int]]:
    """The records of which sources saw the same, by network adapters and boards. It is kept of the present only."""
    e = tables.evidence.c
    for kind in _EVIDENCE if reader._at is None else ():
        yield from _grouped(reader, _groups(e.value, e.ci, e.kind == kind))


def _looking_alike(reader: Reader, name: str) -> Iterator[tuple[int, int]]:
    """The records of one name or of one model whose values of an attribute look alike and are not the same."""
    c = reader._ci.c
    statement = select(c[name], c.id, c.name_key, c.model).where(c[name].is_not(None))
    for group in _by_look(reader, statement, look):
        if len(group) <= MOST:
            for one, other in combinations(group, 2):
                together = one[2] == other[2] or (one[3] is not None and one[3] == other[3])
                if together and one[0].casefold() != other[0].casefold():
                    yield min(one[1], other[1]), max(one[1], other[1])


def _people(reader: Reader) -> Iterator[tuple[int, int]]:
    """The people whose names have the same words."""
    c = reader._ci.c
    statement = select(c.name, c.id).where(c["class"].in_(reader.schema.family("person")), c.name.is_not(None))
    groups = _by_look(reader, statement, person_look)
    yield from _pairs([row[1] for row in group] for group in groups if len(group) <= MOST)


def _by_look(reader: Reader, statement: Select[Any], form: Callable[[str], str]) -> Iterator[list[Any]]:
    """Rows whose first values have the same form. The values are read twice, so that few of them are in memory."""
    seen: set[int] = set()
    several: set[int] = set()
    for row in reader._connection.execute(statement, execution_options={"yield_per": _BATCH}):
        mark = hash(form(row[0]))
        (several if mark in seen else seen).add(mark)
    groups: dict[str, list[Any]] = defaultdict(list)
    if several:
        for row in reader._connection.execute(statement, execution_options={"yield_per": _BATCH}):
            found = form(row[0])
            if found and hash(found) in several:
                groups[found].append(row)
    yield from (group for group in groups.values() if len(group) > 1)

"""The last versions of deleted records that events or closed work still name: they outlast the history's deletion.

So what is over keeps its names. Of such a version only the id, the class and the name are read.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import ColumnElement, Table, and_, false, not_, or_, select

from cmdb.store.rows import tables
from cmdb.store.rows.codec import KIND_TABLES
from cmdb.store.rows.roots import ROOTS, WORK

_ROOTS = {root.past.name: root for root in ROOTS}


def is_last_named(past: Table, number: int) -> ColumnElement[bool]:
    """The condition that a row of a table of superseded rows is the last version of a record that does not exist at a
    revision, and that something still names.
    """
    root = _ROOTS.get(past.name)
    if root is None:
        return false()
    now, later = root.table.alias("now"), past.alias("later")
    there = select(now.c.id).where(now.c.id == past.c.id, now.c.revision <= number).exists()
    newer = and_(later.c.id == past.c.id, later.c.ended > past.c.ended, later.c.revision <= number)
    return and_(not_(there), not_(select(later.c.id).where(newer).exists()), or_(*_named(past.c.id)))


def is_last_named_at(past: Table, number: int) -> ColumnElement[bool]:
    """As ``is_last_named``, by what was valid at the revision: later revisions change nothing in it."""
    return and_(is_last_named(past, number), or_(*_named_at(past.c.id, number)))


def _named(inner: ColumnElement[int]) -> Iterator[ColumnElement[bool]]:
    """That something names a record. The tables of current rows have an index for it; those of the past are small."""
    for now, then, column in _naming():
        yield select(now.c[column]).where(now.c[column] == inner).exists()
        yield inner.in_(select(then.c[column]).where(then.c[column].is_not(None)))
    extra = tables.extra_reference.c
    yield select(extra.ci).where(extra.target == inner, extra.ci >= WORK.first_id).exists()


def _named_at(inner: ColumnElement[int], number: int) -> Iterator[ColumnElement[bool]]:
    for now, then, column in _naming():
        yield select(now.c[column]).where(now.c[column] == inner, now.c.revision <= number).exists()
        valid = and_(then.c[column].is_not(None), then.c.revision <= number, then.c.ended > number)
        yield inner.in_(select(then.c[column]).where(valid))


def _naming() -> Iterator[tuple[Table, Table, str]]:
    """The columns that may name a deleted record: the tables of current and of superseded rows, and the column."""
    for kind in KIND_TABLES.values():
        if kind.lasting:
            for field in kind.fields.values():
                if field.refers:
                    yield kind.table, kind.past, field.column
    for name in WORK.references:
        yield WORK.table, WORK.past, name

"""Values that only one record may have.

They are collected while a revision is written, and checked after its last edit. So two records may swap their asset
tags in one revision, and a large load is checked once, with its indexes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection

from cmdb.model.errors import InvalidValue
from cmdb.model.formats import Plain, local_time
from cmdb.model.messages import Message
from cmdb.model.schema import Schema
from cmdb.store.reading.versions import headers
from cmdb.store.rows.codec import IN_CHUNK, chunks
from cmdb.store.rows.indexes import extra_text
from cmdb.store.rows.roots import BY_NAME, ROOTS, Root

_SHARE = 20
"""If more than one in so many records is new, the whole index is read instead of a look-up for each value."""


class RevisionUniqueness:
    """The unique attributes of one schema, and which values of them a revision has written."""

    def __init__(self, connection: Connection, schema: Schema, number: int) -> None:
        self._connection = connection
        self._number = number
        """The number of the revision that is written."""
        self._schema = schema
        self._families = list(_families(schema))
        self._of_class: dict[str, list[tuple[str, set[Any]]]] = {}
        self._written: list[set[Any]] = [set() for _ in self._families]

    def note(self, cls: str, values: Mapping[str, Any], names: Iterable[str] | None = None) -> None:
        """Adds the values that a CI now has. If ``names`` is given, only these attributes are new."""
        for name, written in self._of(cls):
            if name in values and (names is None or name in names):
                written.add(values[name])

    def note_columns(self, cls: str, columns: Mapping[str, Iterable[Any]]) -> None:
        """Adds the values of many new CIs of a class; None is no value."""
        for name, written in self._of(cls):
            written.update(columns.get(name, ()))
            written.discard(None)

    def _of(self, cls: str) -> list[tuple[str, set[Any]]]:
        """The unique attributes of a class, each with the values that were written of it."""
        mine = self._of_class.get(cls)
        if mine is None:
            pairs = zip(self._families, self._written, strict=True)
            mine = self._of_class[cls] = [(name, written) for (name, family), written in pairs if cls in family]
        return mine

    def check(self) -> None:
        """Raises InvalidValue if two records now have the same value."""
        for (name, family), written in zip(self._families, self._written, strict=True):
            if written:
                self._check(name, family, written)

    def check_new(self, before: Schema) -> None:
        """Raises InvalidValue if two records have the same value of what is unique only since the schema ``before``."""
        for name, family in set(self._families) - set(_families(before)):
            self._check(name, family, None)

    def _check(self, name: str, family: tuple[str, ...], written: set[Any] | None) -> None:
        """None: of all values, whether this revision wrote them or not."""
        root = self._root(family)
        table = root.table.name
        column, folds = _comparable(self._connection.dialect.name, root, name)
        doubtful: set[Any] = written or set()
        highest = self._connection.exec_driver_sql(f"SELECT max(id) FROM {table}").scalar() or 0
        if written is None or len(written) * _SHARE > highest - root.first_id:
            sql = f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL GROUP BY {column} HAVING count(*) > 1"
            doubtful = set(self._connection.exec_driver_sql(sql).scalars())
        mark = "?" if self._connection.dialect.name == "sqlite" else "%s"
        classes = ", ".join([mark] * len(family))
        for batch in chunks(doubtful, IN_CHUNK):
            wanted = [str(v).lower() for v in batch] if folds else batch
            twice = self._connection.exec_driver_sql(
                f"SELECT {column} FROM {table} WHERE {column} IN ({', '.join([mark] * len(wanted))}) "
                f"AND class IN ({classes}) GROUP BY {column} HAVING count(*) > 1 LIMIT 1",
                (*wanted, *family),
            ).first()
            if twice:
                raise self._taken(name, family, twice[0])

    def _taken(self, name: str, family: tuple[str, ...], value: Any) -> InvalidValue:
        """The error of a value that two records have: who has had it, and since when."""
        label = self._schema.classes[family[0]].attributes[name].label
        root = self._root(family)
        column, _ = _comparable(self._connection.dialect.name, root, name)
        written = self._as_written(root, root.table.name, name)
        mark = "?" if self._connection.dialect.name == "sqlite" else "%s"
        classes = ", ".join([mark] * len(family))
        rows = self._connection.exec_driver_sql(
            f"SELECT id, name, {written} AS held FROM {root.table.name} "
            f"WHERE {column} = {mark} AND class IN ({classes}) ORDER BY id",
            (value, *family),
        ).all()
        since, holder, value = min((self._since(root, name, row.id), row.name or "", row.held) for row in rows)
        header = next(iter(headers(self._connection, since, 1, None, (since,))), None)
        if since < self._number and header is not None:
            return InvalidValue(
                Message(
                    "{attribute} “{value}” must be unique, and is used by {holder} since revision {number} by {author} "
                    "({time}).",
                    attribute=label,
                    value=value,
                    holder=holder,
                    number=Plain(since),
                    author=header.author,
                    time=local_time(header.recorded) or header.recorded,
                )
            )
        return InvalidValue(
            Message(
                "{attribute} “{value}” would belong to both {one} and {other}; it must be unique.",
                attribute=label,
                value=value,
                one=rows[0].name,
                other=rows[1].name,
            )
        )

    def _root(self, family: tuple[str, ...]) -> Root:
        return BY_NAME[self._schema.root_of(family[0])]

    def _as_written(self, root: Root, table: str, name: str) -> str:
        """The expression of an attribute's value, as SQL."""
        return name if name in root.columns else extra_text(self._connection.dialect.name, table, name)

    def _since(self, root: Root, name: str, inner: int) -> int:
        """The revision since which a record has had its present value, without having been deleted in between."""
        since, present = 0, ""
        for table, ended in ((root.table.name, "NULL"), (root.past.name, "ended")):
            written = self._as_written(root, table, name)
            rows = self._connection.exec_driver_sql(
                f"SELECT revision, {ended} AS ended, {written} AS held FROM {table} WHERE id = {inner} "
                "ORDER BY revision DESC"
            )
            for number, until, held in rows.all():
                if not since:
                    present = str(held).lower()
                elif str(held).lower() != present or until < since:
                    return since
                since = number
        return since


def _families(schema: Schema) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Unique attributes, each with the classes within which it must be unique: all classes that inherit it."""
    for one in (one for root in ROOTS for one in schema.tree(root.name)):
        inherited = schema.classes[one.parent].attributes if one.parent else {}
        for attribute in one.attributes.values():
            if attribute.unique and not (attribute.name in inherited and inherited[attribute.name].unique):
                yield attribute.name, schema.family(one.name)


def _comparable(dialect: str, root: Root, name: str) -> tuple[str, bool]:
    """The expression that is compared, as SQL, and whether it is in lower case."""
    if name not in root.columns:
        return extra_text(dialect, root.table.name, name), False
    if dialect == "postgresql" and root.columns[name] == "nocase":
        return f"lower({name})", True
    return name, False

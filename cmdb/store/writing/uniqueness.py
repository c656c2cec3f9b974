"""Values that only one record may have.

They are collected while a revision is written, and checked after its last edit. So two records may swap their asset
tags in one revision, and a large load is checked once, with its indexes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from cmdb.model.errors import InvalidValue
from cmdb.model.formats import Plain, local_time
from cmdb.model.messages import Message
from cmdb.model.money import scaled, unscaled
from cmdb.model.name_keys import unique_key
from cmdb.model.schema import Attribute, Schema
from cmdb.model.values import label_of, show
from cmdb.store.reading.versions import headers
from cmdb.store.rows.codec import IN_CHUNK, chunks
from cmdb.store.rows.indexes import NUMBERS, extra_text, extra_value
from cmdb.store.rows.record_names import called
from cmdb.store.rows.roots import BY_NAME, ROOTS, Root

_SHARE = 20
"""If more than one in so many records is new, the whole index is read instead of a look-up for each value."""


class RevisionUniqueness:
    """The unique attributes of one schema, and which values of them a revision has written."""

    def __init__(self, connection: Connection, schema: Schema, number: int, inner: Mapping[str, int]) -> None:
        self._connection = connection
        self._dialect = connection.dialect.name
        self._mark = "?" if self._dialect == "sqlite" else "%s"
        self._inner = inner
        """Id → inner id of the records that a value refers to."""
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
        """None: of all values, whether this revision wrote them or not. What others left as it is stops nobody: values
        may be the same that were written before they had to be unique.
        """
        root, attribute = self._root(family), self._attribute(name, family)
        table, column = root.table.name, compared(self._dialect, root, attribute)
        highest = self._connection.exec_driver_sql(f"SELECT max(id) FROM {table}").scalar() or 0
        doubtful = None if written is None else {self._key(root, attribute, value) for value in written}
        if doubtful is None or len(doubtful) * _SHARE > highest - root.first_id:
            sql = f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL GROUP BY {column} HAVING count(*) > 1"
            twice = set(self._connection.exec_driver_sql(sql).scalars())
            if root.columns.get(name) == "nocase":
                twice = {unique_key(name, value) for value in twice}  # SQLite says how one of them is written
            doubtful = twice if doubtful is None else doubtful & twice
        classes = ", ".join([self._mark] * len(family))
        for batch in chunks(doubtful, IN_CHUNK):
            found = self._connection.exec_driver_sql(
                f"SELECT {column} FROM {table} WHERE {column} IN ({', '.join([self._mark] * len(batch))}) "
                f"AND class IN ({classes}) GROUP BY {column} HAVING count(*) > 1 LIMIT 1",
                (*batch, *family),
            ).first()
            if found:
                raise self._taken(name, family, found[0])

    def _key(self, root: Root, attribute: Attribute, value: Any) -> Any:
        """A value as ``compared`` gives it."""
        kind = root.columns.get(attribute.name)
        if kind == "reference":
            return self._inner[value]
        if kind == "money" or (attribute.type == "money" and self._dialect == "sqlite"):
            return scaled(value)
        if isinstance(value, bool):
            return value if self._dialect == "sqlite" else str(value).lower()
        if isinstance(value, Decimal) and self._dialect == "sqlite":
            return float(value)  # what its JSON has
        return unique_key(attribute.name, value)

    def _taken(self, name: str, family: tuple[str, ...], value: Any) -> InvalidValue:
        """The error of a value that two records have: who has had it, and since when."""
        root, attribute = self._root(family), self._attribute(name, family)
        label, column = attribute.label, compared(self._dialect, root, attribute)
        written = self._as_written(root, root.table.name, name)
        classes = ", ".join([self._mark] * len(family))
        rows = self._connection.exec_driver_sql(
            f"SELECT id, name, {written} AS held FROM {root.table.name} "
            f"WHERE {column} = {self._mark} AND class IN ({classes}) ORDER BY id",
            (value, *family),
        ).all()
        since, holder, held = min((self._since(root, name, row.id), row.name or "", str(row.held)) for row in rows)
        shown = self._shown(root, attribute, held)
        header = next(iter(headers(self._connection, since, 1, None, (since,))), None)
        if since < self._number and header is not None:
            return InvalidValue(
                Message(
                    "{attribute} “{value}” must be unique, and is used by {holder} since revision {number} by {author} "
                    "({time}).",
                    attribute=label,
                    value=shown,
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
                value=shown,
                one=rows[0].name,
                other=rows[1].name,
            )
        )

    def _shown(self, root: Root, attribute: Attribute, held: str) -> Message | str:
        """A value as people read it, from what is held of it."""
        kind = root.columns.get(attribute.name)
        if kind == "reference":
            return called(self._connection, next(uid for uid, inner in self._inner.items() if inner == int(held)))
        if attribute.type == "reference":
            return called(self._connection, held)
        return show(attribute, unscaled(int(held))) if kind == "money" else label_of(attribute, held)

    def _root(self, family: tuple[str, ...]) -> Root:
        return BY_NAME[self._schema.root_of(family[0])]

    def _attribute(self, name: str, family: tuple[str, ...]) -> Attribute:
        return self._schema.classes[family[0]].attributes[name]

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


def compared(dialect: str, root: Root, attribute: Attribute) -> str:
    """The expression by which values of a unique attribute are compared, as SQL: texts without the case of A to Z."""
    name, kind = attribute.name, root.columns.get(attribute.name)
    if name == "name":
        return "name_key"
    if kind is None:
        value = extra_value(dialect, root.table.name, attribute)
        return value if attribute.type in NUMBERS else f"lower({value})"
    if kind in ("reference", "money") or (kind == "nocase" and dialect == "sqlite"):
        return name
    return f"lower({name})"

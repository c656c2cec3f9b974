"""Lists of configuration items, now or as of a revision."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, FromClause, Table, func, or_, select, union_all

from cmdb.model.errors import Ambiguous, NotFound
from cmdb.model.formats import Plain
from cmdb.model.messages import Message, verbatim
from cmdb.model.money import exact, unscaled
from cmdb.model.records import CI
from cmdb.model.schema import Schema
from cmdb.model.selection import Selection
from cmdb.model.values import Value
from cmdb.store.reading.historical_search import HistoricalSearch
from cmdb.store.reading.lists import Lists, moment
from cmdb.store.reading.selection import SelectionCompiler
from cmdb.store.rows import tables
from cmdb.store.rows.codec import CI_COLUMNS, IN_CHUNK, REFERENCES, Codec, Identities, chunks, name_key
from cmdb.store.rows.in_values import in_values, rows_among
from cmdb.store.rows.record_names import last_names

_ROW = ", ".join(f'"{name}"' for name in CI_COLUMNS)


class CIView:
    """The CIs of one moment: by id, by name, and as filtered, sorted lists."""

    def __init__(self, connection: Connection, schema: Schema, codec: Codec, at: int | None = None) -> None:
        self._connection = connection
        self.schema = schema
        self._codec = codec
        self._at = at
        self._ids = Identities(connection, ever=at is not None)
        self._ci = self._moment(tables.ci, tables.ci_version)
        finds = HistoricalSearch(connection, codec, self.number) if at is not None else None
        self._compiler = SelectionCompiler(schema, connection.dialect.name, self._ci, at is not None, finds)
        self._compiler.ask = lambda statement: connection.execute(statement).scalars().all()
        self._then_in = moment(at)
        self._lists = Lists(connection, self._compiler, at)

    @cached_property
    def number(self) -> int:
        """The revision that is shown: the latest one, or the requested one."""
        last = int(self._connection.exec_driver_sql("SELECT max(number) FROM revision").scalar() or 0)
        return last if self._at is None else min(self._at, last)

    def judge_by(self, today: date | None) -> None:
        """Sets the day that ``today`` means in filters (None: the present day)."""
        self._compiler.today = today

    def _moment(self, current: Table, old: Table) -> FromClause:
        if self._at is None:
            return current
        names = [c.name for c in current.columns]
        now = select(*(current.c[n] for n in names)).where(current.c.revision <= self._at)
        then = select(*(old.c[n] for n in names)).where(old.c.revision <= self._at, old.c.ended > self._at)
        return union_all(now, then).subquery(f"{current.name}_then")

    # -- CIs --------------------------------------------------------------------------------------------------------

    def get(self, uid: str) -> CI:
        """The CI of that id. Raises NotFound."""
        found = self.by_uid([uid])
        if uid not in found:
            raise self._gone(uid)
        return found[uid]

    def by_uid(self, uids: Iterable[str]) -> dict[str, CI]:
        """The existing CIs among the ids, by id."""
        return {c.uid: c for c in self._fetch("uid", uids)}

    def many(self, ids: Sequence[int]) -> list[CI]:
        """CIs by inner id, in that order. CIs that do not exist are left out."""
        found = {c.id: c for c in self._fetch("id", ids)}
        return [found[i] for i in ids if i in found]

    def _fetch(self, column: str, values: Iterable[Any]) -> Iterator[CI]:
        for batch in chunks(values, IN_CHUNK):
            yield from self._decode(rows_among(self._connection, self._then_in, _ROW, column, batch))

    def _decode(self, rows: Sequence[Any]) -> Iterator[CI]:
        self._ids.want_outer(Codec.reference_ids(rows))
        decode, outer = self._codec.decode, self._ids.outer
        for row in rows:
            yield CI(row[0], row[1], row[2], row[4] or "", decode(row, outer), row[-1])

    def names(self, uids: Iterable[str]) -> dict[str, tuple[str, str]]:
        """Id → (class, name), for showing references."""
        c = self._ci.c
        statement = select(c.uid, c["class"], c.name)
        found: dict[str, tuple[str, str]] = {}
        for batch in chunks(set(uids), IN_CHUNK):
            rows = self._connection.execute(statement.where(in_values(c.uid, batch))).all()
            found.update((r[0], (r[1], r[2])) for r in rows)
        return found

    def find(self, word: str) -> CI:
        """The CI that ``word`` means: id, asset tag, serial number, unique name, or Class:Name.

        Raises NotFound, or Ambiguous with the candidates listed.
        """
        c = self._ci.c
        text = word.strip()
        if len(text) == 36 and text.count("-") == 4:
            found = self._where(c.uid == text.lower())
            if found:
                return found[0]
        for attribute in ("asset_tag", "serial_number"):
            found = (
                self._where(func.lower(c[attribute]) == text.lower())
                if self._at
                else self._where(self._same(attribute, text))
            )
            if found:
                return self._single(word, found)
        found = self._where(c.name_key == name_key(text))
        if not found and ":" in text:
            cls, _, name = text.partition(":")
            family = self.schema.family(self.schema.find_class(cls).name)
            found = self._where(c.name_key == name_key(name), c["class"].in_(family))
        return self._single(word, found)

    def _same(self, attribute: str, text: str) -> Any:
        column = self._ci.c[attribute]
        return func.lower(column) == text.lower() if self._connection.dialect.name == "postgresql" else column == text

    def _where(self, *conditions: Any) -> list[CI]:
        statement = select(*(self._ci.c[c] for c in CI_COLUMNS)).where(*conditions).order_by(self._ci.c.id).limit(20)
        return list(self._decode(self._connection.execute(statement).all()))

    def _single(self, word: str, found: list[CI]) -> CI:
        if not found:
            raise NotFound(self._no_record(Message("“{word}”", word=word)))
        if len(found) > 1:
            lines = tuple(
                verbatim(f"{self.schema.cls(c.cls).label}:{c.name}  {c.values.get('asset_tag', '')}  {c.uid}")
                for c in found
            )
            text = Message("“{word}” means {number} records; give an id, or Class:Name.", word=word, number=len(found))
            raise Ambiguous(text, lines)
        return found[0]

    def _gone(self, uid: str) -> NotFound:
        """What is raised where there is no record of an id: it says what the record was called."""
        name = last_names(self._connection, [uid]).get(uid)
        return NotFound(self._no_record(name) if name else Message("There is no such record."))

    def _no_record(self, record: Message | str) -> Message:
        if self._at is None:
            return Message("There is no record {record}.", record=record)
        return Message("There is no record {record} as of revision {number}.", record=record, number=Plain(self._at))

    # -- lists ------------------------------------------------------------------------------------------------------

    def page(self, selection: Selection, limit: int = 200, offset: int = 0) -> list[CI]:
        """One page of a selection. It is fast if sorted by an indexed attribute, even in a large selection."""
        return self.many(self._lists.page(selection, limit, offset))

    def ids(self, selection: Selection) -> array[int]:
        """The inner ids of a whole selection, sorted."""
        return self._lists.all(selection)

    def count(self, selection: Selection) -> int:
        """The number of CIs in a selection."""
        return self._lists.count(selection)

    def sorts_by_index(self, selection: Selection) -> bool:
        """Whether an index gives a selection's order; otherwise all of it is sorted, which may take seconds."""
        return self._compiler.order(selection) is not None

    def all(self, selection: Selection) -> Iterator[CI]:
        """A whole selection, in its order, a thousand at a time."""
        for batch in chunks(self.ids(selection), 1000):
            yield from self.many(batch)

    def counts(self) -> dict[str, int]:
        """Class name → number of CIs of exactly that class."""
        c = self._ci.c["class"]
        return {r[0]: r[1] for r in self._connection.execute(select(c, func.count()).group_by(c))}

    def facet(self, selection: Selection, attribute: str) -> dict[Value | None, int]:
        """Value → count over a selection; None for CIs without the value. References count by id."""
        found = self.schema.all_attributes(selection.cls).get(attribute) or self.schema.all_attributes()[attribute]
        canonical = _CANONICAL.get(found.type, _as_it_is)
        kind, dialect = tables.COLUMNS.get(found.name), self._connection.dialect.name
        if found.type == "money" and (kind == "money" or (kind is None and dialect == "sqlite")):
            canonical = unscaled
        held = self._lists.values(selection, found)
        counts = {value if value is None else canonical(value): number for value, number in held.items()}
        if attribute in REFERENCES:
            self._ids.want_outer(i for i in counts if i is not None)
            return {i if i is None else self._ids.outer[i]: n for i, n in counts.items()}
        return counts

    def search(self, words: str, limit: int = 50) -> list[CI]:
        """CIs that match the words: exact name, tag or serial first, then by name."""
        words = words.strip()
        if not words:
            return []
        c = self._ci.c
        exact = self._where(
            or_(
                c.name_key == name_key(words),
                *(self._same(a, words) for a in ("asset_tag", "serial_number", "host_name")),
            )
        )
        seen = {e.uid for e in exact}
        found = self.page(Selection(text=words), limit=limit + len(seen))
        rest = sorted((f for f in found if f.uid not in seen), key=lambda f: _nearness(f.name, words))
        return (exact + rest)[:limit]


def _nearness(name: str, words: str) -> int:
    """The rank of a name in a search: the name begins with the words, one of its words does, or neither."""
    key, wanted = name_key(name), name_key(words)
    return 0 if key.startswith(wanted) else 1 if f" {wanted}" in key else 2 if wanted in key else 3


def _as_it_is(value: Any) -> Any:
    return value


def _decimal(value: Any) -> Decimal:
    return exact(value) if isinstance(value, float) else Decimal(value)


#: Types whose values are integers in SQLite's JSON, and words or decimals in PostgreSQL's.
_CANONICAL: dict[str, Callable[[Any], Any]] = {
    "boolean": lambda value: value in (1, "true"), "integer": int, "number": _decimal, "money": _decimal,
}  # fmt: skip

"""The records of one root at one moment: their rows, and their filtered and sorted lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, FromClause, Select

from cmdb.model.records import CI
from cmdb.store.reading.attribute_columns import AttributeColumns
from cmdb.store.reading.filter_compiler import FilterCompiler
from cmdb.store.reading.historical_search import DraftSearch, HistoricalSearch
from cmdb.store.reading.lists import Lists, moment
from cmdb.store.reading.selection import SelectionCompiler
from cmdb.store.rows.codec import IN_CHUNK, Codec, Identities, chunks
from cmdb.store.rows.in_values import OVERLAY, rows_among


class RootView:
    """Reads the rows of a root. ``sources`` are all roots' tables at the moment, by the root's name."""

    def __init__(
        self, connection: Connection, codec: Codec, at: int | None, number: int, sources: Mapping[str, FromClause]
    ) -> None:
        root = codec.root
        self.root = root
        self.source = sources[root.name]
        self._connection = connection
        self._codec = codec
        # What is closed still names records that were deleted since.
        self._ids = Identities(connection, ever=at is not None or root.number > 0)
        drafted = OVERLAY in connection.get_execution_options() and at is None
        finds: HistoricalSearch | DraftSearch | None = None
        if at is not None:
            finds = HistoricalSearch(connection, codec, number)
        elif drafted:
            finds = DraftSearch(connection, codec)
        past = at is not None or drafted
        columns = AttributeColumns(codec.schema, connection.dialect.name, root, sources, past)

        def ask(statement: Select[Any]) -> Sequence[Any]:
            return connection.execute(statement).scalars().all()

        self._filters = FilterCompiler(columns, ask)
        self.compiler = SelectionCompiler(columns, self._filters, ask, finds)
        self.lists = Lists(connection, self.compiler, at, drafted=drafted)
        self._then = moment(root, at)
        self._columns = ", ".join(f'"{name}"' for name in root.row)
        self._name = root.place["name"]

    def judge_by(self, today: date | None) -> None:
        """Sets the day that ``today`` means in filters (None: the present day)."""
        self._filters.today = today

    def fetch(self, column: str, values: Iterable[Any]) -> Iterator[CI]:
        """The records whose column (``id`` or ``uid``) has one of the values."""
        for batch in chunks(values, IN_CHUNK):
            yield from self.decode(rows_among(self._connection, self._then, self._columns, column, batch))

    def decode(self, rows: Sequence[Any]) -> Iterator[CI]:
        """The records that rows hold."""
        codec, name = self._codec, self._name
        self._ids.want_outer(codec.reference_ids(rows))
        outer = self._ids.outer
        for row in rows:
            yield CI(row[0], row[1], row[2], row[name] or "", codec.decode(row, outer), row[-1])

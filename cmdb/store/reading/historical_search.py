"""Free-text search in the past. The search index holds the present. It finds the CIs that are unchanged since then.
Superseded rows that may match are read and compared in the same way as the index compares.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Table, and_, false, or_, select, text, true, union_all

from cmdb.store.reading.lists import drafted_tables
from cmdb.store.rows import search_index, section_index, tables
from cmdb.store.rows import search_terms as cut
from cmdb.store.rows.codec import Codec, load
from cmdb.store.rows.in_values import in_values

_BATCH = 5_000


class HistoricalSearch:
    """Finds the CIs of one past moment by words. It keeps its results, because a list asks more than once."""

    def __init__(self, connection: Connection, codec: Codec, at: int) -> None:
        self._connection = connection
        self._codec = codec
        self._root = codec.root
        self._texts = tuple(name for name in self._root.plain if self._root.columns[name] in ("text", "nocase"))
        self._at = at
        self._found: dict[str, list[int] | None] = {}

    def __call__(self, words: str) -> list[int] | None:
        """The inner ids of the CIs that match the words, and of the CIs that refer to one of them. None if the text has
        no words.
        """
        if words not in self._found:
            self._found[words] = self._find(words)
        return self._found[words]

    def _find(self, words: str) -> list[int] | None:
        dialect = self._connection.dialect.name
        clause = search_index.clause(dialect, words, "then", self._root, apart=False)
        if clause is None:
            return None
        sql, parameters = clause
        c, v = self._root.table.c, self._root.past.c
        index = text(sql).bindparams(**parameters).columns(c.id).subquery().select()
        hits = set(self._connection.execute(select(c.id).where(c.revision <= self._at, c.id.in_(index))).scalars())
        terms = [_Term(term) for term in search_index.terms(words)]
        valid = (v.revision <= self._at, v.ended > self._at)
        statement = select(v.id, *(v[name] for name in self._texts), v.extra).where(
            *valid, *(t.rough(dialect, [v[name] for name in (*self._texts, "extra")]) for t in terms)
        )
        result = self._connection.execute(statement, execution_options={"yield_per": _BATCH})
        try:
            for rows in result.partitions():
                hits.update(row[0] for row in rows if _fits(row, terms, self._texts, self._codec))
        finally:
            result.close()
        hits.update(self._by_rows(terms))
        found = set(hits)
        for table, moment in ((self._root.table, (c.revision <= self._at,)), (self._root.past, valid)):
            refers = or_(false(), *(in_values(table.c[name], hits) for name in self._root.through))
            found.update(self._connection.execute(select(table.c.id).where(*moment, refers)).scalars())
        return sorted(found)

    def _by_rows(self, terms: Sequence[_Term]) -> set[int]:
        """Those in whose rows of sections, or the names of whose files, as they were then, every term occurs."""
        if any(not term.letters for term in terms):
            return set()
        rows: dict[int, str] = {}
        files: dict[int, str] = {}
        if self._has_any(tables.section_body):
            then = self._then(tables.section, tables.section_version, ("record", "section", "body"))
            rough = self._rough(terms, [tables.section_body.c.body])
            rows = section_index.texts_of(self._connection, self._codec.schema, then, self._own(then), rough)
        if self._has_any(tables.blob):
            then = self._then(tables.attachment, tables.attachment_version, ("record", "name", "about"))
            rough = self._rough(terms, [then.c.name, then.c.about])
            files = section_index.names_of(self._connection, then, self._own(then), rough)
        texts = section_index.together(rows, files)
        folded = ((record, cut.fold(text)) for record, text in texts.items())
        return {record for record, letters in folded if all(term.letters in letters for term in terms)}

    def _has_any(self, table: Table) -> bool:
        return self._connection.execute(select(*table.primary_key.columns).limit(1)).first() is not None

    def _then(self, now: Table, past: Table, read: Sequence[str]) -> FromClause:
        """Columns of the rows of a table as they were then."""
        return union_all(
            select(*(now.c[name] for name in read)).where(now.c.revision <= self._at),
            select(*(past.c[name] for name in read)).where(past.c.revision <= self._at, past.c.ended > self._at),
        ).subquery("then")

    def _own(self, rows: FromClause) -> ColumnElement[bool]:
        own: ColumnElement[bool] = rows.c.record.between(self._root.first_id, self._root.last_id)
        return own

    def _rough(self, terms: Sequence[_Term], columns: Sequence[ColumnElement[Any]]) -> ColumnElement[bool]:
        return or_(*(term.rough(self._connection.dialect.name, columns) for term in terms))


class DraftSearch:
    """Finds records by words with a draft: those that the draft leaves by the index, those that it makes one by one."""

    def __init__(self, connection: Connection, codec: Codec) -> None:
        self._connection = connection
        self._codec = codec
        self._root = codec.root
        self._texts = tuple(name for name in self._root.plain if self._root.columns[name] in ("text", "nocase"))
        self._found: dict[str, list[int] | None] = {}

    def __call__(self, words: str) -> list[int] | None:
        """As of ``HistoricalSearch``."""
        if words not in self._found:
            self._found[words] = self._find(words)
        return self._found[words]

    def _find(self, words: str) -> list[int] | None:
        clause = search_index.clause(self._connection.dialect.name, words, "draft", self._root)
        if clause is None:
            return None
        kept, made = drafted_tables(self._root)
        sql, parameters = clause
        index = text(sql).bindparams(**parameters).columns(kept.c.id).subquery().select()
        hits = set(self._connection.execute(select(kept.c.id).where(kept.c.id.in_(index))).scalars())
        terms = [_Term(term) for term in search_index.terms(words)]
        rows = self._connection.execute(select(made.c.id, *(made.c[name] for name in self._texts), made.c.extra)).all()
        s = tables.section
        seen = section_index.texts_of(
            self._connection, self._codec.schema, s, in_values(s.c.record, [row[0] for row in rows])
        )
        hits.update(row[0] for row in rows if _fits(row, terms, self._texts, self._codec, seen.get(row[0], "")))
        found = set(hits)
        for table in (kept, made):
            refers = or_(false(), *(in_values(table.c[name], hits) for name in self._root.through))
            found.update(self._connection.execute(select(table.c.id).where(refers)).scalars())
        return sorted(found)


def _fits(row: Any, terms: Sequence[_Term], texts: Sequence[str], codec: Codec, also: str = "") -> bool:
    """Whether a row (id, texts, the JSON column) holds all terms; ``also`` is searched for parts of words, too."""
    values = {name: value for name, value in zip(texts, row[1:-1], strict=True) if value is not None}
    if row[-1]:
        values.update(load(row[-1]))
    tokens = cut.words(search_index.words(values, codec.searched))
    letters = cut.fold(f"{search_index.letters(values, codec.root)}\n{also}")
    return all(term.fits(tokens, letters) for term in terms)


class _Term:
    """One term of a search: consecutive words, of which the last is a prefix; or a part of an identifier."""

    def __init__(self, term: str) -> None:
        self.tokens = cut.words(term)
        self.letters = cut.fold(term) if len(term) >= 3 else ""
        self.ignored = len(term) < 3 and not re.search(r"\w", term)

    def fits(self, tokens: Sequence[str], letters: str) -> bool:
        """Whether the term occurs in the words or in the letters of a CI."""
        if self.letters and self.letters in letters:
            return True
        if not self.tokens:
            return self.ignored
        *first, last = self.tokens
        size = len(first)
        return any(
            token.startswith(last) and list(tokens[place - size : place]) == first
            for place, token in enumerate(tokens)
            if place >= size
        )

    def rough(self, dialect: str, columns: Sequence[ColumnElement[Any]]) -> ColumnElement[bool]:
        """A condition on columns that includes every row that the term matches. ``fits`` checks what is not ASCII."""
        wanted = [token for token in self.tokens if token.isascii()]
        if not wanted:
            return true()
        # LIKE in SQLite ignores the case of ASCII letters.
        like, sign, other = ("LIKE", "GLOB", "*[^ -~]*") if dialect == "sqlite" else ("ILIKE", "~", "[^ -~]")
        holds = (or_(*(c.op(like)(f"%{token}%") for c in columns)) for token in wanted)
        return or_(and_(*holds), *(c.op(sign)(other) for c in columns))

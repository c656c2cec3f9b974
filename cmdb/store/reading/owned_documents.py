"""The documents that belong to records: comments, and who watches. They are found by the record's id."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from cmdb.store.rows import tables
from cmdb.store.rows.codec import IN_CHUNK, chunks, load
from cmdb.store.rows.in_values import in_values

if TYPE_CHECKING:
    from cmdb.model.revision import Content
    from cmdb.store.reading.reader import Reader


def documents_of(reader: Reader, kind: str, uids: Collection[str]) -> Iterator[tuple[str, dict[str, Content]]]:
    """The documents of a kind that belong to some records, at the reader's moment: id and fields, the oldest first."""
    t = reader._moment(tables.document, tables.document_version).c
    for batch in chunks(uids, IN_CHUNK):
        statement = select(t.uid, t.body).where(t.kind == kind, in_values(t.owner, batch)).order_by(t.uid)
        for uid, body in reader._connection.execute(statement):
            yield uid, load(body)


def number_of_documents(reader: Reader, kind: str, uid: str) -> int:
    """How many documents of a kind belong to a record."""
    t = reader._moment(tables.document, tables.document_version).c
    statement = select(func.count()).where(t.kind == kind, t.owner == uid)
    return int(reader._connection.execute(statement).scalar_one())


def documents_with(reader: Reader, kind: str, words: Collection[str]) -> Iterator[tuple[str, dict[str, Content]]]:
    """The documents of a kind that may have all of some words, at the reader's moment: id and fields, the latest first.

    Of words with other characters than letters of A to Z and figures it is not asked whether a document has them, as
    the database and its JSON may write them otherwise.
    """
    t = reader._moment(tables.document, tables.document_version).c
    statement = select(t.uid, t.body).where(t.kind == kind).order_by(t.uid.desc())
    for word in words:
        if word.isascii() and word.isalnum():
            statement = statement.where(func.lower(t.body).contains(word.lower()))
    for uid, body in reader._connection.execute(statement):
        yield uid, load(body)

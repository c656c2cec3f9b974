"""Files that are kept with records, at a moment, and their contents."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import func, select, union_all

from cmdb.model.attachments import Attachment
from cmdb.model.errors import StoreProblem
from cmdb.model.messages import Message
from cmdb.store.reading.reader import Reader
from cmdb.store.rows import tables
from cmdb.store.rows.codec import IN_CHUNK, chunks
from cmdb.store.rows.in_values import in_values

_FIELDS = ("uid", "record", "name", "type", "size", "sha256", "about")


def attachments_of(reader: Reader, uids: Collection[str], *, dated: bool = True) -> list[Attachment]:
    """The files of some records at the reader's moment, in the order in which they were attached.

    Without ``dated``, who attached them and when is not looked up, and they come in the order of their last changes.
    """
    t = reader._moment(tables.attachment, tables.attachment_version)
    inner = {number: uid for uid, number in reader.inner(uids).items()}
    rows: list[Any] = []
    for batch in chunks(inner, IN_CHUNK):
        statement = select(*(t.c[name] for name in _FIELDS), t.c.revision).where(in_values(t.c.record, batch))
        rows += reader._connection.execute(statement).all()
    if not dated:
        rows.sort(key=lambda row: (row.revision, row.name, row.uid))
        return [_attachment(row, inner[row.record]) for row in rows]
    return _made(reader, rows, inner)


def attachments_by_id(reader: Reader, uids: Collection[str]) -> list[Attachment]:
    """Files by their ids, at the reader's moment; those that are not there are left out."""
    t = reader._moment(tables.attachment, tables.attachment_version)
    rows: list[Any] = []
    for batch in chunks(uids, IN_CHUNK):
        statement = select(*(t.c[name] for name in _FIELDS)).where(in_values(t.c.uid, batch))
        rows += reader._connection.execute(statement).all()
    owners = reader.outer(row.record for row in rows)
    return _made(reader, rows, {number: found[0] for number, found in owners.items()})


def ever_attached(reader: Reader, uid: str) -> Attachment | None:
    """A file by its id: as it is at the reader's moment, otherwise as it last was before; None: it never was."""
    if found := attachments_by_id(reader, [uid]):
        return found[0]
    past = tables.attachment_version
    statement = select(past).where(past.c.uid == uid, past.c.revision <= reader.number)
    row = reader._connection.execute(statement.order_by(past.c.ended.desc()).limit(1)).first()
    if row is None:
        return None
    return _made(reader, [row], {row.record: ""})[0]


def content_of(reader: Reader, attachment: Attachment) -> Iterator[bytes]:
    """A file's content, chunk by chunk. Raises StoreProblem where it is not kept, or is another one than was kept."""
    b, c = tables.blob.c, tables.blob_chunk.c
    held = reader._connection.execute(select(b.size).where(b.sha256 == attachment.sha256)).scalar()
    if not attachment.sha256 or held is None:
        raise StoreProblem(
            Message(
                "The content of {file} is not kept in this estate any more.",
                file=attachment.name,
            )
        )
    whole, number = hashlib.sha256(), 0
    statement = select(c.content).where(c.sha256 == attachment.sha256)
    while (chunk := reader._connection.execute(statement.where(c.n == number)).scalar()) is not None:
        whole.update(chunk)
        yield bytes(chunk)
        number += 1
    if whole.hexdigest() != attachment.sha256:
        raise StoreProblem(
            Message(
                "The content of {file} is damaged: it is not what was attached. Run a check, or restore a backup.",
                file=attachment.name,
            )
        )


def _made(reader: Reader, rows: list[Any], owners: dict[int, str]) -> list[Attachment]:
    """Rows as attachments, with who attached them, and when."""
    first = _first_revisions(reader, [row.uid for row in rows])
    r = tables.revision.c
    said: dict[int, tuple[str, str]] = {}
    for batch in chunks(set(first.values()), IN_CHUNK):
        heads = reader._connection.execute(select(r.number, r.time, r.author).where(in_values(r.number, batch)))
        said.update((number, (time, author)) for number, time, author in heads)
    found = [
        (first.get(row.uid, 0), row.name, _attachment(row, owners[row.record], *said.get(first.get(row.uid, 0), ())))
        for row in rows
        if row.record in owners
    ]
    return [one for _, _, one in sorted(found, key=lambda entry: (*entry[:2], entry[2].uid))]


def _attachment(row: Any, record: str, time: str = "", author: str = "") -> Attachment:
    return Attachment(
        row.uid, record, row.name, row.type or "", row.size or 0, row.sha256 or "", row.about or "", time, author
    )


def _first_revisions(reader: Reader, uids: Collection[str]) -> dict[str, int]:
    """Id of a file → the revision that attached it, as far as that is kept."""
    found: dict[str, int] = {}
    for batch in chunks(uids, IN_CHUNK):
        rows = union_all(*(
            select(t.c.uid, t.c.revision).where(in_values(t.c.uid, batch))
            for t in (tables.attachment, tables.attachment_version)
        )).subquery()  # fmt: skip
        statement = select(rows.c.uid, func.min(rows.c.revision)).group_by(rows.c.uid)
        found.update((uid, number) for uid, number in reader._connection.execute(statement))
    return found

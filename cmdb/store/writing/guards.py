"""Checks the guards of a revision: what it was decided on must still be so when it is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, func, select

from cmdb.model.claims import source_text
from cmdb.model.errors import Conflict, NotFound, Outdated
from cmdb.model.formats import Plain, local_time
from cmdb.model.guards import CreationGuard, FieldGuard, FreeGuard, HistoryGuard, KindGuard, UntouchedGuard
from cmdb.model.messages import EMPTY, Message, counted, tr, verbatim
from cmdb.model.record_kinds import one_of
from cmdb.model.reservations import worded
from cmdb.model.revision import Revision
from cmdb.model.schema import Schema
from cmdb.store.reading.reader import Reader
from cmdb.store.rows import tables
from cmdb.store.rows.codec import IN_CHUNK, Codec, chunks
from cmdb.store.rows.in_values import in_values
from cmdb.store.rows.record_names import called

_NAMED = 3
"""The number of records that a message names."""


def check_guards(connection: Connection, schema: Schema, revision: Revision, last: int) -> None:
    """Raises Outdated where a guard does not hold any more, NotFound where the record of one is gone.

    ``last`` is the latest revision. Nothing is looked up if there is none since the revision was decided.
    """
    if not revision.guards or revision.decided_at == last:
        return
    # Whoever restored an older copy meanwhile may have written anything since.
    since = revision.decided_at if revision.decided_at < last else 0
    reader = Reader(connection, schema, Codec(schema))
    _check_fields(reader, [one for one in revision.guards if isinstance(one, FieldGuard)])
    histories = [one.uid for one in revision.guards if isinstance(one, HistoryGuard)]
    for uid, number in _written_since(connection, reader, histories, since):
        raise _written(reader, [uid], number)
    _check_untouched(reader, [one.uid for one in revision.guards if isinstance(one, UntouchedGuard)], since)
    for kind in {one.kind for one in revision.guards if isinstance(one, KindGuard)}:
        _check_kind(connection, reader, kind, since)
    _check_free(reader, [one for one in revision.guards if isinstance(one, FreeGuard)])
    if any(isinstance(one, CreationGuard) for one in revision.guards):
        from cmdb.store.writing.creation_guard import CreationCheck  # It needs what identifies records: seldom.

        later = CreationCheck(reader, revision, since).found()
        if later is not None:
            raise _written(reader, later.uids, later.number)


def with_who(connection: Connection, schema: Schema, revision: Revision, error: Conflict) -> Conflict:
    """The error of a revision that was refused, with who has written the record since the revision was decided."""
    if isinstance(error, Outdated) or not error.record or not revision.decided_at:
        return error
    reader = Reader(connection, schema, Codec(schema))
    latest = next(iter(reader.revisions(1, uid=error.record)), None)
    if latest is None or latest.number <= revision.decided_at:
        return error
    text = Message("{problem} {who}", problem=error.message, who=_who(reader, latest.number))
    return Conflict(text, tuple(map(verbatim, error.details)), record=error.record)


def _check_fields(reader: Reader, guards: Sequence[FieldGuard]) -> None:
    known = reader.by_uid({one.uid for one in guards})
    for one in guards:
        record = known.get(one.uid)
        if record is None:
            name = called(reader._connection, one.uid)
            raise NotFound(Message("There is no record {record}: it may have been deleted meanwhile.", record=name))
        present = record.cls if one.field == "class" else record.values.get(one.field)
        if present != one.value:
            attribute = reader.schema.cls(record.cls).attributes.get(one.field)
            number = _number_of(reader, one.uid)
            raise Outdated(
                Message(
                    "{name} was changed meanwhile: {attribute}. {who}",
                    name=record.name,
                    attribute=attribute.label if attribute is not None else tr("Class"),
                    who=_who(reader, number),
                ),
                number=number,
            )


def _check_kind(connection: Connection, reader: Reader, kind: str, since: int) -> None:
    now, then = tables.document.c, tables.document_version.c
    latest = 0
    for column, number in ((now.kind, now.revision), (then.kind, then.ended)):
        statement = select(func.max(number)).where(column == kind, number > since)
        latest = max(latest, connection.execute(statement).scalar() or 0)
    if not latest:
        return
    who = _who(reader, latest)
    if kind == "schema_entry":
        raise Outdated(Message("The classes were changed meanwhile. {who}", who=who), number=latest)
    text = Message("{kind}: one was written meanwhile. {who}", kind=one_of(kind) or EMPTY, who=who)
    raise Outdated(text, number=latest)


def _check_free(reader: Reader, guards: Sequence[FreeGuard]) -> None:
    if not guards:
        return
    from cmdb.store.reading.reservations import obstacle  # It needs lists of items: seldom.

    for one in guards:
        other = obstacle(reader, one.subject, one.during, one.quantity, one.without)
        if other is not None:
            names = reader.names([one.subject, other.by] if other.by else [one.subject])
            number = max((head.number for head in reader.revisions(1, uid=other.subject)), default=reader.number)
            text = Message(
                "{name} was reserved meanwhile: {reservation}. {who}",
                name=names[one.subject][1],
                reservation=worded(other.fields(), names),
                who=_who(reader, number),
            )
            raise Outdated(text, number=number)


def _written_since(
    connection: Connection, reader: Reader, uids: Sequence[str], since: int
) -> Iterator[tuple[str, int]]:
    """The records of which something was written after a revision, or an event, with the revision that did."""
    known = reader.by_uid(uids)
    for uid, one in known.items():
        if one.revision > since:
            yield uid, one.revision
    inner = {one.id: uid for uid, one in known.items()}
    now, then = tables.event.c, tables.event_version.c
    for record, number in ((now.record, now.revision), (then.record, then.revision), (then.record, then.ended)):
        for batch in chunks(inner, IN_CHUNK):
            statement = select(record, number).where(in_values(record, batch), number > since)
            yield from ((inner[row[0]], row[1]) for row in connection.execute(statement).all())


def _check_untouched(reader: Reader, uids: Sequence[str], since: int) -> None:
    names = reader.names(uids) if uids else {}
    if gone := [uid for uid in uids if uid not in names]:
        name = called(reader._connection, gone[0])
        raise NotFound(Message("There is no record {record}: it may have been deleted meanwhile.", record=name))
    touched = reader.touched_since(uids, since) if uids else ()
    for uid in uids:
        if uid in touched:
            number = next((one.number for one in reader.revisions(1, uid=uid)), reader.number)
            text = Message("{name} was changed meanwhile. {who}", name=names[uid][1], who=_who(reader, number))
            raise Outdated(text, number=number)


def _written(reader: Reader, uids: Sequence[str], number: int) -> Outdated:
    """The error that names what was written meanwhile, and by whom."""
    names = reader.names(uids[:_NAMED])
    shown = tuple(names[uid][1] for uid in uids[:_NAMED] if uid in names)
    what, more = Message("{names}", names=shown), len(uids) - len(shown)
    if more > 0:
        what = counted("{names} and {count} more record", "{names} and {count} more records", more, names=shown)
    message = Message(
        "{records}: written meanwhile, and perhaps the same as what was to be written. {who}",
        records=what,
        who=_who(reader, number),
    )
    return Outdated(message, number=number)


def _number_of(reader: Reader, uid: str) -> int:
    """The revision that wrote a record as it is now."""
    return reader.get(uid).revision


def _who(reader: Reader, number: int) -> Message:
    """Who wrote a revision, from where, when, and why."""
    header = next(iter(reader.revisions(1, number + 1)), None)
    if header is None or header.number != number:
        return EMPTY
    said = Message(
        "Revision {number} by {author}, from {source}, {time}",
        number=Plain(number),
        author=header.author,
        source=source_text(header.source),
        time=local_time(header.recorded) or header.recorded,
    )
    if not header.reason:
        return Message("{revision}.", revision=said)
    return Message("{revision}: {reason}.", revision=said, reason=header.reason)

"""Baselines, and the checkpoint before which superseded rows have been deleted.

A checkpoint is a document that a revision writes, as it writes every record. It names a revision. It holds a hash over
all rows that were valid at that revision (by the revisions that made them) and a hash over the headers up to it, both
over the canonical forms that the hash chain is over. With these ``check`` proves the same as with the hash chain,
although the rows that the chain covered have been deleted.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Connection, func, not_, select

from cmdb.model.calendar_bounds import in_local_zone
from cmdb.model.control import Control
from cmdb.model.errors import InvalidValue, UserError
from cmdb.model.formats import Plain
from cmdb.model.messages import Message
from cmdb.store.rows import chain, tables
from cmdb.store.rows.canonical_rows import CanonicalNames, RowForm
from cmdb.store.rows.codec import dump, load
from cmdb.store.rows.journal import PAIRS
from cmdb.store.rows.last_versions import is_last_named, is_last_named_at
from cmdb.store.rows.roots import ROOTS

RULED = frozenset({"baseline", "retention", "checkpoint", "migration"})
"""The kinds that ``check_rules`` is about."""
LONGEST_NAME = 80
_BATCH = 5_000
_HEADER = RowForm(tables.revision)
_KEEP = re.compile(r"([1-9]\d{0,2})([my])")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The revision before which the history was deleted. ``recorded`` is its time (ISO UTC). The module describes the
    other fields.
    """

    number: int
    recorded: str
    state: str
    headers: str

    @property
    def day(self) -> str:
        """The local day of the revision, in ISO format."""
        return datetime.fromisoformat(self.recorded).astimezone().date().isoformat()


def checkpoint(connection: Connection) -> Checkpoint | None:
    """The latest checkpoint, or None if the whole history is kept."""
    # This runs for every view of the past. A statement of the driver takes a tenth of the time.
    rows = connection.exec_driver_sql("SELECT body FROM document WHERE kind = 'checkpoint'").scalars()
    found = (Checkpoint(**load(row)) for row in rows)
    return max(found, key=lambda one: one.number, default=None)


def first_kept(connection: Connection) -> int:
    """The first revision whose state can be read. What it and earlier revisions changed cannot be read. 0 if the whole
    history is kept.
    """
    found = checkpoint(connection)
    return found.number if found is not None else 0


def superseded(connection: Connection, number: int) -> int:
    """How many rows ended at or before a revision, without the last versions that are kept for their names."""
    if not number:
        return 0
    total = 0
    for _, past in PAIRS:
        going = past.c.ended <= number, not_(is_last_named(past, number))
        statement = select(func.count()).select_from(past).where(*going)
        total += int(connection.execute(statement).scalar_one())
    return total


def require(connection: Connection, number: int) -> None:
    """Raises UserError unless the state at a revision can still be read."""
    found = checkpoint(connection)
    if found is not None and number < found.number:
        raise UserError(
            Message(
                "The past before {day} (revision {number}) is no longer kept.",
                day=date.fromisoformat(found.day),
                number=Plain(found.number),
            )
        )


# -- proving --------------------------------------------------------------------------------------------------------


def state_hash(connection: Connection, number: int, control: Control) -> str:
    """A hash over all rows that were valid at a revision, by the revision that made them; and over the names of deleted
    records that are kept. Raises Cancelled.
    """
    found = hashlib.sha256()
    for made, rows in chain.valid_rows(connection, number, control):
        control.progress(made, number, Message("Adding up what was valid then"))
        found.update(f"{made} {rows.hash()}\n".encode())
    for root in ROOTS:
        c = root.past.c
        last = select(c.id, c.uid, c["class"], c.name, c.revision, c.ended)
        last = last.where(c.ended <= number, is_last_named_at(root.past, number)).order_by(c.id)
        for row in connection.execute(last):
            found.update(dump(list(row)) + b"\n")
    return found.hexdigest()


def headers_hash(connection: Connection, number: int) -> str:
    """A hash over the headers of all revisions up to one, their links included."""
    names = CanonicalNames(connection)
    found = hashlib.sha256()
    statement = select(*(tables.revision.c[name] for name in _HEADER.columns))
    statement = statement.where(tables.revision.c.number <= number).order_by(tables.revision.c.number)
    result = connection.execute(statement, execution_options={"yield_per": _BATCH})
    try:
        for rows in result.partitions():
            for form in _HEADER.of([tuple(row) for row in rows], names):
                found.update(form)
    finally:
        result.close()
    return found.hexdigest()


def problems(connection: Connection, control: Control) -> Iterator[Message]:
    """The problems of the checkpoint, one line each."""
    found = checkpoint(connection)
    if found is None:
        return
    if headers_hash(connection, found.number) != found.headers:
        yield Message(
            "The checkpoint at revision {number} does not hold: the journal up to it was changed from outside.",
            number=Plain(found.number),
        )
    if state_hash(connection, found.number, control) != found.state:
        yield Message(
            "The checkpoint at revision {number} does not hold: what was valid then was changed from outside.",
            number=Plain(found.number),
        )


# -- rules ----------------------------------------------------------------------------------------------------------


def check_rules(connection: Connection, number: int) -> None:
    """Checks baselines, retention and checkpoints as they are after revision ``number``. Raises InvalidValue."""
    past = tables.document_version.c
    ended = select(past.kind).where(past.ended == number, past.kind.in_(("checkpoint", "migration")))
    kind = connection.execute(ended.limit(1)).scalar()
    if kind == "migration":
        raise InvalidValue(Message("That the estate was brought up to date cannot be taken back."))
    if kind is not None:
        raise InvalidValue(Message("What was taken out of the history cannot come back."))
    found = checkpoint(connection)
    if found is not None and found.number >= number:
        raise InvalidValue(
            Message("A checkpoint cannot be at revision {number}, which is not there yet.", number=Plain(found.number))
        )
    names: set[str] = set()
    for body in _bodies(connection, "baseline"):
        name, at = body.get("name"), body.get("number")
        if not isinstance(name, str) or not name.strip() or len(name) > LONGEST_NAME or name != name.strip():
            raise InvalidValue(Message("A baseline needs a name of at most {most} characters.", most=LONGEST_NAME))
        if moment(name) is not None:
            raise InvalidValue(
                Message("A baseline cannot be called “{name}”: that means a revision, a date or a time.", name=name)
            )
        if name.casefold() in names:
            raise InvalidValue(
                Message("There is a baseline called “{name}” already (capitals make no difference).", name=name)
            )
        names.add(name.casefold())
        if type(at) is not int or not 0 <= at <= number:
            raise InvalidValue(
                Message(
                    "The baseline “{name}” names revision {number}, which does not exist.", name=name, number=str(at)
                )
            )
        if found is not None and at < found.number:
            raise InvalidValue(
                Message(
                    "The past before {day} is no longer kept, so “{name}” cannot name it.",
                    day=date.fromisoformat(found.day),
                    name=name,
                )
            )
    for body in _bodies(connection, "retention"):
        months(str(body.get("keep")))


def _bodies(connection: Connection, kind: str) -> Iterator[dict[str, Any]]:
    t = tables.document.c
    for body in connection.execute(select(t.body).where(t.kind == kind).order_by(t.uid)).scalars():
        yield load(body)


def months(keep: str) -> int:
    """The number of months in ``24m`` or ``2y``. Raises InvalidValue."""
    found = _KEEP.fullmatch(keep.strip().casefold())
    if found is None:
        raise InvalidValue(Message("“{keep}” is no time to keep: months or years are, such as 24m or 2y.", keep=keep))
    return int(found[1]) * (12 if found[2] == "y" else 1)


def moment(text: str) -> int | datetime | None:
    """The moment that a word means: a revision number, a date (its end, local time) or a time; or None."""
    text = text.strip()
    if text.isdecimal() and len(text) < 8:
        return int(text)
    try:
        if len(text) == 10:
            return in_local_zone(datetime.combine(date.fromisoformat(text), time.max))
        when = datetime.fromisoformat(text)
        return when if when.tzinfo else in_local_zone(when)
    except ValueError:
        return None

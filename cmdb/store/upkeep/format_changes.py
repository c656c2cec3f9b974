"""The revision that says that an estate was brought up to date: the head of the old journal, and what was broken in it.

The hash chain goes on over it: the old side are the links that the revisions had before (``former_hash``, which the new
links cover), the new side is the chain of today. What others had changed in the old journal stays said for ever.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from cmdb.model import clock
from cmdb.model.actors import SYSTEM_NAME, Actor
from cmdb.model.control import Control
from cmdb.model.formats import Plain
from cmdb.model.messages import Message, counted
from cmdb.model.revision import Edit, Record, Revision, new_id
from cmdb.model.schema import Schema
from cmdb.store.reading import checkpoints
from cmdb.store.rows import tables
from cmdb.store.rows.codec import load
from cmdb.store.writing.revision_transaction import apply

KIND = "migration"
"""The kind of these records, and the source of the revisions that write them."""
MOST = 1_000
"""The number of broken revisions that are listed."""


@dataclass(frozen=True, slots=True)
class FormatChange:
    """An estate was brought from one format to another.

    ``number`` and ``hash`` are the old journal's head, ``after`` the revision up to which its history was no longer
    kept. ``broken`` are revisions that did not hold what was written, ``many`` is the number of them; ``pruned`` says
    that the history up to ``after`` was changed.
    """

    before: int
    now: int
    number: int
    hash: str
    after: int = 0
    broken: tuple[int, ...] = ()
    many: int = 0
    pruned: bool = False

    @property
    def is_broken(self) -> bool:
        """Whether others had changed the old journal."""
        return bool(self.many) or self.pruned


def begin(connection: Connection, before: int, now: int) -> FormatChange:
    """The head of a journal that is about to be brought up to date."""
    r = tables.revision.c
    row = connection.execute(select(r.number, r.hash).order_by(r.number.desc()).limit(1)).first()
    after = checkpoints.first_kept(connection)
    return FormatChange(before, now, row.number if row else 0, row.hash if row else "", after)


def record(
    connection: Connection, schema: Schema, change: FormatChange, writer: Actor | None, control: Control
) -> None:
    """Writes the revision, as the last step of bringing an estate up to date. A journal without revisions has none."""
    if not change.number:
        return
    edit = Edit(Record(KIND, (new_id(),)), "", None, {**asdict(change), "broken": list(change.broken)})
    versions = {"before": Plain(change.before), "now": Plain(change.now)}
    reason = Message("Brought up to date from format {before} to format {now}", **versions)
    if change.is_broken:
        reason = Message(
            "Brought up to date from format {before} to format {now}, with a journal that was changed from outside",
            **versions,
        )
    apply(connection, schema, Revision([edit], SYSTEM_NAME, KIND, reason), control, clock.now(), writer)


def check_format_changes(connection: Connection) -> Iterator[Message]:
    """Problems of the changes of format: their heads, the old links, and what was broken before."""
    d = tables.document.c
    for body in connection.execute(select(d.body).where(d.kind == KIND).order_by(d.revision)).scalars():
        fields: dict[str, Any] = load(body)
        yield from _problems(connection, FormatChange(**{**fields, "broken": tuple(fields["broken"])}))


def _problems(connection: Connection, change: FormatChange) -> Iterator[Message]:
    r = tables.revision
    old = connection.execute(select(r.c.former_hash, r.c.hash).where(r.c.number == change.number)).first()
    # Revisions whose history was no longer kept have the links that they had.
    link = None if old is None else old.former_hash if change.number > change.after else old.hash
    if link != change.hash:
        yield Message(
            "The journal from before format {now} does not end with the head that was noted: revision {number}.",
            now=Plain(change.now),
            number=Plain(change.number),
        )
    earlier = (r.c.number <= change.number) & (r.c.number > change.after)
    lost = select(func.count()).select_from(r).where(earlier, r.c.former_hash.is_(None))
    if number := connection.execute(lost).scalar_one():
        yield counted(
            "{count} revision lacks the link that it had before format {now}.",
            "{count} revisions lack the links that they had before format {now}.",
            number,
            now=Plain(change.now),
        )
    if change.pruned:
        yield Message(
            "The journal up to revision {number} had been changed from outside before the estate was brought up to "
            "date; it was taken over as it was.",
            number=Plain(change.after),
        )
    for broken in change.broken:
        yield Message(
            "Revision {number} had been changed from outside before the estate was brought up to date; it was taken "
            "over as it was.",
            number=Plain(broken),
        )
    if (more := change.many - len(change.broken)) > 0:
        yield counted("So had {count} more revision.", "So had {count} more revisions.", more)

"""Comparing the journal with a head that was noted outside of the estate.

The hash chain alone shows no change by somebody who computes all of it anew: every link is right again. But then no
link is the one that was noted.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_, select

from cmdb.model.formats import Plain
from cmdb.model.journal_head import NotedHead
from cmdb.model.messages import EMPTY, Message
from cmdb.store.reading.reader import Reader
from cmdb.store.rows import tables


@dataclass(frozen=True, slots=True)
class HeadComparison:
    """What the comparison found: a problem, or what the noted head proves. One of the two is empty."""

    problem: Message = EMPTY
    proved: Message = EMPTY


def compare(reader: Reader, noted: NotedHead) -> HeadComparison:
    """Whether the journal goes on from a noted head."""
    last = reader.number
    if noted.number is not None and noted.number > last:
        return HeadComparison(
            Message(
                "Revisions are missing: the noted head is that of revision {number}, and the journal ends with {last}.",
                number=Plain(noted.number),
                last=Plain(last),
            )
        )
    r = tables.revision.c
    same = or_(r.hash.startswith(noted.hash, autoescape=True), r.former_hash.startswith(noted.hash, autoescape=True))
    statement = select(r.number, r.hash).where(same, r.number <= last).order_by(r.number)
    if noted.number is not None:
        statement = statement.where(r.number == noted.number)
    found = reader._connection.execute(statement).first()
    if found is None:
        if noted.number is not None:
            return HeadComparison(
                Message(
                    "The journal was rewritten: revision {number} has another hash than the noted head.",
                    number=Plain(noted.number),
                )
            )
        return HeadComparison(
            Message("No revision has the noted hash: the journal was rewritten, or revisions are missing from its end.")
        )
    number = Plain(found.number)
    if not found.hash.startswith(noted.hash):
        return HeadComparison(
            proved=Message(
                "The journal names the noted head as that of revision {number}, from before format 3. Note the head of "
                "today: it proves what the older one cannot.",
                number=number,
            )
        )
    point = reader.checkpoint()
    if point is not None and found.number <= point.number:
        return HeadComparison(
            proved=Message(
                "The noted head is that of revision {number}, whose history is no longer kept. Note the head of today: "
                "it proves what the older one cannot.",
                number=number,
            )
        )
    return HeadComparison(
        proved=Message("The journal up to revision {number} is the one whose head was noted.", number=number)
    )

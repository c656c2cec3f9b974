"""Events of a log of hand-overs: who had a thing from when. They tell of the past; who has it today, they leave."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from cmdb.model.revision import Edit, Record, new_id
from cmdb.reconciliation.assignment_events import HOLDER
from cmdb.reconciliation.lookup import Lookup


class HolderEvent(NamedTuple):
    """What happened to a record (both by id), with the verb's name; ``holder`` is None where it was taken back."""

    record: str
    at: int
    verb: str
    holder: str | None


def holder_event_edits(events: Iterable[HolderEvent], lookup: Lookup) -> Iterator[Edit]:
    """The edits that write the events that the register does not have; each says who had it by the one before."""
    stated = sorted(set(events), key=lambda one: (one.record, one.at, one.holder or ""))
    known = set(lookup.holder_events({one.record for one in stated})) if stated else set()
    had: dict[str, str | None] = {}
    for one in stated:
        before = had.get(one.record)
        had[one.record] = one.holder
        if (one.record, one.at, one.holder) in known:
            continue
        fields: dict[str, object] = {"record": one.record, "at": one.at, "what": one.verb, "field": HOLDER}
        if before is not None:
            fields["before_ref"] = before
        if one.holder is not None:
            fields["after_ref"] = one.holder
        yield Edit(Record("event", (new_id(),)), "", None, fields)

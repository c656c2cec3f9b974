"""What happens if all that a draft takes out of service fails: with the draft, and as the estate is today."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cmdb.graph.impact import impact
from cmdb.graph.results import State
from cmdb.model.life_cycle import phase_of
from cmdb.model.phase import Phase

if TYPE_CHECKING:
    from cmdb.model.control import Control
    from cmdb.model.revision import Edit
    from cmdb.register.live_graph import LiveGraphs
    from cmdb.store.drafts.draft_store import DraftStore
    from cmdb.store.reading.reader import Reader

_OUT = (Phase.LEAVING, Phase.GONE)


@dataclass(frozen=True, slots=True)
class DraftedLosses:
    """The items that a draft retires or disposes of (``retired``) or deletes, by id; and what depends on them.

    ``drafted``: what the retired ones take down in the estate with the draft; ``today``: what all of them do without
    it. A deleted item has no relationships with the draft, so nothing is counted for it there.
    """

    retired: tuple[str, ...]
    deleted: tuple[str, ...]
    drafted: Mapping[State, int]
    today: Mapping[State, int]

    @property
    def number(self) -> int:
        """The number of items that go out of service."""
        return len(self.retired) + len(self.deleted)


def drafted_losses(store: DraftStore, graphs: LiveGraphs, control: Control) -> DraftedLosses | None:
    """What a draft takes out of service, and what that hits; None where it takes nothing out. Raises Cancelled."""
    with store.read() as reader:
        edits = [e for e in reader.edits(reader.number) if e.record.kind == "ci"] if reader.draft else []
    with store.base.read() as reader:
        retired, deleted = _taken_out(reader, edits)
        if not retired and not deleted:
            return None
        today = _hit(reader, graphs, (*retired, *deleted), control)
    with store.read() as reader:
        return DraftedLosses(retired, deleted, _hit(reader, graphs, retired, control), today)


def _hit(reader: Reader, graphs: LiveGraphs, uids: Iterable[str], control: Control) -> Mapping[State, int]:
    graph = graphs.of(reader, control)
    return impact(graph, [one for one in reader.inner(uids).values() if one in graph]).counts


def _taken_out(reader: Reader, edits: Iterable[Edit]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The items that are in service today and that the edits retire, and those that they delete."""
    schema = reader.schema
    deleted: list[str] = []
    statuses: dict[str, Any] = {}
    for edit in edits:
        if not edit.field and edit.after is None:
            deleted.append(edit.record.key[0])
        elif edit.field == "status":
            statuses[edit.record.key[0]] = edit.after
    present = reader.by_uid([*statuses, *deleted])
    retired = [
        uid
        for uid, status in statuses.items()
        if uid in present
        and phase_of(schema, present[uid].cls, status) in _OUT
        and phase_of(schema, present[uid].cls, present[uid].values.get("status")) not in _OUT
    ]
    in_service = [uid for uid in deleted if uid in present and schema.root_of(present[uid].cls) == "ci"]
    return tuple(retired), tuple(in_service)

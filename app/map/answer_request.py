"""Answers of the map: immediately for a small estate, otherwise after its relationships have been read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from app.impact.dependencies import Dependencies, dependencies_of
from app.impact.next_losses import CriticalLoss, next_losses
from app.map.answer import MapAnswer, answer
from app.map.question import MapQuestion
from cmdb.graph.impact import impact
from cmdb.graph.results import Point, State
from cmdb.model.control import Control
from cmdb.model.messages import Message

if TYPE_CHECKING:
    from app.workspace import Workspace
    from cmdb.store.reading.reader import Reader


def answer_at_once(
    workspace: Workspace,
    reader: Reader,
    question: MapQuestion,
    standing: Mapping[int, Point] | None = None,
    kept: Mapping[str, Point] | None = None,
) -> MapAnswer | None:
    """Answers a question, or returns None if ``read_relationships`` must run first. See ``answer``.

    ``kept`` are positions from a saved view, by uid; they take precedence over ``standing``.
    """
    graph = workspace.graphs.at_once(reader)
    if graph is None:
        return None
    if kept:
        inner = reader.inner(kept)
        standing = {inner[uid]: place for uid, place in kept.items() if uid in inner}
    found = answer(reader, graph, question, standing)
    return replace(found, today=_counts_today(workspace, question)) if reader.draft and found.fails else found


def _counts_today(workspace: Workspace, question: MapQuestion) -> Mapping[State, int] | None:
    """The numbers of affected items without the open draft; None while the relationships are read."""
    with workspace.base.read() as reader:
        graph = workspace.graphs.at_once(reader)
        if graph is None:
            return None
        failed = [one for one in reader.inner(question.failed).values() if one in graph]
        return impact(graph, failed).counts


def read_relationships(workspace: Workspace, at: int | None) -> None:
    """Reads the relationships at a moment (a revision, or None: now), as a job that can be seen and stopped.

    Raises Cancelled.
    """

    def read(control: Control) -> None:
        if workspace.draft is not None and at is None:  # the draft's graph follows from that of the estate
            with workspace.base.read() as reader:
                workspace.graphs.of(reader, control)
        with workspace.read(at) as reader:
            workspace.graphs.of(reader, control)

    workspace.jobs.run(Message("Reading the relationships"), read)


def losses_after(reader: Reader, found: MapAnswer, control: Control) -> tuple[list[CriticalLoss], bool]:
    """The CIs that cannot be lost next, in addition to the failed CIs of an answer; and whether that is all. Raises
    Cancelled.
    """
    return next_losses(reader, found.graph, found.impact.failed, control)


def about(reader: Reader, found: MapAnswer, uid: str, control: Control) -> Dependencies | None:
    """The dependencies of one CI of an answer; None if the graph does not have it. Raises Cancelled."""
    return dependencies_of(reader, found.graph, uid, control)

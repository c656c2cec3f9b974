"""The smallest sets of CIs whose loss takes one down, by name."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

from app.impact.names import GraphNames
from cmdb.graph.cut_sets import cutsets

if TYPE_CHECKING:
    from cmdb.graph.graph import Graph
    from cmdb.model.control import Control
    from cmdb.store.reading.reader import Reader

#: How many trials a search takes before it stops and says so.
TRIALS = 200_000


@dataclass(frozen=True, slots=True)
class NamedCutSets:
    """The minimal cut sets as names, smallest set first. ``complete``: there is no other up to the order asked for."""

    sets: tuple[tuple[str, ...], ...]
    complete: bool


def cut_sets(
    reader: Reader,
    graph: Graph,
    ci: int,
    order: int = 2,
    among: str | None = None,
    *,
    trials: int = TRIALS,
    effort: float = inf,
    control: Control | None = None,
) -> NamedCutSets:
    """The minimal sets of at most ``order`` CIs whose loss takes ``ci`` down; the names of each set are sorted.

    ``among`` names the class of those that can fail by themselves. After so many ``trials``, or once it has looked at
    ``effort`` CIs, the search stops. Raises NotFound, SchemaError and, through ``control``, Cancelled.
    """
    found = cutsets(graph, ci, order, among, trials, control, effort)
    names = GraphNames(reader)
    names.want(one for several in found.sets for one in several)
    return NamedCutSets(tuple(tuple(sorted(map(names, one))) for one in found.sets), found.complete)

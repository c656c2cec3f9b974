"""The smallest sets of CIs whose loss takes one down, by name."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

from app.impact.names import GraphNames
from cmdb.graph.cut_sets import cutsets
from cmdb.model.name_keys import name_key

if TYPE_CHECKING:
    from cmdb.graph.graph import Graph
    from cmdb.model.control import Control
    from cmdb.store.reading.reader import Reader

#: The number of trials after which a search stops and reports this.
TRIALS = 200_000


@dataclass(frozen=True, slots=True)
class NamedCutSets:
    """The minimal cut sets as names, smallest set first. ``complete``: no other one up to the given order exists."""

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

    only CIs of the class ``among`` can fail independently. The search stops after ``trials`` trials, or after
    ``effort`` visited CIs. Raises NotFound, SchemaError and, through ``control``, Cancelled.
    """
    found = cutsets(graph, ci, order, among, trials, control, effort)
    names = GraphNames(reader)
    names.want(one for several in found.sets for one in several)
    return NamedCutSets(tuple(tuple(sorted(map(names, one), key=name_key)) for one in found.sets), found.complete)

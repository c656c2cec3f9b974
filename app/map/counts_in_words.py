"""How many items a failure takes down, degrades and endangers, in words."""

from __future__ import annotations

from collections.abc import Mapping

from cmdb.graph.results import State
from cmdb.model.formats import listing
from cmdb.model.messages import tr, trn


def counts_in_words(counts: Mapping[State, int]) -> str:
    """As in: 3 down, 2 degraded. "nothing is hit" where a failure stays alone."""
    down, at_risk = counts.get("down", 0), counts.get("at_risk", 0)
    degraded = counts.get("degraded", 0) + counts.get("exhausted", 0)
    parts = [
        trn("{count} down", "{count} down", down) if down else "",
        trn("{count} degraded", "{count} degraded", degraded) if degraded else "",
        trn("{count} at risk", "{count} at risk", at_risk) if at_risk else "",
    ]
    return listing(filter(None, parts), "unit") or tr("nothing is hit")

"""The whole current content of an estate, in a form that can be compared."""

from __future__ import annotations

from typing import Any

from cmdb.graph.lookups import link_parts
from cmdb.model.declarations import ROOT_CLASSES
from cmdb.model.selection import Selection
from cmdb.register.live_graph import graph_of
from cmdb.store.reading.reader import Reader
from cmdb.store.rows.codec import KIND_TABLES
from cmdb.store.store import Store


def links(reader: Reader) -> list[tuple[str, int, int]]:
    """What the graph is made of: type, source and target by their ids."""
    graph = graph_of(reader)
    every = range(len(graph.arrays.source))
    return sorted((kind, graph.id(a), graph.id(b)) for a, b, kind in (link_parts(graph, link) for link in every))


def picture(store: Store, at: int | None = None) -> dict[str, Any]:
    """Every record with all its fields and claims, without the numbers of the revisions that wrote them."""
    with store.read(at) as reader:
        records = [c for root in ROOT_CLASSES if root in reader.schema.classes for c in reader.all(Selection(root))]
        cis = {c.uid: (c.cls, dict(c.values)) for c in records}
        found: dict[str, Any] = {"ci": cis, "said": reader.said(cis)}
        for kind in KIND_TABLES:
            if kind != "installation":
                found[kind] = reader.records(kind)
        found["installation"] = sorted(reader.all_installations(), key=repr)
        found["edges"] = links(reader)
        if at is None:
            found["search"] = {c.uid: [r.uid for r in reader.search(c.name)] for c in records}
        return found

"""The whole current content of an estate, in a form that can be compared."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text

from cmdb.graph.lookups import link_parts
from cmdb.model.records import CI
from cmdb.model.selection import Selection
from cmdb.register.live_graph import graph_of
from cmdb.store.reading.reader import Reader
from cmdb.store.rows import search_index
from cmdb.store.rows.codec import KIND_TABLES
from cmdb.store.rows.roots import ROOTS, Root
from cmdb.store.store import Store


def links(reader: Reader) -> list[tuple[str, int, int]]:
    """What the graph is made of: type, source and target by their ids."""
    graph = graph_of(reader)
    every = range(len(graph.arrays.source))
    return sorted((kind, graph.id(a), graph.id(b)) for a, b, kind in (link_parts(graph, link) for link in every))


def indexed(reader: Reader, root: Root, records: list[CI]) -> dict[str, list[str]]:
    """By name: the records of a root that its index finds by this name, and those that refer to them."""
    uids, found = {c.id: c.uid for c in records}, {}
    for name in sorted({c.name for c in records}):
        if asked := search_index.finding(reader._connection.dialect.name, name, root=root):
            ids = reader._connection.execute(text(asked[0]), asked[1]).scalars()
            found[name] = sorted(uids[one] for one in ids)
    return found


def picture(store: Store, at: int | None = None, *, searched: bool = False) -> dict[str, Any]:
    """Every record with all its fields and claims, without the numbers of the revisions that wrote them.

    With what the search indexes hold; ``searched``: with what a search answers, as a draft has no index of its own.
    """
    with store.read(at) as reader:
        known = [root for root in ROOTS if root.name in reader.schema.classes]
        of_root = {root: list(reader.all(Selection(root.name))) for root in known}
        records = [c for some in of_root.values() for c in some]
        cis = {c.uid: (c.cls, dict(c.values)) for c in records}
        found: dict[str, Any] = {"ci": cis, "said": reader.said(cis)}
        for kind in KIND_TABLES:
            if kind != "installation":
                found[kind] = reader.records(kind)
        found["installation"] = sorted(reader.all_installations(), key=repr)
        found["edges"] = links(reader)
        if searched:
            found["search"] = {name: [r.uid for r in reader.search(name)] for name in {c.name for c in records}}
        elif at is None:
            found["search"] = {root.name: indexed(reader, root, its) for root, its in of_root.items()}
        return found

"""Reads the estate's links in bulk, for the graph: relationships, and the reference attributes that store
relationships.

The meaning of a reference depends on its class: the location of a laptop carries impact, the location of a person does
not. Rows are read into arrays; no object is kept for a CI or a link.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, FromClause, func, or_, select

from cmdb.graph.edges import Edges, GroupRecords, Locator, names_of
from cmdb.model.control import Control
from cmdb.model.messages import Message
from cmdb.model.schema import Schema
from cmdb.store.rows import tables
from cmdb.store.rows.codec import REFERENCES, Identities, load

#: The number of rows fetched at once: small, so that other threads can run in between.
ROWS = 4_000


class LinkLoader:
    """Reads the CIs, links and groups of the graph. ``sources``: table name → the rows of the moment."""

    def __init__(
        self,
        connection: Connection,
        schema: Schema,
        ids: Identities,
        sources: Mapping[str, FromClause],
        control: Control,
    ) -> None:
        self.connection, self.schema, self.ids = connection, schema, ids
        self.sources, self.control = sources, control
        self.types = {name: schema.reference_types(name) for name in schema.classes}
        self.done = self.total = 0

    def edges(self, *, past: bool) -> Edges:
        """All CIs, links and groups. Raises Cancelled."""
        t = self.sources["relationship"]
        kinds = [row[0] for row in self.connection.execute(select(t.c.type).distinct())]
        kinds = [*kinds, *{kind for by_name in self.types.values() for kind in by_name.values()}]
        self.total = sum(
            int(self.connection.execute(select(func.count()).select_from(self.sources[name])).scalar_one())
            for name in ("ci", "relationship")
        )
        ids, classes, class_names = self._nodes(past)
        order = np.argsort(ids, kind="stable")
        type_names = names_of(self.schema.relationships, kinds)
        found = Edges(ids[order], classes[order], class_names, type_names, self._records())
        if past:
            self._relationships_then(found)
        else:
            self._relationships_now(found, kinds)
        self._references(found, past)
        return found

    # -- CIs and groups ---------------------------------------------------------------------------------------------

    def _nodes(self, past: bool) -> tuple[NDArray[np.int64], NDArray[np.int16], tuple[str, ...]]:
        """Ids and class codes, and the names of the classes by code."""
        c = self.sources["ci"].c
        present = [row[0] for row in self.connection.execute(select(c["class"]).distinct())]
        names = names_of(self.schema.classes, present)
        ids: list[Any] = [np.empty(0, dtype=np.int64)]
        classes: list[Any] = [np.empty(0, dtype=np.int16)]
        if past:
            code = {name: at for at, name in enumerate(names)}
            for rows in self._rows(select(c.id, c["class"])):
                ids.append(np.fromiter((row[0] for row in rows), dtype=np.int64, count=len(rows)))
                classes.append(np.fromiter((code[row[1]] for row in rows), dtype=np.int16, count=len(rows)))
        else:
            for name in present:  # class by class from the index: texts are not fetched
                for numbers in self._numbers(select(c.id).where(c["class"] == name), 1):
                    ids.append(numbers[:, 0])
                    classes.append(np.full(len(numbers), names.index(name), dtype=np.int16))
        return np.concatenate(ids), np.concatenate(classes), names

    def _records(self) -> GroupRecords:
        g = self.sources["dependency_group"].c
        statement = select(g.uid, g.owner, g.label, g.needs, g.strength)
        rows = chain.from_iterable(self._rows(statement))
        return GroupRecords((row[0], row[1], row[2] or "", row[3] or "", row[4] or "") for row in rows)

    # -- relationships ----------------------------------------------------------------------------------------------

    def _relationships_now(self, found: Edges, kinds: Iterable[str]) -> None:
        """The relationships that stand alone, type by type, from indexes, and the memberships of groups."""
        t = self.sources["relationship"].c
        for kind in dict.fromkeys(kinds):
            for numbers in self._numbers(select(t.source, t.target).where(t.type == kind), 2):
                found.add(kind, numbers[:, 0], numbers[:, 1])
        dependent = Edges(found.ids, found.classes, found.class_names, found.type_names, found.records)
        for kind in dict.fromkeys(kinds):
            of_kind = select(t.source, t.target).where(t.type == kind, t.alone == 0)
            for numbers in self._numbers(of_kind, 2, counted=False):
                dependent.add(kind, numbers[:, 0], numbers[:, 1])
        if dependent.links:
            every = np.concatenate(found.links)
            every.sort()
            alone = np.ones(len(every), dtype=bool)
            alone[np.searchsorted(every, np.concatenate(dependent.links))] = False
            found.links[:] = [every[alone]]
        self._memberships(found)

    def _relationships_then(self, found: Edges) -> None:
        t = self.sources["relationship"].c
        statement = select(t.type, t.source, t.target, t.alone)
        for rows in self._rows(statement):
            by_kind: dict[str, list[Any]] = {}
            for row in rows:
                if row[3]:
                    by_kind.setdefault(row[0], []).append(row)
            for kind, some in by_kind.items():
                source = np.fromiter((row[1] for row in some), dtype=np.int64, count=len(some))
                target = np.fromiter((row[2] for row in some), dtype=np.int64, count=len(some))
                found.add(kind, source, target)
        self._memberships(found)

    def _memberships(self, found: Edges) -> None:
        """The memberships of groups. One whose group is missing counts as a relationship that stands alone."""
        m = self.sources["membership"].c
        statement = select(m.type, m.source, m.target, m.group_id)
        for rows in self._rows(statement, counted=False):
            by_kind: dict[str, list[Any]] = {}
            for row in rows:
                by_kind.setdefault(row[0], []).append(row)
            for kind, some in by_kind.items():
                if not self.schema.joins_items(kind):
                    continue
                source = np.fromiter((row[1] for row in some), dtype=np.int64, count=len(some))
                target = np.fromiter((row[2] for row in some), dtype=np.int64, count=len(some))
                found.add(kind, source, target, found.records.positions([row[3] or "" for row in some]))

    # -- references -------------------------------------------------------------------------------------------------

    def _references(self, found: Edges, past: bool) -> None:
        meaning = {name for by_name in self.types.values() for name in by_name}
        locate = Locator(found.ids)

        def add(name: str, source: NDArray[np.int64], target: NDArray[np.int64]) -> None:
            """Adds the references of an attribute, each with its meaning in its class."""
            kinds = [self.types.get(cls, {}).get(name, "") for cls in found.class_names]
            nodes = locate(source)
            classes = found.classes[nodes]
            for kind in set(kinds) - {""}:
                means = np.array([one == kind for one in kinds], dtype=bool)
                some = (nodes >= 0) & means[classes]
                found.add(kind, source[some], target[some])

        c = self.sources["ci"].c
        for name in [n for n in REFERENCES if n in meaning]:
            for numbers in self._numbers(select(c.id, c[name]).where(c[name].is_not(None)), 2, counted=False):
                add(name, numbers[:, 0], numbers[:, 1])
        for name, pairs in (self._extra_then if past else self._extra_now)(meaning - set(REFERENCES)):
            add(name, pairs[:, 0], pairs[:, 1])

    def _extra_now(self, meaning: set[str]) -> Iterator[tuple[str, NDArray[np.int64]]]:
        e = tables.extra_reference.c
        for name in sorted(meaning):
            for numbers in self._numbers(select(e.ci, e.target).where(e.attribute == name), 2, counted=False):
                yield name, numbers

    def _extra_then(self, meaning: set[str]) -> Iterator[tuple[str, NDArray[np.int64]]]:
        c = self.sources["ci"].c
        holds = or_(*(c.extra.contains(f'"{name}"') for name in sorted(meaning)))
        for rows in self._rows(select(c.id, c.extra).where(c.extra.is_not(None), holds)) if meaning else ():
            said = [(row[0], load(row[1])) for row in rows]
            self.ids.want_inner({v for _, extra in said for n, v in extra.items() if n in meaning})
            for name in sorted(meaning):
                pairs = [(inner, self.ids.inner[extra[name]]) for inner, extra in said
                         if extra.get(name) in self.ids.inner]  # fmt: skip
                if pairs:
                    yield name, np.array(pairs, dtype=np.int64)

    # -- rows -------------------------------------------------------------------------------------------------------

    def _rows(self, statement: Any, *, counted: bool = True) -> Iterator[list[Any]]:
        """The rows of a statement in batches. From SQLite they come directly from the driver, which takes half the
        time.
        """
        direct = self.connection.dialect.name == "sqlite"
        result = self.connection.execute(statement, execution_options={} if direct else {"yield_per": ROWS})
        cursor: Any = result.cursor if direct else result
        try:
            while rows := cursor.fetchmany(ROWS):
                yield rows
                self.done += len(rows) if counted else 0
                self.control.progress(min(self.done, self.total), self.total, Message("Reading relationships"))
        finally:
            result.close()

    def _numbers(self, statement: Any, width: int, *, counted: bool = True) -> Iterator[NDArray[np.int64]]:
        """Rows of integers as arrays of ``width`` columns."""
        for rows in self._rows(statement, counted=counted):
            numbers = np.fromiter(chain.from_iterable(rows), dtype=np.int64, count=width * len(rows))
            yield numbers.reshape(-1, width)

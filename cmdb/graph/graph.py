"""The estate's relationships as compact integer arrays.

Inside, nodes, links and groups are positions in arrays; outside, CIs are their integer ids. Every dependency is a
membership in a group: a link without a group of its own stands in a group of one that needs one.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cmdb.errors import NotFound
from cmdb.graph.edges import Edges, GroupRecord
from cmdb.schema import Schema


@dataclass(frozen=True, slots=True)
class Group:
    """A dependency group as others see it. ``members`` are CI ids, each once; ``key`` is None for a single link."""

    number: int
    owner: int
    label: str
    needs: int
    hard: bool
    members: tuple[int, ...]
    type: str
    key: Hashable | None


@dataclass(frozen=True, slots=True)
class DataError:
    """A group that contradicts itself: it needs more than it has, or its needs or links cannot be read."""

    owner: int
    label: str
    text: str
    key: Hashable | None = None


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Graph:
    """The graph of one state of the estate; immutable, so it may be read from any thread. Made by ``build``."""

    schema: Schema
    ids: array[int]
    """CI ids, ascending; a node is a position here."""
    classes: array[int]
    class_names: tuple[str, ...]
    type_names: tuple[str, ...]
    link_type: array[int]
    link_source: array[int]
    link_target: array[int]
    touch_start: array[int]
    """Node → its links: ``touch_link[touch_start[n]:touch_start[n + 1]]``. The other ``_start`` arrays work alike."""
    touch_link: array[int]
    group_owner: array[int]
    group_needs: array[int]
    group_size: array[int]
    group_hard: bytearray
    group_type: array[int]
    records: tuple[GroupRecord, ...]
    """The stored groups; group number g is ``records[g]``, higher numbers are single links."""
    member_start: array[int]
    member_node: array[int]
    member_link: array[int]
    of_start: array[int]
    """Node → the groups it is a member of."""
    of_group: array[int]
    own_start: array[int]
    """Node → the groups it owns."""
    own_group: array[int]
    errors: tuple[DataError, ...]

    @classmethod
    def from_records(
        cls,
        cis: Iterable[tuple[int, str]],
        links: Iterable[tuple[str, int, int, Hashable | None]],
        groups: Mapping[Any, tuple[int, str, str] | tuple[int, str, str, str]] | None,
        schema: Schema,
    ) -> Graph:
        """The graph of plain records; see ``Edges.from_records``."""
        return cls.build(Edges.from_records(cis, links, groups), schema)

    @classmethod
    def build(cls, edges: Edges, schema: Schema) -> Graph:
        """The graph of what the store handed over."""
        from cmdb.graph.build import build

        return build(edges, schema)

    def __len__(self) -> int:
        """The number of CIs."""
        return len(self.ids)

    def __contains__(self, ci: int) -> bool:
        """Whether the graph has CI ``ci``."""
        at = bisect_left(self.ids, ci)
        return at < len(self.ids) and self.ids[at] == ci

    def node(self, ci: int) -> int:
        """The position of a CI. Raises NotFound."""
        at = bisect_left(self.ids, ci)
        if at == len(self.ids) or self.ids[at] != ci:
            raise NotFound(f"The graph has no record {ci}.")
        return at

    def cls(self, ci: int) -> str:
        """The class name of a CI. Raises NotFound."""
        return self.class_names[self.classes[self.node(ci)]]

    def nodes_of(self, class_name: str) -> Iterator[int]:
        """The nodes of a class and its subclasses, ascending."""
        family = set(self.schema.family(class_name))
        wanted = [name in family for name in self.class_names]
        return (node for node, code in enumerate(self.classes) if wanted[code])

    def groups_owned(self, node: int) -> array[int]:
        """The numbers of the groups that a node owns: what it depends on."""
        return self.own_group[self.own_start[node] : self.own_start[node + 1]]

    def groups_of(self, node: int) -> array[int]:
        """The numbers of the groups that a node is a member of: what depends on it."""
        return self.of_group[self.of_start[node] : self.of_start[node + 1]]

    def members(self, group: int) -> array[int]:
        """The nodes in a group."""
        return self.member_node[self.member_start[group] : self.member_start[group + 1]]

    def links(self, node: int) -> array[int]:
        """The numbers of the links that touch a node."""
        return self.touch_link[self.touch_start[node] : self.touch_start[node + 1]]

    def stored(self, group: int) -> bool:
        """Whether a group was stored as one, rather than being a single link."""
        return group < len(self.records)

    def group(self, number: int) -> Group:
        """A group as others see it."""
        record = self.records[number] if self.stored(number) else None
        kind = self.group_type[number]
        return Group(
            number=number,
            owner=self.ids[self.group_owner[number]],
            label=record.label if record else "",
            needs=self.group_needs[number],
            hard=bool(self.group_hard[number]),
            members=tuple(self.ids[node] for node in self.members(number)),
            type=self.type_names[kind] if kind >= 0 else "",
            key=record.key if record else None,
        )

    def groups(self, ci: int) -> list[Group]:
        """What a CI depends on, group by group. Raises NotFound."""
        return [self.group(number) for number in self.groups_owned(self.node(ci))]
